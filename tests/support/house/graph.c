/* A small directed graph; looks for a circle by going as deep as it can. */
#include "tests/support/house/graph.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mark { NEW, ON_THE_WAY, DONE };

struct search {
    const struct graph *graph;
    enum mark marks[GRAPH_NODES_MAX];
    const struct graph_edge *way[GRAPH_NODES_MAX]; /* the arrows from the beginning to here */
    unsigned length;
};

struct graph *graph_open(void)
{
    struct graph *graph = calloc(1, sizeof *graph);
    cr_assert_not_null(graph);
    return graph;
}

void graph_close(struct graph *graph)
{
    free(graph->edges);
    free(graph);
}

static unsigned node_of(struct graph *graph, const char *name)
{
    for (unsigned i = 0; i < graph->count; i++) {
        if (strcmp(graph->names[i], name) == 0) return i;
    }
    cr_assert_lt(graph->count, GRAPH_NODES_MAX);
    snprintf(graph->names[graph->count], GRAPH_NAME_BYTES, "%s", name);
    return graph->count++;
}

void graph_add(struct graph *graph, const char *from, const char *to, const char *why)
{
    struct graph_edge edge = {.from = node_of(graph, from), .to = node_of(graph, to)};
    if (edge.from == edge.to) return;
    for (size_t i = 0; i < graph->edge_count; i++) {
        if (graph->edges[i].from == edge.from && graph->edges[i].to == edge.to) return;
    }
    if (graph->edge_count == graph->edge_room) {
        graph->edge_room = graph->edge_room * 2 + 256;
        graph->edges = realloc(graph->edges, graph->edge_room * sizeof *graph->edges);
        cr_assert_not_null(graph->edges);
    }
    snprintf(edge.why, sizeof edge.why, "%s", why);
    graph->edges[graph->edge_count++] = edge;
}

/* Goes on from a node; true where it meets a node that it came by: search->way ends with the arrow there. */
static bool goes_round(struct search *search, unsigned node)
{
    search->marks[node] = ON_THE_WAY;
    for (size_t i = 0; i < search->graph->edge_count; i++) {
        const struct graph_edge *edge = &search->graph->edges[i];
        if (edge->from != node || search->marks[edge->to] == DONE) continue;
        search->way[search->length++] = edge;
        if (search->marks[edge->to] == ON_THE_WAY || goes_round(search, edge->to)) return true;
        search->length--;
    }
    search->marks[node] = DONE;
    return false;
}

bool graph_circle(const struct graph *graph, char *out_text, size_t bytes)
{
    struct search search = {.graph = graph};
    bool found = false;
    for (unsigned node = 0; node < graph->count && !found; node++)
        found = search.marks[node] == NEW && goes_round(&search, node);
    if (!found) return false;
    unsigned first = search.length - 1;
    while (search.way[first]->from != search.way[search.length - 1]->to) first--;
    size_t used = 0;
    for (unsigned i = first; i < search.length && used < bytes; i++) {
        const struct graph_edge *edge = search.way[i];
        used += (size_t)snprintf(out_text + used, bytes - used, "  %s needs %s: %s\n", graph->names[edge->from],
                                 graph->names[edge->to], edge->why);
    }
    return true;
}
