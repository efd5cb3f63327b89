/* What a decision may look at, from the tables: a referral's episodes, the message that a submission repeats, the
 * candidates of a claim. The router fills a view before it decides each command. See view.h. */
#include "router/store/view.h"

#include "base/must.h"
#include "router/care/fit.h"
#include "router/store/apply.h"

enum { CLAIM_SCAN_MAX = 5000 };

static void load_message(struct store *store, const struct command *command, struct view *view)
{
    const struct stepcare_referral *referral = command->referral;
    if (referral == NULL || referral->organisation.bytes == 0 || referral->message_id.bytes == 0) return;
    if (referral->organisation.bytes > STEPCARE_ORGANISATION_BYTES_MAX ||
        referral->message_id.bytes > STEPCARE_MESSAGE_ID_BYTES_MAX)
        return;
    MDB_val value;
    const struct key key = message_key(referral->organisation, referral->message_id);
    if (reader_get(&store->reader, &key, &value) != STEPCARE_OK || value.mv_size != sizeof view->message) return;
    memcpy(&view->message, value.mv_data, sizeof view->message);
    view->has_message = true;
    struct event first;
    view->message_same = reader_event(&store->reader, view->message.sequence, &first) == STEPCARE_OK &&
                         stepcare_text_equal(first.record.referral, command->referral_bytes);
}

/* An open episode of the same patient: by NHS number, else by name, birth date and postcode. */
static void load_possible_duplicate(struct store *store, const struct command *command, struct view *view)
{
    if (command->errors != NULL || view->has_message) return;
    const struct patient_hashes hashes = patient_hashes_of(command->referral);
    const uint64_t found = patients_find(&store->state.patients, &hashes, view->has_episode ? view->episode.id : 0);
    if (found != 0 && !(view->has_episode && view->episode.duplicate_of == found)) view->possible_duplicate = found;
}

struct claim_search {
    struct store *store;
    const struct command *command;
    struct view *view;
    unsigned wanted, looked_at;
};

static bool claim_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    struct claim_search *search = context;
    struct view *view = search->view;
    (void)value;
    must(view->candidate_count < search->wanted);
    must(search->wanted <= STEPCARE_CLAIM_COUNT_MAX);
    struct episode *episode = &view->candidates[view->candidate_count];
    if (!reader_episode_get(&search->store->reader, key_read_u64(key + key_bytes - 8), episode)) return true;
    /* A sender does not take their own hand-over back by claiming it. */
    const bool own = episode->state == STEPCARE_STATE_IN_TREATMENT &&
                     stepcare_text_equal(episode_text(&episode->owner), search->command->caller->name);
    if (own) return true;
    if (view->practitioner != NULL && fit_problem(view->practitioner, episode, key[0], key[1]) != NULL)
        view->skipped++;
    else
        view->candidate_count++;
    return view->candidate_count < search->wanted && ++search->looked_at < CLAIM_SCAN_MAX;
}

static void load_candidates(struct store *store, const struct command *command, struct view *view)
{
    const struct stepcare_record *record = command->record;
    const uint64_t count = STEPCARE_GET(record, count, 1);
    struct claim_search search = {store, command, view,
                                  (unsigned)(count < STEPCARE_CLAIM_COUNT_MAX ? count : STEPCARE_CLAIM_COUNT_MAX), 0};
    const uint8_t service = STEPCARE_GET(record, service, STEPCARE_SERVICE_NONE);
    for (uint8_t at = 0; at < STEPCARE_SERVICE_COUNT && view->candidate_count < search.wanted; at++) {
        if (service != STEPCARE_SERVICE_NONE && service != at) continue;
        struct key prefix;
        key_init(&prefix, TABLE_WORKLIST);
        key_u8(&prefix, record->tier);
        key_u8(&prefix, at);
        key_u8(&prefix, 0); /* held work is not claimed */
        reader_walk(&store->reader, &prefix, NULL, claim_visit, &search);
    }
}

static bool count_visit(void *context, const uint8_t *key, size_t key_bytes, const MDB_val *value)
{
    (void)key;
    (void)key_bytes;
    (void)value;
    struct view *view = context;
    return ++view->caseload < 100000;
}

static void load_claim(struct store *store, const struct command *command, struct view *view)
{
    MDB_val value;
    if (STEPCARE_HAS(command->record, request_key)) {
        const struct key key = request_key(command->caller->name, command->record->request_key);
        if (reader_get(&store->reader, &key, &value) == STEPCARE_OK && value.mv_size <= sizeof view->leases) {
            memcpy(view->leases, value.mv_data, value.mv_size);
            view->lease_count = (unsigned)(value.mv_size / sizeof view->leases[0]);
            return;
        }
    }
    view->practitioner = config_practitioner_find(view->config, command->caller->name);
    if (view->practitioner != NULL && view->practitioner->caseload_max > 0) {
        struct key prefix;
        key_init(&prefix, TABLE_CASELOAD);
        key_text(&prefix, command->caller->name, STEPCARE_ACTOR_BYTES_MAX);
        reader_walk(&store->reader, &prefix, NULL, count_visit, view);
    }
    load_candidates(store, command, view);
}

enum stepcare_error view_load(struct store *store, const struct pathway *pathway, const struct command *command,
                              struct view *out_view)
{
    struct view *view = out_view;
    must(store->ledger != NULL);
    must(store->reader.state == &store->state);
    must(command->record != NULL);
    view->pathway = pathway;
    view->config = store->config;
    view->next_sequence = ledger_next_sequence(store->ledger);
    view->store_full = store->full;
    view->paused_tiers = store->state.counters.paused_tiers;
    view->has_message = view->message_same = false;
    view->possible_duplicate = 0;
    view->practitioner = NULL;
    view->caseload = view->skipped = view->candidate_count = view->lease_count = 0;
    view->has_episode = STEPCARE_HAS(command->record, referral_id) &&
                        reader_episode_get(&store->reader, command->record->referral_id, &view->episode);
    view->has_linked = view->has_episode && view->episode.linked_to != 0 &&
                       reader_episode_get(&store->reader, view->episode.linked_to, &view->linked);
    if (command->verb == WIRE_SUBMIT) load_message(store, command, view);
    if (command->verb == WIRE_SUBMIT || command->verb == WIRE_INFORM) load_possible_duplicate(store, command, view);
    if (command->verb == WIRE_CLAIM) load_claim(store, command, view);
    return STEPCARE_OK;
}
