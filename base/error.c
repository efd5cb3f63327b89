/* The table of stepcare/error.h as data: names and sentences of errors, for replies, logs and the command. */
#include "stepcare/error.h"

#include <stddef.h>

const char *stepcare_error_name(int error)
{
    switch (error) {
#define ERROR_NAME(number, NAME, name, text)                                                                           \
    case number: return name;
        STEPCARE_ERRORS(ERROR_NAME)
#undef ERROR_NAME
    default: return "unknown_error";
    }
}

const char *stepcare_error_text(int error)
{
    switch (error) {
#define ERROR_TEXT(number, NAME, name, text)                                                                           \
    case number: return text;
        STEPCARE_ERRORS(ERROR_TEXT)
#undef ERROR_TEXT
    default: return "the other side answered with an error that this version does not know";
    }
}
