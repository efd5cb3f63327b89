/* A mistake in the pathway file is refused, and the message names the line and the key. Each case changes one place of
 * the default file; the line is found by looking for the changed text, so the file may grow. */
#include "pathway/pathway.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mistake {
    const char *from, *to; /* the first place of `from` becomes `to` */
    const char *key, *says;
    int line_offset; /* where the complaint stands, from the line of the change */
};

static char *changed_text(const struct mistake *mistake, unsigned *out_line)
{
    size_t bytes;
    const char *text = pathway_default_text(&bytes), *at = strstr(text, mistake->from);
    char *changed = malloc(bytes + strlen(mistake->to) + 1);
    cr_assert_not_null(at, "the default pathway does not hold: %s", mistake->from);
    size_t before = (size_t)(at - text);
    memcpy(changed, text, before);
    sprintf(changed + before, "%s%s", mistake->to, at + strlen(mistake->from));
    *out_line = 1;
    for (size_t i = 0; i < before; i++) *out_line += text[i] == '\n';
    return changed;
}

static void mistakes_check(const struct mistake *mistakes, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char message[8000] = "", where[200];
        struct pathway *untouched = (struct pathway *)&i, *pathway = untouched;
        unsigned line;
        char *text = changed_text(&mistakes[i], &line);
        snprintf(where, sizeof where, "p.yaml:%d: %s", (int)line + mistakes[i].line_offset, mistakes[i].key);
        cr_expect_eq(pathway_open_text("p.yaml", text, strlen(text), message, sizeof message, &pathway),
                     STEPCARE_CONFIG, "accepted: %s", mistakes[i].to);
        cr_expect_eq(pathway, untouched, "output touched");
        cr_expect(strstr(message, where) != NULL && strstr(message, mistakes[i].says) != NULL,
                  "for %s: expected %s ... %s\ngot %s", mistakes[i].to, where, mistakes[i].says, message);
        free(text);
    }
}

Test(pathway_load, names_that_do_not_exist_are_refused_with_their_line)
{
    static const struct mistake mistakes[] = {
        {"codes: [RF_CES]", "codes: [RF_CSE]", "intake[0].codes[0]", "did you mean `RF_CES`", 0},
        {"tier: hi_cbt\n    urgency: routine", "tier: high_cbt\n    urgency: routine", "intake[",
         "there is no tier `high_cbt`", 0},
        {"service: suspected_cancer", "service: oncology", "intake[6].service", "there is no service `oncology`", 0},
        {"urgency: urgent_24h", "urgency: urgent_1d", "intake[6].urgency", "there is no urgency `urgent_1d`", 0},
        {"any_red_flag: [spinal_cord_signs]", "any_red_flag: [spinal_cord_sign]", "intake[1].when[0].any_red_flag",
         "spinal_cord_sign", 0},
        {"any_finding: [synovitis_single_joint]", "any_finding: [synovitis]", "intake[12].when[0].any_finding",
         "synovitis", 0},
        {"holds: [safety_review]", "holds: [safety_revue]", "overlays[0].holds", "safety_revue", 0},
        {"start_back_9: high}", "start_back_9: highest}", "intake[", "`highest` is not one of: none, low, medium, high",
         0},
        {"widespread_pain: fibromyalgia_2016 or cwp_1990", "widespread_pain: fibromyalgia or cwp_1990", "intake[",
         "is not one of", 0},
    };
    mistakes_check(mistakes, sizeof mistakes / sizeof mistakes[0]);
}

Test(pathway_load, unknown_keys_and_wrong_types_are_refused_with_their_line)
{
    static const struct mistake mistakes[] = {
        {"title: Major trauma", "titel: Major trauma", "intake[3].titel", "there is no such key", 0},
        {"attempts: 3", "attempts: three", "contacts.attempts", "must be a whole number", 0},
        {"channels: 2", "chanels: 2", "contacts.chanels", "there is no such key", 0},
        {"phq_9: at least severe", "phq9: at least severe", "psychological_level[0].when[0].phq9",
         "there is no such key", 0},
        {"title: Stepped care", "title: [Stepped care", "", "is not YAML", 1},
    };
    mistakes_check(mistakes, sizeof mistakes / sizeof mistakes[0]);
}

