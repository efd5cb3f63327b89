/* Documents stay true to the tree: every relative link leads to a file that is there, the reading order of the router
 * names every file of it, and the picture of the house names every folder that has sources. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 1024, DOCUMENT_BYTES_MAX = 1024 * 1024 };

static const char *const documents[] = {"README.md",
                                        "CHANGELOG.md",
                                        "docs/architecture.md",
                                        "docs/developing.md",
                                        "docs/referring.md",
                                        "docs/treating.md",
                                        "docs/leading.md",
                                        "docs/running.md",
                                        "docs/rules.md",
                                        "router/README.md",
                                        "proto/PROTOCOL.md",
                                        "config/samples/README.md",
                                        "tests/bench/README.md",
                                        "tests/fuzz/README.md"};

static void path_of(char out[PATH_BYTES], const char *folder, const char *name)
{
    const char *root = getenv("STEPCARE_SOURCE");
    const int bytes =
        snprintf(out, PATH_BYTES, "%s/%s%s%s", root != NULL ? root : ".", folder, folder[0] != '\0' ? "/" : "", name);
    cr_assert_lt(bytes, PATH_BYTES);
}

static char *document_read(const char *name)
{
    char path[PATH_BYTES], *text = calloc(1, DOCUMENT_BYTES_MAX);
    path_of(path, "", name);
    FILE *stream = fopen(path, "re");
    cr_assert_not_null(stream, "%s cannot be read", path);
    const size_t bytes = fread(text, 1, DOCUMENT_BYTES_MAX - 1, stream);
    cr_assert(bytes > 0 && bytes < DOCUMENT_BYTES_MAX - 1, "%s is empty or over a megabyte", name);
    fclose(stream);
    return text;
}

static void link_look(const char *document, const char *target, size_t bytes)
{
    char folder[PATH_BYTES] = "", name[PATH_BYTES], path[PATH_BYTES];
    const char *slash = strrchr(document, '/');
    struct stat file;
    if (slash != NULL) snprintf(folder, sizeof folder, "%.*s", (int)(slash - document), document);
    snprintf(name, sizeof name, "%.*s", (int)bytes, target);
    path_of(path, folder, name);
    cr_expect_eq(stat(path, &file), 0, "%s links to %s, which is not there", document, name);
}

Test(documents, links_lead_to_files_that_are_there)
{
    unsigned links = 0;
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        char *text = document_read(documents[i]);
        for (const char *at = text; (at = strstr(at, "](")) != NULL;) {
            at += 2;
            const size_t bytes = strcspn(at, "#)\n");
            if (bytes == 0 || strncmp(at, "http", 4) == 0) continue;
            link_look(documents[i], at, bytes);
            links++;
        }
        free(text);
    }
    cr_assert_gt(links, 20, "only %u links were seen", links);
}

static unsigned files_named(const char *folder, const char *text)
{
    char path[PATH_BYTES];
    unsigned files = 0;
    path_of(path, folder, "");
    DIR *directory = opendir(path);
    cr_assert_not_null(directory, "%s cannot be read", path);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".c") != 0) continue;
        files++;
        cr_expect_not_null(strstr(text, entry->d_name), "router/README.md does not name %s/%s", folder, entry->d_name);
    }
    closedir(directory);
    return files;
}

Test(documents, the_reading_order_of_the_router_names_every_file)
{
    static const char *const folders[] = {"router",       "router/care", "router/ledger", "router/ledger/segment",
                                          "router/store", "router/query"};
    char *text = document_read("router/README.md");
    unsigned files = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) files += files_named(folders[i], text);
    cr_assert_gt(files, 40, "only %u files were seen", files);
    free(text);
}

Test(documents, the_picture_of_the_house_names_every_library)
{
    char *picture = document_read("docs/architecture.md"), *build = document_read("CMakeLists.txt");
    unsigned libraries = 0;
    for (const char *at = build; (at = strstr(at, "\nstepcare_folder(")) != NULL;) {
        char folder[PATH_BYTES];
        at += strlen("\nstepcare_folder(");
        snprintf(folder, sizeof folder, "%.*s", (int)strcspn(at, " )"), at);
        const char *name = strstr(folder, "segment") != NULL ? "segment" : folder;
        if (strncmp(folder, "client/command/", 15) == 0) continue; /* the picture has the command as one room */
        cr_expect_not_null(strstr(picture, name), "docs/architecture.md does not show %s", folder);
        libraries++;
    }
    cr_assert_gt(libraries, 8);
    free(picture);
    free(build);
}
