/* Any bytes as a pathway file: refused with a line for each mistake, or accepted; and then every decision it makes is
 * whole. */
#include "pathway/explain.h"
#include "pathway/pathway.h"

#include <stdlib.h>

static void must(bool holds)
{
    if (!holds) abort();
}

static void decisions_check(const struct pathway *pathway)
{
    static struct buffer words;

    for (unsigned i = 0; i < 64; i++) {
        struct stepcare_referral referral = {.message_id = {"f", 1},
                                             .birth_date = {(int16_t)(1950 + i), 2, 28},
                                             .problem = (enum stepcare_problem)(1 + i % 3),
                                             .referred_at_ms = INT64_C(1793611800000),
                                             .duration_weeks = (int16_t)(i % 12),
                                             .red_flags = i * 2654435761U & 0x7fffff,
                                             .history = i & 7};
        struct stepcare_decision decision;
        pathway_decide_intake(pathway, &referral, &decision);
        must(decision.placement.tier != 0 && decision.placement.urgency != 0 && decision.rule != NULL);
        buffer_clear(&words);
        explain_intake(pathway, &referral, &words);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    char message[4096] = "";
    struct pathway *pathway = NULL;
    enum stepcare_error error = pathway_open_text("fuzz", (const char *)data, bytes, message, sizeof message, &pathway);

    must((error == STEPCARE_OK) == (pathway != NULL));
    must(error == STEPCARE_OK || strncmp(message, "fuzz:", 5) == 0);
    if (pathway != NULL) decisions_check(pathway);
    pathway_close(pathway);
    return 0;
}