Test(pathway_load, numbers_outside_their_instrument_are_refused)
{
    static const struct mistake mistakes[] = {
        {"{name: highest, from: 20}", "{name: highest, from: 28}", "instruments.phq_9.cut_offs[3].from",
         "outside what is possible here, 1 to 27", 0},
        {"{name: severe, from: 15}, {name: highest", "{name: severe, from: 9}, {name: highest",
         "instruments.phq_9.cut_offs[2].from", "must be above the cut-off before it, 10", 0},
        {"low_total: at most 3", "low_total: at most 10", "instruments.start_back_9.low_total",
         "outside what is possible here, 0 to 9", 0},
        {"high_subscale: at least 4", "high_subscale: at least 6", "instruments.start_back_9.high_subscale", "0 to 5",
         0},
        {"high: 9 to 12", "high: 9 to 13", "instruments.start_msk.high", "0 to 12", 0},
        {"phq_9: at least severe", "phq_9: at least grave", "psychological_level[0].when[0].phq_9",
         "neither a number nor a cut-off", 0},
        {"axial_spa_features: at least 4", "axial_spa_features: 4 at least", "intake[", "cannot be read", 0},
        {"number: at least 2", "number: at least 6", "intake[9].when[0].count_red_flags.number", "0 to 5", 0},
        {"worse_points: 6", "worse_points: 60", "review.change[0]", "points must be 1 to 27", 0},
    };
    mistakes_check(mistakes, sizeof mistakes / sizeof mistakes[0]);
}

Test(pathway_load, rules_that_can_never_lead_are_refused)
{
    static const struct mistake mistakes[] = {
        {"- any_red_flag: [cancer_history, unexplained_weight_loss]",
         "- all_red_flags: [cancer_history, neurological_symptoms]", "intake[7]", "can never lead", -3},
        {"- any_red_flag: [major_trauma]", "- any_red_flag: [saddle_anaesthesia]", "intake[3]", "can never lead", -3},
        {"age: 16 to 17", "age: 10 to 15", "intake[", "can never lead", -3},
        {"- {problem: low_back_pain, start_back_9: low}", "- {problem: regional_msk_pain, start_back_9: low}",
         "intake[", "can never lead", -3},
    };
    mistakes_check(mistakes, sizeof mistakes / sizeof mistakes[0]);
}

Test(pathway_load, inputs_that_no_rule_covers_are_refused_with_an_example)
{
    static const struct mistake gap = {"- duration_weeks: under 6", "- duration_weeks: under 5", "intake",
                                       "duration_weeks 5", 0};
    char message[8000] = "";
    struct pathway *pathway = NULL;
    unsigned line;
    char *text = changed_text(&gap, &line);
    cr_assert_eq(pathway_open_text("p.yaml", text, strlen(text), message, sizeof message, &pathway), STEPCARE_CONFIG);
    cr_assert(strstr(message, "intake: no rule fits every input") != NULL &&
                  strstr(message, "duration_weeks 5") != NULL,
              "%s", message);
    free(text);
}

Test(pathway_load, a_narrower_rule_falls_through_to_those_below)
{
    static const struct mistake narrower = {
        "- {problem: low_back_pain, start_back_9: none, start_back_6: low}",
        "- {problem: low_back_pain, start_back_9: none, start_back_6: low, age: under 50}", "", "", 0};
    char message[8000] = "";
    struct pathway *pathway = NULL;
    unsigned line;
    char *text = changed_text(&narrower, &line);
    cr_assert_eq(pathway_open_text("p.yaml", text, strlen(text), message, sizeof message, &pathway), STEPCARE_OK, "%s",
                 message);
    pathway_close(pathway);
    free(text);
}

Test(pathway_load, what_cannot_mean_anything_is_refused)
{
    static const struct mistake mistakes[] = {
        {"tier: emergency\n    urgency: emergency", "tier: emergency\n    urgency: soon", "intake[0]",
         "must both be emergency", -4},
        {"service: suspected_cancer\n", "\n", "intake[6]", "lacks `service`", -5},
        {"urgencies: [emergency, urgent_24h", "urgencies: [urgent_24h", "override.blocked.urgencies",
         "nobody overrides an emergency", 0},
        {"    when: [{phq_9_item_9: at least 1}]", "    when: [{last_contact: yes}]",
         "overlays[0].when[0].last_contact", "is not known", 0},
        {"holds:\n  - {hold: safety_review", "holds:\n  - {hold: second_clinician", "holds",
         "has no line for safety_review", 0},
        {"targets:\n  - {tier: gp_advice, days: 14}", "targets:\n  - {tier: gp_advice, days: 9999}", "targets[0]",
         "is over 3650 days", 1},
    };
    mistakes_check(mistakes, sizeof mistakes / sizeof mistakes[0]);
}

