/* People who work with a virtual router at random: referrers, practitioners, leads. Each act is one that such a person
 * could do next, with some that fail: wrong guesses, late answers, leases left to expire. */
#ifndef TESTS_SUPPORT_CLINIC_H
#define TESTS_SUPPORT_CLINIC_H

#include "tests/support/generator/referral_generator.h"
#include "tests/support/random.h"
#include "tests/support/virtual_router.h"

enum { CLINIC_PRACTITIONERS = 40, CLINIC_NAME_BYTES = 24 };

struct clinic {
    struct virtual_router *virtual;
    struct random random;
    struct referral_generator_options referrals;
    uint64_t submitted; /* lines sent so far */
    unsigned rejected, duplicates;
    uint64_t *ids; /* of accepted referrals; owned */
    unsigned id_count;
    unsigned refused; /* commands that were refused */
};

/* Purpose: lines of stepcare.yaml with the practitioners. Owns: static text. */
const char *clinic_settings(void);
void clinic_open(struct clinic *clinic, struct virtual_router *virtual, uint64_t seed, uint64_t referral_count);
void clinic_close(struct clinic *clinic);

/* Purpose: one act of one person. */
void clinic_refer(struct clinic *clinic);         /* the next line, if there is one */
void clinic_referrer_acts(struct clinic *clinic); /* adds information, cancels, reopens, notes */
void clinic_practitioner_acts(struct clinic *clinic, unsigned practitioner);
void clinic_lead_acts(struct clinic *clinic);   /* triage lead and safety lead */
void clinic_worker_acts(struct clinic *clinic); /* answers what waits; now and then a job fails */

#endif
