/* What `stepcare refer` says of each line as its answer comes, and what it counts for the summary. */
#ifndef CLIENT_COMMAND_REFER_REPORT_H
#define CLIENT_COMMAND_REFER_REPORT_H

#include "client/command/refer/line.h"

enum { REFER_REASONS_MAX = 100, REFER_ADVICE_BYTES_MAX = 4096 };

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

/* Purpose: print one line's outcome: the JSON line or the line for people, an emergency's words at once.
 * answer->record is NULL for a line that was never sent; for a line that did not read well, line->errors says why. */
void refer_report_line(struct refer_report *report, const struct refer_line *line,
                       const struct stepcare_answer *answer);

/* Purpose: draw the progress bar now and then (on a terminal only), and take it away. */
void refer_progress_draw(struct refer_report *report, uint64_t bytes_read, uint64_t bytes_total);
void refer_progress_clear(struct refer_report *report);

#endif
