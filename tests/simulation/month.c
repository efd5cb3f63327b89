/* A month in the life of two thousand patients and forty practitioners, in virtual time, on one real store that is
 * closed, opened and killed on the way. Whatever happens: every promise about every episode after every event, and at
 * the end the whole story in every mailbox. */
#include "tests/support/clinic.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    REFERRALS = 2150,
    DAYS = 35,
    REFERRING_DAYS = 14,
    STEP_MINUTES = 5,
    STEPS_A_DAY = 9 * 60 / STEP_MINUTES,
    PAGE = 200
};

struct told { /* of one referral, by its organisation's mailbox */
    uint32_t count;
    uint8_t first, last;
};

static void working_day(struct clinic *clinic, unsigned day)
{
    struct virtual_router *virtual = clinic->virtual;
    const unsigned working_day = day / 7 * 5 + (day % 7 < 5 ? day % 7 : 5);
    const uint64_t by_evening = clinic->referrals.count * (working_day + 1) / (REFERRING_DAYS / 7 * 5);
    virtual_until(virtual, VIRTUAL_START_MS + day * VIRTUAL_DAY_MS);
    if (day % 7 >= 5) return;
    for (unsigned step = 0; step < STEPS_A_DAY; step++) {
        const uint64_t left = clinic->submitted < by_evening ? by_evening - clinic->submitted : 0;
        for (uint64_t i = 0; i < left / (STEPS_A_DAY - step); i++) clinic_refer(clinic);
        if (random_percent(&clinic->random, 70)) clinic_worker_acts(clinic);
        for (unsigned i = 0; i < 9; i++)
            clinic_practitioner_acts(clinic, random_below(&clinic->random, CLINIC_PRACTITIONERS));
        if (random_percent(&clinic->random, 50)) clinic_lead_acts(clinic);
        if (random_percent(&clinic->random, 20)) clinic_referrer_acts(clinic);
        if (random_below(&clinic->random, 400) == 0)
            virtual_router_restart(virtual, random_percent(&clinic->random, 50));
        virtual_pass(virtual, STEP_MINUTES * VIRTUAL_MINUTE_MS);
    }
}

/* --- what the referrers were told --- */

static void row_taken(struct virtual_router *virtual, struct told *told, const struct stepcare_record *row,
                      uint64_t *last_cursor)
{
    cr_assert_gt(row->cursor, *last_cursor, "the mailbox is in order");
    *last_cursor = row->cursor;
    cr_assert_not_null(auditor_episode(&virtual->auditor, row->referral_id));
    struct told *story = &told[row->referral_id];
    if (story->count++ == 0) story->first = row->event;
    story->last = row->event;
}

static unsigned mailbox_read(struct virtual_router *virtual, const char *organisation, struct told *told)
{
    unsigned rows = 0;
    uint64_t cursor = 0, last = 0;
    for (;;) {
        struct stepcare_record reply;
        char fields[100];
        snprintf(fields, sizeof fields, "organisation=%s cursor=%lu limit=%d", organisation, (unsigned long)cursor,
                 PAGE);
        cr_assert_eq(virtual_query(virtual, "gp", WIRE_FEEDBACK, fields, &reply), STEPCARE_OK);
        for (uint32_t i = 0; i < reply.rows.count; i++) row_taken(virtual, told, &reply.rows.items[i], &last);
        rows += reply.rows.count;
        if (reply.rows.count < PAGE) return rows;
        cursor = reply.cursor;
    }
}

static void story_checked(const struct auditor *auditor, uint64_t id, const struct told *told)
{
    const struct episode *episode = auditor->episodes[id];
    cr_assert_eq(told->count, auditor->told[id], "referral %lu: all that a referrer is to hear, and once",
                 (unsigned long)id);
    const bool offer = episode->content_id != id; /* a parallel offer is placed when it is made */
    cr_assert_eq(told->first, offer ? STEPCARE_EVENT_EPISODE_LINKED : STEPCARE_EVENT_REFERRAL_RECEIVED);
    const bool ended = told->last == STEPCARE_EVENT_CLOSED || told->last == STEPCARE_EVENT_CANCELLED ||
                       told->last == STEPCARE_EVENT_HANDED_BACK;
    cr_assert_eq(ended, episode->state == STEPCARE_STATE_CLOSED, "referral %lu: the last word is how it stands",
                 (unsigned long)id);
    cr_assert(offer || told->count > 1, "referral %lu: told of its triage", (unsigned long)id);
}

