/* Letting answers out after the flush, for everything that answers. See outward.h. */
#include "router/outward.h"

#include "base/must.h"
#include "router/report.h"

enum stepcare_error outward_init(struct outward *outward, struct store *store, void *client_socket, void *notice_socket)
{
    *outward = (struct outward){.store = store, .client_socket = client_socket};
    notices_init(&outward->notices, store, notice_socket);
    return outbox_init(&outward->outbox);
}

void outward_close(struct outward *outward)
{
    outbox_close(&outward->outbox);
    notices_close(&outward->notices);
}

void outward_fail(struct outward *outward, const char *during)
{
    if (!outward->failed)
        report_store_failed(during, ledger_next_sequence(outward->store->ledger) - 1, outward->store->error);
    outward->failed = true;
}

void outward_flush(struct outward *outward)
{
    struct store *store = outward->store;
    if (outward->failed) return;
    const uint64_t before = store->events_flushed;
    if (store_flush(store) != STEPCARE_OK) {
        outward_fail(outward, "flush");
        return;
    }
    must(store->events_flushed >= before);
    must(ledger_next_sequence(store->ledger) == ledger_tail(store->ledger).sequence + 1);
    if (store->events_flushed != before)
        report_flushed(store->events_flushed - before, ledger_tail(store->ledger).sequence);
    outward->replies_dropped += outbox_send(&outward->outbox, outward->client_socket);
    must(outward->outbox.used == 0);
    notices_send(&outward->notices);
}

void outward_reply(struct outward *outward, const struct peer *peer, uint8_t verb, uint64_t request_id,
                   const struct stepcare_record *record, int error)
{
    must(error >= 0);
    must(error <= UINT8_MAX);
    if (outbox_add(&outward->outbox, peer, verb, request_id, record, (uint8_t)error)) return;
    outward_flush(outward);
    outbox_add(&outward->outbox, peer, verb, request_id, record, (uint8_t)error);
}

void outward_message(struct outward *outward, const struct peer *peer, uint8_t verb, uint64_t request_id,
                     struct stepcare_text message)
{
    if (outbox_add_message(&outward->outbox, peer, verb, request_id, message)) return;
    outward_flush(outward);
    outbox_add_message(&outward->outbox, peer, verb, request_id, message);
}
