/* Failing fields collected, so that a refusal names them all: by every decoder and check. */
#include "stepcare/referral.h"

#include <stdarg.h>
#include <stdio.h>

void stepcare_field_errors_add(struct stepcare_field_errors *errors, const char *field, const char *format, ...)
{
    if (errors->count == STEPCARE_ERRORS_MAX) {
        errors->dropped++;
        return;
    }
    struct stepcare_field_error *item = &errors->items[errors->count++];
    snprintf(item->field, sizeof item->field, "%s", field);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(item->problem, sizeof item->problem, format, arguments);
    va_end(arguments);
}
