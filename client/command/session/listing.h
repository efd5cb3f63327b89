/* A listing: one verb asked page by page, each row a JSON line or a line of a table. */
#ifndef CLIENT_COMMAND_SESSION_LISTING_H
#define CLIENT_COMMAND_SESSION_LISTING_H

#include "client/command/session/session.h"
#include "client/command/session/table.h"

struct listing {
    const char *verb;
    const uint8_t *always; /* keys that every JSON line has, zero-terminated */
    const struct table_column *columns;
    const char *nothing; /* said to people when there is nothing */
};

/* Purpose: fetch and print everything, or --limit rows after --after. Returns the exit code. */
int listing_run(struct session *session, const struct listing *listing, struct stepcare_record *request);

/* Purpose: one page's rows in the form that the user asked for. */
void rows_print(const struct arguments *arguments, const struct stepcare_records *rows, const struct listing *listing);

/* Purpose: to people, first of all: emergencies without a named person, wherever they wait (`priority` of a reply). */
void emergencies_warn(const struct stepcare_record *reply);

/* The keys of worklist, claim and caseload lines. */
extern const uint8_t listing_work_keys[];

#endif
