/* A new version of the clinical rules on a router that runs: tried over what is stored, adopted, told apart from the
 * old for ever. */
#include "router/care/event.h"
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/cli.h"
#include "tests/support/deadline.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_BYTES_MAX = 512 * 1024, ARENA_BYTES = 1024 * 1024 };

#define OLD "2026.11"
#define NEW "2026.12"
/* Three of five psychosocial answers: medium by the old cut-off of four, high by the new one of three. */
#define BORDERLINE(id)                                                                                                 \
    "{\"message_id\":\"" id "\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"                         \
    "\"referred_at\":\"2026-11-02T09:30:00Z\",\"patient\":{\"family_name\":\"Case\",\"birth_date\":\"1984-06-15\"},"   \
    "\"problem\":\"low_back_pain\",\"duration_weeks\":9,\"red_flags\":{\"screened\":true},"                            \
    "\"instruments\":{\"start_back_9\":[1,1,0,0,1,1,1,0,0]}}\n"

static struct cli_store store;
static pid_t stray;

static void opens(void)
{
    cli_store_open(&store);
    cli_router_start(&store);
    stray = 0;
}

static void closes(void)
{
    if (stray > 0) {
        kill(stray, SIGKILL);
        waitpid(stray, NULL, 0);
    }
    cli_store_close(&store);
}

TestSuite(pathway_adopt, .init = opens, .fini = closes);

static const char *in_store(const char *name)
{
    return temp_path(&store.directory, name);
}

/* A file of the store, with one text replaced by another, as another file (or itself). */
static void file_change(const char *from_name, const char *to_name, const char *old_text, const char *new_text)
{
    static char text[TEXT_BYTES_MAX];
    FILE *file = fopen(in_store(from_name), "r");
    cr_assert_not_null(file);
    const size_t bytes = fread(text, 1, sizeof text - 1, file);
    text[bytes] = '\0';
    fclose(file);
    char *at = strstr(text, old_text);
    cr_assert_not_null(at, "%s is not in %s", old_text, from_name);
    file = fopen(in_store("being-written"), "w");
    fprintf(file, "%.*s%s%s", (int)(at - text), text, new_text, at + strlen(old_text));
    fclose(file);
    cr_assert_eq(rename(in_store("being-written"), in_store(to_name)), 0);
}

static void new_version(const char *to_name)
{
    file_change("pathway.yaml", to_name, "version: \"" OLD "\"", "version: \"" NEW "\"");
    file_change(to_name, to_name, "high_subscale: at least 4", "high_subscale: at least 3");
}

static bool file_says(const char *name, const char *words)
{
    static char text[TEXT_BYTES_MAX];
    FILE *file = fopen(in_store(name), "r");
    if (file == NULL) return false;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return strstr(text, words) != NULL;
}

/* Refers one, waits for its triage, gives its id. */
static void refer(const char *line, char out_id[16])
{
    struct cli_result result = CLI_RUN(&store, line, "refer", "--json", "-");
    json_t *lines = cli_lines(&result);
    cr_assert_eq(result.code, 0, "%s%s", result.out, result.err);
    snprintf(out_id, 16, "%s", cli_text(json_array_get(lines, 0), "referral_id"));
    if (!json_is_string(json_object_get(json_array_get(lines, 0), "tier"))) cli_triage_wait(&store, out_id);
    json_decref(lines);
    cli_result_close(&result);
}

static void decided_by(const char *id, const char *version, const char *urgency)
{
    struct cli_result result = CLI_RUN(&store, NULL, "show", id, "--json");
    json_t *lines = cli_lines(&result), *decision = json_object_get(json_array_get(lines, 0), "decision");
    cr_expect_str_eq(cli_text(decision, "pathway"), version, "%s: %s", id, result.out);
    cr_expect_str_eq(cli_text(decision, "urgency"), urgency, "%s: %s", id, result.out);
    cr_expect_eq(strlen(cli_text(decision, "pathway_hash")), 64);
    json_decref(lines);
    cli_result_close(&result);
}

