/* Notices on the PUB socket: hints that something changed, beside durable cursors. They carry no patient data: a
 * tier or an organisation, and a sequence; a lost notice is no loss. Topics: "tier/physio", "feedback/Y05868"; see
 * proto/PROTOCOL.md. Events are noted as they happen (command.c), and published after the flush (outward.c). */
#ifndef ROUTER_NOTICE_H
#define ROUTER_NOTICE_H

#include "router/store/store.h"

enum { NOTICE_ORGANISATIONS_MAX = 64 }; /* a turn; the others hear when they ask */

struct notices {
    struct store *store;
    void *socket;   /* NULL: nothing is published */
    uint32_t tiers; /* mask, of this turn */
    unsigned organisation_count;
    char organisations[NOTICE_ORGANISATIONS_MAX][STEPCARE_ORGANISATION_BYTES_MAX + 1];
    struct buffer body;
};

void notices_init(struct notices *notices, struct store *store, void *socket);
void notices_close(struct notices *notices);
void notices_event(struct notices *notices, const struct event *event);
/* Purpose: publish what was noted, and forget it. Only after the flush. */
void notices_send(struct notices *notices);

#endif
