/* The episode row: explicit bytes, ownership rules, invariant. See episode.h. */
#include "router/care/episode.h"

#include "base/must.h"

static inline uint8_t *put_number(uint8_t *at, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> (8 * i));
    return at + bytes;
}

static inline uint64_t get_number(const uint8_t *at, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++) value |= (uint64_t)at[i] << (8 * i);
    return value;
}

static inline uint8_t *put_run(uint8_t *at, const void *data, uint8_t bytes)
{
    *at = bytes;
    memcpy(at + 1, data, bytes);
    return at + 1 + bytes;
}

/* One small writer and reader a type, so that the field list alone decides the layout. */
#define WRITE_u8(at, v) put_number(at, v, 1)
#define WRITE_u16(at, v) put_number(at, v, 2)
#define WRITE_i16(at, v) put_number(at, (uint16_t)(v), 2)
#define WRITE_u32(at, v) put_number(at, v, 4)
#define WRITE_u64(at, v) put_number(at, v, 8)
#define WRITE_i64(at, v) put_number(at, (uint64_t)(v), 8)
#define WRITE_attempt(at, v) put_number(put_number(at, (uint64_t)(v).at, 8), (v).channels, 1)
#define WRITE_text(at, v) put_run(at, (v).data, (v).bytes)
#define WRITE_codes(at, v) put_run(at, (v).data, (v).bytes)

#define READ_NUMBER(T, bytes_of)                                                                                       \
    do {                                                                                                               \
        if (end - at < (bytes_of)) return false;                                                                       \
        *into = (T)get_number(at, bytes_of);                                                                           \
        at += (bytes_of);                                                                                              \
    } while (0)
#define READ_attempt                                                                                                   \
    do {                                                                                                               \
        if (end - at < 9) return false;                                                                                \
        *into = (struct episode_attempt){(int64_t)get_number(at, 8), at[8]};                                           \
        at += 9;                                                                                                       \
    } while (0)
#define READ_RUN(limit)                                                                                                \
    do {                                                                                                               \
        if (end - at < 1 || end - at - 1 < at[0] || at[0] > (limit)) return false;                                     \
        into->bytes = at[0];                                                                                           \
        memcpy(into->data, at + 1, at[0]);                                                                             \
        at += 1 + at[0];                                                                                               \
    } while (0)
#define READ_u8 READ_NUMBER(uint8_t, 1)
#define READ_u16 READ_NUMBER(uint16_t, 2)
#define READ_i16 READ_NUMBER(int16_t, 2)
#define READ_u32 READ_NUMBER(uint32_t, 4)
#define READ_u64 READ_NUMBER(uint64_t, 8)
#define READ_i64 READ_NUMBER(int64_t, 8)
#define READ_text READ_RUN(STEPCARE_ACTOR_BYTES_MAX)
#define READ_codes READ_RUN(EPISODE_CODES_BYTES_MAX)

enum { ROW_VERSION = 2 };

void episode_init(struct episode *episode)
{
    memset(episode, 0, sizeof *episode);
    episode->phq_9_baseline = episode->gad_7_baseline = episode->rmdq_baseline = episode->nrs_baseline = -1;
    episode->phq_9 = episode->gad_7 = episode->rmdq = episode->nrs = -1;
}

size_t episode_encode(const struct episode *episode, uint8_t out_row[EPISODE_ROW_BYTES_MAX])
{
    uint8_t *at = out_row;
    *at++ = ROW_VERSION;
#define EPISODE_WRITE(type, name) at = WRITE_##type(at, episode->name);
#define EPISODE_WRITE_ALL(type, name, count)                                                                           \
    for (unsigned i = 0; i < (count); i++) at = WRITE_##type(at, episode->name[i]);
    EPISODE_FIELDS(EPISODE_WRITE, EPISODE_WRITE_ALL)
#undef EPISODE_WRITE
#undef EPISODE_WRITE_ALL
    must(at - out_row <= EPISODE_ROW_BYTES_MAX);
    return (size_t)(at - out_row);
}

bool episode_decode(const void *row, size_t bytes, struct episode *out_episode)
{
    const uint8_t *at = row, *end = at + bytes;
    if (bytes == 0 || *at++ != ROW_VERSION) return false;
#define EPISODE_READ(type, name)                                                                                       \
    {                                                                                                                  \
        EPISODE_TYPE_##type *into = &out_episode->name;                                                                \
        READ_##type;                                                                                                   \
    }
#define EPISODE_READ_ALL(type, name, count)                                                                            \
    for (unsigned i = 0; i < (count); i++) {                                                                           \
        EPISODE_TYPE_##type *into = &out_episode->name[i];                                                             \
        READ_##type;                                                                                                   \
    }
    EPISODE_FIELDS(EPISODE_READ, EPISODE_READ_ALL)
#undef EPISODE_READ
#undef EPISODE_READ_ALL
    return at == end;
}

