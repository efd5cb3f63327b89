/* The listings that take no tier: what the caller holds, what is held up, and what leads and administrators look
 * for. */
#include "client/command/cmd.h"

#include "client/command/session/listing.h"

#define F(name) STEPCARE_FIELD_##name
#define COLUMN(member, text)                                                                                           \
    {                                                                                                                  \
        F(member), false, false, text                                                                                  \
    }
#define NUMBER(member, text)                                                                                           \
    {                                                                                                                  \
        F(member), true, false, text                                                                                   \
    }
#define LONG(member, text)                                                                                             \
    {                                                                                                                  \
        F(member), false, true, text                                                                                   \
    }

static const struct option_spec by_tier[] = {
    {.name = "tier", .field = F(tier)}, {.name = "service", .field = F(service)}, {0}};

static const struct table_column caseload_columns[] = {COLUMN(referral_id, "REFERRAL"),
                                                       COLUMN(tier, "TIER"),
                                                       COLUMN(service, "SERVICE"),
                                                       COLUMN(urgency, "URGENCY"),
                                                       COLUMN(state, "STATE"),
                                                       COLUMN(next_action, "NEXT"),
                                                       COLUMN(due, "DUE"),
                                                       COLUMN(holds, "HELD BY"),
                                                       LONG(codes, "WHY"),
                                                       {0}};

static const struct table_column holds_columns[] = {COLUMN(referral_id, "REFERRAL"),
                                                    COLUMN(tier, "TIER"),
                                                    COLUMN(urgency, "URGENCY"),
                                                    COLUMN(holds, "HELD BY"),
                                                    COLUMN(owner, "OWNER"),
                                                    COLUMN(next_action, "NEXT"),
                                                    COLUMN(due, "DUE"),
                                                    LONG(codes, "WHY"),
                                                    {0}};

static const uint8_t stuck_keys[] = {F(referral_id), F(state), F(tier),        F(service),  F(urgency), F(owner),
                                     F(next_action), F(due),   F(referred_at), F(attempts), F(problem), 0};
static const struct table_column stuck_columns[] = {
    COLUMN(referral_id, "REFERRAL"), COLUMN(state, "STATE"),           COLUMN(tier, "TIER"),
    COLUMN(owner, "OWNER"),          COLUMN(next_action, "NEXT"),      COLUMN(due, "DUE"),
    NUMBER(attempts, "ATTEMPTS"),    LONG(problem, "WHY IT IS STUCK"), {0}};

static const uint8_t waits_keys[] = {
    F(tier),      F(service), F(site), F(waiting), F(median_wait_days), F(p90_wait_days), F(expected_wait_days),
    F(next_free), 0};
static const struct table_column waits_columns[] = {COLUMN(tier, "TIER"),
                                                    COLUMN(service, "SERVICE"),
                                                    COLUMN(site, "SITE"),
                                                    NUMBER(waiting, "WAITING"),
                                                    NUMBER(median_wait_days, "MEDIAN DAYS"),
                                                    NUMBER(p90_wait_days, "90% WITHIN DAYS"),
                                                    NUMBER(expected_wait_days, "EXPECTED DAYS"),
                                                    COLUMN(next_free, "NEXT FREE"),
                                                    {0}};

static const uint8_t duplicates_keys[] = {F(referral_id), F(linked_to), F(state), F(tier), F(owner), F(referred_at), 0};
static const struct table_column duplicates_columns[] = {COLUMN(referral_id, "REFERRAL"),
                                                         COLUMN(linked_to, "MAY BE THE SAME AS"),
                                                         COLUMN(state, "STATE"),
                                                         COLUMN(tier, "TIER"),
                                                         COLUMN(owner, "OWNER"),
                                                         COLUMN(referred_at, "REFERRED"),
                                                         {0}};

static const struct table_column unclaimable_columns[] = {COLUMN(referral_id, "REFERRAL"),
                                                          COLUMN(tier, "TIER"),
                                                          COLUMN(service, "SERVICE"),
                                                          COLUMN(urgency, "URGENCY"),
                                                          COLUMN(due, "DUE"),
                                                          LONG(problem, "WHY NOBODY CAN CLAIM IT"),
                                                          {0}};

static const struct listing_row {
    const char *command;
    const struct option_spec *options;
    struct listing listing;
} rows[] = {
    {"caseload", NULL, {"caseload", listing_work_keys, caseload_columns, "You hold nobody at the moment."}},
    {"holds", by_tier, {"holds", listing_work_keys, holds_columns, "Nothing is held."}},
    {"stuck", by_tier, {"stuck", stuck_keys, stuck_columns, "Nothing is stuck."}},
    {"waits", by_tier, {"waits", waits_keys, waits_columns, "There are no waits to show yet."}},
    {"duplicates",
     by_tier,
     {"duplicates", duplicates_keys, duplicates_columns, "No referrals look like the same patient twice."}},
    {"unclaimable",
     by_tier,
     {"unclaimable", listing_work_keys, unclaimable_columns, "Everything that waits can be claimed by somebody."}},
};

int cmd_listing(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct session session;
    const struct listing_row *row = rows;
    int code;
    while (strcmp(row->command, self->name) != 0) row++;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, row->options, &arguments, &request, &code)) return code;
    if (!arguments_count_check(&arguments, 0, 0)) return EXIT_USAGE;
    if (session_open(&arguments, &session, &code)) code = listing_run(&session, &row->listing, &request);
    session_close(&session);
    return code;
}
