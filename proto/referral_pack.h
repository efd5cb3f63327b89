/* How single values of a referral look in msgpack: the same on the wire and in the ledger. */
#ifndef PROTO_REFERRAL_PACK_H
#define PROTO_REFERRAL_PACK_H

#include "base/packer.h"
#include "proto/referral_fields.h"

/* Purpose: one value that is present and no GROUP. */
void referral_pack_value(struct msgpack_packer *packer, const struct stepcare_referral *referral,
                         const struct referral_field *field);

/* Purpose: a date as the number yyyymmdd, and back (not checked to exist). */
uint32_t referral_number_of_date(struct stepcare_date date);
struct stepcare_date referral_date_of_number(uint32_t number);

#endif
