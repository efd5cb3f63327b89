/* The parts of a referral's page that are made from its history. */
#ifndef CLIENT_COMMAND_SHOW_HISTORY_H
#define CLIENT_COMMAND_SHOW_HISTORY_H

#include "stepcare/record.h"

/* Purpose: what happened and when; who had the patient and for how long; scores over time. To stdout. */
void show_history_print(const struct stepcare_records *history);
void show_holders_print(const struct stepcare_records *history);
void show_scores_print(const struct stepcare_records *history);

#endif