struct stepcare_text episode_text(const struct episode_text *text)
{
    must(text->bytes <= sizeof text->data);
    return (struct stepcare_text){text->data, text->bytes};
}

void episode_text_set(struct episode_text *text, struct stepcare_text value)
{
    must(value.data != NULL || value.bytes == 0);
    text->bytes = (uint8_t)(value.bytes < sizeof text->data ? value.bytes : sizeof text->data);
    if (text->bytes > 0) memcpy(text->data, value.data, text->bytes);
}

void episode_codes_set(struct episode_codes *codes, const struct stepcare_code_list *list)
{
    must(list->count <= STEPCARE_CODES_MAX);
    codes->bytes = 0;
    for (unsigned i = 0; i < list->count; i++) {
        const struct stepcare_text code = list->items[i];
        if (codes->bytes + code.bytes + 1U > sizeof codes->data) break; /* the decision event has them all */
        memcpy(codes->data + codes->bytes, code.data, code.bytes);
        codes->data[codes->bytes + code.bytes] = '\0';
        codes->bytes = (uint8_t)(codes->bytes + code.bytes + 1U);
    }
}

void episode_codes_list(const struct episode_codes *codes, struct stepcare_code_list *out_list)
{
    must(codes->bytes <= sizeof codes->data);
    out_list->count = 0;
    for (unsigned at = 0; at < codes->bytes && out_list->count < STEPCARE_CODES_MAX;) {
        const struct stepcare_text code = {codes->data + at, (uint32_t)strnlen(codes->data + at, codes->bytes - at)};
        out_list->items[out_list->count++] = code;
        at += code.bytes + 1U;
    }
}

enum stepcare_hold episode_first_hold(const struct episode *episode)
{
    for (unsigned hold = 1; hold < STEPCARE_HOLD_COUNT; hold++)
        if (episode->holds & STEPCARE_BIT(hold)) return (enum stepcare_hold)hold;
    return STEPCARE_HOLD_NONE;
}

bool episode_is_held_back(const struct episode *episode)
{
    return episode_is_held_back_at(episode, episode->urgency);
}

bool episode_is_held_back_at(const struct episode *episode, uint8_t urgency)
{
    return episode->holds != 0 && (urgency == STEPCARE_URGENCY_SOON || urgency == STEPCARE_URGENCY_ROUTINE);
}

bool episode_claimable_at(const struct episode *episode, struct stepcare_text *out_from, uint8_t *out_tier,
                          uint8_t *out_service, uint8_t *out_urgency)
{
    if (episode->state == STEPCARE_STATE_WAITING) {
        *out_from = (struct stepcare_text){NULL, 0};
        *out_tier = episode->tier;
        *out_service = episode->service;
        *out_urgency = episode->urgency;
        return true;
    }
    const bool offered =
        episode->handover == STEPCARE_HANDOVER_PROPOSED || episode->handover == STEPCARE_HANDOVER_OVERDUE;
    if (episode->state != STEPCARE_STATE_IN_TREATMENT || !offered || episode->token != 0) return false;
    *out_from = episode_text(&episode->owner);
    *out_tier = episode->to_tier;
    *out_service = episode->to_service;
    *out_urgency = episode->to_urgency;
    return true;
}

static struct episode_next next_of_hold(const struct episode *episode, enum stepcare_hold hold)
{
    static const struct {
        const char *owner;
        enum stepcare_next_action action;
    } of[STEPCARE_HOLD_COUNT] = {
        [STEPCARE_HOLD_SAFETY_REVIEW] = {"safety_lead", STEPCARE_NEXT_SAFETY_REVIEW},
        [STEPCARE_HOLD_RED_FLAGS_UNSCREENED] = {"triage_lead", STEPCARE_NEXT_SCREEN_RED_FLAGS},
        [STEPCARE_HOLD_SECOND_CLINICIAN] = {"triage_lead", STEPCARE_NEXT_SECOND_OPINION},
        [STEPCARE_HOLD_INFORMATION_NEEDED] = {"referrer", STEPCARE_NEXT_PROVIDE_INFORMATION},
    };
    must(hold > STEPCARE_HOLD_NONE);
    must(hold < STEPCARE_HOLD_COUNT);
    return (struct episode_next){stepcare_text_of(of[hold].owner), of[hold].action, episode->hold_dues[hold - 1]};
}

