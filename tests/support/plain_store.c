/* Makes and removes stores that no router serves, and puts events into them. */
#include "tests/support/plain_store.h"

#include <criterion/criterion.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

void plain_store_make(struct plain_store *plain)
{
    char message[2048], path[TEMP_PATH_BYTES + 32];
    cr_assert_geq(sodium_init(), 0);
    memset(plain, 0, sizeof *plain);
    plain->directory = temp_directory_make();
    snprintf(path, sizeof path, "%s", temp_path(&plain->directory, "stepcare.yaml"));
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert_geq(fputs("mode: local\nledger:\n  segment_bytes: 8MiB\nstate:\n  map_bytes: 64MiB\n", file), 0);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(config_open(path, message, sizeof message, &plain->config), STEPCARE_OK, "%s", message);
}

void plain_store_remove(struct plain_store *plain)
{
    store_close(&plain->store, false);
    config_close(plain->config);
    temp_directory_remove(&plain->directory);
}

enum stepcare_error plain_store_execute(struct plain_store *plain, bool paused)
{
    struct decision *decision = calloc(1, sizeof *decision);
    cr_assert_not_null(decision);
    decision->event_count = 1;
    struct event *event = &decision->events[0];
    *event = (struct event){.sequence = ledger_next_sequence(plain->store.ledger),
                            .at = 1793610000000,
                            .type = paused ? STEPCARE_EVENT_TIER_PAUSED : STEPCARE_EVENT_TIER_RESUMED,
                            .by = stepcare_text_of("lead")};
    stepcare_record_init(&event->record);
    STEPCARE_SET(&event->record, tier, STEPCARE_TIER_PHYSIO);
    const enum stepcare_error error = store_execute(&plain->store, decision);
    free(decision);
    return error;
}
