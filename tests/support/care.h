/* The command line against a whole store, for tests of what becomes of patients: one store a test, every answer
 * read as JSON. Functions fail the test on trouble of their own. */
#ifndef TESTS_SUPPORT_CARE_H
#define TESTS_SUPPORT_CARE_H

#include "tests/support/cli.h"

enum { CARE_ID_BYTES = 16 };

/* Purpose: a store with its router and a worker running, and after the test their end. places: YAML for `sites`
 * and `practitioners`; NULL: none. */
void care_open(const char *places);
void care_close(void);
const struct cli_store *care_store(void);
/* Purpose: kill the router as a power cut would, and start it again. */
void care_router_crash(void);

/* Purpose: run a command with --json and expect its exit code. Returns its first line, NULL if it printed none;
 * care_lines has all. They live until the next run. */
json_t *care_run(int code, const char *input, const char *const *arguments);
#define CARE(code, ...) care_run(code, NULL, (const char *const[]){__VA_ARGS__, NULL})
#define CARE_INPUT(code, input, ...) care_run(code, input, (const char *const[]){__VA_ARGS__, NULL})
json_t *care_lines(void);
/* Purpose: the same without --json. Returns what was said, stdout and then stderr. */
const char *care_say(int code, const char *input, const char *const *arguments);
#define CARE_SAY(code, ...) care_say(code, NULL, (const char *const[]){__VA_ARGS__, NULL})

/* Purpose: a command that is refused: exit code, error, and every one of the words (with '|' between) in the
 * problem. */
void care_refused(json_t *line, const char *error, const char *words);

/* Purpose: a referral of low back pain with reference "ref MESSAGE_ID", written so many days ago, as a line of
 * JSON. patient and more: members of the object's patient, and of the object itself, each beginning with a comma,
 * or "". Four calls share the buffers in turn. */
const char *care_referral(const char *message_id, const char *organisation, unsigned days_ago, const char *patient,
                          const char *more);
#define CARE_PHYSIO                                                                                                    \
    ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2]}"
#define CARE_PHYSIO_AND_CBT                                                                                            \
    ",\"red_flags\":{\"screened\":true,\"present\":[]},\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2],"         \
    "\"phq_9\":[2,2,1,1,1,1,1,1,0],\"gad_7\":[1,1,1,1,1,2,2]}"
#define CARE_UNSCREENED                                                                                                \
    ",\"red_flags\":{\"screened\":false,\"present\":[]},\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2]}"
#define CARE_EMERGENCY ",\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}"

/* Purpose: send one; its id. Five ids are kept in turn. */
const char *care_refer(const char *line);
/* Purpose: claim in a tier and accept exactly this referral. */
void care_take(const char *tier, const char *who, const char *id);

#endif
