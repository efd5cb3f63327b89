/* The formatter has nothing to say about any source: .clang-format is how the code is laid out, not how it was once. */
#include "tests/support/house/source_tree.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMAND_BYTES = 128 * 1024, SAID_BYTES = 4000 };

Test(format, clang_format_changes_nothing)
{
    struct source_tree *tree = source_tree_open(true);
    char *command = malloc(COMMAND_BYTES), said[SAID_BYTES];
    cr_assert_not_null(command);
    int used = snprintf(command, COMMAND_BYTES, "cd '%s' && LC_ALL=C clang-format --dry-run -Werror", source_root());
    for (size_t i = 0; i < tree->count && used < COMMAND_BYTES; i++)
        used += snprintf(command + used, (size_t)(COMMAND_BYTES - used), " %s", tree->files[i].path);
    used += snprintf(command + used, (size_t)(COMMAND_BYTES - used), " 2>&1");
    cr_assert_lt(used, COMMAND_BYTES);
    FILE *stream = popen(command, "re");
    cr_assert_not_null(stream);
    size_t bytes = fread(said, 1, sizeof said - 1, stream);
    said[bytes] = '\0';
    for (char more[4096]; fread(more, 1, sizeof more, stream) > 0;) continue;
    int status = pclose(stream);
    cr_expect_eq(status, 0,
                 "clang-format (Debian: clang-format) asks for changes, or is not there; mend with\n"
                 "  clang-format -i FILE\n%s",
                 said);
    free(command);
    source_tree_close(tree);
}
