/* Jobs answered, as the router sends them: what is decided, and what is said of a job that cannot be. */
#include "workers/answer.h"

#include "proto/referral_codec.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALL_KINDS = 15 };

static struct pathway *pathway;

static void begin(void)
{
    char path[512], message[4096] = "";
    const char *tree = getenv("STEPCARE_SOURCE");
    cr_assert_not_null(tree, "run by ctest, or set STEPCARE_SOURCE");
    snprintf(path, sizeof path, "%s/config/pathway.yaml", tree);
    cr_assert_eq(pathway_open(path, message, sizeof message, &pathway), STEPCARE_OK, "%s", message);
}

static void end(void)
{
    pathway_close(pathway);
}

TestSuite(worker_answer, .init = begin, .fini = end);

/* A job with what every kind has: the answer must echo it. */
static struct stepcare_record job_of(enum stepcare_kind kind, enum stepcare_tier tier)
{
    struct stepcare_record job;
    stepcare_record_init(&job);
    STEPCARE_SET(&job, job, 5);
    STEPCARE_SET(&job, kind, kind);
    STEPCARE_SET(&job, referral_id, 1001);
    STEPCARE_SET(&job, sequence, 2002);
    STEPCARE_SET(&job, attempt, 1);
    if (tier != STEPCARE_TIER_NONE) STEPCARE_SET(&job, tier, tier);
    return job;
}

static char problem_text[WORKER_PROBLEM_BYTES_MAX];

/* Every answer is one that the table of messages lets pass. */
static struct stepcare_record answer(const struct stepcare_record *job)
{
    struct stepcare_record result;
    struct stepcare_field_errors errors = {0};
    worker_answer(pathway, ALL_KINDS, 5, job, problem_text, &result);
    cr_expect_eq(verb_fields_check(WIRE_RESULT, &result, &errors), STEPCARE_OK, "%s %s", errors.items[0].field,
                 errors.items[0].problem);
    cr_expect_eq(STEPCARE_GET(&result, job, 0), 5);
    cr_expect_eq(STEPCARE_GET(&result, referral_id, 0), 1001);
    cr_expect_eq(STEPCARE_GET(&result, sequence, 0), 2002);
    return result;
}

static bool has_code(const struct stepcare_record *result, const char *code)
{
    for (unsigned i = 0; STEPCARE_HAS(result, codes) && i < result->codes.count; i++)
        if (stepcare_text_equal(result->codes.items[i], stepcare_text_of(code))) return true;
    return false;
}

static bool text_is(struct stepcare_text text, const char *expected)
{
    return stepcare_text_equal(text, stepcare_text_of(expected));
}

static struct stepcare_referral back_pain(void)
{
    struct stepcare_referral referral;
    memset(&referral, 0, sizeof referral);
    referral.message_id = stepcare_text_of("m-1");
    referral.source = STEPCARE_SOURCE_GP;
    referral.organisation = stepcare_text_of("Y05868");
    referral.referred_at_ms = INT64_C(1793611800000); /* November 2026 */
    referral.birth_date = (struct stepcare_date){1984, 6, 15};
    referral.problem = STEPCARE_PROBLEM_LOW_BACK_PAIN;
    referral.duration_weeks = 9;
    referral.red_flags_screened = true;
    return referral;
}

/* Through the ledger form, as the router sends it. */
static struct stepcare_record triaged(const struct stepcare_referral *referral)
{
    struct buffer bytes = {0};
    struct stepcare_record job = job_of(STEPCARE_KIND_TRIAGE, STEPCARE_TIER_NONE), result;
    referral_ledger_encode(&bytes, referral, true);
    STEPCARE_SET(&job, referral, ((struct stepcare_text){(const char *)bytes.data, (uint32_t)bytes.bytes}));
    result = answer(&job);
    buffer_close(&bytes);
    return result;
}

