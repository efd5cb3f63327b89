/* Putting the parts together, for main and for the tests' virtual router. See router.h. */
#include "router/router.h"

#include "router/report.h"

static void borrow(struct router *router)
{
    struct store *store = &router->store;
    struct outward *outward = &router->outward;
    router->reading = (struct reading){.store = store,
                                       .config = router->config,
                                       .pathways = &router->pathways,
                                       .dispatch = &router->dispatch,
                                       .turn = &router->turn,
                                       .outward = outward};
    router->waiting.store = store;
    router->waiting.config = router->config;
    router->waiting.pathways = &router->pathways;
    router->waiting.turn = &router->turn;
    router->waiting.outward = outward;
    router->waiting.reading = &router->reading;
    router->commands.store = store;
    router->commands.pathways = &router->pathways;
    router->commands.turn = &router->turn;
    router->commands.dispatch = &router->dispatch;
    router->commands.waiting = &router->waiting;
    router->commands.outward = outward;
    router->commands.traced = report_events_traced(); /* asked once: the environment does not change */
    router->adoption = (struct adoption){.config = router->config,
                                         .pathways = &router->pathways,
                                         .commands = &router->commands,
                                         .outward = outward,
                                         .dispatch = &router->dispatch};
    router->requests.store = store;
    router->requests.pathways = &router->pathways;
    router->requests.turn = &router->turn;
    router->requests.commands = &router->commands;
    router->requests.waiting = &router->waiting;
    router->requests.reading = &router->reading;
    router->requests.outward = outward;
    router->requests.adoption = &router->adoption;
    router->results = (struct results){
        .store = store, .turn = &router->turn, .dispatch = &router->dispatch, .commands = &router->commands};
}

enum stepcare_error router_parts_init(struct router *router)
{
    const struct sockets *sockets = &router->sockets;
    borrow(router);
    enum stepcare_error error = outward_init(&router->outward, &router->store, sockets->client, sockets->notice);
    if (error == STEPCARE_OK)
        error = dispatch_init(&router->dispatch, &router->store, router->pathways.current, sockets->worker);
    if (error == STEPCARE_OK) error = reading_init(&router->reading);
    if (error == STEPCARE_OK) error = waiting_init(&router->waiting, router->config->parked_max);
    if (error == STEPCARE_OK) error = requests_init(&router->requests);
    if (error == STEPCARE_OK) error = results_init(&router->results);
    return error;
}

void router_parts_close(struct router *router)
{
    results_close(&router->results);
    requests_close(&router->requests);
    waiting_close(&router->waiting);
    reading_close(&router->reading);
    dispatch_close(&router->dispatch);
    outward_close(&router->outward);
}
