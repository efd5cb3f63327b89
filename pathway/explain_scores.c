/* Scores with their bands, as an explanation shows them: called by explain.c. */
#include "pathway/explain_internal.h"

static void class_write(const char *name, struct instrument_class scored, const char *class, bool subscale,
                        struct buffer *output)
{
    if (scored.answers == ANSWERS_NONE) return;
    words_append(output, "    %s: total %d", name, scored.total_least);
    if (scored.total_most != scored.total_least) words_append(output, " to %d", scored.total_most);
    if (subscale) {
        words_append(output, ", subscale %d", scored.subscale_least);
        if (scored.subscale_most != scored.subscale_least) words_append(output, " to %d", scored.subscale_most);
    }
    words_append(output, ", %s%s\n", class,
                 scored.answers == ANSWERS_PARTIAL         ? ", whatever the blank answers are"
                 : scored.answers == ANSWERS_INDETERMINATE ? " at most: it depends on the blank answers"
                                                           : "");
}

static void total_write(const char *name, const struct instrument_scale *scale, struct instrument_total total,
                        struct buffer *output)
{
    const char *band = instrument_band(scale, total.value);
    if (total.scored == SCORED_NONE) return;
    if (total.scored == SCORED_NOT)
        words_append(output, "    %s: not scored, %u answers are blank; those given reach %d", name, total.blanks,
                     total.value);
    else
        words_append(output, "    %s: %d%s", name, total.value,
                     total.scored == SCORED_IMPUTED ? ", imputed over blanks" : "");
    if (band != NULL)
        words_append(output, ", %s\n", band);
    else
        words_append(output, ", below %s\n", scale->cut_off_count > 0 ? scale->cut_offs[0].name : "every cut-off");
}

static void criteria_write(const struct pathway *pathway, const struct stepcare_instruments *instruments,
                           const struct table_facts *facts, struct buffer *output)
{
    if (instruments->has_fibromyalgia_2016)
        words_append(output, "    Fibromyalgia 2016: %s\n",
                     instrument_fibromyalgia_met(&pathway->instruments, instruments) ? "criteria met"
                                                                                     : "criteria not met");
    if (instruments->has_cwp_1990)
        words_append(output, "    CWP 1990: %s\n", instruments->cwp_1990 ? "met" : "not met");
    if (instruments->has_axial_spa)
        words_append(output, "    Axial SpA: %d features, HLA-B27 %s\n", facts->numbers[NUMBER_AXSPA_FEATURES],
                     table_choices[CHOICE_HLA_B27].values[facts->choices[CHOICE_HLA_B27]]);
}

void explain_scores(const struct pathway *pathway, const struct stepcare_referral *referral,
                    const struct table_facts *facts, struct buffer *output)
{
    const struct instrument_rules *rules = &pathway->instruments;
    const struct stepcare_instruments *instruments = &referral->instruments;
    struct instrument_class nine = instrument_start_back_9(rules, instruments);
    struct instrument_class six = instrument_start_back_6(rules, instruments);
    enum stepcare_risk msk = instrument_start_msk(rules, instruments);
    int16_t hads = instrument_hads(instruments);
    words_append(output, "  Scores, of a patient aged %d, in pain for %d weeks; psychological level %s of 2:\n",
                 facts->numbers[NUMBER_AGE], facts->numbers[NUMBER_DURATION_WEEKS],
                 table_choices[CHOICE_LEVEL].values[facts->choices[CHOICE_LEVEL]]);
    class_write("STarT Back 9", nine, table_choices[CHOICE_START_BACK_9].values[nine.class], true, output);
    class_write("STarT Back 6", six, table_choices[CHOICE_START_BACK_6].values[six.class], false, output);
    if (msk != STEPCARE_RISK_NONE)
        words_append(output, "    STarT MSK: %d, %s\n", instruments->start_msk,
                     stepcare_code_name(&stepcare_risks, msk));
    total_write("PHQ-9", &rules->phq_9, instrument_phq_9(rules, instruments), output);
    total_write("GAD-7", &rules->gad_7, instrument_gad_7(rules, instruments), output);
    if (hads != STEPCARE_BLANK)
        total_write("HADS, highest subscale", &rules->hads, (struct instrument_total){hads, SCORED_COMPLETE, 0},
                    output);
    criteria_write(pathway, instruments, facts, output);
}

static void pair_write(const char *name, const int16_t pair[2], uint8_t change, struct buffer *output)
{
    if (pair[0] == STEPCARE_BLANK || pair[1] == STEPCARE_BLANK) return;
    words_append(output, "    %s: %d, now %d: %s\n", name, pair[0], pair[1],
                 strcmp(table_choices[CHOICE_PHQ_9_CHANGE].values[change], "same") == 0
                     ? "no reliable change"
                     : table_choices[CHOICE_PHQ_9_CHANGE].values[change]);
}

void explain_review_scores(const struct pathway *pathway, const struct stepcare_review *review,
                           const struct table_facts *facts, struct buffer *output)
{
    struct buffer scores = {0};
    (void)pathway;
    pair_write("PHQ-9", review->phq_9, facts->choices[CHOICE_PHQ_9_CHANGE], &scores);
    pair_write("GAD-7", review->gad_7, facts->choices[CHOICE_GAD_7_CHANGE], &scores);
    pair_write("RMDQ", review->rmdq, facts->choices[CHOICE_RMDQ_CHANGE], &scores);
    pair_write("NRS", review->nrs, facts->choices[CHOICE_NRS_CHANGE], &scores);
    if (review->start_back_now != STEPCARE_RISK_NONE)
        words_append(&scores, "    STarT Back now: %s\n", stepcare_code_name(&stepcare_risks, review->start_back_now));
    if (scores.bytes > 0) {
        words_append(output, "  Scores, baseline and now:\n");
        buffer_append(output, scores.data, scores.bytes);
    }
    buffer_close(&scores);
}
