#include "client/command/show/show.h"

#include "proto/record_json.h"
#include "proto/referral_codec.h"

#define F(name) STEPCARE_FIELD_##name

static const uint8_t row_keys[] = {F(sequence), F(at), F(event), F(by), 0};

const struct stepcare_record *show_event_find(const struct stepcare_record *shown, enum stepcare_event_type type)
{
    if (!STEPCARE_HAS(shown, history)) return NULL;
    for (uint32_t i = shown->history.count; i > 0; i--) {
        const struct stepcare_record *row = &shown->history.items[i - 1];
        if (STEPCARE_GET(row, event, 0) == type) return row;
    }
    return NULL;
}

const struct stepcare_record *show_decision_find(const struct stepcare_record *shown)
{
    const struct stepcare_record *row = show_event_find(shown, STEPCARE_EVENT_REFERRAL_TRIAGED);
    if (row != NULL || !STEPCARE_HAS(shown, history)) return row;
    /* An episode offered beside another begins with the offer, which carries the decision. */
    row = shown->history.count == 0 ? NULL : &shown->history.items[0];
    return row != NULL && STEPCARE_GET(row, event, 0) == STEPCARE_EVENT_EPISODE_LINKED ? row : NULL;
}

static void fields_write(struct json_writer *writer, const struct stepcare_record *record, const uint8_t *fields)
{
    for (; *fields != 0; fields++) record_json_field(writer, record, *fields);
}

/* The decision of triage: the same keys as `stepcare decide intake` prints, and when it was. */
static void decision_write(struct json_writer *writer, const struct stepcare_record *shown)
{
    static const uint8_t before[] = {F(tier),  F(service),  F(urgency), F(target_days), F(rule), F(codes),
                                     F(holds), F(parallel), 0};
    static const uint8_t behind[] = {F(override_taken), F(rules_tried), F(pathway), F(pathway_hash),
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
    fields_write(writer, row, behind);
    json_object_end(writer);
}

static void history_write(struct json_writer *writer, const struct stepcare_record *shown)
{
    json_name(writer, "history");
    json_array_begin(writer);
    for (uint32_t i = 0; STEPCARE_HAS(shown, history) && i < shown->history.count; i++) {
        json_value_begin(writer);
        record_json_encode(writer->buffer, &shown->history.items[i], row_keys);
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
        bool told = key == F(history) || memchr(before, (int)key, sizeof before) != NULL ||
                    memchr(own, (int)key, sizeof own) != NULL;
        if (!told && stepcare_record_has(shown, key)) record_json_field(&writer, shown, key);
    }
    json_object_end(&writer);
    bool good = !buffer.failed;
    if (good) line_write(&buffer);
    buffer_close(&buffer);
    return good;
}
