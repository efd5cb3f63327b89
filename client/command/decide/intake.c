/* One line of `stepcare decide intake`: read, decided, answered. */
#include "client/command/decide/intake.h"

#include "base/json_writer.h"
#include "pathway/explain.h"
#include "proto/referral_codec.h"

static void placement_write(struct json_writer *json, const struct stepcare_placement *placement)
{
    json_name(json, "tier");
    json_code(json, &stepcare_tiers, placement->tier);
    json_name(json, "service");
    json_code(json, &stepcare_services, placement->service);
    json_name(json, "urgency");
    json_code(json, &stepcare_urgencies, placement->urgency);
}

static void decision_write(const struct decide *decide, struct stepcare_text message_id,
                           const struct stepcare_decision *decision)
{
    struct json_writer json = {.buffer = decide->output};

    json_object_begin(&json);
    json_name(&json, "message_id");
    json_text(&json, message_id);
    placement_write(&json, &decision->placement);
    json_name(&json, "target_days");
    json_uint(&json, decision->target_days);
    json_name(&json, "rule");
    json_text(&json, stepcare_text_of(decision->rule));
    json_name(&json, "codes");
    json_array_begin(&json);
    for (unsigned i = 0; i < decision->code_count; i++) json_text(&json, stepcare_text_of(decision->codes[i]));
    json_array_end(&json);
    json_name(&json, "holds");
    json_mask(&json, &stepcare_holds, decision->holds);
    json_name(&json, "parallel");
    json_mask(&json, &stepcare_tiers, decision->parallel);
    json_name(&json, "recommended");
    json_object_begin(&json);
    placement_write(&json, &decision->recommended);
    json_object_end(&json);
    json_name(&json, "pathway");
    json_text(&json, stepcare_text_of(pathway_version(decide->pathway)));
    json_object_end(&json);
    buffer_append_text(decide->output, "\n");
}

bool decide_intake_line(const struct decide *decide, struct stepcare_text text)
{
    struct stepcare_referral referral = {0};
    struct stepcare_field_errors errors;
    struct stepcare_decision decision;

    errors.count = errors.dropped = 0;
    if (referral_json_decode(text.data, text.bytes, decide->arena, &referral, &errors) != STEPCARE_OK) {
        if (errors.count == 0) stepcare_field_errors_add(&errors, "line", "could not be read: out of memory");
        decide_errors_append(decide->output, "message_id", referral.message_id, true, &errors);
        return false;
    }
    if (decide->explain) {
        explain_intake(decide->pathway, &referral, decide->output);
        return true;
    }
    pathway_decide_intake(decide->pathway, &referral, &decision);
    decision_write(decide, referral.message_id, &decision);
    return true;
}
