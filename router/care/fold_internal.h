/* What the fold_*.c files share. Private to router/care; calls point one way: fold.c -> fold_treatment.c ->
 * fold_parts.c. */
#ifndef ROUTER_CARE_FOLD_INTERNAL_H
#define ROUTER_CARE_FOLD_INTERNAL_H

#include "router/care/fold.h"

/* A member is set from a field of the event where it has it, and keeps what it says otherwise. */
#define SET_IF_GIVEN(member, field)                                                                                    \
    do {                                                                                                               \
        if (STEPCARE_HAS(record, field)) episode->member = (__typeof__(episode->member))record->field;                 \
    } while (0)

/* The parts of an event that several types have. */
void fold_lease_end(struct episode *episode);
void fold_placement_set(struct episode *episode, const struct stepcare_record *record);
void fold_holds_set(struct episode *episode, const struct stepcare_record *record);
void fold_handover_end(struct episode *episode);

/* One function an event. */
void fold_claim_accepted(struct episode *episode, const struct event *event);
void fold_contact(struct episode *episode, const struct event *event);
void fold_opt_in(struct episode *episode, const struct event *event);
void fold_review_recorded(struct episode *episode, const struct event *event);
void fold_review_recommended(struct episode *episode, const struct event *event);
void fold_recommendation_decided(struct episode *episode, const struct event *event);
void fold_handover_proposed(struct episode *episode, const struct event *event);
void fold_handover_accepted(struct episode *episode, const struct event *event);
void fold_handover_declined(struct episode *episode, const struct event *event);
void fold_handover_overdue(struct episode *episode, const struct event *event);

#endif
