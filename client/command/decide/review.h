/* `stepcare decide review`: one line in, one line out. */
#ifndef CLIENT_COMMAND_DECIDE_REVIEW_H
#define CLIENT_COMMAND_DECIDE_REVIEW_H

#include "client/command/decide/decide.h"

/* Purpose: decide a line's text, a review snapshot, and append the answer, or what is wrong with it.
 * Returns whether the line was valid. */
bool decide_review_line(const struct decide *decide, struct stepcare_text text);

#endif
