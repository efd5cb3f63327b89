/* The clinical picture: problem, red flags, findings, history, preferences and a clinician's override. */
#include "tests/support/generator/generated.h"

#define NAME_OF(number, NAME, name) [number] = name,
static const char *const FLAGS[] = {STEPCARE_RED_FLAGS(NAME_OF)};
static const char *const PROBLEMS[] = {STEPCARE_PROBLEMS(NAME_OF)};
static const char *const FINDINGS[] = {STEPCARE_FINDINGS(NAME_OF)};
static const char *const HISTORIES[] = {STEPCARE_HISTORIES(NAME_OF)};
static const char *const PREFERENCES[] = {STEPCARE_PREFERENCES(NAME_OF)};
static const char *const SERVICES[] = {STEPCARE_SERVICES(NAME_OF)};
static const char *const OVERRIDE_TIERS[] = {"gp_advice", "physio", "t_cbt", "hi_cbt", "secondary_care"};
static const char *const OVERRIDE_REASONS[] = {"patient_preference", "clinical_judgement", "not_suitable", "other"};

#define FLAG(NAME) STEPCARE_BIT(STEPCARE_FLAG_##NAME)
static const uint32_t EMERGENCIES[] = {
    FLAG(SADDLE_ANAESTHESIA),
    FLAG(BLADDER_DYSFUNCTION) | FLAG(BILATERAL_LEG_NEUROLOGY),
    FLAG(BOWEL_DYSFUNCTION),
    FLAG(SPINAL_CORD_SIGNS),
    FLAG(CANCER_HISTORY) | FLAG(NEUROLOGICAL_SYMPTOMS),
    FLAG(SUSPECTED_SPINAL_INFECTION),
    FLAG(SYSTEMICALLY_UNWELL) | FLAG(IMMUNOSUPPRESSION),
    FLAG(MAJOR_TRAUMA),
    FLAG(PROGRESSIVE_MOTOR_DEFICIT),
    FLAG(SUICIDAL_INTENT),
};
static const uint32_t URGENT[] = {
    /* without the emergencies' combinations */
    FLAG(CANCER_HISTORY) | FLAG(METASTATIC_PAIN_PATTERN),
    FLAG(CANCER_HISTORY),
    FLAG(UNEXPLAINED_WEIGHT_LOSS),
    FLAG(RAISED_INFLAMMATORY_MARKERS),
    FLAG(OSTEOPOROSIS_NEW_SEVERE_PAIN),
    FLAG(MAJOR_MOTOR_WEAKNESS),
    FLAG(NIGHT_PAIN) | FLAG(THORACIC_PAIN),
    FLAG(FIRST_ONSET_OVER_60) | FLAG(LONG_TERM_STEROIDS),
};
static const uint32_t WEAK[] = {
    FLAG(FIRST_ONSET_OVER_60), FLAG(LONG_TERM_STEROIDS),    FLAG(THORACIC_PAIN),
    FLAG(NIGHT_PAIN),          FLAG(NEUROLOGICAL_SYMPTOMS),
};

/* "name","name" for the set bits; names[1] stands for bit 0. */
static void names_write(struct generated_line *line, const char *const *names, unsigned count, uint32_t mask)
{
    const char *comma = "";
    for (unsigned number = 1; number < count; number++) {
        if (!(mask & STEPCARE_BIT(number))) continue;
        generated_text(line, comma);
        generated_text(line, "\"");
        generated_text(line, names[number]);
        generated_text(line, "\"");
        comma = ",";
    }
}
#define NAMES_WRITE(line, names, mask) names_write((line), (names), sizeof(names) / sizeof((names)[0]), (mask))

static enum stepcare_problem problem_pick(struct random *random, enum stepcare_source source)
{
    static const unsigned PERCENT[STEPCARE_SOURCE_COUNT][2] = {
        /* low back pain, chronic widespread pain; the rest regional */
        [STEPCARE_SOURCE_GP] = {58, 12},
        [STEPCARE_SOURCE_RHEUMATOLOGY] = {15, 62},
        [STEPCARE_SOURCE_MSK] = {55, 10}};
    unsigned roll = random_below(random, 100);
    if (roll < PERCENT[source][0]) return STEPCARE_PROBLEM_LOW_BACK_PAIN;
    return roll < PERCENT[source][0] + PERCENT[source][1] ? STEPCARE_PROBLEM_CHRONIC_WIDESPREAD_PAIN
                                                          : STEPCARE_PROBLEM_REGIONAL_MSK_PAIN;
}

