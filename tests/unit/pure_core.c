/* The pure core decides and folds from what it is given: however deep its includes go, they reach no transport, store, clock or log. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 200, PATH_BYTES = 512 };

static const char *const core[] = {"router/decide.c",       "router/decide_triage.c", "router/decide_claim.c", "router/decide_contact.c",
                                   "router/decide_review.c", "router/decide_step.c",  "router/decide_lead.c",  "router/transition.c",
                                   "router/fold.c",          "router/episode.c",      "router/keys.c",         "router/fit.c",
                                   "workers/intake.c",       "workers/review.c",      "workers/instruments.c", "workers/table.c",
                                   "workers/calendar.c"};
static const char *const forbidden[] = {"<zmq.h>", "<lmdb.h>", "<time.h>", "<sys/time.h>", "<unistd.h>", "<sodium.h>", "config/log.h",
                                        "router/state.h", "router/store.h", "router/ledger.h"};
static const char *const folders[] = {"", "include/", "proto/", "workers/", "router/"};

struct reached {
    char paths[FILES_MAX][PATH_BYTES];
    unsigned count;
};

static FILE *source_open(const char *path)
{
    const char *root = getenv("STEPCARE_SOURCE");
    char full[2 * PATH_BYTES];
    snprintf(full, sizeof full, "%s/%s", root != NULL ? root : ".", path);
    return fopen(full, "re");
}

static void reach(struct reached *reached, const char *path)
{
    for (unsigned i = 0; i < reached->count; i++)
        if (strcmp(reached->paths[i], path) == 0) return;
    cr_assert_lt(reached->count, FILES_MAX);
    snprintf(reached->paths[reached->count++], PATH_BYTES, "%s", path);
}

/* The project's own file behind a quoted include: as the compiler looks for it. */
static void reach_include(struct reached *reached, const char *name)
{
    for (unsigned i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s%s", folders[i], name);
        FILE *stream = source_open(path);
        if (stream == NULL) continue;
        fclose(stream);
        reach(reached, path);
        return;
    }
    cr_assert_fail("%s is included, but nowhere", name);
}

static void includes_look(struct reached *reached, const char *path)
{
    char line[1024], name[256];
    FILE *stream = source_open(path);
    cr_assert_not_null(stream, "%s cannot be read", path);
    while (fgets(line, sizeof line, stream) != NULL) {
        if (strncmp(line, "#include", 8) != 0) continue;
        for (unsigned i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
            cr_expect_null(strstr(line, forbidden[i]), "%s includes %s", path, forbidden[i]);
        if (sscanf(line, "#include \"%255[^\"]\"", name) == 1) reach_include(reached, name);
    }
    fclose(stream);
}

Test(pure_core, reaches_no_transport_store_clock_or_log)
{
    static struct reached reached;
    for (unsigned i = 0; i < sizeof core / sizeof core[0]; i++) reach(&reached, core[i]);
    for (unsigned i = 0; i < reached.count; i++) includes_look(&reached, reached.paths[i]);
    cr_assert_gt(reached.count, sizeof core / sizeof core[0]);
}
