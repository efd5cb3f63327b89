/* Any bytes as a referral's ledger form: what decodes encodes to bytes that decode to the same. */
#include "tests/fuzz/referral_forms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct stepcare_referral referral, back;
    static struct buffer first, second;
    if (referral_ledger_decode(data, bytes, &referral) != STEPCARE_OK) return 0;
    buffer_clear(&first);
    buffer_clear(&second);
    referral_ledger_encode(&first, &referral, false);
    must(referral_ledger_decode(first.data, first.bytes, &back) == STEPCARE_OK);
    referral_ledger_encode(&second, &back, false);
    must(buffers_equal(&first, &second));
    buffer_clear(&second);
    referral_json_encode(&second, &referral); /* prints whatever the ledger holds */
    return 0;
}
