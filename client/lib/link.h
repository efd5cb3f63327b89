/* The connection below the client library: one DEALER socket, its liveness, and the frames that come in.  libzmq
 * reconnects by itself but says nothing, and what was in flight to a dead router is gone. So: when nothing was heard
 * for LINK_PING_MS, a hello goes out; its reply carries the router's epoch, and another epoch than before means a
 * restart. With LINK_RENEW_MS of silence the socket is made anew, if the caller allows it. Silence for the whole
 * timeout is LINK_DEAD. Times are milliseconds of the monotonic clock. */
#ifndef CLIENT_LIB_LINK_H
#define CLIENT_LIB_LINK_H

#include "proto/frame.h"

#include <zmq.h>

enum { LINK_PING_MS = 1000, LINK_RENEW_MS = 2500, LINK_ENDPOINT_BYTES_MAX = 256 };

/* Request ids: replies to pings must never match a caller's. */
#define LINK_PING_BIT (UINT64_C(1) << 62)
#define LINK_PIPELINE_BIT (UINT64_C(1) << 61)

enum link_event {
    LINK_QUIET,     /* nothing until the time given */
    LINK_FRAME,     /* a frame came: take its messages by link_next */
    LINK_RESTARTED, /* what was in flight may be gone: send again */
    LINK_DEAD       /* nothing heard for the whole timeout */
};

struct link {
    void *context, *socket;
    char endpoint[LINK_ENDPOINT_BYTES_MAX];
    char actor[STEPCARE_ACTOR_BYTES_MAX + 1];
    uint32_t timeout_ms;
    bool renew_allowed; /* off while a command that must not be repeated is out */
    bool restarted;     /* found in a ping's reply; the next wait returns it */
    bool message_open;
    uint64_t epoch;             /* the router's, from its last hello; 0 before the first */
    uint64_t call_id, ping_id;  /* the last ones given out */
    uint64_t pipeline_sequence; /* places ever opened by pipelines of this client */
    uint64_t greetings;         /* hellos answered */
    int64_t heard_ms, pinged_ms, renewed_ms;
    zmq_msg_t message;
    struct wire_frame frame;
    struct arena *arena;
    struct buffer buffer; /* for pings */
};

/* Purpose: a link to an endpoint; connecting happens by itself.
 * Shape: endpoint and actor as for stepcare_client_open; timeout_ms over 0.
 * Errors: INVALID, NO_MEMORY, SYSTEM. close accepts a zeroed or half-built link. */
enum stepcare_error link_open(struct link *link, const char *endpoint, const char *actor, uint32_t timeout_ms);
void link_close(struct link *link);

/* Purpose: silence counts from now: call when nothing was in flight before. */
void link_begin(struct link *link);
/* Purpose: wait until the router has answered a hello sent now. False after the timeout. */
bool link_greet(struct link *link);
/* Purpose: in whose name frames are sent. */
struct stepcare_text link_actor(const struct link *link);

/* Purpose: queue a finished frame. False when the socket takes none now (try after the next wait). */
bool link_send(struct link *link, const struct buffer *frame);
/* Purpose: wait for the next thing to happen, at most until until_ms. */
enum link_event link_wait(struct link *link, int64_t until_ms);
/* Purpose: the next message of the frame that link_wait announced; views die with the next link_wait. False: no
 * more. */
bool link_next(struct link *link, struct wire_message *out_message);
/* Purpose: the bytes of that frame, to copy. */
struct stepcare_text link_frame_bytes(struct link *link);

#endif
