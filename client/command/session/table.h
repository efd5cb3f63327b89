/* Rows of records as a table for people, on libsmartcols. */
#ifndef CLIENT_COMMAND_SESSION_TABLE_H
#define CLIENT_COMMAND_SESSION_TABLE_H

#include "client/command/input/field_value.h"

struct table_column {
    uint8_t field; /* 0 ends a table of columns */
    bool right;    /* numbers */
    bool truncate; /* may be cut to fit the terminal */
    const char *title;
};

/* Purpose: print the rows; emergencies in red on a terminal. Nothing at all for no rows. */
void table_print(const struct stepcare_records *rows, const struct table_column *columns);

/* Purpose: does stdout (1) or stderr (2) take colour: a terminal, and NO_COLOR is not set. */
bool colour_wanted(int descriptor);

#endif
