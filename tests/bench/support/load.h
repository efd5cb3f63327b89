/* Referrals to send, and the sockets they are sent by: the wire itself, without the client library. */
#ifndef TESTS_BENCH_SUPPORT_LOAD_H
#define TESTS_BENCH_SUPPORT_LOAD_H

#include "pathway/pathway.h"
#include "proto/frame.h"
#include "tests/bench/support/measure.h"
#include "tests/support/generator/referral_generator.h"

/* Referrals in wire form, one after the other in memory. */
struct load {
    uint8_t *bytes;
    size_t bytes_count, bytes_capacity;
    size_t *starts; /* count + 1 of them */
    unsigned count;
};

enum load_choice {
    LOAD_ANY,      /* valid ones, as they come */
    LOAD_CLAIMABLE /* those that the pathway sends to a worklist without a hold, without a linked episode */
};

struct load_source {
    struct referral_generator_options options;
    enum load_choice choice;
    const struct pathway *pathway; /* for LOAD_CLAIMABLE */
    uint64_t index;
    char *line;
    struct arena *arena;
    struct buffer encoded; /* the latest one */
};

enum { LOAD_LINE_BYTES_ABOUT = 1000 }; /* of JSON: about 600 bytes on the wire */

void load_source_open(struct load_source *source, uint64_t seed, uint64_t count, enum load_choice choice,
                      const struct pathway *pathway);
void load_source_next(struct load_source *source); /* to encoded */
void load_source_close(struct load_source *source);

struct load load_make(struct load_source *source, unsigned count);
struct stepcare_text load_at(const struct load *load, unsigned index);
void load_close(struct load *load);

/* One connection. Replies are handed over one message at a time. */
struct line {
    void *socket;
    struct buffer frame;
    struct arena *arena;
    unsigned staged; /* commands in frame */
};

typedef void (*line_reply_fn)(void *context, const struct wire_message *reply, uint64_t now_ns);

void line_open(struct line *line, void *zmq_context, const char *endpoint);
void line_close(struct line *line);
void line_stage(struct line *line, uint8_t verb, uint64_t request_id, const struct stepcare_record *record);
void line_stage_submit(struct line *line, uint64_t request_id, struct stepcare_text referral, uint64_t wait_ms);
void line_send(struct line *line); /* nothing staged: nothing sent */
/* Purpose: take one frame. Returns its number of replies; 0 when none is there and wait is false. Fails after 60 s. */
unsigned line_receive(struct line *line, bool wait, line_reply_fn reply, void *context);

/* Fails unless the reply is ok, with what the router said. */
void reply_check(const struct wire_message *reply);

#endif
