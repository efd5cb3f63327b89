/* Events as ledgers in the field hold them, one of every type at least, and the rows that they fold to. Old bytes must
 * go on meaning what they meant: whatever decisions look like later, these decode, encode again to the same bytes, and
 * fold to the same rows. */
#include "router/care/fold.h"
#include "router/ledger/segment/segment_engine.h"
#include "tests/support/golden_file.h"
#include "tests/support/referral_lines.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_NAME "tests/golden/ledger_events.txt"
#define AGAIN                                                                                                          \
    "STEPCARE_GOLDEN_WRITE=1 writes " FILE_NAME " anew; ledgers in the field then no longer fold to what they said"
#define DAY VIRTUAL_DAY_MS
#define WHEN "2026-11-02T08:00:00Z"

enum { EVENTS_MAX = 400 };

/* --- reading --- */

struct golden_reading {
    struct golden_file *file;
    struct arena *arena;
    struct buffer again;
    struct episode episodes[EVENTS_MAX];
    bool opened[EVENTS_MAX], seen[STEPCARE_EVENT_COUNT];
    uint64_t count;
};

static void event_read(struct golden_reading *reading, uint64_t sequence, const uint8_t *data, size_t bytes)
{
    struct event event = {.sequence = sequence};
    arena_reset(reading->arena);
    cr_assert_eq(event_decode(data, bytes, reading->arena, &event), STEPCARE_OK, "event %lu: " AGAIN,
                 (unsigned long)sequence);
    buffer_clear(&reading->again);
    event_encode(&reading->again, &event);
    cr_assert(reading->again.bytes == bytes && memcmp(reading->again.data, data, bytes) == 0, "event %lu: " AGAIN,
              (unsigned long)sequence);
    reading->seen[event.type] = true;
    if (event.episode_id == 0) return;
    cr_assert_lt(event.episode_id, EVENTS_MAX);
    if (!reading->opened[event.episode_id]) episode_init(&reading->episodes[event.episode_id]);
    reading->opened[event.episode_id] = true;
    fold_event(&reading->episodes[event.episode_id], &event);
    const char *broken = episode_broken(&reading->episodes[event.episode_id]);
    cr_assert_null(broken, "event %lu: %s", (unsigned long)sequence, broken);
}

static void rows_agree(struct golden_reading *reading)
{
    unsigned rows = 0;
    for (uint64_t id = 1; id < EVENTS_MAX; id++) {
        uint8_t row[EPISODE_ROW_BYTES_MAX];
        struct episode back;
        char name[32];
        if (!reading->opened[id]) continue;
        snprintf(name, sizeof name, "row.%04lu", (unsigned long)id);
        const size_t bytes = episode_encode(&reading->episodes[id], row);
        cr_expect(golden_file_agrees(reading->file, name, row, bytes), "%s: " AGAIN, name);
        cr_assert(episode_decode(row, bytes, &back));
        rows++;
    }
    cr_assert_geq(rows, 4);
    cr_assert_eq(golden_file_count(reading->file), reading->count + rows, "something went away");
}

/* --- writing: a script in which everything happens --- */

static struct virtual_router virtual;

static uint64_t acts(const char *actor, uint8_t verb, uint64_t id, const char *fields)
{
    cr_assert_eq(virtual_act(&virtual, actor, verb, id, fields), STEPCARE_OK, "%s", virtual.problem);
    virtual_work(&virtual);
    return id;
}

static void treatment_happens(void)
{
    const uint64_t id = virtual_referral(
        &virtual, "a", WHEN,
        SCREENED ",\"instruments\":{\"start_back_9\":[1,0,1,0,1,1,1,1,2],\"phq_9\":[2,2,2,2,2,0,0,0,1]}");
    acts("sue", WIRE_HOLD_RELEASE, id, "hold=safety_review reason=contacted_safe");
    acts("eve", WIRE_CLAIM, 0, "tier=physio request_key=k");
    acts("eve", WIRE_RENEW, id, "");
    acts("eve", WIRE_ACCEPT, id, "");
    acts("eve", WIRE_CONTACT, id, "contact_outcome=attended channel=face_to_face");
    acts("eve", WIRE_REVIEW, id, "rmdq=14 nrs=7 red_flags=unexplained_weight_loss");
    acts("eve", WIRE_CONFIRM, id, "action=continue reason=clinical_judgement");
    acts("eve", WIRE_REVIEW, id, "rmdq=14 nrs=7 start_back_now=high week=12");
    acts("eve", WIRE_CONFIRM, id, "");
    acts("tom", WIRE_CLAIM, 0, "tier=t_cbt service=pain");
    virtual_act(&virtual, "tom", WIRE_CLAIM, 0, "tier=t_cbt count=2");
    acts("tom", WIRE_DECLINE, id, "to_tier=physio reason=no_capacity");
    acts("eve", WIRE_STEP_UP, id, "to_tier=secondary_care to_service=pain reason=other note=as+agreed");
    virtual_take(&virtual, "ann", "secondary_care");
    acts("ann", WIRE_REVIEW, id, "treatment_outcome=treated");
    acts("ann", WIRE_DISCHARGE, id, "end_code=105 note=well");
}