static struct episode_next next_while_waiting(const struct episode *episode)
{
    static const struct stepcare_text lead = {"triage_lead", 11};
    /* An emergency is due at once and the triage lead's, whatever else holds it. */
    if (episode->tier == STEPCARE_TIER_EMERGENCY)
        return (struct episode_next){lead, STEPCARE_NEXT_EMERGENCY, episode->due};
    const enum stepcare_hold hold = episode_first_hold(episode);
    if (hold != STEPCARE_HOLD_NONE) return next_of_hold(episode, hold);
    if (episode->tier == STEPCARE_TIER_MANUAL_REVIEW)
        return (struct episode_next){lead, STEPCARE_NEXT_ASSIGN, episode->due};
    return (struct episode_next){stepcare_text_of(stepcare_code_name(&stepcare_tiers, episode->tier)),
                                 STEPCARE_NEXT_CLAIM, episode->due};
}

static struct episode_next next_in_treatment(const struct episode *episode)
{
    if (episode->handover == STEPCARE_HANDOVER_OVERDUE)
        return (struct episode_next){stepcare_text_of("triage_lead"), STEPCARE_NEXT_RESOLVE_HANDOVER,
                                     episode->handover_due};
    const struct stepcare_text owner = episode_text(&episode->owner);
    if (episode->handover == STEPCARE_HANDOVER_PROPOSED)
        return (struct episode_next){owner, STEPCARE_NEXT_ACCEPT_HANDOVER, episode->handover_due};
    /* A hold raised in treatment is the practitioner's to see to: a named clinician already has the patient. */
    const enum stepcare_hold hold = episode_first_hold(episode);
    if (hold != STEPCARE_HOLD_NONE) {
        struct episode_next next = next_of_hold(episode, hold);
        next.owner = owner;
        return next;
    }
    return (struct episode_next){owner, (enum stepcare_next_action)episode->next_action, episode->next_due};
}

struct episode_next episode_next(const struct episode *episode)
{
    enum { TRIAGE_EXPECTED_MS = 60000 };
    switch (episode->state) {
    case STEPCARE_STATE_RECEIVED:
        return (struct episode_next){stepcare_text_of("triage"), STEPCARE_NEXT_TRIAGE,
                                     episode->next_due + TRIAGE_EXPECTED_MS};
    case STEPCARE_STATE_WAITING: return next_while_waiting(episode);
    case STEPCARE_STATE_CLAIMED:
        return (struct episode_next){episode_text(&episode->holder), STEPCARE_NEXT_ACCEPT, episode->lease_expires};
    case STEPCARE_STATE_IN_TREATMENT: return next_in_treatment(episode);
    default: return (struct episode_next){{NULL, 0}, STEPCARE_NEXT_NONE, 0};
    }
}

const char *episode_broken(const struct episode *episode)
{
    if (episode->state == STEPCARE_STATE_NONE || episode->state >= STEPCARE_STATE_COUNT) return "it has no state";
    const struct episode_next next = episode_next(episode);
    if (episode->state == STEPCARE_STATE_CLOSED) {
        if (episode->end_code == 0) return "it is closed without an end code";
        if (episode->token != 0) return "it is closed with a lease on it";
        return NULL;
    }
    if (next.owner.bytes == 0) return "it has no owner";
    if (next.action == STEPCARE_NEXT_NONE) return "it has no next action";
    if (next.due == 0) return "it has no due date";
    if (episode->state != STEPCARE_STATE_RECEIVED && episode->tier == STEPCARE_TIER_NONE) return "it has no tier";
    if ((episode->state == STEPCARE_STATE_CLAIMED) && episode->token == 0) return "it is claimed without a lease";
    if (episode->token != 0 && (episode->holder.bytes == 0 || episode->lease_expires == 0))
        return "its lease has no holder or no end";
    if (episode->state == STEPCARE_STATE_IN_TREATMENT && episode->owner.bytes == 0)
        return "it is in treatment with nobody";
    return NULL;
}

enum count_bucket count_bucket_of(const struct episode *episode)
{
    switch (episode->state) {
    case STEPCARE_STATE_RECEIVED: return COUNT_RECEIVED;
    case STEPCARE_STATE_WAITING: return episode_is_held_back(episode) ? COUNT_HELD : COUNT_WAITING;
    case STEPCARE_STATE_CLAIMED: return COUNT_CLAIMED;
    case STEPCARE_STATE_IN_TREATMENT: return COUNT_IN_TREATMENT;
    default: return COUNT_NONE;
    }
}
