/* A review snapshot, as `stepcare decide review` is given it, from JSON. */
#ifndef CLIENT_COMMAND_DECIDE_REVIEW_READ_H
#define CLIENT_COMMAND_DECIDE_REVIEW_READ_H

#include "base/arena.h"
#include "pathway/pathway.h"

/* Reads one JSON object into a review; every failing field is named, also what the tier's rules cannot do without.
 * Shape: errors is empty at first.
 * Owns: *out_referral_id views text or the arena. It is set, where it could be read, also when the rest could not;
 *   absent otherwise.
 * Errors: INVALID with errors; NO_MEMORY, without. *out_review is untouched then. */
enum stepcare_error review_read(struct stepcare_text text, struct arena *arena, struct stepcare_review *out_review,
                                struct stepcare_text *out_referral_id, struct stepcare_field_errors *errors);

#endif
