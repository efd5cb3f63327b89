/* What every referral fuzzer demands of a referral that was decoded. */
#ifndef TESTS_FUZZ_REFERRAL_FORMS_H
#define TESTS_FUZZ_REFERRAL_FORMS_H

#include "proto/referral_codec.h"

#include <stdlib.h>

static inline void must(bool holds)
{
    if (!holds) abort();
}

static inline bool buffers_equal(const struct buffer *a, const struct buffer *b)
{
    return a->bytes == b->bytes && (a->bytes == 0 || memcmp(a->data, b->data, a->bytes) == 0);
}

static inline struct arena *fuzz_arena(void)
{
    static struct arena *arena;
    if (arena == NULL) must(arena_open(8 * 1024 * 1024, &arena) == STEPCARE_OK);
    arena_reset(arena);
    return arena;
}

/* A valid referral is the same referral in every form: its ledger bytes do not change on any way round. */
static inline void referral_forms_check(const struct stepcare_referral *referral)
{
    static struct buffer ledger, again, form;
    static struct stepcare_referral back;
    struct stepcare_field_errors errors;
    buffer_clear(&ledger);
    referral_ledger_encode(&ledger, referral, false);
    must(referral_ledger_decode(ledger.data, ledger.bytes, &back) == STEPCARE_OK);
    buffer_clear(&again);
    referral_ledger_encode(&again, &back, false);
    must(buffers_equal(&ledger, &again));

    buffer_clear(&form);
    referral_wire_encode(&form, referral);
    must(referral_wire_decode(form.data, form.bytes, &back, &errors) == STEPCARE_OK);
    buffer_clear(&again);
    referral_ledger_encode(&again, &back, false);
    must(buffers_equal(&ledger, &again));

    buffer_clear(&form);
    referral_json_encode(&form, referral);
    if (form.bytes > STEPCARE_LINE_BYTES_MAX) return; /* control characters in the letter take six bytes each */
    must(referral_json_decode((const char *)form.data, form.bytes, fuzz_arena(), &back, &errors) == STEPCARE_OK);
    buffer_clear(&again);
    referral_ledger_encode(&again, &back, false);
    must(buffers_equal(&ledger, &again));
}

#endif
