/* A record: a set of named values. Requests, replies, jobs, results and ledger events all carry their data as records,
 * so one table says for every field its key on the wire, its name in JSON and its type.
 * On the wire a record is a msgpack map {small int: value}; absent fields are left out. See proto/PROTOCOL.md. */
#ifndef STEPCARE_RECORD_H
#define STEPCARE_RECORD_H

#include "stepcare/codes.h"
#include "stepcare/limits.h"
#include "stepcare/referral.h"
#include "stepcare/text.h"

/* Types (T): C type, wire form, JSON form
 *   ID      uint64_t  uint               "0000-0017" (see stepcare/referral_id.h)
 *   UINT    uint64_t  uint               number
 *   INT     int64_t   int                number
 *   TIME    int64_t   int, ms since 1970 RFC 3339 in UTC, milliseconds only where not zero
 *   BOOL    bool      bool               true, false
 *   TEXT    text      str                string
 *   CODE    uint8_t   uint (codes.h)     its name
 *   MASK    uint32_t  uint (bits)        list of names
 *   CODES   code list array of str       list of strings
 *   TIMES   time list array of int       list of RFC 3339
 *   BYTES   text      bin                not shown (referral: decoded and shown as the referral)
 *   ERRORS  list      array of [str,str] [{"field","problem"}]
 *   RECORDS list      array of maps      list of objects
 *
 * X(key, type, name, limit or codeset)   Keys are wire and disk format: append only. */
