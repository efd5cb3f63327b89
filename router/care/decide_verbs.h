/* What each verb leads to: one function a verb, called through the table of verbs (verbs.c), and the few that one
 * verb's decision borrows from another's. Private to router/care. */
#ifndef ROUTER_CARE_DECIDE_VERBS_H
#define ROUTER_CARE_DECIDE_VERBS_H

#include "router/care/deciding.h"

typedef void (*decide_verb)(const struct deciding *deciding);

void decide_submit(const struct deciding *deciding);
void decide_result(const struct deciding *deciding);
void decide_job_failed(const struct deciding *deciding);
void decide_inform(const struct deciding *deciding);
void decide_retry(const struct deciding *deciding);
void decide_claim(const struct deciding *deciding);
void decide_renew(const struct deciding *deciding);
void decide_accept(const struct deciding *deciding);
void decide_release(const struct deciding *deciding);
void decide_decline(const struct deciding *deciding);
void decide_lease_expired(const struct deciding *deciding);
void decide_contact(const struct deciding *deciding);
void decide_opt_in_ended(const struct deciding *deciding);
void decide_review(const struct deciding *deciding);
void decide_confirm(const struct deciding *deciding);
void decide_step(const struct deciding *deciding);
void decide_handover_overdue(const struct deciding *deciding);
void decide_discharge(const struct deciding *deciding);
void decide_cancel(const struct deciding *deciding);
void decide_hold_release(const struct deciding *deciding);
void decide_assign(const struct deciding *deciding);
void decide_note(const struct deciding *deciding);
void decide_reopen(const struct deciding *deciding);
void decide_judge(const struct deciding *deciding);
void decide_pause(const struct deciding *deciding);
void decide_adopt(const struct deciding *deciding);

/* Purpose: a worker's answer on a review, where the job was not one of triage. */
void decide_review_result(const struct deciding *deciding);
/* Purpose: the event of a recommendation for a patient in treatment, from a worker's result or one like it. */
void decide_recommended(const struct deciding *deciding, const struct stepcare_record *result);

#endif
