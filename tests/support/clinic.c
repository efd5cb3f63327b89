/* The people of the simulated clinic: each draws what to do next from what he or she could see. */
#include "tests/support/clinic.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name, *more;
    unsigned count;
    enum stepcare_tier tier;
} groups[] = {{"physio", "[physio], interpreter: true", 15, STEPCARE_TIER_PHYSIO},
              {"t-cbt", "[t_cbt], interpreter: true, chronic_pain_trained: true", 9, STEPCARE_TIER_T_CBT},
              {"hi-cbt", "[hi_cbt], interpreter: true, chronic_pain_trained: true", 5, STEPCARE_TIER_HI_CBT},
              {"specialist", "[secondary_care], interpreter: true", 9, STEPCARE_TIER_SECONDARY_CARE},
              {"registrar", "[emergency], interpreter: true", 2, STEPCARE_TIER_EMERGENCY}};
enum { GROUPS = sizeof groups / sizeof groups[0], ROWS_LOOKED_AT = 12 };

const char *clinic_settings(void)
{
    static char text[8192];
    int at = snprintf(text, sizeof text, "practitioners:\n");
    for (unsigned group = 0; group < GROUPS; group++)
        for (unsigned i = 0; i < groups[group].count; i++)
            at += snprintf(text + at, sizeof text - (size_t)at, "  - {name: %s-%u, tiers: %s, caseload_max: 90}\n",
                           groups[group].name, i, groups[group].more);
    return text;
}

static enum stepcare_tier practitioner_name(unsigned practitioner, char out_name[CLINIC_NAME_BYTES])
{
    unsigned group = 0;
    while (practitioner >= groups[group].count) practitioner -= groups[group++].count;
    snprintf(out_name, CLINIC_NAME_BYTES, "%s-%u", groups[group].name, practitioner);
    return groups[group].tier;
}

void clinic_open(struct clinic *clinic, struct virtual_router *virtual, uint64_t seed, uint64_t referral_count)
{
    *clinic = (struct clinic){.virtual = virtual, .random = random_of(seed, 0, 77)};
    clinic->referrals = (struct referral_generator_options){.seed = seed,
                                                            .count = referral_count,
                                                            .from_ms = REFERRAL_GENERATOR_FROM_MS,
                                                            .mistakes_percent = 3,
                                                            .duplicates_percent = 4,
                                                            .emergencies_percent = 2};
    clinic->ids = calloc(referral_count, sizeof *clinic->ids);
    if (clinic->ids == NULL) abort();
}

void clinic_close(struct clinic *clinic)
{
    free(clinic->ids);
}

static int act(struct clinic *clinic, const char *actor, uint8_t verb, uint64_t id, const char *fields)
{
    const int error = virtual_act(clinic->virtual, actor, verb, id, fields);
    clinic->refused += error != STEPCARE_OK;
    return error;
}

#define PERCENT(percent) random_percent(&clinic->random, (percent))
#define BELOW(count) random_below(&clinic->random, (count))

/* --- referrers --- */

void clinic_refer(struct clinic *clinic)
{
    static char line[REFERRAL_GENERATOR_LINE_BYTES_MAX];
    if (clinic->submitted == clinic->referrals.count) return;
    const size_t bytes = referral_generator_line(&clinic->referrals, clinic->submitted++, line);
    const uint64_t id = virtual_submit(clinic->virtual, line, bytes);
    const uint8_t outcome = clinic->virtual->decision->outcome;
    if (outcome == STEPCARE_OUTCOME_ACCEPTED) clinic->ids[clinic->id_count++] = id;
    clinic->rejected += outcome == STEPCARE_OUTCOME_REJECTED;
    clinic->duplicates += outcome == STEPCARE_OUTCOME_DUPLICATE;
}

