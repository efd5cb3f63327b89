/* The router's parts and how they are put together: one thread that owns the sockets, the ledger's head and the
 * state's write transaction. Only main and the loop (and, in tests, the virtual router) see the whole; each part is
 * given what it needs. Two routers in one process share nothing but the log. */
#ifndef ROUTER_ROUTER_H
#define ROUTER_ROUTER_H

#include "router/request.h"
#include "router/result.h"
#include "router/sockets.h"

struct router {
    struct config *config;
    struct pathways pathways;
    struct store store;
    struct sockets sockets;
    struct turn turn;
    struct outward outward;
    struct dispatch dispatch;
    struct reading reading;
    struct waiting waiting;
    struct commands commands;
    struct adoption adoption;
    struct requests requests;
    struct results results;
    struct decision decision; /* room for the command at hand, lent to whatever runs one: too large for the stack */
};

/* Purpose: everything but configuration, pathway, store and sockets, which are open already (a socket may be NULL).
 * Errors: NO_MEMORY. Owns: router_parts_close; accepts half-opened ones. */
enum stepcare_error router_parts_init(struct router *router);
void router_parts_close(struct router *router);

#endif