static void interruptions_happen(void)
{
    const uint64_t id =
        virtual_referral(&virtual, "b", WHEN, SCREENED ",\"instruments\":{\"start_back_9\":[1,1,1,1,0,0,0,0,0]}");
    acts("eve", WIRE_CLAIM, 0, "tier=physio");
    virtual_pass(&virtual, VIRTUAL_HOUR_MS);
    acts("eve", WIRE_CLAIM, 0, "tier=physio");
    acts("eve", WIRE_RELEASE, id, "reason=no_capacity");
    acts("eve", WIRE_CLAIM, 0, "tier=physio");
    acts("eve", WIRE_DECLINE, id, "to_tier=t_cbt reason=not_suitable");
    acts("lead", WIRE_ASSIGN, id, "to_tier=physio reason=clinical_judgement");
    cr_assert_eq(
        virtual_inform(&virtual, "gp", id, "{\"duration_weeks\":20,\"patient\":{\"nhs_number\":\"9434765919\"}}"),
        STEPCARE_OK);
    virtual_work(&virtual);
    virtual_take(&virtual, "eve", "physio");
    acts("eve", WIRE_STEP_UP, id, "to_tier=t_cbt reason=clinical_judgement");
    virtual_pass(&virtual, 5 * DAY);
    acts("lead", WIRE_ASSIGN, id, "to_tier=physio reason=no_capacity");
    virtual_take(&virtual, "eve", "physio");
    for (unsigned i = 0; i < 3; i++) {
        acts("eve", WIRE_CONTACT, id,
             i == 1 ? "contact_outcome=no_answer channel=email" : "contact_outcome=did_not_attend channel=telephone");
        virtual_pass(&virtual, DAY);
    }
    acts("eve", WIRE_CONTACT, id, "contact_outcome=opt_in_letter");
    virtual_pass(&virtual, 6 * DAY);
    acts("gp", WIRE_REOPEN, id, "reason=patient_preference");
}

static void questions_happen(void)
{
    const char *line =
        "{\"message_id\":\"c\",\"source\":\"msk\",\"referrer\":{\"organisation\":\"NZ901\"},\"referred_at\":\"" WHEN
        "\",\"patient\":"
        "{\"nhs_number\":\"9434765919\",\"family_name\":\"Testcase\",\"birth_date\":\"1984-05-17\"},\"problem\":"
        "\"regional_msk_pain\","
        "\"duration_weeks\":9,\"red_flags\":{\"screened\":true,\"present\":[]}}";
    const uint64_t id = virtual_submit(&virtual, line, strlen(line));
    char fields[80];
    struct job job;
    struct stepcare_record result;
    cr_assert(virtual_job(&virtual, id, STEPCARE_KIND_TRIAGE, &job, &result));
    cr_assert_eq(virtual_job_failed(&virtual, &job), STEPCARE_OK);
    acts("lead", WIRE_RETRY, id, "");
    snprintf(fields, sizeof fields, "linked_to=%lu reason=clinical_judgement",
             (unsigned long)virtual_episode(&virtual, id)->duplicate_of);
    acts("lead", WIRE_JUDGE, id, fields);
    acts("gp", WIRE_NOTE, id, "note=rang");
    acts("admin", WIRE_PAUSE, 0, "tier=hi_cbt reason=no_capacity");
    acts("admin", WIRE_RESUME, 0, "tier=hi_cbt");
    acts("gp", WIRE_CANCEL, id, "reason=moved_away");
    const uint64_t emergency = virtual_referral(
        &virtual, "d", WHEN, ",\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}");
    virtual_take(&virtual, "eve", "emergency");
    acts("eve", WIRE_STEP_DOWN, emergency, "to_tier=physio reason=clinical_judgement");
    virtual_take(&virtual, "bob", "physio");
    cr_assert_eq(virtual_act(&virtual, "bob", WIRE_REVIEW, emergency, "rmdq=3"), STEPCARE_OK);
    cr_assert(virtual_job(&virtual, emergency, STEPCARE_KIND_PHYSIO, &job, &result));
    cr_assert_eq(virtual_job_failed(&virtual, &job), STEPCARE_OK);
}

