/* The composite keys of the state's tables, big-endian so that byte order is the order wanted, and which index
 * entries an episode has. The indexes are a function of the episode: apply deletes those of the old row and puts
 * those of the new one.
 *
 *   worklist  tier u8, service u8, held u8, urgency u8, due i64, referred_at i64, episode u64   -> (empty)
 *   pending   kind u8, episode u64; "untriaged" on disk                                         -> (empty)
 *   timer     deadline i64, kind u8, episode u64                                                -> (empty)
 *   caseload  owner (64 bytes, NUL-padded), due i64, episode u64                                -> (empty)
 *   attention kind u8 (hold or duplicate), due i64, episode u64                                 -> (empty)
 *   history   episode u64, n u32                      -> sequence of its n-th event u64
 *   feedback  organisation (10 bytes, NUL-padded; all NUL: everybody's), sequence u64           -> (empty)
 *   message   organisation (10 bytes), message id     -> episode u64, sequence of the event with its first content u64
 *   patient   episode u64 (open ones) -> hashes of its patient's identifiers (patients.h); a byte longer: handed back,
 *             out of the index
 *   wait      tier u8, service u8, day u32, episode u64 -> wait in days u16, site
 *   request   1, hash of actor and request key (16 bytes) -> leases;  0, at i64, hash -> (empty), to forget it by
 * Signed times are stored with the top bit flipped. */
#ifndef ROUTER_STORE_KEYS_H
#define ROUTER_STORE_KEYS_H

#include "router/care/decide.h"

enum table {
    TABLE_EPISODE,
    TABLE_HISTORY,
    TABLE_MESSAGE,
    TABLE_PATIENT,
    TABLE_WORKLIST,
    TABLE_PENDING,
    TABLE_TIMER,
    TABLE_CASELOAD,
    TABLE_ATTENTION,
    TABLE_FEEDBACK,
    TABLE_REQUEST,
    TABLE_WAIT,
    TABLE_COUNTER,
    TABLE_META,
    TABLE_COUNT
};

enum { KEY_BYTES_MAX = 96, KEYS_PER_EPISODE_MAX = 8 };

struct key {
    uint8_t table; /* enum table */
    uint8_t bytes;
    uint8_t data[KEY_BYTES_MAX];
};

enum timer_kind { TIMER_LEASE = 1, TIMER_HANDOVER, TIMER_OPT_IN };
enum attention_kind { ATTENTION_HOLD = 1, ATTENTION_DUPLICATE };

/* Purpose: append to a key. Shape: big-endian; text padded with NULs to width, or as it is with width 0. */
void key_init(struct key *key, enum table table);
void key_u8(struct key *key, uint8_t value);
void key_u32(struct key *key, uint32_t value);
void key_u64(struct key *key, uint64_t value);
void key_time(struct key *key, int64_t ms);
void key_text(struct key *key, struct stepcare_text text, unsigned width);

uint64_t key_read_u64(const uint8_t *at);
int64_t key_read_time(const uint8_t *at);

/* Purpose: every index entry that the episode has now. Returns how many; at most KEYS_PER_EPISODE_MAX. */
unsigned keys_of_episode(const struct episode *episode, struct key out_keys[KEYS_PER_EPISODE_MAX]);

#endif
