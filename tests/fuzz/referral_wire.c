/* Any bytes as a referral's wire form: what is accepted is the same in every other form; a refusal names a field. */
#include "tests/fuzz/referral_forms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    static struct stepcare_referral referral;
    static struct stepcare_field_errors errors;
    enum stepcare_error error = referral_wire_decode(data, bytes, &referral, &errors);
    must(error == STEPCARE_OK ? errors.count == 0 : error == STEPCARE_INVALID && errors.count > 0);
    if (error == STEPCARE_OK) referral_forms_check(&referral);
    return 0;
}