#define STEPCARE_RECORD_FIELDS(X)                                                                                      \
    X(1, ID, referral_id, 0)                                                                                           \
    X(2, TEXT, message_id, STEPCARE_MESSAGE_ID_BYTES_MAX)                                                              \
    X(3, TEXT, organisation, STEPCARE_ORGANISATION_BYTES_MAX)                                                          \
    X(4, TEXT, reference, 256)                                                                                         \
    X(5, CODE, outcome, stepcare_outcomes)                                                                             \
    X(6, ERRORS, errors, STEPCARE_ERRORS_MAX)                                                                          \
    X(7, CODE, state, stepcare_states)                                                                                 \
    X(8, CODE, tier, stepcare_tiers)                                                                                   \
    X(9, CODE, service, stepcare_services)                                                                             \
    X(10, CODE, urgency, stepcare_urgencies)                                                                           \
    X(11, TIME, due, 0)                                                                                                \
    X(12, TIME, referred_at, 0)                                                                                        \
    X(13, CODES, codes, STEPCARE_CODES_MAX)                                                                            \
    X(14, MASK, holds, stepcare_holds)                                                                                 \
    X(15, TEXT, owner, STEPCARE_ACTOR_BYTES_MAX)                                                                       \
    X(16, CODE, next_action, stepcare_next_actions)                                                                    \
    X(17, UINT, token, 0)                                                                                              \
    X(18, TIME, lease_expires, 0)                                                                                      \
    X(19, TEXT, reason, 64)                                                                                            \
    X(20, TEXT, note, STEPCARE_NOTE_BYTES_MAX)                                                                         \
    X(21, CODE, hold, stepcare_holds)                                                                                  \
    X(22, UINT, end_code, 0)                                                                                           \
    X(23, UINT, count, 0)                                                                                              \
    X(24, UINT, limit, 0)                                                                                              \
    X(25, TEXT, after, 96)                                                                                             \
    X(26, UINT, wait_ms, 0)                                                                                            \
    X(27, UINT, cursor, 0)                                                                                             \
    X(28, CODE, to_tier, stepcare_tiers)                                                                               \
    X(29, CODE, to_service, stepcare_services)                                                                         \
    X(30, TEXT, rule, 64)                                                                                              \
    X(31, UINT, target_days, 0)                                                                                        \
    X(32, MASK, parallel, stepcare_tiers)                                                                              \
    X(33, CODE, recommended_tier, stepcare_tiers)                                                                      \
    X(34, CODE, recommended_service, stepcare_services)                                                                \
    X(35, CODE, recommended_urgency, stepcare_urgencies)                                                               \
    X(36, TEXT, pathway, 32)                                                                                           \
    X(37, TEXT, pathway_hash, 64)                                                                                      \
    X(38, ID, linked_to, 0)                                                                                            \
    X(39, TEXT, advice, 4096)                                                                                          \
    X(40, BYTES, referral, 131072)                                                                                     \
    X(41, BYTES, content_hash, 32)                                                                                     \
    X(42, UINT, sequence, 0)                                                                                           \
    X(43, TIME, at, 0)                                                                                                 \
    X(44, CODE, event, stepcare_events)                                                                                \
    X(45, TEXT, by, STEPCARE_ACTOR_BYTES_MAX)                                                                          \
    X(46, RECORDS, history, 65536)                                                                                     \
    X(47, CODE, kind, stepcare_kinds)                                                                                  \
    X(48, UINT, job, 0)                                                                                                \
    X(49, UINT, attempt, 0)                                                                                            \
    X(50, UINT, credit, 0)                                                                                             \
    X(51, TEXT, problem, 1024)                                                                                         \
    X(52, TIMES, hold_dues, 4)                                                                                         \
    X(53, UINT, waiting, 0)                                                                                            \
    X(54, UINT, held, 0)                                                                                               \
    X(55, UINT, claimed, 0)                                                                                            \
    X(56, UINT, in_treatment, 0)                                                                                       \
    X(57, UINT, oldest_wait_days, 0)                                                                                   \
    X(58, UINT, breached, 0)                                                                                           \
    X(59, UINT, arrived_7d, 0)                                                                                         \
    X(60, UINT, completed_7d, 0)                                                                                       \
    X(61, CODE, contact_outcome, stepcare_contact_outcomes)                                                            \
    X(62, CODE, channel, stepcare_channels)                                                                            \
    X(63, INT, phq_9, 0)                                                                                               \
    X(64, INT, gad_7, 0)                                                                                               \
    X(65, INT, phq_9_item_9, 0)                                                                                        \
    X(66, INT, rmdq, 0)                                                                                                \
    X(67, INT, nrs, 0)                                                                                                 \
    X(68, CODE, start_back_now, stepcare_risks)                                                                        \
    X(69, CODE, treatment_outcome, stepcare_treatment_outcomes)                                                        \
    X(70, MASK, red_flags, stepcare_red_flags)                                                                         \
    X(71, UINT, week, 0)                                                                                               \
    X(72, UINT, contact, 0)                                                                                            \
    X(73, UINT, max_contacts, 0)                                                                                       \
    X(74, INT, phq_9_baseline, 0)                                                                                      \
    X(75, INT, gad_7_baseline, 0)                                                                                      \
    X(76, INT, rmdq_baseline, 0)                                                                                       \
    X(77, INT, nrs_baseline, 0)                                                                                        \
    X(78, CODE, action, stepcare_actions)                                                                              \
    X(79, CODE, from_tier, stepcare_tiers)                                                                             \
    X(80, CODE, from_service, stepcare_services)                                                                       \
    X(81, TEXT, version, 64)                                                                                           \
    X(82, UINT, epoch, 0)                                                                                              \
    X(83, UINT, workers, 0)                                                                                            \
    X(84, TEXT, request_key, 64)                                                                                       \
    X(85, CODE, handover, stepcare_handover_phases)                                                                    \
    X(86, UINT, priority, 0)                                                                                           \
    X(87, BOOL, override_taken, 0)                                                                                     \
    X(88, TIME, target_due, 0)                                                                                         \
    X(89, TEXT, practitioner, STEPCARE_ACTOR_BYTES_MAX)                                                                \
    X(90, BOOL, nhs_number_unverified, 0)                                                                              \
    X(91, TEXT, site, 64)                                                                                              \
    X(92, UINT, median_wait_days, 0)                                                                                   \
    X(93, UINT, p90_wait_days, 0)                                                                                      \
    X(94, TEXT, next_free, 10)                                                                                         \
    X(95, UINT, expected_wait_days, 0)                                                                                 \
    X(96, RECORDS, rows, STEPCARE_LISTING_COUNT_MAX)                                                                   \
    X(97, UINT, kinds, 0)                                                                                              \
    X(98, UINT, frame_bytes_max, 0)                                                                                    \
    X(99, UINT, batch_count_max, 0)                                                                                    \
    X(100, TIME, closed_at, 0)                                                                                         \
    X(101, UINT, attempts, 0)                                                                                          \
    X(102, TIME, oldest_at, 0)                                                                                         \
    X(103, CODES, rules_tried, STEPCARE_CODES_MAX)                                                                     \
    X(104, BOOL, paused, 0)                                                                                            \
    X(105, MASK, contact_channels, stepcare_channels)                                                                  \
    X(106, TEXT, owner_note, 256)                                                                                      \
    X(107, TEXT, changed, 1024)                                                                                        \
    X(108, BOOL, possible_duplicate, 0)                                                                                \
    X(109, TEXT, end_text, 128)                                                                                        \
    X(110, CODE, source, stepcare_sources)                                                                             \
    X(111, MASK, preferences, stepcare_preferences)                                                                    \
    X(112, CODE, baseline_of, stepcare_kinds)                                                                          \
    X(113, TIMES, attempt_days, 4)                                                                                     \
    X(114, MASK, holds_released, stepcare_holds)                                                                       \
    X(115, UINT, non_attendances, 0)                                                                                   \
    X(116, BOOL, slot_released, 0)                                                                                     \
    X(117, UINT, caseload, 0)                                                                                          \
    X(118, UINT, events, 0)                                                                                            \
    X(119, UINT, flushes, 0)

