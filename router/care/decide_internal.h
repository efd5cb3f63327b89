/* What the decide_*.c files share; not for others. */
#ifndef ROUTER_CARE_DECIDE_INTERNAL_H
#define ROUTER_CARE_DECIDE_INTERNAL_H

#include "base/time_units.h"
#include "router/care/decide.h"

typedef void (*decide_verb)(const struct view *view, const struct command *command, int64_t now,
                            struct decision *out_decision);

void decide_submit(const struct view *, const struct command *, int64_t, struct decision *);
void decide_result(const struct view *, const struct command *, int64_t, struct decision *);
void decide_job_failed(const struct view *, const struct command *, int64_t, struct decision *);
void decide_inform(const struct view *, const struct command *, int64_t, struct decision *);
void decide_retry(const struct view *, const struct command *, int64_t, struct decision *);
void decide_claim(const struct view *, const struct command *, int64_t, struct decision *);
void decide_renew(const struct view *, const struct command *, int64_t, struct decision *);
void decide_accept(const struct view *, const struct command *, int64_t, struct decision *);
void decide_release(const struct view *, const struct command *, int64_t, struct decision *);
void decide_decline(const struct view *, const struct command *, int64_t, struct decision *);
void decide_lease_expired(const struct view *, const struct command *, int64_t, struct decision *);
void decide_contact(const struct view *, const struct command *, int64_t, struct decision *);
void decide_opt_in_ended(const struct view *, const struct command *, int64_t, struct decision *);
void decide_review(const struct view *, const struct command *, int64_t, struct decision *);
void decide_review_result(const struct view *, const struct command *, int64_t, struct decision *);
void decide_confirm(const struct view *, const struct command *, int64_t, struct decision *);
void decide_step(const struct view *, const struct command *, int64_t, struct decision *);
void decide_handover_overdue(const struct view *, const struct command *, int64_t, struct decision *);
void decide_discharge(const struct view *, const struct command *, int64_t, struct decision *);
void decide_cancel(const struct view *, const struct command *, int64_t, struct decision *);
void decide_hold_release(const struct view *, const struct command *, int64_t, struct decision *);
void decide_assign(const struct view *, const struct command *, int64_t, struct decision *);
void decide_note(const struct view *, const struct command *, int64_t, struct decision *);
void decide_reopen(const struct view *, const struct command *, int64_t, struct decision *);
void decide_judge(const struct view *, const struct command *, int64_t, struct decision *);
void decide_pause(const struct view *, const struct command *, int64_t, struct decision *);

/* Purpose: add an event about the view's episode (or another's id, see event->episode_id); its record is empty. */
struct event *decision_event(struct decision *decision, const struct view *view, const struct command *command,
                             int64_t now, enum stepcare_event_type type);
/* Purpose: refuse, with the sentence that the caller reads. Drops events decided so far. */
void decision_refuse(struct decision *decision, int error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Purpose: refuse as invalid, naming the field. */
void decision_invalid(struct decision *decision, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Guards: false (and refused) where they do not hold. */
bool decide_guard_owner(const struct view *view, const struct command *command, struct decision *decision);
/* Refuses while a hand-over waits to be accepted. */
bool decide_guard_no_handover(const struct view *view, struct decision *decision);
bool decide_guard_reason(const struct view *view, const struct command *command, struct decision *decision);
bool decide_guard_placement(const struct view *view, const struct command *command, uint32_t allowed_tiers,
                            struct decision *decision);

int64_t due_of(const struct view *view, struct stepcare_placement placement, int64_t referred_at);
/* Purpose: set tier, service, urgency, due of an event from a placement. */
void event_place(struct event *event, const struct view *view, struct stepcare_placement placement,
                 int64_t referred_at);
/* Purpose: set holds and their due dates, counted from now; holds in force before keep their date. */
void event_holds(struct event *event, const struct view *view, uint32_t holds, int64_t now);
/* Purpose: the event of a recommendation for a patient in treatment, from a worker's result or one like it. */
void decide_recommended(const struct view *view, const struct command *command, const struct stepcare_record *result,
                        int64_t now, struct decision *out);
/* Purpose: an event that closes the view's episode with an end code of the pathway. */
struct event *decision_close(struct decision *decision, const struct view *view, const struct command *command,
                             int64_t now, unsigned end_code);
/* Purpose: copy reason and note of the command's record, where given. */
void event_reason(struct event *event, const struct command *command);

#define END_CODE_GP_ADVICE 101
#define END_CODE_CANCELLED 103
#define END_CODE_COMPLETED 46

#endif
