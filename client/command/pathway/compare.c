/* `stepcare pathway diff`: both pathways decide each referral; who moves is printed as a table or as JSON lines. */
#include "client/command/pathway/compare.h"

#include "base/json_writer.h"
#include "client/command/input/source.h"
#include "client/command/pathway/stored.h"
#include "pathway/table_words.h"
#include "proto/referral_codec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct reading {
    struct source *source;
    struct arena *arena;
    struct stepcare_referral referral;
    uint64_t invalid;
    bool failed;
};

static bool referral_next(void *context, const struct stepcare_referral **out_referral)
{
    struct reading *reading = context;

    for (;;) {
        struct stepcare_field_errors errors;
        struct source_item item;
        enum source_result result = source_next(reading->source, 1000, &item);

        if (result == SOURCE_END) return false;
        if (result == SOURCE_IDLE) continue;
        if (result == SOURCE_FAILED) {
            reading->failed = true;
            return false;
        }
        errors.count = errors.dropped = 0;
        arena_reset(reading->arena);
        if (result == SOURCE_ITEM && referral_json_decode(item.text.data, item.text.bytes, reading->arena,
                                                          &reading->referral, &errors) == STEPCARE_OK) {
            *out_referral = &reading->referral;
            return true;
        }
        reading->invalid++;
    }
}

static void placement_json(struct json_writer *json, const char *name, struct stepcare_placement placement,
                           const char *rule)
{
    json_name(json, name);
    json_object_begin(json);
    json_name(json, "tier");
    json_code(json, &stepcare_tiers, placement.tier);
    json_name(json, "service");
    json_code(json, &stepcare_services, placement.service);
    json_name(json, "urgency");
    json_code(json, &stepcare_urgencies, placement.urgency);
    json_name(json, "rule");
    json_text(json, stepcare_text_of(rule));
    json_object_end(json);
}

static void moves_json(const struct pathway_diff *diff, struct buffer *output)
{
    for (unsigned i = 0; i < diff->move_count; i++) {
        struct json_writer json = {.buffer = output};

        json_object_begin(&json);
        json_name(&json, "count");
        json_uint(&json, diff->moves[i].count);
        placement_json(&json, "from", diff->moves[i].from, diff->moves[i].from_rule);
        placement_json(&json, "to", diff->moves[i].to, diff->moves[i].to_rule);
        json_name(&json, "example");
        json_text(&json, stepcare_text_of(diff->moves[i].example));
        json_object_end(&json);
        buffer_append_text(output, "\n");
    }
}

static void moves_people(const struct pathway_diff *diff, uint64_t invalid, struct buffer *output)
{
    words_append(output,
                 "%" PRIu64 " referrals: %" PRIu64 " as before, %" PRIu64
                 " placed alike with other codes, holds or offers, %" PRIu64 " moved\n",
                 diff->referrals, diff->same, diff->annotated, diff->moved);
    if (invalid > 0)
        words_append(output, "%" PRIu64 " are no valid referral, or could not be read, and were passed over\n",
                     invalid);
    if (diff->move_count > 0)
        words_append(output, "\n%8s  %-44s %-44s %s\n", "COUNT", "FROM", "TO", "RULE, BEFORE > NOW");
    for (unsigned i = 0; i < diff->move_count; i++) {
        struct buffer from = {0}, to = {0};

        table_words_placement(diff->moves[i].from, &from);
        table_words_placement(diff->moves[i].to, &to);
        words_append(output, "%8" PRIu64 "  %-44.*s %-44.*s %s > %s  (for example %s)\n", diff->moves[i].count,
                     (int)from.bytes, (const char *)from.data, (int)to.bytes, (const char *)to.data,
                     diff->moves[i].from_rule, diff->moves[i].to_rule, diff->moves[i].example);
        buffer_close(&from);
        buffer_close(&to);
    }
    if (diff->unlisted > 0) words_append(output, "%8" PRIu64 "  in further kinds of move\n", diff->unlisted);
}

/* Returns the exit code; invalid counts the lines that are no referral. */
static int file_run(const char *path, const struct pathway *before, const struct pathway *after,
                    struct pathway_diff *diff, uint64_t *out_invalid)
{
    struct reading reading = {0};
    int exit_code = EXIT_DONE;

    if (arena_open(2 * STEPCARE_LINE_BYTES_MAX, &reading.arena) != STEPCARE_OK) {
        fprintf(stderr, "stepcare pathway: out of memory\n");
        return EXIT_USAGE;
    }
    if (source_open(path, &reading.source)) pathway_diff_run(before, after, referral_next, &reading, diff);
    if (reading.source == NULL || reading.failed) {
        fprintf(stderr, "stepcare pathway: %s: cannot be read: %s\n", path, strerror(errno));
        exit_code = EXIT_USAGE;
    }
    *out_invalid = reading.invalid;
    source_close(reading.source);
    arena_close(reading.arena);
    return exit_code;
}

int pathway_compare(const struct pathway *before, const struct pathway *after, const struct pathway_compared *compared,
                    bool json)
{
    struct pathway_diff *diff = calloc(1, sizeof *diff);
    struct buffer output = {0};
    uint64_t invalid = 0;

    if (diff == NULL) {
        fprintf(stderr, "stepcare pathway: out of memory\n");
        return EXIT_USAGE;
    }
    int exit_code = compared->session != NULL ? pathway_stored_run(compared->session, before, after, diff, &invalid)
                                              : file_run(compared->path, before, after, diff, &invalid);
    if (exit_code != EXIT_DONE) goto out;
    if (json)
        moves_json(diff, &output);
    else
        moves_people(diff, invalid, &output);
    if (output.bytes > 0) fwrite(output.data, 1, output.bytes, stdout);
    if (json && invalid > 0)
        fprintf(stderr,
                "stepcare pathway: %" PRIu64 " are no valid referral, or could not be read, and were passed over\n",
                invalid);
    if (invalid > 0) exit_code = EXIT_REFUSED;
out:
    buffer_close(&output);
    free(diff);
    return exit_code;
}
