/* The arrows of the architecture: what each folder of the product may use. tests/unit/includes.c holds every include to
 * it, tests/unit/calls.c every call; the picture of it is in docs/architecture.md. */
#ifndef TESTS_SUPPORT_HOUSE_WALLS_H
#define TESTS_SUPPORT_HOUSE_WALLS_H

#include <stdbool.h>
#include <stddef.h>

enum { WALL_MAY_MAX = 16, WALL_NEVER_MAX = 8 };

/* `may` lists whole folders; a folder may always use itself and include/stepcare. `never` lists headers that it may not
 * include for all that: the pure folders are given what a clock or a log would tell them. */
struct wall {
    const char *folder, *may[WALL_MAY_MAX], *never[WALL_NEVER_MAX];
};
extern const struct wall walls[];
extern const size_t wall_count;

/* Purpose: the wall of a folder; NULL where there is none. */
const struct wall *wall_of(const char *folder);
/* Purpose: may this file, in the folder of the wall, use that folder? */
bool wall_allows(const struct wall *wall, const char *file, const char *folder);
/* header: as it is written, "<time.h>" or "base/clock.h". */
bool wall_forbids(const struct wall *wall, const char *header);

#endif
