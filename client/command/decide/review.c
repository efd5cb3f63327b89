/* One line of `stepcare decide review`: read, decided, answered. */
#include "client/command/decide/review.h"

#include "base/json_writer.h"
#include "client/command/decide/review_read.h"
#include "pathway/explain.h"

static void recommendation_write(const struct decide *decide, struct stepcare_text referral_id,
                                 const struct stepcare_recommendation *recommendation)
{
    struct json_writer json = {.buffer = decide->output};

    json_object_begin(&json);
    if (referral_id.data != NULL) {
        json_name(&json, "referral_id");
        json_text(&json, referral_id);
    }
    json_name(&json, "action");
    json_code(&json, &stepcare_actions, recommendation->action);
    json_name(&json, "to");
    json_code(&json, &stepcare_tiers, recommendation->to.tier);
    json_name(&json, "service");
    json_code(&json, &stepcare_services, recommendation->to.service);
    json_name(&json, "urgency");
    json_code(&json, &stepcare_urgencies, recommendation->to.urgency);
    json_name(&json, "codes");
    json_array_begin(&json);
    for (unsigned i = 0; i < recommendation->code_count; i++)
        json_text(&json, stepcare_text_of(recommendation->codes[i]));
    json_array_end(&json);
    json_name(&json, "holds");
    json_mask(&json, &stepcare_holds, recommendation->holds);
    json_name(&json, "rule");
    json_text(&json, stepcare_text_of(recommendation->rule));
    json_name(&json, "pathway");
    json_text(&json, stepcare_text_of(pathway_version(decide->pathway)));
    json_object_end(&json);
    buffer_append_text(decide->output, "\n");
}

bool decide_review_line(const struct decide *decide, struct stepcare_text text)
{
    struct stepcare_review review;
    struct stepcare_recommendation recommendation;
    struct stepcare_field_errors errors;
    struct stepcare_text referral_id;

    errors.count = errors.dropped = 0;
    if (review_read(text, decide->arena, &review, &referral_id, &errors) != STEPCARE_OK) {
        if (errors.count == 0) stepcare_field_errors_add(&errors, "line", "could not be read: out of memory");
        decide_errors_append(decide->output, "referral_id", referral_id, false, &errors);
        return false;
    }
    if (decide->explain) {
        explain_review(decide->pathway, &review, decide->output);
    } else {
        pathway_decide_review(decide->pathway, &review, &recommendation);
        recommendation_write(decide, referral_id, &recommendation);
    }
    return true;
}
