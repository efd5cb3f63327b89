/* One referral, whole, for programs. */
#ifndef CLIENT_COMMAND_SHOW_JSON_H
#define CLIENT_COMMAND_SHOW_JSON_H

#include "stepcare/record.h"

/* Purpose: a `show` reply as one JSON line on stdout. False when memory for it ran out; nothing is written then. */
bool show_json_print(const struct stepcare_record *shown);

#endif
