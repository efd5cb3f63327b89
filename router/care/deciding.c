/* Refusals and the few questions that every decision asks. See deciding.h. */
#include "router/care/deciding.h"

#include "base/must.h"

#include <stdarg.h>
#include <stdio.h>

void decision_refuse(const struct deciding *deciding, int error, const char *format, ...)
{
    struct decision *const out = deciding->out;
    must(error != STEPCARE_OK);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->problem, sizeof out->problem, format, arguments);
    va_end(arguments);
    out->error = error;
    out->event_count = 0;
}

void decision_refuse_field(const struct deciding *deciding, const char *field, const char *format, ...)
{
    char sentence[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    stepcare_field_errors_add(&deciding->out->errors, field, "%s", sentence);
    decision_refuse(deciding, STEPCARE_INVALID, "%s: %s", field, sentence);
}

const struct stepcare_limits_table *limits_of(const struct deciding *deciding)
{
    return pathway_limits(deciding->view->pathway);
}

int64_t working_day_end(const struct deciding *deciding, unsigned working_days)
{
    return calendar_working_day_end(&deciding->view->config->calendar, deciding->now, working_days);
}

bool caller_is(const struct deciding *deciding, const struct episode_text *name)
{
    return stepcare_text_equal(episode_text(name), deciding->command->caller->name);
}
