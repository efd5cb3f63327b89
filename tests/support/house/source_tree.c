/* Reads the tree's sources once, into memory, for the tests of the house. */
#include "tests/support/house/source_tree.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands beside the sources at the top: built things, and what has none. */
static const char *const skipped[] = {"build", "var", "docs", "tools", "cmake"};

const char *source_root(void)
{
    const char *root = getenv("STEPCARE_SOURCE");
    return root != NULL ? root : ".";
}

static bool source_is(const char *name)
{
    const size_t length = strlen(name);
    return length > 2 && name[length - 2] == '.' && (name[length - 1] == 'c' || name[length - 1] == 'h');
}

static char *file_text(const char *path)
{
    char full[4096], *text = NULL;
    size_t bytes = 0, room = 0;
    snprintf(full, sizeof full, "%s/%s", source_root(), path);
    FILE *stream = fopen(full, "re");
    cr_assert_not_null(stream, "%s cannot be read", full);
    do {
        room += 64 * 1024;
        text = realloc(text, room);
        cr_assert_not_null(text);
        bytes += fread(text + bytes, 1, room - bytes - 1, stream);
    } while (bytes == room - 1);
    text[bytes] = '\0';
    fclose(stream);
    return text;
}

static bool is_skipped(const char *folder, const char *name, bool tests_too)
{
    if (name[0] == '.') return true;
    if (folder[0] != '\0') return false;
    if (!tests_too && strcmp(name, "tests") == 0) return true;
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        if (strcmp(name, skipped[i]) == 0) return true;
    }
    return false;
}

static void folder_read(struct source_tree *tree, const char *folder, bool tests_too)
{
    char full[4096];
    struct dirent **entries;
    snprintf(full, sizeof full, "%s/%s", source_root(), folder);
    int count = scandir(full, &entries, NULL, alphasort);
    cr_assert_geq(count, 0, "%s cannot be read", full);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char path[SOURCE_PATH_BYTES];
        int bytes = snprintf(path, sizeof path, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", name);
        cr_assert(bytes > 0 && bytes < SOURCE_PATH_BYTES, "%s/%s is too long", folder, name);
        if (entries[i]->d_type == DT_DIR) {
            if (!is_skipped(folder, name, tests_too)) folder_read(tree, path, tests_too);
        } else if (source_is(name)) {
            cr_assert_lt(tree->count, SOURCE_FILES_MAX);
            struct source_file *file = &tree->files[tree->count++];
            memcpy(file->path, path, sizeof path);
            file->text = file_text(path);
        }
        free(entries[i]);
    }
    free(entries);
}

struct source_tree *source_tree_open(bool tests_too)
{
    struct source_tree *tree = calloc(1, sizeof *tree);
    cr_assert_not_null(tree);
    folder_read(tree, "", tests_too);
    cr_assert_gt(tree->count, 100, "only %zu sources below %s", tree->count, source_root());
    return tree;
}

void source_tree_close(struct source_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) free(tree->files[i].text);
    free(tree);
}

static void cut_at(const char *path, char mark, char *out)
{
    const char *end = strrchr(path, mark);
    snprintf(out, SOURCE_PATH_BYTES, "%.*s", end == NULL ? 0 : (int)(end - path), path);
}

void source_folder(const char *path, char out_folder[SOURCE_PATH_BYTES])
{
    cut_at(path, '/', out_folder);
}

void source_unit(const char *path, char out_unit[SOURCE_PATH_BYTES])
{
    cut_at(path, '.', out_unit);
}

bool source_line_next(const char **at, const char **out_line, size_t *out_bytes)
{
    if (**at == '\0') return false;
    *out_line = *at;
    *out_bytes = strcspn(*at, "\n");
    *at += *out_bytes + ((*at)[*out_bytes] == '\n');
    return true;
}
