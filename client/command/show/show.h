/* One referral, whole: for programs as one JSON object, for people as a page to read. */
#ifndef CLIENT_COMMAND_SHOW_SHOW_H
#define CLIENT_COMMAND_SHOW_SHOW_H

#include "client/command/session/session.h"
#include "pathway/pathway.h"

/* Purpose: the JSON line. Errors: false when the reply cannot be made into one (out of memory). */
bool show_json_print(const struct stepcare_record *shown);

/* Purpose: the page. pathway may be NULL: codes are then shown without their meanings. */
void show_people_print(const struct stepcare_record *shown, const struct pathway *pathway);

/* Purpose: parts of the page: what happened and when, who had the patient, scores over time. */
void show_history_print(const struct stepcare_records *history);
void show_holders_print(const struct stepcare_records *history);
void show_scores_print(const struct stepcare_records *history);

/* Purpose: the last history row of a type; NULL if there is none. */
const struct stepcare_record *show_event_find(const struct stepcare_record *shown, enum stepcare_event_type type);
/* Purpose: the row that carries the decision by which the episode is where it is; NULL before triage. */
const struct stepcare_record *show_decision_find(const struct stepcare_record *shown);

#endif
