/* The auditor of stores in tests: looks at every event, and at every row and key that should come of it. */
#include "tests/support/auditor.h"

#include "router/care/fold.h"

#include <stdio.h>
#include <stdlib.h>

void auditor_open(struct auditor *auditor, const char *repeat)
{
    memset(auditor, 0, sizeof *auditor);
    auditor->repeat = repeat;
}

void auditor_close(struct auditor *auditor)
{
    for (uint64_t id = 0; id < auditor->capacity; id++) free(auditor->episodes[id]);
    free(auditor->episodes);
    free(auditor->token_used);
    free(auditor->told);
}

void auditor_fault(const struct auditor *auditor, uint64_t sequence, const char *what)
{
    fprintf(stderr, "at event %lu: %s\n", (unsigned long)sequence, what);
    if (auditor->repeat != NULL) fprintf(stderr, "repeat it with: %s\n", auditor->repeat);
    abort();
}

static void room_for(struct auditor *auditor, uint64_t sequence)
{
    if (sequence < auditor->capacity) return;
    const uint64_t before = auditor->capacity, now = sequence * 2 + 1024;
    auditor->episodes = realloc(auditor->episodes, now * sizeof *auditor->episodes);
    auditor->token_used = realloc(auditor->token_used, now * sizeof *auditor->token_used);
    auditor->told = realloc(auditor->told, now * sizeof *auditor->told);
    if (auditor->episodes == NULL || auditor->token_used == NULL || auditor->told == NULL) abort();
    memset(auditor->episodes + before, 0, (now - before) * sizeof *auditor->episodes);
    memset(auditor->token_used + before, 0, (now - before) * sizeof *auditor->token_used);
    memset(auditor->told + before, 0, (now - before) * sizeof *auditor->told);
    auditor->capacity = now;
}

const struct episode *auditor_episode(const struct auditor *auditor, uint64_t id)
{
    return id < auditor->capacity ? auditor->episodes[id] : NULL;
}

/* --- what each event may do, said again and apart from the router's own tables --- */

#define NONE 1U
#define R (1U << STEPCARE_STATE_RECEIVED)
#define W (1U << STEPCARE_STATE_WAITING)
#define C (1U << STEPCARE_STATE_CLAIMED)
#define T (1U << STEPCARE_STATE_IN_TREATMENT)
#define X (1U << STEPCARE_STATE_CLOSED)

static const struct {
    unsigned from, to;
} moves[STEPCARE_EVENT_COUNT] = {
    [STEPCARE_EVENT_REFERRAL_RECEIVED] = {NONE, R},
    [STEPCARE_EVENT_REFERRAL_TRIAGED] = {R, W},
    [STEPCARE_EVENT_TRIAGE_FAILED] = {R, W},
    [STEPCARE_EVENT_EPISODE_LINKED] = {NONE | W, W},
    [STEPCARE_EVENT_CLAIMED] = {W | T, C | T},
    [STEPCARE_EVENT_CLAIM_RENEWED] = {C | T, C | T},
    [STEPCARE_EVENT_CLAIM_RELEASED] = {C | T, W | T},
    [STEPCARE_EVENT_CLAIM_EXPIRED] = {C | T, W | T},
    [STEPCARE_EVENT_CLAIM_ACCEPTED] = {C, T},
    [STEPCARE_EVENT_REFERRAL_DECLINED] = {C, W},
    [STEPCARE_EVENT_HOLD_RELEASED] = {W | C | T, W | C | T},
    [STEPCARE_EVENT_ASSIGNED] = {R | W | T, W},
    [STEPCARE_EVENT_CLOSED] = {W | T, X},
    [STEPCARE_EVENT_CANCELLED] = {R | W | C, X},
    [STEPCARE_EVENT_INFORMATION_ADDED] = {R | W | C | T, R | T},
    [STEPCARE_EVENT_CONTACT_RECORDED] = {T, T},
    [STEPCARE_EVENT_OPT_IN_LETTER_SENT] = {T, T},
    [STEPCARE_EVENT_HANDED_BACK] = {T, X},
    [STEPCARE_EVENT_REVIEW_RECORDED] = {T, T},
    [STEPCARE_EVENT_REVIEW_RECOMMENDED] = {T, T},
    [STEPCARE_EVENT_RECOMMENDATION_CONFIRMED] = {T, T},
    [STEPCARE_EVENT_RECOMMENDATION_OVERRIDDEN] = {T, T},
    [STEPCARE_EVENT_HANDOVER_PROPOSED] = {T, T},
    [STEPCARE_EVENT_HANDOVER_ACCEPTED] = {T, T},
    [STEPCARE_EVENT_HANDOVER_DECLINED] = {T, T},
    [STEPCARE_EVENT_HANDOVER_OVERDUE] = {T, T},
    [STEPCARE_EVENT_NOTE_ADDED] = {R | W | C | T | X, R | W | C | T | X},
    [STEPCARE_EVENT_REOPENED] = {X, W},
    [STEPCARE_EVENT_POSSIBLE_DUPLICATE_FOUND] = {R | W | C | T, R | W | C | T},
    [STEPCARE_EVENT_TRIAGE_RETRIED] = {R | W, R},
    [STEPCARE_EVENT_REVIEW_FAILED] = {T, T},
    [STEPCARE_EVENT_HOLD_ADDED] = {W | C | T, W | C | T},
    [STEPCARE_EVENT_DUPLICATE_JUDGED] = {R | W | C | T | X, R | W | C | T | X},
};

