/* A second router on the same store ends with a message that helps, and the first one does not notice. */
#include "tests/support/store.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(two_routers, the_second_says_who_has_the_store_and_ends)
{
    static const char *const backlog[] = {"backlog", "--json", NULL};
    struct test_store store;
    test_store_make(&store);
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    const char *arguments[] = {"--config", store.config, NULL};
    struct process *second = process_start("stepcare-router", arguments, NULL, 0);
    int code = process_wait(second, STORE_READY_MS);
    cr_assert(code > 0, "the second router ended with %d", code);
    cr_assert_null(strstr(process_output(second), "ready"));
    cr_assert_not_null(strstr(process_errors(second), "another router"), "it says: %s", process_errors(second));
    char holder[32];
    snprintf(holder, sizeof holder, "%d", (int)process_id(store.router));
    cr_assert_not_null(strstr(process_errors(second), holder), "it does not name process %s: %s", holder,
                       process_errors(second));
    process_close(&second);

    struct process *reader = test_store_command(&store, backlog, NULL, 0, &code);
    cr_assert_eq(code, 0, "the first router was disturbed: %s", process_errors(reader));
    process_close(&reader);

    process_kill(store.router); /* whatever its end was, the store is free then */
    cr_assert(test_store_router_start(&store), "%s", process_errors(store.router));
    test_store_remove(&store);
}
