/* Review jobs: what a review of each kind reads from its job, and the pathway's recommendation as a result. Called by
 * answer.c. */
#include "workers/review_job.h"

#include "proto/record_fields.h"

#define T_CBT STEPCARE_BIT(STEPCARE_KIND_T_CBT)
#define PHYSIO STEPCARE_BIT(STEPCARE_KIND_PHYSIO)

static const struct review_kind {
    uint32_t tiers; /* whose reviews are of this kind */
    const char *elsewhere;
} review_kinds[STEPCARE_KIND_COUNT] = {
    [STEPCARE_KIND_T_CBT] = {STEPCARE_BIT(STEPCARE_TIER_T_CBT) | STEPCARE_BIT(STEPCARE_TIER_HI_CBT),
                             "the job's tier is not t_cbt or hi_cbt"},
    [STEPCARE_KIND_PHYSIO] = {STEPCARE_BIT(STEPCARE_TIER_PHYSIO), "the job's tier is not physio"},
    [STEPCARE_KIND_SECONDARY_CARE] = {STEPCARE_BIT(STEPCARE_TIER_SECONDARY_CARE),
                                      "the job's tier is not secondary_care"},
};

/* One number that reviews of some kinds read; numbers of other kinds are passed over. */
struct review_number {
    uint32_t kinds; /* mask of enum stepcare_kind */
    uint8_t field;
    uint16_t at;    /* of an int16_t in struct stepcare_review */
    int64_t most;   /* the least is 0 */
    int16_t absent; /* what it is where the job does not say */
    const char *problem;
};

#define NUMBER(kinds, field, member, most, absent, what)                                                               \
    {                                                                                                                  \
        kinds, STEPCARE_FIELD_##field, offsetof(struct stepcare_review, member), most, absent,                         \
            "the job's " what " is out of range"                                                                       \
    }
#define SCORE(kinds, field, most, what)                                                                                \
    NUMBER(kinds, field##_baseline, field[0], most, STEPCARE_BLANK, what),                                             \
        NUMBER(kinds, field, field[1], most, STEPCARE_BLANK, what)

/* max_contacts: blank is the pathway's own. */
static const struct review_number numbers[] = {
    NUMBER(PHYSIO, week, week, STEPCARE_DURATION_WEEKS_MAX, 0, "week"),
    NUMBER(T_CBT, contact, contact, STEPCARE_CONTACTS_MAX, 0, "contact or max_contacts"),
    NUMBER(T_CBT, max_contacts, max_contacts, STEPCARE_CONTACTS_MAX, STEPCARE_BLANK, "contact or max_contacts"),
    SCORE(PHYSIO, rmdq, STEPCARE_RMDQ_MAX, "RMDQ"),
    SCORE(PHYSIO, nrs, STEPCARE_NRS_MAX, "NRS"),
    SCORE(T_CBT, phq_9, STEPCARE_PHQ_9_MAX, "PHQ-9"),
    SCORE(T_CBT, gad_7, STEPCARE_GAD_7_MAX, "GAD-7"),
};

/* Errors: false where it is out of range. STEPCARE_BLANK in the job counts as absent. */
static bool number_read(const struct stepcare_record *job, uint8_t field, int64_t most, int16_t absent,
                        int16_t *out_value)
{
    int64_t value = STEPCARE_BLANK;
    if (stepcare_record_has(job, field)) value = *record_member_const(job, field, int64_t); /* UINT and INT alike */
    if (value != STEPCARE_BLANK && (value < 0 || value > most)) return false;
    *out_value = value == STEPCARE_BLANK ? absent : (int16_t)value;
    return true;
}

static const char *review_read(const struct stepcare_record *job, struct stepcare_review *out_review)
{
    const unsigned kind = STEPCARE_GET(job, kind, STEPCARE_KIND_NONE), tier = STEPCARE_GET(job, tier, 0);
    if (kind >= STEPCARE_KIND_COUNT || review_kinds[kind].tiers == 0) return "the job is not a review";
    if (tier == 0 || tier >= STEPCARE_TIER_COUNT || (review_kinds[kind].tiers & STEPCARE_BIT(tier)) == 0)
        return review_kinds[kind].elsewhere;
    *out_review = (struct stepcare_review){
        .tier = tier,
        .phq_9 = {STEPCARE_BLANK, STEPCARE_BLANK},
        .gad_7 = {STEPCARE_BLANK, STEPCARE_BLANK},
        .rmdq = {STEPCARE_BLANK, STEPCARE_BLANK},
        .nrs = {STEPCARE_BLANK, STEPCARE_BLANK},
        .red_flags = STEPCARE_GET(job, red_flags, 0),
    };
    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const struct review_number *number = &numbers[i];
        int16_t *member = (int16_t *)((char *)out_review + number->at);
        if ((number->kinds & STEPCARE_BIT(kind)) == 0) continue;
        if (!number_read(job, number->field, number->most, number->absent, member)) return number->problem;
    }
    int16_t item_9 = STEPCARE_BLANK;
    if (kind == STEPCARE_KIND_T_CBT &&
        !number_read(job, STEPCARE_FIELD_phq_9_item_9, STEPCARE_PHQ_9_ITEM_MAX, STEPCARE_BLANK, &item_9))
        return "the job's PHQ-9 item 9 is out of range";
    out_review->phq_9_item_9 = (int8_t)item_9;
    if (kind == STEPCARE_KIND_PHYSIO) out_review->start_back_now = STEPCARE_GET(job, start_back_now, 0);
    if (kind != STEPCARE_KIND_SECONDARY_CARE) return NULL;
    out_review->service = STEPCARE_GET(job, service, STEPCARE_SERVICE_NONE);
    out_review->outcome = STEPCARE_GET(job, treatment_outcome, STEPCARE_TREATMENT_NONE);
    return NULL;
}

const char *review_job_decide(const struct pathway *pathway, const struct stepcare_record *job,
                              struct stepcare_record *out_result)
{
    struct stepcare_review review;
    struct stepcare_recommendation recommendation;
    struct stepcare_code_list codes;
    const char *problem = review_read(job, &review);
    if (problem != NULL) return problem;
    pathway_decide_review(pathway, &review, &recommendation);
    codes.count = recommendation.code_count;
    for (unsigned i = 0; i < codes.count; i++) codes.items[i] = stepcare_text_of(recommendation.codes[i]);
    STEPCARE_SET(out_result, action, (uint8_t)recommendation.action);
    STEPCARE_SET(out_result, to_tier, (uint8_t)recommendation.to.tier);
    STEPCARE_SET(out_result, to_service, (uint8_t)recommendation.to.service);
    STEPCARE_SET(out_result, urgency, (uint8_t)recommendation.to.urgency);
    STEPCARE_SET(out_result, codes, codes);
    STEPCARE_SET(out_result, holds, recommendation.holds);
    STEPCARE_SET(out_result, rule, stepcare_text_of(recommendation.rule));
    return NULL;
}
