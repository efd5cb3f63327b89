/* `stepcare decide intake`: one line in, one line out. */
#ifndef CLIENT_COMMAND_DECIDE_INTAKE_H
#define CLIENT_COMMAND_DECIDE_INTAKE_H

#include "client/command/decide/decide.h"

/* Purpose: decide a line's text, a referral, and append the answer, or what is wrong with it.
 * Returns whether the line was valid. */
bool decide_intake_line(const struct decide *decide, struct stepcare_text text);

#endif
