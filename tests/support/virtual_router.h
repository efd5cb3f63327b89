/* A router in one process and virtual time: a real store, the real decisions and timers, workers' answers made by
 * calling the engine, and `now` set by the test. No sockets. After every command the auditor checks each event it led
 * to, and that a refusal left no trace. */
#ifndef TESTS_SUPPORT_VIRTUAL_ROUTER_H
#define TESTS_SUPPORT_VIRTUAL_ROUTER_H

#include "router/router.h"
#include "router/timers.h"
#include "tests/support/auditor.h"
#include "tests/support/record_text.h"
#include "tests/support/temp_directory.h"

#define VIRTUAL_MINUTE_MS INT64_C(60000)
#define VIRTUAL_HOUR_MS (60 * VIRTUAL_MINUTE_MS)
#define VIRTUAL_DAY_MS (24 * VIRTUAL_HOUR_MS)
#define VIRTUAL_START_MS INT64_C(1793610000000) /* Monday 2026-11-02 09:00 London */

struct virtual_router {
    struct temp_directory directory;
    struct router *router;
    struct auditor auditor;
    int64_t now; /* the clock; it may be set back */
    struct arena *arena;
    struct decision *decision; /* of the last command */
    char problem[512];         /* why it was refused, where it was */
    struct episode episode;    /* what virtual_episode last gave */
    struct buffer content, job_frame, result_frame;
};

/* Purpose: a fresh store. settings: lines of stepcare.yaml beside the fixed ones (practitioners, lease_minutes); NULL:
 * none. repeat: how to run the test again, told with every fault; NULL: nothing. */
void virtual_router_open(struct virtual_router *virtual, const char *settings, const char *repeat);
void virtual_router_close(struct virtual_router *virtual);
/* Purpose: stop and start; a crash leaves the state as of its last checkpoint. */
void virtual_router_restart(struct virtual_router *virtual, bool crash);
/* Purpose: stop, run `verify` (its report goes to stdout), start. Returns verify's exit code. */
int virtual_router_verify(struct virtual_router *virtual);

/* Purpose: give one command. Returns the decision's error; the decision is in virtual->decision. */
int virtual_command(struct virtual_router *virtual, const struct command *command);
/* Purpose: actor, verb, referral (0: none) and fields as record_text.h reads them ("" for none). */
int virtual_act(struct virtual_router *virtual, const char *actor, uint8_t verb, uint64_t id, const char *fields);
/* Purpose: submit JSON; the episode's id, or 0 where it was rejected. The outcome is in virtual->decision. */
uint64_t virtual_submit(struct virtual_router *virtual, const char *json, size_t bytes);
/* Purpose: submit and triage a referral of low back pain of its own patient; `more` are further members of the object,
 * beginning with a comma. Its id; the test ends where it is rejected. */
uint64_t virtual_referral(struct virtual_router *virtual, const char *message_id, const char *referred_at,
                          const char *more);
/* Purpose: added information: the JSON is merged into the referral as it stands. */
int virtual_inform(struct virtual_router *virtual, const char *actor, uint64_t id, const char *json);
/* Purpose: claim in a tier and accept what that gives; its id. The test ends where there is nothing, or where it is
 * refused. */
uint64_t virtual_take(struct virtual_router *virtual, const char *actor, const char *tier);
/* Purpose: claim, and the id of the (first) referral that it gave; 0: none, or refused. */
uint64_t virtual_claim(struct virtual_router *virtual, const char *actor, const char *fields);
/* Purpose: a reading verb; the reply lives until the next one. */
enum stepcare_error virtual_query(struct virtual_router *virtual, const char *actor, uint8_t verb, const char *fields,
                                  struct stepcare_record *out_reply);

/* Purpose: answer every job that waits, as workers would. Returns how many. */
unsigned virtual_work(struct virtual_router *virtual);
/* Purpose: make the job of an episode and its answer, without giving it; or give a failure in its place.
 * Returns false where it waits for no such job. */
bool virtual_job(struct virtual_router *virtual, uint64_t id, uint8_t kind, struct job *out_job,
                 struct stepcare_record *out_result);
int virtual_result(struct virtual_router *virtual, const struct job *job, const struct stepcare_record *result);
int virtual_job_failed(struct virtual_router *virtual, const struct job *job);

/* Purpose: let the clock run to a time, each timer going off when it is due. */
void virtual_until(struct virtual_router *virtual, int64_t at);
void virtual_pass(struct virtual_router *virtual, int64_t ms);
/* Purpose: give the timers whose time has come, once, as a turn of the loop does. */
void virtual_timers(struct virtual_router *virtual);

const struct episode *virtual_episode(struct virtual_router *virtual, uint64_t id); /* valid until the next call */
/* Purpose: one episode's history as "referral_received referral_triaged ...". Owns: static text, until the next
 * call. */
const char *virtual_story(struct virtual_router *virtual, uint64_t id);

#endif
