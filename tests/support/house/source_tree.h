/* The tree's own sources, for the tests that hold the house in order (tests/unit/includes.c, calls.c, size.c,
 * format.c). */
#ifndef TESTS_SUPPORT_HOUSE_SOURCE_TREE_H
#define TESTS_SUPPORT_HOUSE_SOURCE_TREE_H

#include <stdbool.h>
#include <stddef.h>

enum { SOURCE_PATH_BYTES = 256, SOURCE_FILES_MAX = 1000 };

struct source_file {
    char path[SOURCE_PATH_BYTES]; /* from the top of the tree */
    char *text;                   /* NUL-terminated */
};

struct source_tree {
    struct source_file files[SOURCE_FILES_MAX];
    size_t count;
};

/* Purpose: read every .c and .h below $STEPCARE_SOURCE but for what is built; the product's alone, or the tests' too.
 * The test fails where that cannot be done. Owns: source_tree_close. */
struct source_tree *source_tree_open(bool tests_too);
void source_tree_close(struct source_tree *tree);

/* Purpose: the top of the tree. */
const char *source_root(void);
/* Purpose: the folder of a path; the unit, which is the path without its ending. */
void source_folder(const char *path, char out_folder[SOURCE_PATH_BYTES]);
void source_unit(const char *path, char out_unit[SOURCE_PATH_BYTES]);

/* Purpose: the next line of a text, without its end. Returns false at the end; *at goes on from NULL-terminated
 * text. */
bool source_line_next(const char **at, const char **out_line, size_t *out_bytes);

#endif