Test(pathway_load, every_mistake_is_told_at_once)
{
    static const char *const froms[] = {"title: Major trauma", "worse_points: 5"}, *const tos[] = {
                                                                                       "tttle: Major trauma",
                                                                                       "worse_points: x"};
    size_t bytes;
    char *text = strdup(pathway_default_text(&bytes)), message[8000] = "";
    struct pathway *pathway = NULL;
    for (unsigned i = 0; i < 2; i++) memcpy(strstr(text, froms[i]), tos[i], strlen(tos[i]));
    cr_assert_eq(pathway_open_text("p.yaml", text, strlen(text), message, sizeof message, &pathway), STEPCARE_CONFIG);
    cr_assert(strstr(message, "tttle") != NULL && strstr(message, "worse_points") != NULL, "%s", message);
    free(text);
}

Test(pathway_load, hash_and_version_are_those_of_the_text)
{
    size_t bytes;
    const char *text = pathway_default_text(&bytes);
    struct pathway *a = NULL, *b = NULL;
    char message[2000] = "", *changed = malloc(bytes + 2);
    memcpy(changed, text, bytes);
    strcpy(changed + bytes, "\n");
    cr_assert_eq(pathway_open_default(message, sizeof message, &a), STEPCARE_OK);
    cr_assert_eq(pathway_open_text("p", changed, bytes + 1, message, sizeof message, &b), STEPCARE_OK);
    cr_assert_str_eq(pathway_version(a), "2026.11");
    cr_assert_eq(strlen(pathway_hash_hex(a)), 64);
    cr_assert_str_neq(pathway_hash_hex(a), pathway_hash_hex(b));
    pathway_close(a);
    pathway_close(b);
    free(changed);
}

Test(pathway_load, a_file_that_is_not_there_is_a_system_error)
{
    char message[2000] = "";
    struct pathway *pathway = NULL;
    cr_assert_eq(pathway_open("/nonexistent/pathway.yaml", message, sizeof message, &pathway), STEPCARE_SYSTEM);
    cr_assert(strstr(message, "/nonexistent/pathway.yaml: cannot be read") != NULL, "%s", message);
}

Test(pathway_load, look_ups_answer_from_the_file)
{
    struct pathway *pathway = NULL;
    char message[2000] = "";
    cr_assert_eq(pathway_open_default(message, sizeof message, &pathway), STEPCARE_OK);
    cr_assert_str_eq(pathway_end_code_text(pathway, 101), "GP advice given");
    cr_assert_null(pathway_end_code_text(pathway, 15));
    cr_assert(pathway_reason_known(pathway, stepcare_text_of("no_capacity")));
    cr_assert_not(pathway_reason_known(pathway, stepcare_text_of("nope")));
    cr_assert(pathway_reason_needs_note(pathway, stepcare_text_of("other")));
    cr_assert_not(pathway_reason_needs_note(pathway, stepcare_text_of("no_capacity")));
    cr_assert_str_eq(pathway_reason_at(pathway, 0), "patient_preference");
    cr_assert_null(pathway_reason_at(pathway, 9));
    cr_assert_not_null(strstr(pathway_advice_text(pathway, STEPCARE_TIER_EMERGENCY), "ACT NOW"));
    cr_assert_null(pathway_advice_text(pathway, STEPCARE_TIER_PHYSIO));
    cr_assert_str_eq(pathway_code_meaning(pathway, "PREG"), "Pregnant");
    cr_assert_null(pathway_code_meaning(pathway, "NOPE"));
    cr_assert_eq(pathway_limits(pathway)->max_contacts[STEPCARE_TIER_HI_CBT], 16);
    cr_assert_eq(pathway_limits(pathway)->hold_working_days[STEPCARE_HOLD_INFORMATION_NEEDED], 5);
    pathway_close(pathway);
}
