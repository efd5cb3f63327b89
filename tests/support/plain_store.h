/* A store in a temporary directory without a router around it, and events to put into it. */
#ifndef TESTS_SUPPORT_PLAIN_STORE_H
#define TESTS_SUPPORT_PLAIN_STORE_H

#include "router/store/store.h"
#include "tests/support/temp_directory.h"

struct plain_store {
    struct temp_directory directory;
    struct config *config;
    struct store store;
};

/* Purpose: a fresh directory and its configuration; nothing is open yet. */
void plain_store_make(struct plain_store *plain);
void plain_store_remove(struct plain_store *plain);

/* Purpose: decide and execute one event that needs no episode: a tier is paused, or resumed. */
enum stepcare_error plain_store_execute(struct plain_store *plain, bool paused);

#endif
