/* The list of answers that wait: slots, those of a subject in a chain; called by waiting.c alone. See parked.h. */
#include "router/parked.h"

#include "base/must.h"

#include <stdlib.h>

enum stepcare_error parked_init(struct parked *parked, uint32_t count_max)
{
    *parked = (struct parked){.count_max = count_max, .slot_count = count_max, .free = PARKED_NONE};
    parked->slots = calloc(count_max, sizeof *parked->slots);
    return parked->slots == NULL ? STEPCARE_NO_MEMORY : id_map_init(&parked->by_subject, count_max);
}

void parked_close(struct parked *parked)
{
    free(parked->slots);
    parked->slots = NULL;
    id_map_close(&parked->by_subject);
}

enum stepcare_error parked_limit_set(struct parked *parked, uint32_t count_max)
{
    if (count_max <= parked->slot_count) {
        parked->count_max = count_max;
        return STEPCARE_OK;
    }
    struct parked larger;
    enum stepcare_error error = parked_init(&larger, count_max);
    if (error != STEPCARE_OK) {
        parked_close(&larger);
        return error;
    }
    /* Slots keep their numbers, so the chains stay as they are; only the map to their heads is made anew. */
    memcpy(larger.slots, parked->slots, parked->slots_touched * sizeof *parked->slots);
    for (uint32_t slot = 0; slot < parked->slots_touched; slot++) {
        uint32_t head;
        if (!parked->slots[slot].used || !id_map_find(&parked->by_subject, parked->slots[slot].subject, &head))
            continue;
        id_map_set(&larger.by_subject, parked->slots[slot].subject, head);
    }
    larger.count = parked->count;
    larger.slots_touched = parked->slots_touched;
    larger.free = parked->free;
    parked_close(parked);
    *parked = larger;
    return STEPCARE_OK;
}

bool parked_add(struct parked *parked, const struct parked_reply *reply)
{
    uint32_t slot = parked->free, head;
    must(reply->subject != 0);
    if (parked->count >= parked->count_max) return false;
    if (slot != PARKED_NONE)
        parked->free = parked->slots[slot].next;
    else
        slot = parked->slots_touched++;
    must(slot < parked->slot_count);
    struct parked_reply *added = &parked->slots[slot];
    must(!added->used);
    *added = *reply;
    added->used = true;
    added->next = id_map_find(&parked->by_subject, reply->subject, &head) ? head : PARKED_NONE;
    id_map_set(&parked->by_subject, reply->subject, slot);
    parked->count++;
    return true;
}

static void slot_free(struct parked *parked, uint32_t slot)
{
    must(parked->slots[slot].used);
    must(parked->count > 0);
    parked->slots[slot].used = false;
    parked->slots[slot].next = parked->free;
    parked->free = slot;
    parked->count--;
}

/* The first of a subject's chain is another now, or the chain has ended. */
static void head_set(struct parked *parked, uint64_t subject, uint32_t slot)
{
    if (slot == PARKED_NONE)
        id_map_remove(&parked->by_subject, subject);
    else
        id_map_set(&parked->by_subject, subject, slot);
}

bool parked_take(struct parked *parked, uint64_t subject, struct parked_reply *out_reply)
{
    uint32_t slot;
    if (parked->count == 0 || !id_map_find(&parked->by_subject, subject, &slot)) return false;
    must(slot < parked->slots_touched);
    must(parked->slots[slot].subject == subject);
    *out_reply = parked->slots[slot];
    head_set(parked, subject, out_reply->next);
    slot_free(parked, slot);
    return true;
}

/* Takes one slot out of its subject's chain. */
static void unchain(struct parked *parked, uint32_t slot)
{
    const uint64_t subject = parked->slots[slot].subject;
    uint32_t at = PARKED_NONE;
    const bool chained = id_map_find(&parked->by_subject, subject, &at);
    must(chained);
    if (at == slot) {
        head_set(parked, subject, parked->slots[slot].next);
        return;
    }
    while (parked->slots[at].next != slot) {
        at = parked->slots[at].next;
        must(at < parked->slots_touched);
    }
    parked->slots[at].next = parked->slots[slot].next;
}

bool parked_take_expired(struct parked *parked, int64_t now, uint32_t *slot, struct parked_reply *out_reply)
{
    for (; *slot < parked->slots_touched && parked->count > 0; ++*slot) {
        if (!parked->slots[*slot].used || parked->slots[*slot].deadline > now) continue;
        unchain(parked, *slot);
        *out_reply = parked->slots[*slot];
        slot_free(parked, *slot);
        return true;
    }
    if (parked->count == 0) { /* none is in a chain any more: begin anew from the first slot */
        parked->slots_touched = 0;
        parked->free = PARKED_NONE;
    }
    return false;
}
