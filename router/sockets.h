/* The router's three sockets: clients and workers (ROUTER), notices (PUB). Opened by main, read by the loop. */
#ifndef ROUTER_SOCKETS_H
#define ROUTER_SOCKETS_H

#include "config/config.h"

struct sockets {
    void *context, *client, *worker;
    void *notice; /* NULL where none is configured */
};

/* Errors: IN_USE, SYSTEM; logged in words. Owns: sockets_close; accepts half-opened ones. */
enum stepcare_error sockets_open(struct sockets *sockets, const struct config *config);
void sockets_close(struct sockets *sockets);

#endif
