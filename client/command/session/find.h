/* Finding a referral by what its sender called it. */
#ifndef CLIENT_COMMAND_SESSION_FIND_H
#define CLIENT_COMMAND_SESSION_FIND_H

#include "client/command/session/session.h"

/* Purpose: put the referral with this message id into request->referral_id. organisation may be NULL: the router
 * then looks among all senders, and refuses a message id that two of them used. Returns the exit code, having printed a
 * refusal. */
int referral_find(struct session *session, const char *message_id, const char *organisation,
                  struct stepcare_record *request);

#endif
