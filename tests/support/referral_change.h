/* A referral that is right, and changes to it: the tests of the referral format say which field each change is named
 * by. */
#ifndef TESTS_SUPPORT_REFERRAL_CHANGE_H
#define TESTS_SUPPORT_REFERRAL_CHANGE_H

#include "proto/referral_codec.h"

extern const char referral_right[];
extern struct arena *referral_arena; /* between begin and end */

struct referral_change {
    const char *from, *to; /* the first place of `from` becomes `to` */
    const char *field;     /* named first; NULL: still right */
};

void referral_change_begin(void);
void referral_change_end(void);
/* Purpose: the changed referral as JSON; the test fails where it has no such place, or no room. */
void referral_change_write(char *target, size_t target_bytes, const struct referral_change *change);
/* Purpose: decode the changed referral; the test fails where another field is named than `field`, or more than one. */
void referral_change_try(const struct referral_change *change);

#define TRY_ALL(changes)                                                                                               \
    for (unsigned i = 0; i < sizeof(changes) / sizeof((changes)[0]); i++) referral_change_try(&(changes)[i])

#endif
