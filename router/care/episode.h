/* An episode: where one referred patient stands in one pathway step. The row of table `episode`, and what decide and
 * apply reason about. Pure: no LMDB, no clock. An episode is the fold of its events (fold.h); nothing else changes one.
 *
 * Row bytes: version u8 = 2, then the fields of EPISODE_FIELDS in order, little-endian; texts as length u8 and bytes,
 * arrays one entry after the other, an attempt as its time and its channels. */
#ifndef ROUTER_CARE_EPISODE_H
#define ROUTER_CARE_EPISODE_H

#include "stepcare/record.h"

enum {
    EPISODE_ROW_BYTES_MAX = 1900, /* below LMDB's overflow limit, so that a row stays in its leaf page */
    EPISODE_CODES_BYTES_MAX = 255,
    EPISODE_ATTEMPTS_MAX = 3,
    EPISODE_HOLDS_MAX = 4
};

/* The endings that the router gives by itself; the pathway's list has their texts. */
enum end_code {
    END_CODE_COMPLETED = 46, /* treatment completed: a recommended discharge that was confirmed */
    END_CODE_GP_ADVICE = 101,
    END_CODE_NO_CONTACT = 102, /* handed back: the one ending after which an episode may be reopened */
    END_CODE_CANCELLED = 103
};

struct episode_text { /* a short text held by value */
    uint8_t bytes;
    char data[STEPCARE_ACTOR_BYTES_MAX];
};

struct episode_codes { /* code names, each with a NUL after it */
    uint8_t bytes;
    char data[EPISODE_CODES_BYTES_MAX];
};

/* A day on which the patient was tried without success, and by which channels (mask). */
struct episode_attempt {
    int64_t at; /* 0: none */
    uint8_t channels;
};

_Static_assert(EPISODE_HOLDS_MAX == STEPCARE_HOLD_COUNT - 1,
               "another hold is another due date: a new version of the row");

/* X(type, name), A(type, name, count) for arrays. Times are ms since 1970; 0 means "none". Scores are -1 where never
 * measured. A hold's due date is hold_dues[hold - 1]. */
#define EPISODE_FIELDS(X, A)                                                                                           \
    X(u64, id)         /* sequence of the event that opened it */                                                      \
    X(u64, sequence)   /* of its last event */                                                                         \
    X(u64, content_id) /* episode whose ledger events hold the referral: itself, or the lead of a parallel offer */    \
    X(u64, content_sequence) /* of the event with the current referral */                                              \
    X(u64, linked_to)        /* parallel offer: the other episode */                                                   \
    X(u64, duplicate_of)     /* possible duplicate: an older open episode of the same patient, until judged */         \
    X(u32, history_count)                                                                                              \
    X(text, organisation)                                                                                              \
    X(u8, state)                                                                                                       \
    X(u8, tier)                                                                                                        \
    X(u8, service)                                                                                                     \
    X(u8, urgency)                                                                                                     \
    X(i64, referred_at)                                                                                                \
    X(i64, opened_at)                                                                                                  \
    X(i64, due) /* due: the target, from the waiting-time clock */                                                     \
    X(u8, holds)                                                                                                       \
    X(u8, holds_released)                                                                                              \
    A(i64, hold_dues, EPISODE_HOLDS_MAX)                                                                               \
    X(u64, token)                                                                                                      \
    X(i64, lease_expires)                                                                                              \
    X(text, holder) /* the lease, while there is one */                                                                \
    X(text, owner)  /* the practitioner in treatment */                                                                \
    X(u8, next_action)                                                                                                 \
    X(i64, next_due) /* in treatment: the practitioner's next step */                                                  \
    X(u8, declines)                                                                                                    \
    X(u8, triage_failures)                                                                                             \
    X(u8, handover)                                                                                                    \
    X(u8, to_tier)                                                                                                     \
    X(u8, to_service)                                                                                                  \
    X(u8, to_urgency)                                                                                                  \
    X(u8, handover_declines)                                                                                           \
    X(i64, handover_due)                                                                                               \
    X(u8, contacts_attended)                                                                                           \
    X(u8, attempt_count)                                                                                               \
    X(u8, attempt_channels) /* of all of them */                                                                       \
    X(u8, non_attendances)                                                                                             \
    A(attempt, attempts, EPISODE_ATTEMPTS_MAX) /* the last ones, by time */                                            \
    X(i64, opt_in_due)                                                                                                 \
    X(i64, accepted_at)                                                                                                \
    X(i64, first_contact_at)                                                                                           \
    X(i64, closed_at)                                                                                                  \
    X(u16, end_code)                                                                                                   \
    X(i64, treated_since) /* accepted in the tier it is in now */                                                      \
    X(i16, phq_9_baseline)                                                                                             \
    X(i16, gad_7_baseline)                                                                                             \
    X(i16, rmdq_baseline)                                                                                              \
    X(i16, nrs_baseline)                                                                                               \
    X(i16, phq_9)                                                                                                      \
    X(i16, gad_7)                                                                                                      \
    X(i16, rmdq)                                                                                                       \
    X(i16, nrs)                                                                                                        \
    X(u64, review_sequence)                                                                                            \
    X(u8, review_pending) /* the review that a worker is to answer, its kind */                                        \
    X(u8, action)                                                                                                      \
    X(u8, action_tier)                                                                                                 \
    X(u8, action_service)                                                                                              \
    X(u8, action_urgency) /* recommendation not yet decided */                                                         \
    X(u8, preferences)                                                                                                 \
    X(u8, source)                                                                                                      \
    X(text, pathway)                                                                                                   \
    X(text, rule)                                                                                                      \
    X(codes, codes)