static void mailboxes_checked(struct virtual_router *virtual)
{
    const struct auditor *auditor = &virtual->auditor;
    struct told *told = calloc(auditor->capacity, sizeof *told);
    char(*seen)[STEPCARE_ORGANISATION_BYTES_MAX + 1] = calloc(REFERRALS, sizeof *seen);
    unsigned organisations = 0;
    cr_assert(told != NULL && seen != NULL);
    for (uint64_t id = 0; id < auditor->capacity; id++) {
        if (auditor->episodes[id] == NULL) continue;
        const struct stepcare_text name = episode_text(&auditor->episodes[id]->organisation);
        unsigned at = 0;
        while (at < organisations && !stepcare_text_equal(stepcare_text_of(seen[at]), name)) at++;
        if (at < organisations) continue;
        memcpy(seen[organisations++], name.data, name.bytes);
        cr_assert_gt(mailbox_read(virtual, seen[at], told), 0);
    }
    for (uint64_t id = 0; id < auditor->capacity; id++)
        if (auditor->episodes[id] != NULL) story_checked(auditor, id, &told[id]);
    cr_assert_gt(organisations, 20);
    free(seen);
    free(told);
}

/* --- how it stands at the end --- */

static void everybody_is_seen_to(const struct virtual_router *virtual)
{
    unsigned open = 0, closed = 0;
    for (uint64_t id = 0; id < virtual->auditor.capacity; id++) {
        const struct episode *episode = virtual->auditor.episodes[id];
        if (episode == NULL) continue;
        const struct episode_next next = episode_next(episode);
        if (episode->state == STEPCARE_STATE_CLOSED)
            closed++;
        else
            open += next.owner.bytes > 0 && next.action != STEPCARE_NEXT_NONE && next.due != 0;
        cr_assert_eq(episode->token, 0, "a lease outlived the night");
        cr_assert_neq(episode->state, STEPCARE_STATE_RECEIVED, "triage is done");
    }
    cr_assert_eq(open + closed, virtual->auditor.count);
    fprintf(stderr, "%u closed, %u open with an owner\n", closed, open);
    cr_assert_gt(closed, 1000, "patients get through");
}

/* A month in which something never happened has tested nothing about it. */
static void everything_happened(const struct auditor *auditor)
{
    for (unsigned type = 1; type < STEPCARE_EVENT_COUNT; type++) {
        const bool never = type == STEPCARE_EVENT_HOLD_ADDED || type == STEPCARE_EVENT_PATHWAY_ADOPTED;
        cr_expect(never || auditor->events_by_type[type] > 0, "%s never happened",
                  stepcare_code_name(&stepcare_events, type));
    }
}

static void month(uint64_t seed)
{
    static struct virtual_router virtual;
    struct clinic clinic;
    char repeat[100];
    snprintf(repeat, sizeof repeat, "STEPCARE_SEED=%lu ctest --preset test -R simulation/month", (unsigned long)seed);
    fprintf(stderr, "repeat this month with %s\n", repeat);
    virtual_router_open(&virtual, clinic_settings(), repeat);
    clinic_open(&clinic, &virtual, seed, REFERRALS);
    for (unsigned day = 0; day < DAYS; day++) working_day(&clinic, day);
    virtual_work(&virtual);
    virtual_pass(&virtual, VIRTUAL_DAY_MS);
    cr_assert_eq(clinic.submitted, REFERRALS);
    fprintf(stderr, "%u referrals, %u rejected, %u duplicates; %lu events, %u commands refused\n", clinic.id_count,
            clinic.rejected, clinic.duplicates, (unsigned long)virtual.auditor.sequence, clinic.refused);
    cr_assert_gt(clinic.id_count, 1950);
    everybody_is_seen_to(&virtual);
    everything_happened(&virtual.auditor);
    mailboxes_checked(&virtual);
    cr_assert_eq(virtual_router_verify(&virtual), 0);
    clinic_close(&clinic);
    virtual_router_close(&virtual);
}

Test(month, two_thousand_patients_each_have_one_owner_throughout_and_their_referrers_hear_all_of_it)
{
    const char *chosen = getenv("STEPCARE_SEED");
    month(chosen == NULL ? 2026 : strtoull(chosen, NULL, 10));
}