Test(worker_answer, triage_of_a_high_start_back_is_physio_soon)
{
    static const int8_t answers[9] = {1, 0, 0, 0, 1, 1, 1, 0, 4};
    struct stepcare_referral referral = back_pain();
    struct stepcare_record result;
    referral.instruments.has_start_back_9 = true;
    memcpy(referral.instruments.start_back_9, answers, sizeof answers);
    result = triaged(&referral);
    cr_expect_not(STEPCARE_HAS(&result, problem));
    cr_expect_eq(result.tier, STEPCARE_TIER_PHYSIO);
    cr_expect_eq(result.urgency, STEPCARE_URGENCY_SOON);
    cr_expect_eq(result.target_days, 28);
    cr_expect(text_is(result.rule, "21"));
    cr_expect(has_code(&result, "SB9_HIGH"));
    cr_expect(has_code(&result, "PIP"));
    cr_expect_eq(result.holds, 0);
    cr_expect_eq(result.recommended_tier, STEPCARE_TIER_PHYSIO);
    cr_expect(text_is(result.pathway, pathway_version(pathway)));
    cr_expect(text_is(result.pathway_hash, pathway_hash_hex(pathway)));
}

Test(worker_answer, triage_of_cauda_equina_signs_is_an_emergency)
{
    struct stepcare_referral referral = back_pain();
    struct stepcare_record result;
    referral.red_flags = STEPCARE_BIT(STEPCARE_FLAG_BLADDER_DYSFUNCTION);
    result = triaged(&referral);
    cr_expect_eq(result.tier, STEPCARE_TIER_EMERGENCY);
    cr_expect_eq(result.urgency, STEPCARE_URGENCY_EMERGENCY);
    cr_expect(has_code(&result, "RF_CES"));
}

Test(worker_answer, psychological_recovery_discharges_from_t_cbt_and_steps_down_from_hi_cbt)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_T_CBT, STEPCARE_TIER_T_CBT), result;
    STEPCARE_SET(&job, contact, 6);
    STEPCARE_SET(&job, max_contacts, 8);
    STEPCARE_SET(&job, phq_9_baseline, 16);
    STEPCARE_SET(&job, phq_9, 9);
    STEPCARE_SET(&job, gad_7_baseline, 12);
    STEPCARE_SET(&job, gad_7, 7);
    STEPCARE_SET(&job, phq_9_item_9, 0);
    result = answer(&job);
    cr_expect_eq(result.action, STEPCARE_ACTION_DISCHARGE);
    cr_expect(has_code(&result, "REL_RECOVERY"));
    cr_expect(text_is(result.rule, "psychological.5"));
    job.tier = STEPCARE_TIER_HI_CBT;
    result = answer(&job);
    cr_expect_eq(result.action, STEPCARE_ACTION_STEP_DOWN);
    cr_expect_eq(result.to_tier, STEPCARE_TIER_T_CBT);
}

Test(worker_answer, self_harm_item_holds_for_a_safety_review)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_T_CBT, STEPCARE_TIER_T_CBT), result;
    STEPCARE_SET(&job, contact, 2);
    STEPCARE_SET(&job, max_contacts, 8);
    STEPCARE_SET(&job, phq_9_baseline, 16);
    STEPCARE_SET(&job, phq_9, 16);
    STEPCARE_SET(&job, phq_9_item_9, 1);
    result = answer(&job);
    cr_expect_eq(result.holds, STEPCARE_BIT(STEPCARE_HOLD_SAFETY_REVIEW));
    cr_expect_eq(result.action, STEPCARE_ACTION_CONTINUE);
}

Test(worker_answer, physio_without_improvement_at_week_12_steps_up)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_PHYSIO), result;
    STEPCARE_SET(&job, week, 12);
    STEPCARE_SET(&job, rmdq_baseline, 14);
    STEPCARE_SET(&job, rmdq, 12);
    STEPCARE_SET(&job, nrs_baseline, 7);
    STEPCARE_SET(&job, nrs, 6);
    STEPCARE_SET(&job, start_back_now, STEPCARE_RISK_HIGH);
    result = answer(&job);
    cr_expect_eq(result.action, STEPCARE_ACTION_STEP_UP);
    cr_expect_eq(result.to_tier, STEPCARE_TIER_T_CBT);
    cr_expect(has_code(&result, "NOT_IMPROVED_12W"));
    job.week = 11;
    result = answer(&job);
    cr_expect_eq(result.action, STEPCARE_ACTION_CONTINUE);
    cr_expect_eq(result.to_tier, STEPCARE_TIER_NONE);
}

