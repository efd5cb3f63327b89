/* What `stepcare refer --json` answered, kept by message_id, so that later answers can be held against earlier ones. */
#ifndef TESTS_SUPPORT_ANSWERS_H
#define TESTS_SUPPORT_ANSWERS_H

#include <jansson.h>
#include <stdbool.h>

struct answers {
    json_t *by_message; /* message_id -> referral_id and tier in its newest line */
    unsigned lines, accepted, duplicates, rejected, others;
    unsigned changed; /* a message_id that got another referral_id than before */
    unsigned broken;  /* lines that are no JSON object */
};

void answers_open(struct answers *answers);
void answers_close(struct answers *answers);

/* Purpose: take over all whole lines of an output; the counts are those of this output alone, by_message grows. */
void answers_read(struct answers *answers, const char *output);

/* Purpose: referral_id or tier of a message's newest answer; NULL where it is null. */
const char *answers_text(const struct answers *answers, const char *message_id, const char *member);

/* Purpose: how many different referral_ids there are; one a message is right. */
unsigned answers_referrals(const struct answers *answers);

/* Purpose: the value of an integer member in the first line of NDJSON whose text member `key` is `value`; -1 if there
 * is none. */
long json_line_number(const char *output, const char *key, const char *value, const char *member);

#endif
