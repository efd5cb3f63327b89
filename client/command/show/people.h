/* One referral, whole, as a page for people. */
#ifndef CLIENT_COMMAND_SHOW_PEOPLE_H
#define CLIENT_COMMAND_SHOW_PEOPLE_H

#include "pathway/pathway.h"
#include "stepcare/record.h"

/* Purpose: a `show` reply as a page on stdout. pathway may be NULL: codes are then shown without their meanings. */
void show_people_print(const struct stepcare_record *shown, const struct pathway *pathway);

#endif
