/* Which open episodes a patient may have: by NHS number, and by family name, birth date and postcode. In memory,
 * since its keys are random and a random-key index is what costs most on disk; table `patient` keeps each open
 * episode's hashes in order of id, and this is filled from it at start. 16 bytes an entry, at most two entries an
 * open episode, at most half full. */
#ifndef ROUTER_STORE_PATIENTS_H
#define ROUTER_STORE_PATIENTS_H

#include "base/hash_table.h"
#include "stepcare/referral.h"

enum { PATIENT_HASHES_MAX = 2 };

struct patient_hashes { /* the value of a row in table `patient`; 0: not known */
    uint64_t by_number, by_name;
};

struct patients {
    struct hash_table by_hash; /* to the episode's id */
};

/* Purpose: the hashes of a referral's patient; letter case and spaces of name and postcode aside. SipHash, never 0
 * where known. */
struct patient_hashes patient_hashes_of(const struct stepcare_referral *referral);

/* Purpose: an empty index with room for so many episodes before it first grows. Errors: NO_MEMORY. */
enum stepcare_error patients_init(struct patients *patients, uint64_t episodes_expected);
void patients_close(struct patients *patients);
/* Errors: NO_MEMORY. */
enum stepcare_error patients_add(struct patients *patients, const struct patient_hashes *hashes, uint64_t episode_id);
void patients_remove(struct patients *patients, const struct patient_hashes *hashes, uint64_t episode_id);
/* Purpose: the lowest id of an open episode of the same patient other than self; 0 if none. */
uint64_t patients_find(const struct patients *patients, const struct patient_hashes *hashes, uint64_t self);

#endif
