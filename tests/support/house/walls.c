/* The table of walls: a row a folder of the product. */
#include "tests/support/house/walls.h"

#include <string.h>

const struct wall walls[] = {
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

/* A choice is made in one file: these may use what their folder may not. */
static const struct door {
    const char *file, *folder;
} doors[] = {
    {"router/store/engine.c", "router/ledger/segment"}, /* which engine keeps the ledger */
};
const size_t wall_count = sizeof walls / sizeof walls[0];

static bool listed(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count && list[i] != NULL; i++) {
        if (strcmp(list[i], name) == 0) return true;
    }
    return false;
}

const struct wall *wall_of(const char *folder)
{
    for (size_t i = 0; i < wall_count; i++) {
        if (strcmp(walls[i].folder, folder) == 0) return &walls[i];
    }
    return NULL;
}

bool wall_allows(const struct wall *wall, const char *file, const char *folder)
{
    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        if (strcmp(doors[i].file, file) == 0 && strcmp(doors[i].folder, folder) == 0) return true;
    }
    return strcmp(folder, wall->folder) == 0 || strcmp(folder, "include/stepcare") == 0 ||
           listed(wall->may, WALL_MAY_MAX, folder);
}

bool wall_forbids(const struct wall *wall, const char *header)
{
    return listed(wall->never, WALL_NEVER_MAX, header);
}
