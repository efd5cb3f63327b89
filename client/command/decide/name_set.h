/* The names that a JSON document's objects have given so far: a name given twice in one object is a mistake. For
 * reading review snapshots. */
#ifndef CLIENT_COMMAND_DECIDE_NAME_SET_H
#define CLIENT_COMMAND_DECIDE_NAME_SET_H

#include "base/arena.h"
#include "stepcare/text.h"

struct name_node;

struct name_set {
    struct arena *arena;
    struct name_node *root;
};

enum name_added { NAME_NEW, NAME_REPEATED, NAME_NO_MEMORY };

/* Adds a name of the object with this number. Owns: the text lives as long as the set; nodes come from the arena. */
enum name_added name_set_add(struct name_set *set, uint32_t object, struct stepcare_text name);

#endif