#define EPISODE_TYPE_u8 uint8_t
#define EPISODE_TYPE_u16 uint16_t
#define EPISODE_TYPE_i16 int16_t
#define EPISODE_TYPE_u32 uint32_t
#define EPISODE_TYPE_u64 uint64_t
#define EPISODE_TYPE_i64 int64_t
#define EPISODE_TYPE_attempt struct episode_attempt
#define EPISODE_TYPE_text struct episode_text
#define EPISODE_TYPE_codes struct episode_codes

struct episode {
#define EPISODE_MEMBER(type, name) EPISODE_TYPE_##type name;
#define EPISODE_ARRAY(type, name, count) EPISODE_TYPE_##type name[count];
    EPISODE_FIELDS(EPISODE_MEMBER, EPISODE_ARRAY)
#undef EPISODE_MEMBER
#undef EPISODE_ARRAY
};

/* Purpose: an episode that has no event yet (state NONE, scores unmeasured). */
void episode_init(struct episode *episode);

/* Purpose: the row's bytes, and back. Shape: at most EPISODE_ROW_BYTES_MAX.
 * Errors: encode is total and returns the size; decode gives false for another version or a short row. */
size_t episode_encode(const struct episode *episode, uint8_t out_row[EPISODE_ROW_BYTES_MAX]);
bool episode_decode(const void *row, size_t bytes, struct episode *out_episode);

/* Who has it, what is next, until when: the promise "one owner, one next action, one due date" is this one function.
 * Closed: owner absent, action NONE, due 0. Texts view the episode or are static. */
struct episode_next {
    struct stepcare_text owner;
    enum stepcare_next_action action;
    int64_t due;
};
struct episode_next episode_next(const struct episode *episode);

/* The first hold in force (NONE if none); whether holds keep it from being claimed (urgent work never is). */
enum stepcare_hold episode_first_hold(const struct episode *episode);
bool episode_is_held_back(const struct episode *episode);
/* The same where it is offered with another urgency: a hand-over. */
bool episode_is_held_back_at(const struct episode *episode, uint8_t urgency);

/* Where it can be claimed now: its own tier while waiting, the receiving tier while a hand-over is proposed or overdue.
 * false if nowhere. */
bool episode_claimable_at(const struct episode *episode, struct stepcare_text *out_from, uint8_t *out_tier,
                          uint8_t *out_service, uint8_t *out_urgency);

/* The invariant of every open episode; NULL if it holds, else which part is broken (a sentence for verify and asserts).
 */
const char *episode_broken(const struct episode *episode);

struct stepcare_text episode_text(const struct episode_text *text);
void episode_text_set(struct episode_text *text, struct stepcare_text value); /* cut at the limit */
void episode_codes_set(struct episode_codes *codes, const struct stepcare_code_list *list);
void episode_codes_list(const struct episode_codes *codes, struct stepcare_code_list *out_list);

/* Where an episode counts in the backlog; COUNT_NONE where closed. */
enum count_bucket {
    COUNT_WAITING,
    COUNT_HELD,
    COUNT_CLAIMED,
    COUNT_IN_TREATMENT,
    COUNT_RECEIVED,
    COUNT_BUCKETS,
    COUNT_NONE
};
enum count_bucket count_bucket_of(const struct episode *episode);

#endif