static const char *const news[] = {"{\"duration_weeks\":12}",
                                   "{\"red_flags\":{\"screened\":true,\"present\":[]}}",
                                   "{\"instruments\":{\"phq_9\":[2,2,2,2,1,1,1,0,0]}}",
                                   "{\"instruments\":{\"phq_9\":[1,1,1,1,1,1,1,1,1]}}",
                                   "{\"red_flags\":{\"screened\":true,\"present\":[\"saddle_anaesthesia\"]}}",
                                   "{\"patient\":{\"postcode\":\"ST5 9ZZ\"}}",
                                   "{\"preferences\":[\"declines_psychology\"]}"};

void clinic_referrer_acts(struct clinic *clinic)
{
    if (clinic->id_count == 0) return;
    const uint64_t id = clinic->ids[BELOW(clinic->id_count)];
    const struct episode *episode = virtual_episode(clinic->virtual, id);
    if (episode->state == STEPCARE_STATE_CLOSED && episode->end_code == 102) {
        act(clinic, "gp", WIRE_REOPEN, id, "reason=patient_preference");
        return;
    }
    const unsigned dice = BELOW(100);
    if (dice < 45)
        clinic->refused += virtual_inform(clinic->virtual, "gp", id, RANDOM_PICK(&clinic->random, news)) != STEPCARE_OK;
    else if (dice < 55)
        act(clinic, "gp", WIRE_CANCEL, id, "reason=patient_preference");
    else if (dice < 90)
        act(clinic, "gp", WIRE_NOTE, id, "note=rang+to+ask");
    else
        act(clinic, "gp", WIRE_REOPEN, id, "reason=patient_preference");
}

/* --- practitioners --- */

static void lease_answered(struct clinic *clinic, const char *name, const struct episode *episode)
{
    static const char *const elsewhere[] = {"to_tier=t_cbt", "to_tier=physio", "to_tier=hi_cbt",
                                            "to_tier=secondary_care to_service=pain"};
    char fields[120];
    const unsigned dice = BELOW(100);
    snprintf(fields, sizeof fields, "token=%lu", (unsigned long)episode->token);
    if (dice < 80) {
        act(clinic, name, WIRE_ACCEPT, episode->id, PERCENT(50) ? fields : "");
    } else if (dice < 85) {
        act(clinic, name, WIRE_RENEW, episode->id, fields);
    } else if (dice < 90) {
        act(clinic, name, WIRE_RELEASE, episode->id, "reason=no_capacity");
    } else if (dice < 96) {
        snprintf(fields, sizeof fields, "reason=not_suitable %s", RANDOM_PICK(&clinic->random, elsewhere));
        act(clinic, name, WIRE_DECLINE, episode->id, fields);
    } /* else it is left to expire */
}

static void contact_made(struct clinic *clinic, const char *name, uint64_t id, bool reachable)
{
    static const char *const missed[] = {
        "contact_outcome=no_answer channel=telephone", "contact_outcome=no_answer channel=text_message",
        "contact_outcome=did_not_attend channel=face_to_face", "contact_outcome=cancelled"};
    if (reachable && PERCENT(75))
        act(clinic, name, WIRE_CONTACT, id, "contact_outcome=attended channel=face_to_face");
    else
        act(clinic, name, WIRE_CONTACT, id, RANDOM_PICK(&clinic->random, missed));
}

static void review_made(struct clinic *clinic, const char *name, const struct episode *episode)
{
    static const char *const outcomes[] = {"treated", "treated", "plan_physio", "plan_t_cbt", "ongoing"};
    char fields[160];
    if (episode->tier == STEPCARE_TIER_PHYSIO)
        snprintf(fields, sizeof fields, "rmdq=%u nrs=%u start_back_now=%s week=%u%s", BELOW(25), BELOW(11),
                 PERCENT(50) ? "low" : "high", 1 + BELOW(14), PERCENT(2) ? " red_flags=saddle_anaesthesia" : "");
    else if (episode->tier == STEPCARE_TIER_SECONDARY_CARE)
        snprintf(fields, sizeof fields, "treatment_outcome=%s", RANDOM_PICK(&clinic->random, outcomes));
    else if (episode->tier == STEPCARE_TIER_T_CBT || episode->tier == STEPCARE_TIER_HI_CBT)
        snprintf(fields, sizeof fields, "phq_9=%u gad_7=%u phq_9_item_9=%u contact=%u", BELOW(28), BELOW(22),
                 PERCENT(5), 1 + BELOW(8));
    else {
        act(clinic, name, WIRE_DISCHARGE, episode->id, "end_code=104");
        return;
    }
    act(clinic, name, WIRE_REVIEW, episode->id, fields);
}

