/* Notices on the PUB socket: hints that something changed, beside durable cursors. No patient data: a tier, an
 * organisation and a
 * sequence. Lost notices are no loss. Topics: "tier/physio", "feedback/Y05868"; see proto/PROTOCOL.md. */
#include "router/router.h"

#include <stdio.h>
#include <zmq.h>

static void organisation_note(struct notices *notices, const struct episode_text *organisation)
{
    for (unsigned i = 0; i < notices->organisation_count; i++)
        if (strncmp(notices->organisations[i], organisation->data, organisation->bytes) == 0 &&
            notices->organisations[i][organisation->bytes] == '\0')
            return;
    if (notices->organisation_count == sizeof notices->organisations / sizeof notices->organisations[0]) return;
    char *to = notices->organisations[notices->organisation_count++];
    memcpy(to, organisation->data, organisation->bytes);
    to[organisation->bytes] = '\0';
}

void notice_event(struct router *router, const struct event *event)
{
    if (router->notice_socket == NULL || event->episode_id == 0) return;
    struct episode episode;
    if (!state_episode_get(&router->store.state, event->episode_id, &episode)) return;
    if (episode.tier != STEPCARE_TIER_NONE) router->notices.tiers |= STEPCARE_BIT(episode.tier);
    if (episode.to_tier != STEPCARE_TIER_NONE) router->notices.tiers |= STEPCARE_BIT(episode.to_tier);
    if (event_is_feedback(event->type)) organisation_note(&router->notices, &episode.organisation);
}

static void publish(struct router *router, const char *kind, const char *name)
{
    char topic[96];
    struct stepcare_record record;
    const int bytes = snprintf(topic, sizeof topic, "%s/%s", kind, name);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, sequence, ledger_next_sequence(router->store.ledger) - 1);
    buffer_clear(&router->store.scratch);
    wire_record_encode(&router->store.scratch, &record);
    if (zmq_send(router->notice_socket, topic, (size_t)bytes, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0)
        zmq_send(router->notice_socket, router->store.scratch.data, router->store.scratch.bytes, ZMQ_DONTWAIT);
}

void notice_send(struct router *router)
{
    if (router->notice_socket == NULL) return;
    for (unsigned tier = 1; tier < STEPCARE_TIER_COUNT; tier++)
        if (router->notices.tiers & STEPCARE_BIT(tier))
            publish(router, "tier", stepcare_code_name(&stepcare_tiers, tier));
    for (unsigned i = 0; i < router->notices.organisation_count; i++)
        publish(router, "feedback", router->notices.organisations[i]);
    router->notices.tiers = 0;
    router->notices.organisation_count = 0;
}