static void adopt(int code, const char *says)
{
    struct cli_result result = CLI_RUN(&store, NULL, "adopt", "--as", "admin", "--json");
    cr_assert_eq(result.code, code, "%s%s", result.out, result.err);
    cr_assert_not_null(strstr(result.out, says), "%s is not in: %s", says, result.out);
    cli_result_close(&result);
}

Test(pathway_adopt, new_referrals_are_decided_by_it_and_old_decisions_stay)
{
    char before[16], after[16];
    cli_worker_start(&store);
    refer(BORDERLINE("a"), before);
    decided_by(before, OLD, "routine");
    new_version("pathway.yaml");
    decided_by(before, OLD, "routine");
    adopt(0, "\"" NEW "\"");
    refer(BORDERLINE("b"), after); /* the same worker, on the same connection */
    decided_by(after, NEW, "soon");
    decided_by(before, OLD, "routine");
    cr_expect(file_says("worker.log", "event=pathway_read pathway=" NEW));
    adopt(0, "\"" NEW "\""); /* nothing to do is well, too */
}

Test(pathway_adopt, a_broken_file_is_refused_with_its_line_and_the_router_goes_on)
{
    char id[16];
    cli_worker_start(&store);
    file_change("pathway.yaml", "pathway.yaml", "codes: [RF_CES]", "codes: [RF_CE]");
    adopt(1, "pathway.yaml:");
    adopt(1, "goes on by pathway " OLD);
    refer(BORDERLINE("a"), id);
    decided_by(id, OLD, "routine");
}

/* Both logs: the router answers before it writes its own line. */
static bool stray_refused(void *context)
{
    (void)context;
    return file_says("router.log", "event=worker_refused") &&
           file_says("stray.log", "event=pathway_mismatch own_pathway=" OLD) &&
           file_says("stray.log", "The router decides by pathway " NEW) && file_says("stray.log", "stepcare adopt");
}

static bool stray_ready(void *context)
{
    (void)context;
    return file_says("stray.log", "event=ready") && file_says("stray.log", "pathway=" NEW);
}