static void recommendation_decided(struct clinic *clinic, const char *name, uint64_t id)
{
    const unsigned dice = BELOW(100);
    if (dice < 70 && act(clinic, name, WIRE_CONFIRM, id, "") == STEPCARE_OK) return;
    if (dice < 80)
        act(clinic, name, WIRE_CONFIRM, id, "action=continue reason=clinical_judgement");
    else if (dice < 90)
        act(clinic, name, WIRE_DISCHARGE, id, "end_code=46");
    else
        act(clinic, name, WIRE_STEP_UP, id, "to_tier=secondary_care to_service=pain reason=clinical_judgement");
}

static void patient_seen(struct clinic *clinic, const char *name, const struct episode *episode)
{
    const uint64_t id = episode->id;
    switch (episode_next(episode).action) {
    case STEPCARE_NEXT_FIRST_CONTACT:
    case STEPCARE_NEXT_CONTACT: contact_made(clinic, name, id, id % 7 != 0); break;
    case STEPCARE_NEXT_OPT_IN:
        act(clinic, name, WIRE_CONTACT, id,
            episode->opt_in_due == 0 ? "contact_outcome=opt_in_letter" : "contact_outcome=no_answer channel=email");
        break;
    case STEPCARE_NEXT_REVIEW:
        if (PERCENT(80))
            review_made(clinic, name, episode);
        else
            contact_made(clinic, name, id, true);
        break;
    case STEPCARE_NEXT_DECIDE_RECOMMENDATION: recommendation_decided(clinic, name, id); break;
    case STEPCARE_NEXT_SAFETY_REVIEW:
    case STEPCARE_NEXT_SCREEN_RED_FLAGS: recommendation_decided(clinic, name, id); break;
    case STEPCARE_NEXT_CLOSE: act(clinic, name, WIRE_DISCHARGE, id, "end_code=102"); break;
    case STEPCARE_NEXT_ACCEPT_HANDOVER:
        act(clinic, name, PERCENT(50) ? WIRE_DISCHARGE : WIRE_STEP_DOWN, id,
            "end_code=46 to_tier=physio reason=no_capacity");
        break;
    default: contact_made(clinic, name, id, true);
    }
}

/* The ids of a listing's first rows; a listing says what the person would see. */
static unsigned rows_of(struct clinic *clinic, const char *actor, uint8_t verb, const char *fields,
                        uint64_t out_ids[ROWS_LOOKED_AT])
{
    struct stepcare_record reply;
    char limited[80];
    snprintf(limited, sizeof limited, "%s limit=%d", fields, ROWS_LOOKED_AT);
    if (virtual_query(clinic->virtual, actor, verb, limited, &reply) != STEPCARE_OK) abort();
    for (uint32_t i = 0; i < reply.rows.count; i++) out_ids[i] = reply.rows.items[i].referral_id;
    return reply.rows.count;
}

void clinic_practitioner_acts(struct clinic *clinic, unsigned practitioner)
{
    char name[CLINIC_NAME_BYTES], fields[80];
    uint64_t ids[ROWS_LOOKED_AT];
    const enum stepcare_tier tier = practitioner_name(practitioner, name);
    const unsigned held = rows_of(clinic, name, WIRE_CASELOAD, "", ids);
    if (held == 0 || PERCENT(25)) {
        /* The request's key is new each time, as the client library makes it. */
        snprintf(fields, sizeof fields, "tier=%s count=%u request_key=%lu", stepcare_code_name(&stepcare_tiers, tier),
                 1 + BELOW(4), (unsigned long)random_next(&clinic->random));
        act(clinic, name, WIRE_CLAIM, 0, fields);
        return;
    }
    const struct episode episode = *virtual_episode(clinic->virtual, ids[BELOW(held)]);
    const struct stepcare_text me = stepcare_text_of(name);
    if (PERCENT(1))
        act(clinic, "stranger", WIRE_DISCHARGE, episode.id, "end_code=46");
    else if (episode.token != 0 && stepcare_text_equal(episode_text(&episode.holder), me))
        lease_answered(clinic, name, &episode);
    else
        patient_seen(clinic, name, &episode);
}

