/* bench_decide: nanoseconds of the parts that need neither disk nor network: reading a referral, deciding, encoding. */
#include "pathway/pathway.h"
#include "proto/referral_codec.h"
#include "tests/bench/support/measure.h"
#include "tests/support/generator/referral_generator.h"

#include <stdlib.h>
#include <string.h>

enum { REFERRALS = 2000, ROUNDS = 100, ARENA_BYTES_MAX = 4 * 1024 * 1024, WARM_UP_ROUNDS = 3 };

struct material {
    char *lines[REFERRALS];
    size_t line_bytes[REFERRALS];
    struct buffer wires[REFERRALS], ledgers[REFERRALS];
    struct stepcare_referral referrals[REFERRALS]; /* views of the lines and of keep */
    struct arena *arena, *keep;
    struct pathway *pathway;
    struct buffer scratch;
    uint64_t sum; /* of something from every result, so that no work can be left out */
};

static void material_make(struct material *material)
{
    const struct referral_generator_options options = {
        .seed = 11, .count = REFERRALS, .from_ms = REFERRAL_GENERATOR_FROM_MS, .emergencies_percent = 1};
    char *line = malloc(REFERRAL_GENERATOR_LINE_BYTES_MAX);
    for (unsigned i = 0; i < REFERRALS; i++) {
        struct stepcare_field_errors errors = {0};
        material->line_bytes[i] = referral_generator_line(&options, i, line);
        material->lines[i] = malloc(material->line_bytes[i]);
        memcpy(material->lines[i], line, material->line_bytes[i]);
        if (referral_json_decode(material->lines[i], material->line_bytes[i], material->keep, &material->referrals[i],
                                 &errors) != STEPCARE_OK)
            bench_fail("a made-up referral is not valid: %s %s", errors.items[0].field, errors.items[0].problem);
        referral_wire_encode(&material->wires[i], &material->referrals[i]);
        referral_ledger_encode(&material->ledgers[i], &material->referrals[i], false);
    }
    free(line);
}

static void json_decode(struct material *material, unsigned i)
{
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    errors.count = errors.dropped = 0;
    arena_reset(material->arena);
    referral_json_decode(material->lines[i], material->line_bytes[i], material->arena, &referral, &errors);
    material->sum += referral.red_flags;
}

static void wire_decode(struct material *material, unsigned i)
{
    struct stepcare_referral referral;
    struct stepcare_field_errors errors;
    errors.count = errors.dropped = 0;
    referral_wire_decode(material->wires[i].data, material->wires[i].bytes, &referral, &errors);
    material->sum += referral.red_flags;
}

static void wire_encode(struct material *material, unsigned i)
{
    buffer_clear(&material->scratch);
    referral_wire_encode(&material->scratch, &material->referrals[i]);
    material->sum += material->scratch.bytes;
}

static void ledger_encode(struct material *material, unsigned i)
{
    buffer_clear(&material->scratch);
    referral_ledger_encode(&material->scratch, &material->referrals[i], false);
    material->sum += material->scratch.bytes;
}

static void ledger_decode(struct material *material, unsigned i)
{
    struct stepcare_referral referral;
    referral_ledger_decode(material->ledgers[i].data, material->ledgers[i].bytes, &referral);
    material->sum += referral.red_flags;
}

static void json_encode(struct material *material, unsigned i)
{
    buffer_clear(&material->scratch);
    referral_json_encode(&material->scratch, &material->referrals[i]);
    material->sum += material->scratch.bytes;
}

static void intake_decide(struct material *material, unsigned i)
{
    struct stepcare_decision decision;
    pathway_decide_intake(material->pathway, &material->referrals[i], &decision);
    material->sum += decision.target_days;
}

static void review_decide(struct material *material, unsigned i)
{
    struct stepcare_recommendation recommendation;
    int now = (int)(i % 28);
    struct stepcare_review review = {.tier = i % 2 ? STEPCARE_TIER_T_CBT : STEPCARE_TIER_PHYSIO,
                                     .contact = (int16_t)(i % 9),
                                     .max_contacts = 8,
                                     .week = (int16_t)(i % 20),
                                     .phq_9 = {14, (int16_t)now},
                                     .gad_7 = {12, (int16_t)(now * 3 / 4)},
                                     .rmdq = {14, (int16_t)(now % 25)},
                                     .nrs = {7, (int16_t)(now % 11)},
                                     .start_back_now = STEPCARE_RISK_MEDIUM};
    pathway_decide_review(material->pathway, &review, &recommendation);
    material->sum += recommendation.action;
}

/* The median round, so that a machine shared with others disturbs less. */
static double operation_ns(struct material *material, void (*run)(struct material *material, unsigned i))
{
    struct samples rounds = {0};
    for (unsigned round = 0; round < ROUNDS + WARM_UP_ROUNDS; round++) {
        uint64_t start_ns = measure_now_ns();
        for (unsigned i = 0; i < REFERRALS; i++) run(material, i);
        if (round >= WARM_UP_ROUNDS) samples_add(&rounds, measure_now_ns() - start_ns);
    }
    double ns = samples_us(&rounds, 500) * 1000 / REFERRALS;
    samples_close(&rounds);
    return ns;
}

int main(int count, char **arguments)
{
    static const struct {
        const char *scenario, *name;
        void (*run)(struct material *material, unsigned i);
    } OPERATIONS[] = {
        {"decide", "intake", intake_decide},
        {"decide", "review", review_decide},
        {"read", "referral from JSON", json_decode},
        {"read", "referral from the wire", wire_decode},
        {"read", "referral from the ledger", ledger_decode},
        {"write", "referral to JSON", json_encode},
        {"write", "referral to the wire", wire_encode},
        {"write", "referral to the ledger", ledger_encode},
    };
    static struct material material;
    static struct report report;
    char message[512];
    bool json = count == 2 && strcmp(arguments[1], "--json") == 0;
    if (count > 2 || (count == 2 && !json)) {
        fputs("Usage: bench_decide [--json]\n", stderr);
        return 2;
    }
    if (pathway_open(STEPCARE_SOURCE "/config/pathway.yaml", message, sizeof message, &material.pathway) != STEPCARE_OK)
        bench_fail("%s", message);
    if (arena_open(ARENA_BYTES_MAX, &material.arena) != STEPCARE_OK ||
        arena_open(ARENA_BYTES_MAX, &material.keep) != STEPCARE_OK)
        bench_fail("out of memory");
    material_make(&material);
    for (unsigned i = 0; i < sizeof(OPERATIONS) / sizeof(OPERATIONS[0]); i++)
        report_add(&report, OPERATIONS[i].scenario, OPERATIONS[i].name, operation_ns(&material, OPERATIONS[i].run),
                   "ns");
    report_print(&report, stdout, json);
    return material.sum == 0; /* never: it keeps the results alive */
}