/* A worker whose configuration names a pathway file of its own. */
static void stray_start(void)
{
    char program[600], config[300];
    file_change("stepcare.yaml", "stray.yaml", "pathway: pathway.yaml", "pathway: stray-pathway.yaml");
    snprintf(program, sizeof program, "%s/stepcare-worker", getenv("STEPCARE_BIN"));
    snprintf(config, sizeof config, "%s", in_store("stray.yaml"));
    const int log = open(in_store("stray.log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    stray = fork();
    if (stray == 0) {
        dup2(log, STDERR_FILENO);
        execl(program, program, "--config", config, (char *)NULL);
        _exit(127);
    }
    close(log);
}

Test(pathway_adopt, a_worker_of_another_version_is_told_what_to_do_and_comes_back_by_itself)
{
    char id[16];
    file_change("pathway.yaml", "stray-pathway.yaml", "version:", "version:");
    new_version("pathway.yaml");
    adopt(0, "\"" NEW "\"");
    stray_start();
    cr_assert(deadline_wait(DEADLINE_MS, stray_refused, NULL));
    struct cli_result result = CLI_RUN(&store, BORDERLINE("a"), "refer", "--json", "--no-wait", "-");
    cr_assert_eq(result.code, 0);
    cli_result_close(&result);
    file_change("pathway.yaml", "stray-pathway.yaml", "version:", "version:");
    cr_assert(deadline_wait(DEADLINE_MS, stray_ready, NULL));
    refer(BORDERLINE("b"), id);
    decided_by(id, NEW, "soon");
}

Test(pathway_adopt, a_change_can_be_tried_over_everything_stored_before)
{
    char id[16], old_path[300], new_path[300];
    cli_worker_start(&store);
    refer(BORDERLINE("a"), id);
    refer(BORDERLINE("b"), id);
    new_version("new.yaml");
    snprintf(old_path, sizeof old_path, "%s", in_store("pathway.yaml"));
    snprintf(new_path, sizeof new_path, "%s", in_store("new.yaml"));
    struct cli_result result = CLI_RUN(&store, NULL, "pathway", "diff", old_path, new_path, "--store", "--json");
    json_t *lines = cli_lines(&result), *move = json_array_get(lines, 0);
    cr_assert_eq(result.code, 0, "%s", result.err);
    cr_assert_eq(json_array_size(lines), 1, "%s", result.out);
    cr_expect_eq(json_integer_value(json_object_get(move, "count")), 2);
    cr_expect_str_eq(cli_text(json_object_get(move, "from"), "urgency"), "routine");
    cr_expect_str_eq(cli_text(json_object_get(move, "to"), "urgency"), "soon");
    struct cli_result shown = CLI_RUN(&store, NULL, "show", cli_text(move, "example"));
    cr_expect_eq(shown.code, 0, "the example is no referral here: %s", result.out);
    cli_result_close(&shown);
    json_decref(lines);
    cli_result_close(&result);
    cli_router_stop(&store, SIGTERM);
    result = CLI_RUN(&store, NULL, "pathway", "diff", old_path, new_path, "--store", "--timeout", "1");
    cr_expect_eq(result.code, 3, "%s", result.err);
    cli_result_close(&result);
}

struct adoption {
    struct arena *arena;
    unsigned count, decisions_before, decisions_after;
    bool mixed; /* a decision on the wrong side of the adoption */
    char by[64];
};

static enum stepcare_error adoption_visit(void *context, const struct ledger_event_view *view)
{
    struct adoption *adoption = context;
    struct event event = {.sequence = view->sequence};
    arena_reset(adoption->arena);
    const enum stepcare_error error = event_decode(view->data, view->bytes, adoption->arena, &event);
    if (error != STEPCARE_OK) return error;
    const bool is_new =
        STEPCARE_HAS(&event.record, pathway) && stepcare_text_equal(event.record.pathway, stepcare_text_of(NEW));
    if (event.type == STEPCARE_EVENT_PATHWAY_ADOPTED) {
        adoption->count++;
        adoption->mixed |= !is_new || event.record.pathway_hash.bytes != 64;
        snprintf(adoption->by, sizeof adoption->by, "%.*s", (int)event.by.bytes, event.by.data);
    } else if (event.type == STEPCARE_EVENT_REFERRAL_TRIAGED) {
        adoption->mixed |= is_new != (adoption->count > 0);
        *(adoption->count > 0 ? &adoption->decisions_after : &adoption->decisions_before) += 1;
    }
    return STEPCARE_OK;
}

Test(pathway_adopt, the_ledger_tells_when_and_by_whom_and_what_was_decided_on_each_side)
{
    char id[16], directory[300];
    struct adoption adoption = {0};
    struct ledger *ledger = NULL;
    struct ledger_report report = {0};
    cli_worker_start(&store);
    refer(BORDERLINE("a"), id);
    new_version("pathway.yaml");
    adopt(0, "\"" NEW "\"");
    refer(BORDERLINE("b"), id);
    cr_assert_eq(cli_router_stop(&store, SIGTERM), 0);
    struct cli_result result = CLI_RUN(&store, NULL, "verify");
    cr_expect_eq(result.code, 0, "%s", result.out);
    cli_result_close(&result);

    snprintf(directory, sizeof directory, "%s", in_store("data/ledger"));
    const struct segment_options options = {.directory = directory,
                                            .segment_bytes = 32 * 1024 * 1024,
                                            .block_bytes_max = 2 * 1024 * 1024,
                                            .read_only = true};
    cr_assert_eq(arena_open(ARENA_BYTES, &adoption.arena), STEPCARE_OK);
    cr_assert_eq(segment_ledger_open(&options, NULL, adoption_visit, &adoption, &report, &ledger), STEPCARE_OK, "%s",
                 report.where);
    ledger_close(ledger);
    arena_close(adoption.arena);
    cr_expect_eq(adoption.count, 1);
    cr_expect_str_eq(adoption.by, "admin");
    cr_expect_eq(adoption.decisions_before, 1);
    cr_expect_eq(adoption.decisions_after, 1);
    cr_expect(!adoption.mixed);
}
