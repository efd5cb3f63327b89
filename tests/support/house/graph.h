/* Who needs whom, by name, and the circle in it if there is one: for the tests of includes and calls. */
#ifndef TESTS_SUPPORT_HOUSE_GRAPH_H
#define TESTS_SUPPORT_HOUSE_GRAPH_H

#include <stdbool.h>
#include <stddef.h>

enum { GRAPH_NODES_MAX = 600, GRAPH_NAME_BYTES = 256, GRAPH_WHY_BYTES = 80 };

struct graph_edge {
    unsigned from, to;
    char why[GRAPH_WHY_BYTES]; /* of the first one that was added: an include, a symbol */
};

struct graph {
    char names[GRAPH_NODES_MAX][GRAPH_NAME_BYTES];
    unsigned count;
    struct graph_edge *edges;
    size_t edge_count, edge_room;
};

/* graph_open: an empty one; graph_close frees it. */
struct graph *graph_open(void);
void graph_close(struct graph *graph);

/* Purpose: `from` needs `to`, because of `why`. Added once; nobody needs himself. */
void graph_add(struct graph *graph, const char *from, const char *to, const char *why);

/* Purpose: is there a way from somebody back to himself. out_text: the circle, a line for each of its arrows. */
bool graph_circle(const struct graph *graph, char *out_text, size_t bytes);

#endif
