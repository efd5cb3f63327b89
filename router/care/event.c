/* The stored form of an event. See event.h. */
#include "router/care/event.h"

#include "base/cursor.h"
#include "base/packer.h"
#include "router/care/event_fields.h"

enum { EVENT_VERSION = 1 };

bool event_is_feedback(enum stepcare_event_type type)
{
    switch (type) {
    case STEPCARE_EVENT_REFERRAL_RECEIVED:
    case STEPCARE_EVENT_REFERRAL_TRIAGED:
    case STEPCARE_EVENT_TRIAGE_FAILED:
    case STEPCARE_EVENT_EPISODE_LINKED:
    case STEPCARE_EVENT_CLAIM_ACCEPTED:
    case STEPCARE_EVENT_REFERRAL_DECLINED:
    case STEPCARE_EVENT_HOLD_RELEASED:
    case STEPCARE_EVENT_ASSIGNED:
    case STEPCARE_EVENT_CLOSED:
    case STEPCARE_EVENT_CANCELLED:
    case STEPCARE_EVENT_INFORMATION_ADDED:
    case STEPCARE_EVENT_CONTACT_RECORDED:
    case STEPCARE_EVENT_OPT_IN_LETTER_SENT:
    case STEPCARE_EVENT_HANDED_BACK:
    case STEPCARE_EVENT_REVIEW_RECORDED:
    case STEPCARE_EVENT_HANDOVER_PROPOSED:
    case STEPCARE_EVENT_HANDOVER_ACCEPTED:
    case STEPCARE_EVENT_REOPENED: return true;
    default: return false;
    }
}

void event_encode(struct buffer *buffer, const struct event *event)
{
    struct msgpack_packer packer = packer_on(buffer);
    msgpack_pack_array(&packer, 6);
    msgpack_pack_uint8(&packer, EVENT_VERSION);
    msgpack_pack_uint8(&packer, (uint8_t)event->type);
    msgpack_pack_int64(&packer, event->at);
    msgpack_pack_uint64(&packer, event->episode_id);
    pack_text(&packer, event->by);
    wire_record_encode(buffer, &event->record);
}

enum stepcare_error event_decode(const uint8_t *data, size_t bytes, struct arena *arena, struct event *out_event)
{
    struct cursor cursor = {data, data + bytes};
    uint32_t count;
    uint64_t version, type;
    if (!cursor_array(&cursor, &count) || !cursor_uint(&cursor, &version)) return STEPCARE_DAMAGED;
    if (version != EVENT_VERSION) return STEPCARE_STORE_VERSION;
    struct event event;
    if (count != 6 || !cursor_uint(&cursor, &type) || type == 0 || type >= STEPCARE_EVENT_COUNT ||
        !cursor_int(&cursor, &event.at) || !cursor_uint(&cursor, &event.episode_id) || !cursor_text(&cursor, &event.by))
        return STEPCARE_DAMAGED;
    struct stepcare_field_errors errors = {0};
    if (wire_record_decode(cursor.at, cursor_bytes_left(&cursor), arena, &event.record, &errors) != STEPCARE_OK)
        return STEPCARE_DAMAGED;
    event.type = (enum stepcare_event_type)type;
    if (event_field_missing(&event) != NULL) return STEPCARE_DAMAGED;
    event.sequence = out_event->sequence;
    *out_event = event;
    return STEPCARE_OK;
}
