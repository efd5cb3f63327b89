/* Every command that changes one referral, or one tier, in one step: a table says which options go into which field. */
#include "client/command/cmd.h"

#include "client/command/input/text_input.h"
#include "client/command/session/act.h"

#define F(name) STEPCARE_FIELD_##name
#define OPTION(option_name, member)                                                                                    \
    {                                                                                                                  \
        .name = option_name, .field = F(member)                                                                        \
    }
#define NEEDED(option_name, member)                                                                                    \
    {                                                                                                                  \
        .name = option_name, .field = F(member), .required = true                                                      \
    }
#define NOTE                                                                                                           \
    {                                                                                                                  \
        .name = "note-file"                                                                                            \
    }
#define NOTE_NEEDED                                                                                                    \
    {                                                                                                                  \
        .name = "note-file", .required = true                                                                          \
    }

struct act_row {
    const char *command, *verb;
    uint8_t positional[3]; /* fields, zero-terminated */
    struct option_spec options[8];
};

static const struct act_row rows[] = {
    {"renew", "renew", {F(referral_id)}, {OPTION("token", token)}},
    {"accept", "accept", {F(referral_id)}, {OPTION("token", token)}},
    {"release", "release", {F(referral_id)}, {NEEDED("reason", reason), OPTION("token", token), NOTE}},
    {"decline",
     "decline",
     {F(referral_id)},
     {NEEDED("reason", reason), NEEDED("to", to_tier), OPTION("service", to_service), OPTION("token", token), NOTE}},
    {"contact", "contact", {F(referral_id)}, {NEEDED("outcome", contact_outcome), OPTION("channel", channel), NOTE}},
    {"step-up",
     "step_up",
     {F(referral_id)},
     {NEEDED("to", to_tier), OPTION("service", to_service), NEEDED("reason", reason), NOTE}},
    {"step-down",
     "step_down",
     {F(referral_id)},
     {NEEDED("to", to_tier), OPTION("service", to_service), NEEDED("reason", reason), NOTE}},
    {"discharge", "discharge", {F(referral_id)}, {NEEDED("end-code", end_code), OPTION("reason", reason), NOTE}},
    {"cancel", "cancel", {F(referral_id)}, {NEEDED("reason", reason), NOTE}},
    {"confirm",
     "confirm",
     {F(referral_id)},
     {OPTION("action", action), OPTION("to", to_tier), OPTION("service", to_service), OPTION("end-code", end_code),
      OPTION("reason", reason), NOTE}},
    {"note", "note", {F(referral_id)}, {NOTE_NEEDED}},
    {"reopen", "reopen", {F(referral_id)}, {NEEDED("reason", reason), NOTE}},
    {"assign",
     "assign",
     {F(referral_id)},
     {NEEDED("to", to_tier), OPTION("service", to_service), NEEDED("reason", reason), NOTE}},
    {"retry", "retry", {F(referral_id)}, {{0}}},
    {"pause", "pause", {F(tier)}, {OPTION("reason", reason), NOTE}},
    {"resume", "resume", {F(tier)}, {OPTION("reason", reason), NOTE}},
    {"judge", "judge", {F(referral_id), F(linked_to)}, {NEEDED("reason", reason), NOTE}},
    {"hold", "hold_release", {F(referral_id), F(hold)}, {NEEDED("reason", reason), NOTE}},
    {"adopt", "adopt", {0}, {{0}}},
};

static const struct act_row *row_find(const char *command)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].command, command) == 0) return &rows[i];
    }
    return NULL;
}

static const char *note_path(const struct act_row *row, const struct arguments *arguments)
{
    for (size_t i = 0; row->options[i].name != NULL; i++) {
        if (strcmp(row->options[i].name, "note-file") == 0) return arguments->values[i];
    }
    return NULL;
}

static int positional_take(const struct act_row *row, const struct arguments *arguments,
                           struct stepcare_record *request)
{
    unsigned count = 0;
    while (row->positional[count] != 0) count++;
    if (!arguments_count_check(arguments, count, count)) return EXIT_USAGE;
    /* Ids last: a wrong tier or hold is a mistake in typing, a wrong id may be a referral that is not here. */
    for (unsigned i = 0; i < count; i++) {
        bool is_id = row->positional[i] == F(referral_id) || row->positional[i] == F(linked_to);
        if (!is_id && !arguments_positional(arguments, i, row->positional[i], request)) return EXIT_USAGE;
    }
    for (unsigned i = 0; i < count; i++) {
        bool is_id = row->positional[i] == F(referral_id) || row->positional[i] == F(linked_to);
        int code = is_id ? referral_id_take(arguments, i, row->positional[i], request) : EXIT_DONE;
        if (code != EXIT_DONE) return code;
    }
    return EXIT_DONE;
}

int cmd_act(const struct command *self, int argc, char **argv)
{
    const struct act_row *row = row_find(self->name);
    struct arguments arguments;
    struct stepcare_record request;
    struct buffer note = {0};
    int code = EXIT_USAGE;
    stepcare_record_init(&request);
    if (row == NULL || !arguments_parse(self, argc, argv, row->options, &arguments, &request, &code)) return code;
    code = positional_take(row, &arguments, &request);
    if (code != EXIT_DONE) return code;
    code = EXIT_USAGE;
    if (note_read(self, note_path(row, &arguments), &note, &request)) code = act_run(&arguments, row->verb, &request);
    buffer_close(&note);
    return code;
}

int cmd_hold(const struct command *self, int argc, char **argv)
{
    if (argc < 2 || (strcmp(argv[1], "release") != 0 && strcmp(argv[1], "--help") != 0)) {
        usage_error(self, "the one thing to do with a hold is: stepcare hold release ID HOLD --reason CODE");
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0) return cmd_act(self, argc, argv);
    argv[1] = argv[0];
    return cmd_act(self, argc - 1, argv + 1);
}
