/* A router for tests of the client library: a thread with a ROUTER socket that answers each command as the test's
 * function says, and that can vanish and come back with another epoch. */
#ifndef TESTS_SUPPORT_ANSWERING_ROUTER_H
#define TESTS_SUPPORT_ANSWERING_ROUTER_H

#include "proto/frame.h"
#include "tests/support/temp_directory.h"

#include <pthread.h>
#include <stdatomic.h>

enum answer_kind {
    ANSWER_REPLY,
    ANSWER_NOTHING, /* as if lost */
    ANSWER_VANISH   /* close the socket without answering, come back with the next epoch */
};

/* Shape: message is the command; fill out_record and *out_error. hello is answered by the thread itself. */
typedef enum answer_kind (*answer_fn)(void *context, const struct wire_message *message,
                                      struct stepcare_record *out_record, uint8_t *out_error);

struct answering_router {
    struct temp_directory directory;
    char endpoint[300];
    answer_fn answer;
    void *context;
    bool backwards; /* the replies of a frame in the opposite order */
    atomic_uint commands, vanished;
    atomic_bool stop;
    pthread_t thread;
};

/* Purpose: start it. Owns: answering_router_close ends the thread and removes the directory. Set the members before. */
void answering_router_open(struct answering_router *router);
void answering_router_close(struct answering_router *router);

#endif
