/* What has changed, published for whoever subscribes; called by command.c and outward.c. See notice.h. */
#include "router/notice.h"

#include "proto/frame.h"

#include <stdio.h>
#include <zmq.h>

void notices_init(struct notices *notices, struct store *store, void *socket)
{
    *notices = (struct notices){.store = store, .socket = socket};
}

void notices_close(struct notices *notices)
{
    buffer_close(&notices->body);
}

static void organisation_note(struct notices *notices, const struct episode_text *organisation)
{
    for (unsigned i = 0; i < notices->organisation_count; i++)
        if (strncmp(notices->organisations[i], organisation->data, organisation->bytes) == 0 &&
            notices->organisations[i][organisation->bytes] == '\0')
            return;
    if (notices->organisation_count == NOTICE_ORGANISATIONS_MAX) return;
    char *to = notices->organisations[notices->organisation_count++];
    memcpy(to, organisation->data, organisation->bytes);
    to[organisation->bytes] = '\0';
}

void notices_event(struct notices *notices, const struct event *event)
{
    struct episode episode;
    if (notices->socket == NULL || event->episode_id == 0) return;
    if (!state_episode_get(&notices->store->state, event->episode_id, &episode)) return;
    if (episode.tier != STEPCARE_TIER_NONE) notices->tiers |= STEPCARE_BIT(episode.tier);
    if (episode.to_tier != STEPCARE_TIER_NONE) notices->tiers |= STEPCARE_BIT(episode.to_tier);
    if (event_is_feedback(event->type)) organisation_note(notices, &episode.organisation);
}

static void publish(struct notices *notices, const char *kind, const char *name)
{
    char topic[96];
    struct stepcare_record record;
    const int bytes = snprintf(topic, sizeof topic, "%s/%s", kind, name);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, sequence, ledger_next_sequence(notices->store->ledger) - 1);
    buffer_clear(&notices->body);
    wire_record_encode(&notices->body, &record);
    if (zmq_send(notices->socket, topic, (size_t)bytes, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0)
        zmq_send(notices->socket, notices->body.data, notices->body.bytes, ZMQ_DONTWAIT);
}

void notices_send(struct notices *notices)
{
    if (notices->socket == NULL) return;
    for (unsigned tier = 1; tier < STEPCARE_TIER_COUNT; tier++)
        if (notices->tiers & STEPCARE_BIT(tier)) publish(notices, "tier", stepcare_code_name(&stepcare_tiers, tier));
    for (unsigned i = 0; i < notices->organisation_count; i++) publish(notices, "feedback", notices->organisations[i]);
    notices->tiers = 0;
    notices->organisation_count = 0;
}
