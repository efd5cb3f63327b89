/* Lists and questionnaires of the referral format from both sides, as in referral_rules.c. */
#include "tests/support/referral_change.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(referral_answers, .init = referral_change_begin, .fini = referral_change_end);

Test(referral_answers, lists_hold_at_most_64_codes)
{
    char at_limit[4000] = "", over[4000] = "";
    for (unsigned i = 0; i < 65; i++) {
        if (i < 64) strcat(strcat(at_limit, i > 0 ? "," : ""), "\"synovitis_single_joint\"");
        strcat(strcat(over, i > 0 ? "," : ""), "\"synovitis_single_joint\"");
    }
    char fits[4100], too_long[4100];
    snprintf(fits, sizeof(fits), "\"findings\":[%s]", at_limit);
    snprintf(too_long, sizeof(too_long), "\"findings\":[%s]", over);
    referral_change_try(&(struct referral_change){"\"findings\":[]", fits, NULL});
    referral_change_try(&(struct referral_change){"\"findings\":[]", too_long, "findings"});
}

#define INSTRUMENT(content) "\"instruments\":{}", "\"instruments\":{" content "}"

Test(referral_answers, answers_have_their_number_and_range)
{
    static const struct referral_change changes[] = {
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1,4]"), NULL},
        {INSTRUMENT("\"start_back_9\":[2,0,1,0,1,1,1,1,4]"), "instruments.start_back_9[0]"},
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1,5]"), "instruments.start_back_9[8]"},
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1]"), "instruments.start_back_9"},
        {INSTRUMENT("\"start_back_9\":[1,0,1,0,1,1,1,1,1,1]"), "instruments.start_back_9"},
        {INSTRUMENT("\"start_back_6\":[1,1,1,1,1,4]"), NULL},
        {INSTRUMENT("\"start_back_6\":[1,1,1,1,2,4]"), "instruments.start_back_6[4]"},
        {INSTRUMENT("\"phq_9\":[3,3,3,3,3,3,3,3,3]"), NULL},
        {INSTRUMENT("\"phq_9\":[0,0,0,4,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,-1,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,1.0,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,\"1\",0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[0,0,0,true,0,0,0,0,0]"), "instruments.phq_9[3]"},
        {INSTRUMENT("\"phq_9\":[null,null,null,null,null,null,null,null,null]"), NULL},
        {INSTRUMENT("\"phq_9\":null"), NULL},
        {INSTRUMENT("\"phq_9\":[]"), "instruments.phq_9"},
        {INSTRUMENT("\"phq_9\":12"), "instruments.phq_9"},
        {INSTRUMENT("\"gad_7\":[3,3,3,3,3,3,3]"), NULL},
        {INSTRUMENT("\"gad_7\":[3,3,3,3,3,3,3,3]"), "instruments.gad_7"},
        {INSTRUMENT("\"phq9\":[3,3,3,3,3,3,3,3,3]"), "instruments.phq9"},
    };
    TRY_ALL(changes);
}

Test(referral_answers, other_instruments_have_their_shape)
{
    static const struct referral_change changes[] = {
        {INSTRUMENT("\"start_msk\":12"), NULL},
        {INSTRUMENT("\"start_msk\":null"), NULL},
        {INSTRUMENT("\"start_msk\":13"), "instruments.start_msk"},
        {INSTRUMENT("\"start_msk\":[12]"), "instruments.start_msk"},
        {INSTRUMENT("\"hads\":{\"anxiety\":21,\"depression\":0}"), NULL},
        {INSTRUMENT("\"hads\":{\"anxiety\":null}"), NULL},
        {INSTRUMENT("\"hads\":{}"), NULL},
        {INSTRUMENT("\"hads\":{\"anxiety\":22}"), "instruments.hads.anxiety"},
        {INSTRUMENT("\"hads\":[1,2]"), "instruments.hads"},
        {INSTRUMENT("\"hads\":{\"a\":1}"), "instruments.hads.a"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"widespread_pain_index\":19,\"symptom_severity\":12,\"pain_regions\":5,"
                    "\"duration_months\":3}"),
         NULL},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"widespread_pain_index\":20}"),
         "instruments.fibromyalgia_2016.widespread_pain_index"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"symptom_severity\":13}"),
         "instruments.fibromyalgia_2016.symptom_severity"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"pain_regions\":6}"), "instruments.fibromyalgia_2016.pain_regions"},
        {INSTRUMENT("\"fibromyalgia_2016\":{\"duration_months\":-1}"), "instruments.fibromyalgia_2016.duration_months"},
        {INSTRUMENT("\"cwp_1990\":false"), NULL},
        {INSTRUMENT("\"cwp_1990\":null"), NULL},
        {INSTRUMENT("\"cwp_1990\":1"), "instruments.cwp_1990"},
        {INSTRUMENT("\"axial_spa\":{\"onset_age\":30,\"duration_months\":6,\"features\":[\"buttock_pain\","
                    "\"psoriasis\"],\"hla_b27\":\"positive\"}"),
         NULL},
        {INSTRUMENT("\"axial_spa\":{}"), NULL},
        {INSTRUMENT("\"axial_spa\":{\"hla_b27\":null,\"features\":null}"), NULL},
        {INSTRUMENT("\"axial_spa\":{\"onset_age\":131}"), "instruments.axial_spa.onset_age"},
        {INSTRUMENT("\"axial_spa\":{\"features\":[\"pain\"]}"), "instruments.axial_spa.features[0]"},
        {INSTRUMENT("\"axial_spa\":{\"hla_b27\":\"yes\"}"), "instruments.axial_spa.hla_b27"},
    };
    TRY_ALL(changes);
}
