/* Rows of a referral's history that say what is shown elsewhere, too: the decision, how it ended. */
#ifndef CLIENT_COMMAND_SHOW_ROWS_H
#define CLIENT_COMMAND_SHOW_ROWS_H

#include "stepcare/record.h"

/* Purpose: the last history row of a type; NULL if there is none. */
const struct stepcare_record *show_event_find(const struct stepcare_record *shown, enum stepcare_event_type type);

/* Purpose: the row that carries the decision by which the episode is where it is; NULL before triage. */
const struct stepcare_record *show_decision_find(const struct stepcare_record *shown);

#endif
