/* `stepcare refer`: what is remembered of a line between its sending and its answer, and how answers are told. */
#ifndef CLIENT_COMMAND_REFER_REFER_H
#define CLIENT_COMMAND_REFER_REFER_H

#include "client/command/input/source.h"
#include "client/command/session/session.h"

enum { REFER_WAIT_MS = 5000, REFER_REFERENCE_BYTES_MAX = 256, REFER_REASONS_MAX = 100, REFER_ADVICE_BYTES_MAX = 4096 };

/* A line under way. errors is owned, NULL where the line read well. */
struct refer_line {
    uint64_t number;
    char message_id[STEPCARE_MESSAGE_ID_BYTES_MAX + 1];
    char reference[REFER_REFERENCE_BYTES_MAX + 1];
    uint32_t wait_ms;
    struct stepcare_field_errors *errors;
};

struct refer_reason { /* why a line was refused, kept for the summary */
    uint64_t number;
    unsigned more; /* failing fields beside the first */
    struct stepcare_field_error first;
};

struct refer_report {
    bool json, lines_coloured, words_coloured, progress;
    bool triage_missing; /* a reply came without a tier although the router waited */
    uint64_t answered, accepted, duplicates, conflicts, rejected, emergencies, untriaged, not_permitted,
        repeated;         /* duplicates of their own first sending, perhaps: the connection was lost */
    uint64_t last_number; /* of the newest line answered */
    uint64_t tiers[STEPCARE_TIER_COUNT];
    uint64_t expected_wait_days[STEPCARE_TIER_COUNT]; /* plus 1; 0 where unknown */
    unsigned reason_count;
    struct refer_reason reasons[REFER_REASONS_MAX];
    int64_t started_ms, drawn_ms;
    bool drawn;
    char gp_advice[REFER_ADVICE_BYTES_MAX + 1]; /* what referrers are asked to do for patients who stay with them */
    struct buffer buffer;
};

/* Purpose: tell one line's outcome: the JSON line or the line for people, the emergency's words at once.
 * answer->record is NULL for a line that was never sent; for a line that did not read well, line->errors says why. */
void refer_report_line(struct refer_report *report, const struct refer_line *line,
                       const struct stepcare_answer *answer);

/* Purpose: draw the progress bar now and then (on a terminal only), and take it away. */
void refer_progress_draw(struct refer_report *report, uint64_t bytes_read, uint64_t bytes_total);
void refer_progress_clear(struct refer_report *report);

/* Purpose: the counts, emergencies, waits and reasons, for people. */
void refer_summary_print(const struct refer_report *report);

/* Purpose: read one item and give it to the pipeline (submit, look-up, or its place alone). */
enum stepcare_error refer_line_send(struct stepcare_pipeline *pipeline, const struct source_item *item,
                                    enum source_result result, struct arena *arena, struct buffer *buffer,
                                    struct refer_line *line, uint64_t tag);

#endif
