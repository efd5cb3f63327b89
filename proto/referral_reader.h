/* Filling a referral value by value under the field table's rules, for both decoders. A value that breaks a rule is
 * named by its path and left out; reading goes on, so that all failing fields are named at once. */
#ifndef PROTO_REFERRAL_READER_H
#define PROTO_REFERRAL_READER_H

#include "proto/referral_fields.h"

struct referral_reader {
    struct stepcare_referral *referral;
    struct stepcare_field_errors *errors;
    uint32_t seen[REFERRAL_GROUP_COUNT]; /* bit n: field n of the group was given, rightly or wrongly */
    uint32_t opened;                     /* bit n: group n was given as an object */
    bool merging;                        /* onto a referral decoded before: fixed fields refused, nothing is missing */
};

/* Purpose: a field is about to be given. False: given twice, or not to be changed; named, and its value is to be passed
 * over. */
bool referral_field_begin(struct referral_reader *reader, unsigned group, const struct referral_field *field);
void referral_field_unknown(struct referral_reader *reader, unsigned group, struct stepcare_text name);

/* Purpose: name the field with what it must be; the answer to a wrong type and to a wrong value alike. */
void referral_refuse(struct referral_reader *reader, const struct referral_field *field);

void referral_set_text(struct referral_reader *reader, const struct referral_field *field, struct stepcare_text text);
void referral_set_number(struct referral_reader *reader, const struct referral_field *field, int64_t value);
void referral_set_bool(struct referral_reader *reader, const struct referral_field *field, bool value);
void referral_set_null(struct referral_reader *reader, const struct referral_field *field);
void referral_set_code(struct referral_reader *reader, const struct referral_field *field, uint64_t number);
void referral_set_mask(struct referral_reader *reader, const struct referral_field *field, uint64_t mask);
void referral_set_date(struct referral_reader *reader, const struct referral_field *field, struct stepcare_date date);
void referral_set_time(struct referral_reader *reader, const struct referral_field *field, int64_t ms,
                       int64_t offset_min);
void referral_set_group(struct referral_reader *reader, const struct referral_field *field);

/* Purpose: a list (MASK of names, or ANSWERS): begin empties it; items by their index; end with how many there were. */
void referral_list_begin(struct referral_reader *reader, const struct referral_field *field);
void referral_list_text(struct referral_reader *reader, const struct referral_field *field, uint32_t index,
                        struct stepcare_text text);
void referral_list_number(struct referral_reader *reader, const struct referral_field *field, uint32_t index,
                          int64_t value);
void referral_list_null(struct referral_reader *reader, const struct referral_field *field, uint32_t index);
void referral_list_refuse(struct referral_reader *reader, const struct referral_field *field, uint32_t index);
void referral_list_end(struct referral_reader *reader, const struct referral_field *field, uint32_t count);

/* Purpose: name what is missing, then check the rules that span fields. */
void referral_reader_finish(struct referral_reader *reader);

#endif
