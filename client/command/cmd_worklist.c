/* `stepcare worklist`: what waits in a tier, in the order in which it is claimed. */
#include "client/command/cmd.h"

#include "client/command/session/listing.h"

#define F(name) STEPCARE_FIELD_##name

static const struct option_spec options[] = {{.name = "service", .field = F(service)}, {0}};

static const struct table_column columns[] = {{F(referral_id), false, false, "REFERRAL"},
                                              {F(service), false, false, "SERVICE"},
                                              {F(urgency), false, false, "URGENCY"},
                                              {F(due), false, false, "DUE"},
                                              {F(referred_at), false, false, "REFERRED"},
                                              {F(holds), false, false, "HELD BY"},
                                              {F(codes), false, true, "WHY"},
                                              {0}};

static const struct listing listing = {
    .verb = "worklist", .always = listing_work_keys, .columns = columns, .nothing = "Nobody is waiting here."};

int cmd_worklist(const struct command *self, int argc, char **argv)
{
    struct arguments arguments;
    struct stepcare_record request;
    struct session session;
    int code;
    stepcare_record_init(&request);
    if (!arguments_parse(self, argc, argv, options, &arguments, &request, &code)) return code;
    if (!arguments_count_check(&arguments, 1, 1) || !arguments_positional(&arguments, 0, F(tier), &request))
        return EXIT_USAGE;
    if (session_open(&arguments, &session, &code)) code = listing_run(&session, &listing, &request);
    session_close(&session);
    return code;
}
