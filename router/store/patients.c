/* An open-addressing multimap with backward-shift removal. See patients.h. */
#include "router/store/patients.h"

#include <ctype.h>
#include <sodium.h>
#include <stdlib.h>

enum { SLOTS_MIN = 4096 };

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

enum stepcare_error patients_open(struct patients *patients, uint64_t episodes_expected)
{
    *patients = (struct patients){.slots = SLOTS_MIN};
    while (patients->slots < episodes_expected * PATIENT_HASHES_MAX * 2) patients->slots *= 2;
    patients->entries = calloc(patients->slots, sizeof *patients->entries);
    return patients->entries == NULL ? STEPCARE_NO_MEMORY : STEPCARE_OK;
}

void patients_close(struct patients *patients)
{
    free(patients->entries);
    *patients = (struct patients){0};
}

static void insert(struct patients *patients, struct patient_entry entry)
{
    uint64_t slot = entry.hash & (patients->slots - 1);
    while (patients->entries[slot].hash != 0) slot = (slot + 1) & (patients->slots - 1);
    patients->entries[slot] = entry;
}

static enum stepcare_error grow(struct patients *patients)
{
    struct patients larger = {.slots = patients->slots * 2, .used = patients->used};
    larger.entries = calloc(larger.slots, sizeof *larger.entries);
    if (larger.entries == NULL) return STEPCARE_NO_MEMORY;
    for (uint64_t slot = 0; slot < patients->slots; slot++)
        if (patients->entries[slot].hash != 0) insert(&larger, patients->entries[slot]);
    free(patients->entries);
    *patients = larger;
    return STEPCARE_OK;
}

enum stepcare_error patients_add(struct patients *patients, const struct patient_hashes *hashes, uint64_t episode_id)
{
    const uint64_t each[PATIENT_HASHES_MAX] = {hashes->by_number, hashes->by_name};
    for (unsigned i = 0; i < PATIENT_HASHES_MAX; i++) {
        if (each[i] == 0) continue;
        if (patients->used * 2 >= patients->slots && grow(patients) != STEPCARE_OK) return STEPCARE_NO_MEMORY;
        insert(patients, (struct patient_entry){each[i], episode_id});
        patients->used++;
    }
    return STEPCARE_OK;
}

static void remove_one(struct patients *patients, uint64_t hash, uint64_t episode_id)
{
    const uint64_t mask = patients->slots - 1;
    uint64_t hole = hash & mask;
    struct patient_entry *entries = patients->entries;
    while (entries[hole].hash != 0 && (entries[hole].hash != hash || entries[hole].episode_id != episode_id))
        hole = (hole + 1) & mask;
    if (entries[hole].hash == 0) return;
    entries[hole].hash = 0;
    patients->used--;
    for (uint64_t at = (hole + 1) & mask; entries[at].hash != 0; at = (at + 1) & mask) {
        const uint64_t home = entries[at].hash & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue; /* it did not probe across the hole */
        entries[hole] = entries[at];
        entries[at].hash = 0;
        hole = at;
    }
}

void patients_remove(struct patients *patients, const struct patient_hashes *hashes, uint64_t episode_id)
{
    if (hashes->by_number != 0) remove_one(patients, hashes->by_number, episode_id);
    if (hashes->by_name != 0) remove_one(patients, hashes->by_name, episode_id);
}

uint64_t patients_find(const struct patients *patients, const struct patient_hashes *hashes, uint64_t self)
{
    const uint64_t each[PATIENT_HASHES_MAX] = {hashes->by_number, hashes->by_name}, mask = patients->slots - 1;
    uint64_t found = 0;
    for (unsigned i = 0; i < PATIENT_HASHES_MAX; i++) {
        if (each[i] == 0) continue;
        for (uint64_t slot = each[i] & mask; patients->entries[slot].hash != 0; slot = (slot + 1) & mask) {
            const struct patient_entry *entry = &patients->entries[slot];
            if (entry->hash == each[i] && entry->episode_id != self && (found == 0 || entry->episode_id < found))
                found = entry->episode_id;
        }
    }
    return found;
}