static void check_move(struct auditor *auditor, const struct event *event, const struct episode *before,
                       const struct episode *after)
{
    char what[160];
    const unsigned from = 1U << before->state, to = 1U << after->state;
    if ((moves[event->type].from & from) != 0 && (moves[event->type].to & to) != 0) return;
    const char *was = stepcare_code_name(&stepcare_states, before->state),
               *is = stepcare_code_name(&stepcare_states, after->state);
    snprintf(what, sizeof what, "%s took an episode from %s to %s", stepcare_code_name(&stepcare_events, event->type),
             was == NULL ? "nothing" : was, is == NULL ? "nothing" : is);
    auditor_fault(auditor, event->sequence, what);
}

/* A token is the sequence of the claim that gave it; it is good for one acceptance, by whom it was given to. */
static void check_token(struct auditor *auditor, const struct event *event, const struct episode *before)
{
    const uint64_t token = STEPCARE_GET(&event->record, token, 0);
    if (event->type == STEPCARE_EVENT_CLAIMED) {
        if (token != event->sequence) auditor_fault(auditor, event->sequence, "a claim's token is not its sequence");
        if (before->token != 0) auditor_fault(auditor, event->sequence, "what is under a lease was claimed again");
        if (before->state == STEPCARE_STATE_WAITING && before->holds != 0 && before->urgency >= STEPCARE_URGENCY_SOON)
            auditor_fault(auditor, event->sequence, "held work was claimed");
        return;
    }
    if (event->type != STEPCARE_EVENT_CLAIM_ACCEPTED && event->type != STEPCARE_EVENT_HANDOVER_ACCEPTED) return;
    if (token == 0 || token != before->token)
        auditor_fault(auditor, event->sequence, "accepted under a token that is not the lease's");
    if (!stepcare_text_equal(episode_text(&before->holder), event->by))
        auditor_fault(auditor, event->sequence, "accepted by somebody else");
    if (auditor->token_used[token]) auditor_fault(auditor, event->sequence, "a token was accepted twice");
    if (before->lease_expires <= event->at) auditor_fault(auditor, event->sequence, "an expired lease was accepted");
    auditor->token_used[token] = true;
}

static void check_kept(struct auditor *auditor, const struct event *event, const struct episode *before,
                       const struct episode *after)
{
    const char *broken = episode_broken(after);
    if (broken != NULL) auditor_fault(auditor, event->sequence, broken);
    if (before->state == STEPCARE_STATE_NONE) return;
    if (before->referred_at != after->referred_at)
        auditor_fault(auditor, event->sequence, "the waiting-time clock was changed");
    const bool offered =
        before->handover == STEPCARE_HANDOVER_PROPOSED || before->handover == STEPCARE_HANDOVER_OVERDUE;
    if (offered && (after->state == STEPCARE_STATE_CLOSED || event->type == STEPCARE_EVENT_HANDOVER_PROPOSED))
        auditor_fault(auditor, event->sequence, "something else was begun while a hand-over waited to be accepted");
    if (before->id != after->id) auditor_fault(auditor, event->sequence, "an episode became another");
    const bool treated = before->state == STEPCARE_STATE_IN_TREATMENT && after->state == STEPCARE_STATE_IN_TREATMENT;
    if (treated && event->type != STEPCARE_EVENT_HANDOVER_ACCEPTED &&
        !stepcare_text_equal(episode_text(&before->owner), episode_text(&after->owner)))
        auditor_fault(auditor, event->sequence, "a patient in treatment changed hands without an accepted hand-over");
    if (after->state == STEPCARE_STATE_WAITING && after->tier == STEPCARE_TIER_EMERGENCY &&
        !stepcare_text_equal(episode_next(after).owner, stepcare_text_of("triage_lead")))
        auditor_fault(auditor, event->sequence, "a waiting emergency is not the triage lead's");
}