static void golden_event_write(struct golden_reading *reading, const uint8_t *data, size_t bytes)
{
    char name[32];
    snprintf(name, sizeof name, "event.%04lu", (unsigned long)++reading->count);
    cr_assert(golden_file_agrees(reading->file, name, data, bytes));
    event_read(reading, reading->count, data, bytes);
}

static enum stepcare_error event_visit(void *context, const struct ledger_event_view *view)
{
    golden_event_write(context, view->data, view->bytes);
    return STEPCARE_OK;
}

/* What no command leads to today, but ledgers may hold. */
static void others_write(struct golden_reading *reading)
{
    struct buffer buffer = {0};
    struct event adopted = {.at = virtual.now, .type = STEPCARE_EVENT_PATHWAY_ADOPTED, .by = stepcare_text_of("admin")};
    STEPCARE_SET(&adopted.record, pathway, stepcare_text_of("2026.12"));
    struct event held = {
        .at = virtual.now, .episode_id = 1, .type = STEPCARE_EVENT_HOLD_ADDED, .by = stepcare_text_of("lead")};
    STEPCARE_SET(&held.record, holds, STEPCARE_BIT(STEPCARE_HOLD_SECOND_CLINICIAN));
    STEPCARE_SET(&held.record, hold_dues, ((struct stepcare_time_list){4, {0, 0, virtual.now + DAY, 0}}));
    const struct event *events[] = {&adopted, &held};
    for (unsigned i = 0; i < 2; i++) {
        buffer_clear(&buffer);
        event_encode(&buffer, events[i]);
        golden_event_write(reading, buffer.data, buffer.bytes);
    }
    buffer_close(&buffer);
}

static void file_write(struct golden_reading *reading)
{
    struct ledger_report report;
    struct ledger *ledger = NULL;
    char path[CONFIG_PATH_BYTES_MAX + 16];
    virtual_router_open(&virtual, NULL, NULL);
    treatment_happens();
    interruptions_happen();
    questions_happen();
    snprintf(path, sizeof path, "%s/ledger", virtual.router->config->data_directory);
    const struct segment_options options = {.directory = path,
                                            .segment_bytes = virtual.router->config->segment_bytes,
                                            .block_bytes_max = STORE_BLOCK_BYTES_MAX,
                                            .read_only = true};
    cr_assert_eq(segment_ledger_open(&options, NULL, event_visit, reading, &report, &ledger), STEPCARE_OK);
    ledger_close(ledger);
    others_write(reading);
    virtual_router_close(&virtual);
}

static void file_read(struct golden_reading *reading)
{
    for (;; reading->count++) {
        char name[32];
        size_t bytes = 0;
        snprintf(name, sizeof name, "event.%04lu", (unsigned long)reading->count + 1);
        const uint8_t *data = golden_file_find(reading->file, name, &bytes);
        if (data == NULL) return;
        event_read(reading, reading->count + 1, data, bytes);
    }
}

Test(golden_ledger_events, old_events_decode_encode_and_fold_as_they_did)
{
    static struct golden_reading reading;
    reading.file = golden_file_open(FILE_NAME);
    cr_assert_eq(arena_open(1024 * 1024, &reading.arena), STEPCARE_OK);
    if (getenv("STEPCARE_GOLDEN_WRITE") != NULL)
        file_write(&reading);
    else
        file_read(&reading);
    for (unsigned type = 1; type < STEPCARE_EVENT_COUNT; type++)
        cr_expect(reading.seen[type], "no event %s", stepcare_code_name(&stepcare_events, type));
    rows_agree(&reading);
    arena_close(reading.arena);
    buffer_close(&reading.again);
    golden_file_close(reading.file);
}
