/* Every arrow of the architecture points one way: an include that tests/support/house/walls.c does not allow is a
 * failure that names its file, and so is a folder without a row, and a circle of files. */
#include "tests/support/house/graph.h"
#include "tests/support/house/source_tree.h"
#include "tests/support/house/walls.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 200, LINE_BYTES = 400, CIRCLE_BYTES = 4000 };

/* What a line includes, as the path of a file of the tree; false where it includes none of those. */
static bool file_included(const char *line, char out_path[SOURCE_PATH_BYTES])
{
    char name[NAME_BYTES];
    if (sscanf(line, "#include \"%199[^\"]\"", name) != 1) return false;
    snprintf(out_path, SOURCE_PATH_BYTES, "%s%s", strncmp(name, "stepcare/", 9) == 0 ? "include/" : "", name);
    return true;
}

static void include_look(const struct wall *wall, const char *file, const char *line)
{
    char name[NAME_BYTES], header[NAME_BYTES + 2], path[SOURCE_PATH_BYTES], folder[SOURCE_PATH_BYTES];
    if (sscanf(line, "#include <%199[^>]>", name) == 1) {
        snprintf(header, sizeof header, "<%s>", name);
        cr_expect_not(wall_forbids(wall, header), "%s includes %s", file, header);
    }
    if (!file_included(line, path)) return;
    cr_expect_not(wall_forbids(wall, path), "%s includes %s", file, path);
    source_folder(path, folder);
    cr_assert_str_not_empty(folder, "%s includes \"%s\": includes are written from the top of the tree", file, path);
    cr_expect(wall_allows(wall, file, folder), "%s includes %s: %s may not use %s", file, path, wall->folder, folder);
}

static unsigned file_look(const struct source_file *file)
{
    char folder[SOURCE_PATH_BYTES], text[LINE_BYTES];
    const char *at = file->text, *line;
    size_t bytes;
    unsigned includes = 0;
    source_folder(file->path, folder);
    const struct wall *wall = wall_of(folder);
    cr_assert_not_null(wall, "%s: the folder has no row in tests/support/house/walls.c", file->path);
    while (source_line_next(&at, &line, &bytes)) {
        snprintf(text, sizeof text, "%.*s", (int)bytes, line);
        if (strncmp(text, "#include", 8) != 0) continue;
        include_look(wall, file->path, text);
        includes++;
    }
    return includes;
}

Test(includes, point_one_way)
{
    struct source_tree *tree = source_tree_open(false);
    unsigned includes = 0;
    for (size_t i = 0; i < tree->count; i++) includes += file_look(&tree->files[i]);
    cr_assert_gt(includes, 500, "only %u includes were seen", includes);
    source_tree_close(tree);
}

Test(includes, every_row_of_the_walls_is_a_folder_with_sources)
{
    struct source_tree *tree = source_tree_open(false);
    for (size_t row = 0; row < wall_count; row++) {
        bool seen = false;
        for (size_t i = 0; i < tree->count; i++) {
            char folder[SOURCE_PATH_BYTES];
            source_folder(tree->files[i].path, folder);
            seen |= strcmp(folder, walls[row].folder) == 0;
        }
        cr_expect(seen, "there is nothing in %s: its row in tests/support/house/walls.c is out of date",
                  walls[row].folder);
    }
    source_tree_close(tree);
}

/* What the units' files with this ending include. */
static struct graph *graph_of(const struct source_tree *tree, char ending)
{
    struct graph *graph = graph_open();
    for (size_t i = 0; i < tree->count; i++) {
        char unit[SOURCE_PATH_BYTES], other[SOURCE_PATH_BYTES], path[SOURCE_PATH_BYTES], text[LINE_BYTES];
        const char *at = tree->files[i].text, *line;
        size_t bytes;
        if (strrchr(tree->files[i].path, '.')[1] != ending) continue;
        source_unit(tree->files[i].path, unit);
        while (source_line_next(&at, &line, &bytes)) {
            snprintf(text, sizeof text, "%.*s", (int)bytes, line);
            if (!file_included(text, path)) continue;
            source_unit(path, other);
            graph_add(graph, unit, other, tree->files[i].path);
        }
    }
    return graph;
}

/* Headers make layers, and so do the .c files. Only the two together may go round: a .c uses its own parts, and they
 * are built on its header (router/dispatch.c, dispatch_job.h, dispatch.h). That no part calls back is calls.c's. */
static void no_circle_in(char ending)
{
    struct source_tree *tree = source_tree_open(false);
    struct graph *graph = graph_of(tree, ending);
    char circle[CIRCLE_BYTES];
    cr_assert_gt(graph->edge_count, 100, "only %zu includes were seen", graph->edge_count);
    cr_expect_not(graph_circle(graph, circle, sizeof circle), "a circle of includes:\n%s", circle);
    graph_close(graph);
    source_tree_close(tree);
}

Test(includes, no_headers_include_each_other_in_a_circle)
{
    no_circle_in('h');
}

Test(includes, no_sources_include_each_others_headers_in_a_circle)
{
    no_circle_in('c');
}
