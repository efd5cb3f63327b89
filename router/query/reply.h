/* What answers say: records made from episodes. Nested texts view the episode, the arena or the pathway. */
#ifndef ROUTER_QUERY_REPLY_H
#define ROUTER_QUERY_REPLY_H

#include "pathway/pathway.h"
#include "router/care/episode.h"

/* Purpose: the answer of acting commands: id, state, owner, next action, due, placement, holds. */
void reply_episode(struct stepcare_record *record, const struct episode *episode);
/* Purpose: a row of a listing; due is the target of the waiting-time clock, with which worklists are ordered. */
void reply_row(struct stepcare_record *record, const struct episode *episode);
/* Purpose: the answer of a submission about an episode: placement and why, and for an emergency or GP advice the
 * words. */
void reply_submission(struct stepcare_record *record, const struct episode *episode, const struct pathway *pathway,
                      uint8_t outcome);
/* Purpose: a refusal's record. */
void reply_refusal(struct stepcare_record *record, const char *problem, uint64_t referral_id,
                   const struct stepcare_field_errors *errors);

#endif