Test(worker_answer, secondary_care_follows_the_specialist)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_SECONDARY_CARE, STEPCARE_TIER_SECONDARY_CARE), result;
    STEPCARE_SET(&job, service, STEPCARE_SERVICE_PAIN);
    STEPCARE_SET(&job, treatment_outcome, STEPCARE_TREATMENT_PLAN_PHYSIO);
    result = answer(&job);
    cr_expect_eq(result.action, STEPCARE_ACTION_STEP_DOWN);
    cr_expect_eq(result.to_tier, STEPCARE_TIER_PHYSIO);
    job.treatment_outcome = STEPCARE_TREATMENT_TREATED;
    result = answer(&job);
    cr_expect_eq(result.action, STEPCARE_ACTION_DISCHARGE);
}

Test(worker_answer, red_flag_in_a_review_goes_before_everything)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_PHYSIO), result;
    STEPCARE_SET(&job, week, 3);
    STEPCARE_SET(&job, red_flags, STEPCARE_BIT(STEPCARE_FLAG_SADDLE_ANAESTHESIA));
    result = answer(&job);
    cr_expect_eq(result.action, STEPCARE_ACTION_STEP_UP);
    cr_expect_eq(result.to_tier, STEPCARE_TIER_EMERGENCY);
    cr_expect_eq(result.urgency, STEPCARE_URGENCY_EMERGENCY);
    cr_expect(has_code(&result, "RF_CES"));
}

static void undecided(struct stepcare_record job, const char *problem)
{
    struct stepcare_record result = answer(&job);
    cr_assert(STEPCARE_HAS(&result, problem), "decided; expected: %s", problem);
    cr_expect_not_null(memmem(result.problem.data, result.problem.bytes, problem, strlen(problem)), "not %s", problem);
    cr_expect_not(STEPCARE_HAS(&result, tier));
    cr_expect_not(STEPCARE_HAS(&result, action));
}

Test(worker_answer, job_that_cannot_be_decided_says_why)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_TRIAGE, STEPCARE_TIER_NONE);
    undecided(job, "field referral: job needs this field");
    STEPCARE_SET(&job, referral, stepcare_text_of("rubbish"));
    undecided(job, "cannot be decoded");
    undecided(job_of(STEPCARE_KIND_NONE, STEPCARE_TIER_PHYSIO), "field kind: job needs this field");
    undecided(job_of(STEPCARE_KIND_T_CBT, STEPCARE_TIER_PHYSIO), "not t_cbt or hi_cbt");
    undecided(job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_NONE), "field tier: job needs this field");
    undecided(job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_T_CBT), "not physio");
    undecided(job_of(STEPCARE_KIND_SECONDARY_CARE, STEPCARE_TIER_T_CBT), "not secondary_care");
    job = job_of(STEPCARE_KIND_T_CBT, STEPCARE_TIER_T_CBT);
    STEPCARE_SET(&job, phq_9, 28);
    undecided(job, "PHQ-9");
    job.phq_9 = INT64_C(65536); /* would be 0 if it were narrowed first */
    undecided(job, "PHQ-9");
    job = job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&job, rmdq, 25);
    undecided(job, "RMDQ");
    job = job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&job, week, 5201);
    undecided(job, "week");
}

Test(worker_answer, job_with_a_field_of_another_kind_is_refused)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&job, referral, stepcare_text_of("x"));
    undecided(job, "field referral: job has no such field");
}

Test(worker_answer, kind_that_was_not_asked_for_is_refused)
{
    struct stepcare_record job = job_of(STEPCARE_KIND_PHYSIO, STEPCARE_TIER_PHYSIO), result;
    worker_answer(pathway, STEPCARE_BIT(STEPCARE_KIND_TRIAGE), 5, &job, problem_text, &result);
    cr_expect(STEPCARE_HAS(&result, problem));
}
