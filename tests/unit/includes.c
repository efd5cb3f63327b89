/* Every arrow of the architecture points one way: what a folder may include is a row of this table, and any other include in the
 * product's sources is a failure that names its line's file. The picture of it: docs/architecture.md. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 512, LINE_BYTES = 1024 };

/* `may` lists whole folders; a folder may always include itself and include/stepcare. `never` lists headers that it may not include
 * for all that: the pure folders are given what a clock or a log would tell them. */
static const struct wall {
    const char *folder, *may[16], *never[8];
} walls[] = {
    {"include/stepcare", {NULL}, {NULL}},
    {"base", {NULL}, {"<zmq.h>", "<lmdb.h>"}},
    {"proto", {"base"}, {"<zmq.h>", "<lmdb.h>", "<time.h>"}},
    {"pathway",
     {"base", "proto"},
     {"base/log.h", "base/clock.h", "<zmq.h>", "<lmdb.h>", "<time.h>", "<sys/time.h>", "<unistd.h>"}},
    {"config", {"base", "proto"}, {"<zmq.h>", "<lmdb.h>"}},
    {"router/care",
     {"base", "proto", "pathway", "config"},
     {"base/log.h", "base/clock.h", "<zmq.h>", "<lmdb.h>", "<time.h>", "<sys/time.h>", "<unistd.h>"}},
    {"router/ledger", {"base"}, {"<zmq.h>", "<lmdb.h>"}},
    {"router/ledger/segment", {"base", "router/ledger"}, {"<zmq.h>", "<lmdb.h>"}},
    {"router/store", {"base", "proto", "pathway", "config", "router/care", "router/ledger"}, {"<zmq.h>"}},
    {"router/query",
     {"base", "proto", "pathway", "config", "router/care", "router/ledger", "router/store"},
     {"<zmq.h>"}},
    {"router",
     {"base", "proto", "pathway", "config", "router/care", "router/ledger", "router/store", "router/query"},
     {"<lmdb.h>"}},
    {"workers", {"base", "proto", "pathway", "config"}, {"<lmdb.h>"}},
    {"client/lib", {"base", "proto"}, {"<lmdb.h>"}},
    {"client/command/input", {"base", "proto"}, {"<zmq.h>", "<lmdb.h>"}},
    {"client/command/session",
     {"base", "proto", "config", "client/lib", "client/command/input"},
     {"<zmq.h>", "<lmdb.h>"}},
    {"client/command/refer",
     {"base", "proto", "config", "client/lib", "client/command/input", "client/command/session"},
     {"<zmq.h>", "<lmdb.h>"}},
    {"client/command/show",
     {"base", "proto", "pathway", "config", "client/lib", "client/command/input", "client/command/session"},
     {"<zmq.h>", "<lmdb.h>"}},
    {"client/command/pathway",
     {"base", "proto", "pathway", "config", "client/lib", "client/command/input", "client/command/session"},
     {"<zmq.h>", "<lmdb.h>"}},
    {"client/command/decide", {"base", "proto", "pathway", "client/command/input"}, {"<zmq.h>", "<lmdb.h>"}},
    {"client/command",
     {"base", "proto", "pathway", "config", "client/lib", "client/command/input", "client/command/session",
      "client/command/refer", "client/command/show", "client/command/pathway", "client/command/decide"},
     {"<zmq.h>", "<lmdb.h>"}},
};

/* A choice is made in one file: these may include what their folder may not. */
static const struct door {
    const char *file, *folder;
} doors[] = {
    {"router/store/engine.c", "router/ledger/segment"}, /* which engine keeps the ledger */
};

static const char *source_root(void)
{
    const char *root = getenv("STEPCARE_SOURCE");
    return root != NULL ? root : ".";
}

static bool listed(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count && list[i] != NULL; i++)
        if (strcmp(list[i], name) == 0) return true;
    return false;
}

static bool include_allowed(const struct wall *wall, const char *file, const char *folder)
{
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++)
        if (strcmp(doors[i].file, file) == 0 && strcmp(doors[i].folder, folder) == 0) return true;
    return strcmp(folder, wall->folder) == 0 || strcmp(folder, "include/stepcare") == 0 ||
           listed(wall->may, sizeof wall->may / sizeof wall->may[0], folder);
}

static void include_look(const struct wall *wall, const char *file, const char *line)
{
    char name[256], folder[PATH_BYTES];
    if (sscanf(line, "#include <%255[^>]>", name) == 1) {
        snprintf(folder, sizeof folder, "<%s>", name);
        cr_expect_not(listed(wall->never, sizeof wall->never / sizeof wall->never[0], folder), "%s includes %s", file,
                      folder);
        return;
    }
    if (sscanf(line, "#include \"%255[^\"]\"", name) != 1) return;
    cr_expect_not(listed(wall->never, sizeof wall->never / sizeof wall->never[0], name), "%s includes %s", file, name);
    snprintf(folder, sizeof folder, "%s%s", strncmp(name, "stepcare/", 9) == 0 ? "include/" : "", name);
    char *slash = strrchr(folder, '/');
    cr_assert_not_null(slash, "%s includes \"%s\": includes are written from the top of the tree", file, name);
    *slash = '\0';
    cr_expect(include_allowed(wall, file, folder), "%s includes %s: %s may not use %s", file, name, wall->folder,
              folder);
}

static unsigned file_look(const struct wall *wall, const char *name)
{
    char path[PATH_BYTES], full[2 * PATH_BYTES], line[LINE_BYTES];
    unsigned includes = 0;
    snprintf(path, sizeof path, "%s/%s", wall->folder, name);
    snprintf(full, sizeof full, "%s/%s", source_root(), path);
    FILE *stream = fopen(full, "re");
    cr_assert_not_null(stream, "%s cannot be read", full);
    while (fgets(line, sizeof line, stream) != NULL) {
        if (strncmp(line, "#include", 8) != 0) continue;
        include_look(wall, path, line);
        includes++;
    }
    fclose(stream);
    return includes;
}

static bool source_is(const char *name)
{
    const size_t length = strlen(name);
    return length > 2 && name[length - 2] == '.' && (name[length - 1] == 'c' || name[length - 1] == 'h');
}

Test(includes, point_one_way)
{
    unsigned includes = 0;
    for (size_t i = 0; i < sizeof walls / sizeof walls[0]; i++) {
        char full[2 * PATH_BYTES];
        snprintf(full, sizeof full, "%s/%s", source_root(), walls[i].folder);
        DIR *directory = opendir(full);
        cr_assert_not_null(directory, "there is no folder %s: the table of walls is out of date", full);
        for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
            if (source_is(entry->d_name)) includes += file_look(&walls[i], entry->d_name);
        closedir(directory);
    }
    cr_assert_gt(includes, 500, "only %u includes were seen", includes);
}
