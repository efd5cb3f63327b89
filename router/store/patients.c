/* Patients' hashes, and the table of open episodes by them. See patients.h; the state keeps it, the view of a
 * decision asks it. */
#include "router/store/patients.h"

#include "base/must.h"

#include <ctype.h>
#include <sodium.h>

enum { EPISODES_MIN = 1024 };

static uint64_t hash_of(const char *data, size_t bytes)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] =
        "stepcare patient"; /* constant: the hashes are stored */
    uint64_t hash;
    _Static_assert(sizeof hash == crypto_shorthash_BYTES, "SipHash is 64 bits");
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)data, bytes, key);
    return hash == 0 ? 1 : hash;
}

struct patient_hashes patient_hashes_of(const struct stepcare_referral *referral)
{
    struct patient_hashes hashes = {0, 0};
    if (referral->nhs_number.bytes > 0)
        hashes.by_number = hash_of(referral->nhs_number.data, referral->nhs_number.bytes);
    if (referral->postcode.bytes == 0) return hashes;
    char folded[4 + (STEPCARE_NAME_CHARS_MAX + STEPCARE_TEXT_CHARS_MAX) * 4 + 1];
    const struct stepcare_date birth = referral->birth_date;
    size_t bytes = 0;
    folded[bytes++] = (char)(birth.year >> 8);
    folded[bytes++] = (char)birth.year;
    folded[bytes++] = (char)birth.month;
    folded[bytes++] = (char)birth.day;
    const struct stepcare_text parts[] = {referral->family_name, referral->postcode};
    for (unsigned part = 0; part < 2; part++) {
        for (uint32_t i = 0; i < parts[part].bytes && bytes < sizeof folded - 1; i++)
            if (!isspace((unsigned char)parts[part].data[i]))
                folded[bytes++] = (char)tolower((unsigned char)parts[part].data[i]);
        if (part == 0) folded[bytes++] = '\0';
    }
    hashes.by_name = hash_of(folded, bytes);
    return hashes;
}

enum stepcare_error patients_init(struct patients *patients, uint64_t episodes_expected)
{
    const uint64_t episodes = episodes_expected > EPISODES_MIN ? episodes_expected : EPISODES_MIN;
    return hash_table_init(&patients->by_hash, episodes * PATIENT_HASHES_MAX);
}

void patients_close(struct patients *patients)
{
    hash_table_close(&patients->by_hash);
}

enum stepcare_error patients_add(struct patients *patients, const struct patient_hashes *hashes, uint64_t episode_id)
{
    must(episode_id > 0);
    const uint64_t each[PATIENT_HASHES_MAX] = {hashes->by_number, hashes->by_name};
    for (unsigned i = 0; i < PATIENT_HASHES_MAX; i++) {
        if (each[i] == 0) continue;
        if (hash_table_reserve(&patients->by_hash) != STEPCARE_OK) return STEPCARE_NO_MEMORY;
        hash_table_add(&patients->by_hash, each[i], episode_id);
    }
    return STEPCARE_OK;
}

static void remove_one(struct patients *patients, uint64_t hash, uint64_t episode_id)
{
    struct hash_entry *entry = NULL;
    do entry = hash_table_next(&patients->by_hash, hash, entry);
    while (entry != NULL && entry->value != episode_id);
    if (entry != NULL) hash_table_remove(&patients->by_hash, entry);
}

void patients_remove(struct patients *patients, const struct patient_hashes *hashes, uint64_t episode_id)
{
    must(episode_id > 0);
    if (hashes->by_number != 0) remove_one(patients, hashes->by_number, episode_id);
    if (hashes->by_name != 0) remove_one(patients, hashes->by_name, episode_id);
}

uint64_t patients_find(const struct patients *patients, const struct patient_hashes *hashes, uint64_t self)
{
    const uint64_t each[PATIENT_HASHES_MAX] = {hashes->by_number, hashes->by_name};
    uint64_t found = 0;
    for (unsigned i = 0; i < PATIENT_HASHES_MAX; i++) {
        struct hash_entry *entry = NULL;
        while (each[i] != 0 && (entry = hash_table_next(&patients->by_hash, each[i], entry)) != NULL)
            if (entry->value != self && (found == 0 || entry->value < found)) found = entry->value;
    }
    return found;
}
