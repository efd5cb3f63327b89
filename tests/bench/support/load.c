/* The load of the benchmarks: referrals made on the fly, sent by the client library, answers counted. */
#include "tests/bench/support/load.h"

#include "proto/referral_codec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

enum { ARENA_BYTES_MAX = 8 * 1024 * 1024, REPLY_TIMEOUT_MS = 60000 };

void load_source_open(struct load_source *source, uint64_t seed, uint64_t count, enum load_choice choice,
                      const struct pathway *pathway)
{
    *source = (struct load_source){.choice = choice, .pathway = pathway};
    source->options =
        (struct referral_generator_options){.seed = seed,
                                            .count = count * 6 + 1000,
                                            .emergencies_percent = 1,
                                            .line_bytes_about = LOAD_LINE_BYTES_ABOUT,
                                            .from_ms = referral_generator_days_before((int64_t)time(NULL) * 1000)};
    source->line = malloc(REFERRAL_GENERATOR_LINE_BYTES_MAX);
    if (source->line == NULL || arena_open(ARENA_BYTES_MAX, &source->arena) != STEPCARE_OK) bench_fail("out of memory");
}

void load_source_close(struct load_source *source)
{
    free(source->line);
    arena_close(source->arena);
    buffer_close(&source->encoded);
    *source = (struct load_source){0};
}

static bool referral_claimable(const struct pathway *pathway, const struct stepcare_referral *referral)
{
    struct stepcare_decision decision;
    pathway_decide_intake(pathway, referral, &decision);
    enum stepcare_tier tier = decision.placement.tier;
    return decision.holds == 0 && decision.parallel == 0 &&
           (tier == STEPCARE_TIER_PHYSIO || tier == STEPCARE_TIER_T_CBT || tier == STEPCARE_TIER_HI_CBT);
}

void load_source_next(struct load_source *source)
{
    for (;;) {
        struct stepcare_referral referral;
        struct stepcare_field_errors errors = {0};
        arena_reset(source->arena);
        size_t bytes = referral_generator_line(&source->options, source->index++, source->line);
        if (referral_json_decode(source->line, bytes, source->arena, &referral, &errors) != STEPCARE_OK)
            bench_fail("a made-up referral is not valid: %s %s", errors.items[0].field, errors.items[0].problem);
        if (source->choice == LOAD_CLAIMABLE && !referral_claimable(source->pathway, &referral)) continue;
        buffer_clear(&source->encoded);
        referral_wire_encode(&source->encoded, &referral);
        if (source->encoded.failed) bench_fail("out of memory");
        return;
    }
}

struct load load_make(struct load_source *source, unsigned count)
{
    struct load load = {.count = count, .starts = calloc((size_t)count + 1, sizeof(size_t))};
    for (unsigned i = 0; i < count; i++) {
        load_source_next(source);
        if (load.bytes_count + source->encoded.bytes > load.bytes_capacity) {
            load.bytes_capacity = load.bytes_capacity * 2 + source->encoded.bytes + 65536;
            load.bytes = realloc(load.bytes, load.bytes_capacity);
        }
        if (load.bytes == NULL || load.starts == NULL) bench_fail("out of memory");
        memcpy(load.bytes + load.bytes_count, source->encoded.data, source->encoded.bytes);
        load.bytes_count += source->encoded.bytes;
        load.starts[i + 1] = load.bytes_count;
    }
    return load;
}

struct stepcare_text load_at(const struct load *load, unsigned index)
{
    return (struct stepcare_text){(const char *)load->bytes + load->starts[index],
                                  (uint32_t)(load->starts[index + 1] - load->starts[index])};
}

void load_close(struct load *load)
{
    free(load->bytes);
    free(load->starts);
    *load = (struct load){0};
}

void line_open(struct line *line, void *zmq_context, const char *endpoint)
{
    int linger_ms = 0, timeout_ms = REPLY_TIMEOUT_MS, unlimited = 0;
    *line = (struct line){.socket = zmq_socket(zmq_context, ZMQ_DEALER)};
    zmq_setsockopt(line->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_setsockopt(line->socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    zmq_setsockopt(line->socket, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(line->socket, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    if (zmq_connect(line->socket, endpoint) != 0 || arena_open(ARENA_BYTES_MAX, &line->arena) != STEPCARE_OK)
        bench_fail("%s cannot be connected to", endpoint);
}

void line_close(struct line *line)
{
    if (line->socket != NULL) zmq_close(line->socket);
    arena_close(line->arena);
    buffer_close(&line->frame);
    *line = (struct line){0};
}

void line_stage(struct line *line, uint8_t verb, uint64_t request_id, const struct stepcare_record *record)
{
    if (line->staged == 0) wire_frame_begin(&line->frame, stepcare_text_of("bench"));
    wire_frame_add(&line->frame, verb, request_id, record, STEPCARE_OK);
    line->staged++;
    if (line->staged == STEPCARE_BATCH_COUNT_MAX) line_send(line);
}

void line_stage_submit(struct line *line, uint64_t request_id, struct stepcare_text referral, uint64_t wait_ms)
{
    struct stepcare_record record;
    stepcare_record_init(&record);
    STEPCARE_SET(&record, referral, referral);
    STEPCARE_SET(&record, wait_ms, wait_ms);
    line_stage(line, WIRE_SUBMIT, request_id, &record);
}

void line_send(struct line *line)
{
    if (line->staged == 0) return;
    if (wire_frame_end(&line->frame, line->staged) != STEPCARE_OK)
        bench_fail("a frame of %u commands is too large", line->staged);
    if (zmq_send(line->socket, line->frame.data, line->frame.bytes, 0) < 0)
        bench_fail("a frame could not be sent: %s", zmq_strerror(errno));
    line->staged = 0;
}

unsigned line_receive(struct line *line, bool wait, line_reply_fn reply, void *context)
{
    zmq_msg_t message;
    struct wire_frame frame;
    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, line->socket, wait ? 0 : ZMQ_DONTWAIT) < 0) {
        if (!wait && errno == EAGAIN) return 0;
        bench_fail("no reply within %d s", REPLY_TIMEOUT_MS / 1000);
    }
    uint64_t now_ns = measure_now_ns();
    arena_reset(line->arena);
    if (wire_frame_open(zmq_msg_data(&message), zmq_msg_size(&message), &frame) != STEPCARE_OK)
        bench_fail("a reply is no stepcare frame");
    unsigned count = frame.left;
    while (frame.left > 0) {
        struct wire_message one;
        struct stepcare_field_errors errors = {0};
        enum stepcare_error error = wire_frame_next(&frame, line->arena, &one, &errors);
        if (error != STEPCARE_OK) bench_fail("a reply cannot be read: %s", stepcare_error_text(error));
        reply(context, &one, now_ns);
    }
    zmq_msg_close(&message);
    return count;
}

void reply_check(const struct wire_message *reply)
{
    const struct stepcare_record *record = &reply->record;
    if (reply->error == STEPCARE_OK && (!STEPCARE_HAS(record, outcome) || record->outcome == STEPCARE_OUTCOME_ACCEPTED))
        return;
    const char *name = wire_verb_name(reply->verb);
    if (STEPCARE_HAS(record, problem))
        bench_fail("%s was answered %s: %.*s", name, stepcare_error_name(reply->error), (int)record->problem.bytes,
                   record->problem.data);
    bench_fail("%s was answered %s", name, stepcare_error_name(reply->error));
}
