/* No circle of calls: the product's object files form layers, and a folder calls only into those that its wall allows.
 * Read from the folders' libraries by nm, so that a call through a declaration of one's own counts too. */
#include "tests/support/house/graph.h"
#include "tests/support/house/walls.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SYMBOLS_MAX = 20000, NAME_BYTES = 160, COMMAND_BYTES = 16000, LINE_BYTES = 1000, CIRCLE_BYTES = 4000 };

struct symbol {
    char object[NAME_BYTES]; /* "router/care/fold.c" */
    const struct wall *wall; /* of the folder that it is in */
    char name[NAME_BYTES];
    bool is_defined;
};

static struct symbol symbols[SYMBOLS_MAX];
static size_t symbol_count;

/* The library of a folder: its path with _ for /. False for a folder of headers alone. */
static bool library_of(const struct wall *wall, char *out_path, size_t bytes)
{
    const char *build = getenv("STEPCARE_BUILD");
    cr_assert_not_null(build, "run by ctest, or set STEPCARE_BUILD to the build directory");
    snprintf(out_path, bytes, "%s/lib%s.a", build, wall->folder);
    for (char *at = strrchr(out_path, '\0') - strlen(wall->folder) - 2; *at != '\0'; at++) {
        if (*at == '/') *at = '_';
    }
    return access(out_path, R_OK) == 0;
}

/* A line of nm -A -P -g: "LIBRARY[member.c.o]: name T value size". */
static void line_take(const struct wall *wall, const char *line)
{
    char member[NAME_BYTES], type;
    struct symbol *symbol = &symbols[symbol_count];
    cr_assert_lt(symbol_count, SYMBOLS_MAX);
    const char *open = strchr(line, '[');
    if (open == NULL || sscanf(open, "[%99[^]]]: %159s %c", member, symbol->name, &type) != 3) return;
    member[strlen(member) - 2] = '\0'; /* .o */
    if (strcmp(symbol->name, "main") == 0) return;
    snprintf(symbol->object, sizeof symbol->object, "%.50s/%.100s", wall->folder, member);
    symbol->wall = wall;
    symbol->is_defined = type != 'U';
    symbol_count++;
}

static void library_read(const struct wall *wall, const char *path)
{
    char command[COMMAND_BYTES], line[LINE_BYTES];
    snprintf(command, sizeof command, "LC_ALL=C nm -A -P -g '%s'", path);
    FILE *stream = popen(command, "r");
    cr_assert_not_null(stream, "nm cannot be run");
    while (fgets(line, sizeof line, stream) != NULL) line_take(wall, line);
    cr_assert_eq(pclose(stream), 0, "%s failed", command);
}

static void libraries_read(void)
{
    unsigned libraries = 0;
    char path[1000];
    for (size_t i = 0; i < wall_count; i++) {
        if (!library_of(&walls[i], path, sizeof path)) continue;
        library_read(&walls[i], path);
        libraries++;
    }
    cr_assert_gt(libraries, 10, "only %u libraries were found", libraries);
    cr_assert_gt(symbol_count, 1000, "only %zu symbols were found", symbol_count);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct symbol *)a)->name, ((const struct symbol *)b)->name);
}

static const struct symbol *definition_of(const char *name)
{
    struct symbol wanted = {.is_defined = true};
    snprintf(wanted.name, sizeof wanted.name, "%s", name);
    const struct symbol *found = bsearch(&wanted, symbols, symbol_count, sizeof *symbols, by_name);
    if (found == NULL) return NULL;
    while (found > symbols && strcmp(found[-1].name, name) == 0) found--;
    for (; found < symbols + symbol_count && strcmp(found->name, name) == 0; found++) {
        if (found->is_defined) return found;
    }
    return NULL;
}

static void set_up(void)
{
    libraries_read();
    qsort(symbols, symbol_count, sizeof *symbols, by_name);
}

TestSuite(calls, .init = set_up);

Test(calls, no_files_call_each_other_in_a_circle)
{
    struct graph *graph = graph_open();
    char circle[CIRCLE_BYTES];
    for (size_t i = 0; i < symbol_count; i++) {
        const struct symbol *there = symbols[i].is_defined ? NULL : definition_of(symbols[i].name);
        if (there == NULL) continue;
        graph_add(graph, symbols[i].object, there->object, symbols[i].name);
    }
    cr_assert_gt(graph->edge_count, 300);
    cr_expect_not(graph_circle(graph, circle, sizeof circle), "a circle of calls:\n%s", circle);
    graph_close(graph);
}

Test(calls, a_folder_calls_only_what_its_wall_allows)
{
    for (size_t i = 0; i < symbol_count; i++) {
        const struct symbol *here = &symbols[i], *there = here->is_defined ? NULL : definition_of(here->name);
        if (there == NULL) continue;
        cr_expect(wall_allows(here->wall, here->object, there->wall->folder), "%s calls %s of %s: %s may not use %s",
                  here->object, here->name, there->object, here->wall->folder, there->wall->folder);
    }
}