/* --- leads --- */

static void hold_seen(struct clinic *clinic, uint64_t id)
{
    char fields[100];
    const struct episode *episode = virtual_episode(clinic->virtual, id);
    const enum stepcare_hold hold = episode_first_hold(episode);
    if (episode->handover == STEPCARE_HANDOVER_OVERDUE) {
        act(clinic, "triage lead", WIRE_ASSIGN, id,
            PERCENT(50) ? "to_tier=t_cbt reason=no_capacity" : "to_tier=physio reason=no_capacity");
        return;
    }
    snprintf(fields, sizeof fields, "hold=%s reason=%s", stepcare_code_name(&stepcare_holds, hold),
             hold == STEPCARE_HOLD_SAFETY_REVIEW ? "contacted_safe" : "information_received");
    act(clinic, hold == STEPCARE_HOLD_SAFETY_REVIEW ? "safety lead" : "triage lead", WIRE_HOLD_RELEASE, id, fields);
}

void clinic_lead_acts(struct clinic *clinic)
{
    static const char *const places[] = {"to_tier=physio", "to_tier=t_cbt",
                                         "to_tier=secondary_care to_service=paediatrics", "to_tier=gp_advice"};
    uint64_t ids[ROWS_LOOKED_AT];
    char fields[120];
    unsigned count = rows_of(clinic, "triage lead", WIRE_HOLDS, "", ids);
    if (count > 0) hold_seen(clinic, ids[BELOW(count)]);
    count = rows_of(clinic, "triage lead", WIRE_WORKLIST, "tier=manual_review", ids);
    if (count > 0) {
        const uint64_t id = ids[BELOW(count)];
        snprintf(fields, sizeof fields, "%s reason=clinical_judgement", RANDOM_PICK(&clinic->random, places));
        if (PERCENT(20))
            act(clinic, "triage lead", WIRE_RETRY, id, "");
        else
            act(clinic, "triage lead", WIRE_ASSIGN, id, fields);
    }
    count = rows_of(clinic, "triage lead", WIRE_DUPLICATES, "", ids);
    if (count > 0) {
        const struct episode *episode = virtual_episode(clinic->virtual, ids[BELOW(count)]);
        snprintf(fields, sizeof fields, "linked_to=%lu reason=clinical_judgement",
                 (unsigned long)episode->duplicate_of);
        act(clinic, "triage lead", WIRE_JUDGE, episode->id, fields);
    }
    if (PERCENT(3)) act(clinic, "administrator", PERCENT(20) ? WIRE_PAUSE : WIRE_RESUME, 0, "tier=hi_cbt");
}

/* --- workers --- */

void clinic_worker_acts(struct clinic *clinic)
{
    struct job job;
    struct stepcare_record result;
    for (unsigned tries = 0; tries < 40 && clinic->id_count > 0; tries++) {
        const uint64_t id =
            clinic->ids[clinic->id_count - 1 - BELOW(PERCENT(50) && clinic->id_count > 5 ? 5 : clinic->id_count)];
        const struct episode *episode = virtual_episode(clinic->virtual, id);
        const uint8_t kind = episode->state == STEPCARE_STATE_RECEIVED ? STEPCARE_KIND_TRIAGE : episode->review_pending;
        if (kind != STEPCARE_KIND_NONE && PERCENT(10) && virtual_job(clinic->virtual, id, kind, &job, &result))
            virtual_job_failed(clinic->virtual, &job);
    }
    virtual_work(clinic->virtual);
}