struct stepcare_code_list {
    uint8_t count;
    struct stepcare_text items[STEPCARE_CODES_MAX];
};

struct stepcare_time_list {
    uint8_t count;
    int64_t items[4];
};

struct stepcare_record;
struct stepcare_records { /* borrowed: the array belongs to whoever made or decoded it */
    uint32_t count;
    const struct stepcare_record *items;
};

struct stepcare_errors_view { /* borrowed */
    const struct stepcare_field_errors *list;
};

#define STEPCARE_TYPE_ID uint64_t
#define STEPCARE_TYPE_UINT uint64_t
#define STEPCARE_TYPE_INT int64_t
#define STEPCARE_TYPE_TIME int64_t
#define STEPCARE_TYPE_BOOL bool
#define STEPCARE_TYPE_TEXT struct stepcare_text
#define STEPCARE_TYPE_CODE uint8_t
#define STEPCARE_TYPE_MASK uint32_t
#define STEPCARE_TYPE_CODES struct stepcare_code_list
#define STEPCARE_TYPE_TIMES struct stepcare_time_list
#define STEPCARE_TYPE_BYTES struct stepcare_text
#define STEPCARE_TYPE_ERRORS struct stepcare_errors_view
#define STEPCARE_TYPE_RECORDS struct stepcare_records

enum stepcare_field {
#define STEPCARE_FIELD_ENUM(key, type, name, extra) STEPCARE_FIELD_##name = key,
    STEPCARE_RECORD_FIELDS(STEPCARE_FIELD_ENUM)
#undef STEPCARE_FIELD_ENUM
        STEPCARE_FIELD_COUNT
};

/* present says which members hold a value: bit (key % 64) of present[key / 64]. Members that are absent are
 * undefined. */
struct stepcare_record {
    uint64_t present[2];
#define STEPCARE_FIELD_MEMBER(key, type, name, extra) STEPCARE_TYPE_##type name;
    STEPCARE_RECORD_FIELDS(STEPCARE_FIELD_MEMBER)
#undef STEPCARE_FIELD_MEMBER
};

_Static_assert(STEPCARE_FIELD_COUNT <= 128, "present has 128 bits");

static inline void stepcare_record_init(struct stepcare_record *record)
{
    record->present[0] = record->present[1] = 0;
}

static inline bool stepcare_record_has(const struct stepcare_record *record, unsigned key)
{
    return (record->present[key / 64] >> (key % 64)) & 1U;
}

static inline void stepcare_record_mark(struct stepcare_record *record, unsigned key)
{
    record->present[key / 64] |= UINT64_C(1) << (key % 64);
}

/* STEPCARE_SET(&record, tier, STEPCARE_TIER_PHYSIO) sets a member and marks it; STEPCARE_HAS(&record, tier) asks. */
#define STEPCARE_SET(record, field, value)                                                                             \
    do {                                                                                                               \
        (record)->field = (value);                                                                                     \
        stepcare_record_mark((record), STEPCARE_FIELD_##field);                                                        \
    } while (0)
#define STEPCARE_HAS(record, field) stepcare_record_has((record), STEPCARE_FIELD_##field)
/* STEPCARE_GET(&record, count, 1): the value, or a default where it is absent. */
#define STEPCARE_GET(record, field, otherwise) (STEPCARE_HAS(record, field) ? (record)->field : (otherwise))

#endif
