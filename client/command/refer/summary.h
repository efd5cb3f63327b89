/* What `stepcare refer` says at its end. */
#ifndef CLIENT_COMMAND_REFER_SUMMARY_H
#define CLIENT_COMMAND_REFER_SUMMARY_H

#include "client/command/refer/report.h"

/* Purpose: the counts, emergencies, waits and reasons, for people, to stdout. */
void refer_summary_print(const struct refer_report *report);

#endif
