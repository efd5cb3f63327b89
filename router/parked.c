/* Slots with a chain a subject. See parked.h. */
#include "router/parked.h"

#include <stdlib.h>

enum stepcare_error parked_open(struct parked *parked, uint32_t count_max)
{
    *parked = (struct parked){.count_max = count_max, .free = PARKED_NONE};
    parked->slots = calloc(count_max, sizeof *parked->slots);
    return parked->slots == NULL ? STEPCARE_NO_MEMORY : id_map_open(&parked->by_subject, count_max);
}

void parked_close(struct parked *parked)
{
    free(parked->slots);
    parked->slots = NULL;
    id_map_close(&parked->by_subject);
}

bool parked_add(struct parked *parked, const struct parked_reply *reply)
{
    uint32_t slot = parked->free, head;
    if (slot != PARKED_NONE)
        parked->free = parked->slots[slot].next;
    else if (parked->high < parked->count_max)
        slot = parked->high++;
    else
        return false;
    struct parked_reply *kept = &parked->slots[slot];
    *kept = *reply;
    kept->used = true;
    kept->next = id_map_find(&parked->by_subject, reply->subject, &head) ? head : PARKED_NONE;
    id_map_set(&parked->by_subject, reply->subject, slot);
    parked->count++;
    return true;
}

static void slot_free(struct parked *parked, uint32_t slot)
{
    parked->slots[slot].used = false;
    parked->slots[slot].next = parked->free;
    parked->free = slot;
    parked->count--;
}

void parked_release(struct parked *parked, uint64_t subject, parked_answer answer, void *context)
{
    uint32_t slot;
    if (parked->count == 0 || !id_map_find(&parked->by_subject, subject, &slot)) return;
    id_map_remove(&parked->by_subject, subject);
    while (slot != PARKED_NONE) {
        const struct parked_reply reply = parked->slots[slot];
        slot_free(parked, slot);
        answer(context, &reply);
        slot = reply.next;
    }
}

/* Takes one slot out of its subject's chain. */
static void unchain(struct parked *parked, uint32_t slot)
{
    const uint64_t subject = parked->slots[slot].subject;
    uint32_t at;
    if (!id_map_find(&parked->by_subject, subject, &at)) return;
    if (at == slot) {
        const uint32_t next = parked->slots[slot].next;
        if (next == PARKED_NONE)
            id_map_remove(&parked->by_subject, subject);
        else
            id_map_set(&parked->by_subject, subject, next);
        return;
    }
    while (parked->slots[at].next != slot) at = parked->slots[at].next;
    parked->slots[at].next = parked->slots[slot].next;
}

void parked_expire(struct parked *parked, int64_t now, parked_answer answer, void *context)
{
    for (uint32_t slot = 0; slot < parked->high && parked->count > 0; slot++) {
        if (!parked->slots[slot].used || parked->slots[slot].deadline > now) continue;
        unchain(parked, slot);
        const struct parked_reply reply = parked->slots[slot];
        slot_free(parked, slot);
        answer(context, &reply);
    }
    if (parked->count == 0) {
        parked->high = 0;
        parked->free = PARKED_NONE;
    }
}