static void red_flags_write(struct generated_line *line, struct random *random, bool emergency,
                            enum generated_mistake mistake)
{
    unsigned roll = random_below(random, 1000);
    uint32_t flags = 0;
    if (emergency)
        flags = RANDOM_PICK(random, EMERGENCIES);
    else if (roll < 30)
        flags = RANDOM_PICK(random, URGENT);
    else if (roll < 90)
        flags = RANDOM_PICK(random, WEAK);
    bool screened = flags != 0 || random_percent(random, 95);
    generated_text(line,
                   mistake == MISTAKE_FIELD_TYPO ? ",\"red_flag\":{\"screened\":" : ",\"red_flags\":{\"screened\":");
    generated_text(line, screened ? "true,\"present\":[" : "false,\"present\":[");
    if (mistake == MISTAKE_FLAG_UNKNOWN)
        generated_text(line, "\"saddle_anesthesia\"");
    else
        NAMES_WRITE(line, FLAGS, flags);
    generated_text(line, "]}");
}

static void background_write(struct generated_line *line, struct random *random, enum stepcare_source source,
                             enum stepcare_problem problem)
{
    uint32_t findings = 0, history = 0, preferences = 0;
    if (source == STEPCARE_SOURCE_RHEUMATOLOGY && random_percent(random, 12))
        findings = random_percent(random, 50) ? STEPCARE_BIT(STEPCARE_FINDING_SYNOVITIS_MULTIPLE_JOINTS)
                                              : STEPCARE_BIT(STEPCARE_FINDING_SYNOVITIS_SINGLE_JOINT);
    if (problem == STEPCARE_PROBLEM_LOW_BACK_PAIN && random_percent(random, 4))
        findings |= STEPCARE_BIT(STEPCARE_FINDING_RADICULAR_PAIN_FAILED_6_WEEKS);
    for (unsigned number = 1; number < STEPCARE_HISTORY_COUNT; number++)
        history |= random_percent(random, 7) ? STEPCARE_BIT(number) : 0;
    if (random_percent(random, 8)) preferences = STEPCARE_BIT(STEPCARE_PREFERENCE_DECLINES_PSYCHOLOGY);
    if (random_percent(random, 25))
        preferences |=
            STEPCARE_BIT(random_between(random, STEPCARE_PREFERENCE_TELEPHONE, STEPCARE_PREFERENCE_FACE_TO_FACE));
    if (random_percent(random, 4)) preferences |= STEPCARE_BIT(STEPCARE_PREFERENCE_NEEDS_INTERPRETER);
    generated_text(line, ",\"findings\":[");
    NAMES_WRITE(line, FINDINGS, findings);
    generated_text(line, "],\"history\":[");
    NAMES_WRITE(line, HISTORIES, history);
    generated_text(line, "],\"preferences\":[");
    NAMES_WRITE(line, PREFERENCES, preferences);
    generated_text(line, "]");
}

static void override_write(struct generated_line *line, struct random *random)
{
    const char *tier = RANDOM_PICK(random, OVERRIDE_TIERS);
    generated_text(line, ",\"override\":{\"tier\":\"");
    generated_text(line, tier);
    if (strcmp(tier, "secondary_care") == 0) {
        generated_text(line, "\",\"service\":\"");
        generated_text(line, SERVICES[random_between(random, STEPCARE_SERVICE_RHEUMATOLOGY, STEPCARE_SERVICE_PAIN)]);
    }
    if (random_percent(random, 88)) {
        generated_text(line, "\",\"reason\":\"");
        generated_text(line, RANDOM_PICK(random, OVERRIDE_REASONS));
    }
    if (random_percent(random, 94)) {
        generated_text(line, "\",\"clinician\":\"G99");
        generated_number(line, random_below(random, 100000), 5);
    }
    generated_text(line, "\"}");
}

void generated_clinic_write(struct generated_line *line, struct random *random, enum stepcare_source source,
                            const struct generated_patient *patient, bool emergency, enum generated_mistake mistake)
{
    enum stepcare_problem problem = problem_pick(random, source);
    int severity = random_between(random, 5, 95);
    int distress = (severity + random_between(random, 0, 90)) / 2;
    if (patient->pregnant) distress = (distress + 60) / 2;
    generated_text(line, ",\"problem\":\"");
    generated_text(line, PROBLEMS[problem]);
    generated_text(line, "\",\"duration_weeks\":");
    if (mistake == MISTAKE_DURATION) generated_text(line, "-");
    int longest = problem == STEPCARE_PROBLEM_CHRONIC_WIDESPREAD_PAIN ? 520 : random_percent(random, 60) ? 14 : 150;
    generated_number(line, (uint64_t)random_between(random, 1, longest), 1);
    red_flags_write(line, random, emergency, mistake);
    background_write(line, random, source, problem);
    generated_instruments_write(line, random, source, problem, severity, distress, mistake);
    if (random_percent(random, 4)) override_write(line, random);
}
