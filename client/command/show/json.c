/* `stepcare show --json`: the keys that every line has come first, in a fixed order. */
#include "client/command/show/json.h"

#include "client/command/session/session.h"
#include "client/command/show/rows.h"
#include "proto/record_json.h"
#include "proto/referral_codec.h"

#define F(name) STEPCARE_FIELD_##name

static const uint8_t row_keys[] = {F(sequence), F(at), F(event), F(by), 0};

static void fields_write(struct json_writer *writer, const struct stepcare_record *record, const uint8_t *fields)
{
    for (; *fields != 0; fields++) record_json_field(writer, record, *fields);
}

/* The decision of triage: the same keys as `stepcare decide intake` prints, and when it was. */
static void decision_write(struct json_writer *writer, const struct stepcare_record *shown)
{
    static const uint8_t before[] = {F(tier),  F(service),  F(urgency), F(target_days), F(rule), F(codes),
                                     F(holds), F(parallel), 0};
    static const uint8_t after[] = {F(override_taken), F(rules_tried), F(pathway), F(pathway_hash),
                                    F(sequence),       F(at),          0};
    const struct stepcare_record *row = show_decision_find(shown);
    json_name(writer, "decision");
    if (row == NULL) {
        json_none(writer);
        return;
    }
    bool other = STEPCARE_HAS(row, recommended_tier);
    json_object_begin(writer);
    fields_write(writer, row, before);
    json_name(writer, "recommended");
    json_object_begin(writer);
    json_name(writer, "tier");
    json_code(writer, &stepcare_tiers, other ? row->recommended_tier : STEPCARE_GET(row, tier, 0));
    json_name(writer, "service");
    json_code(writer, &stepcare_services,
              other ? STEPCARE_GET(row, recommended_service, 0) : STEPCARE_GET(row, service, 0));
    json_name(writer, "urgency");
    json_code(writer, &stepcare_urgencies,
              other ? STEPCARE_GET(row, recommended_urgency, 0) : STEPCARE_GET(row, urgency, 0));
    json_object_end(writer);
    fields_write(writer, row, after);
    json_object_end(writer);
}

static void history_write(struct json_writer *writer, const struct stepcare_record *shown)
{
    json_name(writer, "history");
    json_array_begin(writer);
    for (uint32_t i = 0; STEPCARE_HAS(shown, history) && i < shown->history.count; i++) {
        json_object_begin(writer);
        record_json_members(writer, &shown->history.items[i], row_keys);
        json_object_end(writer);
    }
    json_array_end(writer);
}

bool show_json_print(const struct stepcare_record *shown)
{
    static const uint8_t before[] = {F(referral_id), F(message_id), F(state),       F(tier), F(service),
                                     F(urgency),     F(owner),      F(next_action), F(due),  0};
    static const uint8_t own[] = {F(referral), F(linked_to), 0};
    struct buffer buffer = {0};
    struct json_writer writer = {.buffer = &buffer};
    struct stepcare_referral referral;
    bool readable =
        STEPCARE_HAS(shown, referral) &&
        referral_ledger_decode((const uint8_t *)shown->referral.data, shown->referral.bytes, &referral) == STEPCARE_OK;
    json_object_begin(&writer);
    fields_write(&writer, shown, before);
    json_name(&writer, "patient");
    if (readable) {
        referral_json_encode_patient(&writer, &referral);
    } else {
        json_none(&writer);
    }
    fields_write(&writer, shown, own);
    decision_write(&writer, shown);
    history_write(&writer, shown);
    for (unsigned key = 1; key < STEPCARE_FIELD_COUNT; key++) {
        bool written = key == F(history) || memchr(before, (int)key, sizeof before) != NULL ||
                       memchr(own, (int)key, sizeof own) != NULL;
        if (!written && stepcare_record_has(shown, key)) record_json_field(&writer, shown, key);
    }
    json_object_end(&writer);
    bool good = !buffer.failed;
    if (good) line_write(&buffer);
    buffer_close(&buffer);
    return good;
}
