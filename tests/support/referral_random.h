/* Any valid referral or record by seed, however unlikely: every field there or not, every blank, odd text, the limits.
 * For properties, not for looking real (that is referral_generator.h). Texts are static. */
#ifndef TESTS_SUPPORT_REFERRAL_RANDOM_H
#define TESTS_SUPPORT_REFERRAL_RANDOM_H

#include "stepcare/record.h"
#include "tests/support/random.h"

void referral_random(struct random *random, struct stepcare_referral *out_referral);

/* Purpose: a record with about half of all fields. items: room for nested records, which themselves have none. */
enum { RECORD_RANDOM_ITEMS = 4 };
struct record_random_room {
    struct stepcare_record items[RECORD_RANDOM_ITEMS];
    struct stepcare_field_errors errors;
};
void record_random(struct random *random, struct record_random_room *room, struct stepcare_record *out_record);

#endif