/* --- the fold and its totals --- */

static void count(struct auditor *auditor, const struct episode *episode, int by)
{
    const enum count_bucket bucket = count_bucket_of(episode);
    if (bucket != COUNT_NONE) auditor->now[episode->state == STEPCARE_STATE_RECEIVED ? 0 : episode->tier][bucket] += by;
}

void auditor_event(struct auditor *auditor, const struct event *event)
{
    if (event->sequence != auditor->sequence + 1) auditor_fault(auditor, event->sequence, "a sequence was left out");
    if (event->at < auditor->last_at) auditor_fault(auditor, event->sequence, "an event is older than the one before");
    auditor->sequence = event->sequence;
    auditor->last_at = event->at;
    auditor->events_by_type[event->type]++;
    room_for(auditor, event->sequence);
    if (event->episode_id == 0) return;
    if (event->episode_id > event->sequence)
        auditor_fault(auditor, event->sequence, "an event about an episode yet to come");
    struct episode *episode = auditor->episodes[event->episode_id];
    if (episode == NULL) {
        episode = auditor->episodes[event->episode_id] = malloc(sizeof *episode);
        if (episode == NULL) abort();
        episode_init(episode);
        auditor->count++;
    }
    const struct episode before = *episode;
    fold_event(episode, event);
    check_move(auditor, event, &before, episode);
    check_token(auditor, event, &before);
    check_kept(auditor, event, &before, episode);
    auditor->told[event->episode_id] += event_is_feedback(event->type);
    count(auditor, &before, -1);
    count(auditor, episode, 1);
    if (auditor->touched_count < DECISION_EVENTS_MAX) auditor->touched[auditor->touched_count++] = event->episode_id;
}

/* --- comparing --- */

static void compare_row(struct auditor *auditor, struct state *state, uint64_t id)
{
    uint8_t ours[EPISODE_ROW_BYTES_MAX], theirs[EPISODE_ROW_BYTES_MAX];
    struct episode stored;
    if (!state_episode_get(state, id, &stored)) auditor_fault(auditor, auditor->sequence, "an episode has no row");
    const size_t ours_bytes = episode_encode(auditor->episodes[id], ours),
                 theirs_bytes = episode_encode(&stored, theirs);
    if (ours_bytes != theirs_bytes || memcmp(ours, theirs, ours_bytes) != 0)
        auditor_fault(auditor, auditor->sequence, "an episode's row is not the fold of its events");
}

void auditor_compare(struct auditor *auditor, struct state *state)
{
    for (unsigned i = 0; i < auditor->touched_count; i++) compare_row(auditor, state, auditor->touched[i]);
    auditor->touched_count = 0;
    if (memcmp(auditor->now, state->counters.now, sizeof auditor->now) != 0)
        auditor_fault(auditor, auditor->sequence, "the rollups do not add up");
    if (state->counters.episodes != auditor->count)
        auditor_fault(auditor, auditor->sequence, "the number of episodes is wrong");
}

static bool count_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)key, (void)key_bytes, (void)value;
    ++*(uint64_t *)context;
    return true;
}

void auditor_compare_all(struct auditor *auditor, struct state *state)
{
    static const enum table indexes[] = {TABLE_WORKLIST, TABLE_PENDING, TABLE_TIMER, TABLE_CASELOAD, TABLE_ATTENTION};
    uint64_t expected[TABLE_COUNT] = {0}, emergencies = 0;
    auditor_compare(auditor, state);
    for (uint64_t id = 1; id < auditor->capacity; id++) {
        if (auditor->episodes[id] == NULL) continue;
        struct key keys[KEYS_PER_EPISODE_MAX];
        MDB_val value;
        compare_row(auditor, state, id);
        const unsigned key_count = keys_of_episode(auditor->episodes[id], keys);
        for (unsigned i = 0; i < key_count; i++) {
            expected[keys[i].table]++;
            if (state_get(state, &keys[i], &value) != STEPCARE_OK)
                auditor_fault(auditor, auditor->sequence, "an index entry is missing");
        }
        emergencies += auditor->episodes[id]->tier == STEPCARE_TIER_EMERGENCY &&
                       auditor->episodes[id]->state == STEPCARE_STATE_WAITING;
    }
    for (unsigned i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        uint64_t found = 0;
        struct key all;
        key_init(&all, indexes[i]);
        state_walk(state, &all, NULL, count_visit, &found);
        if (found != expected[indexes[i]]) auditor_fault(auditor, auditor->sequence, "an index has an entry too many");
    }
    if (state->counters.emergencies != emergencies)
        auditor_fault(auditor, auditor->sequence, "the number of emergencies is wrong");
}
