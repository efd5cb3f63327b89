/* Reads what `stepcare refer --json` printed and keeps it by message_id, for the tests of whole processes. */
#include "tests/support/answers.h"

#include <string.h>

void answers_open(struct answers *answers)
{
    *answers = (struct answers){.by_message = json_object()};
}

void answers_close(struct answers *answers)
{
    json_decref(answers->by_message);
    answers->by_message = NULL;
}

static bool text_is(const json_t *line, const char *member, const char *text)
{
    const char *value = json_string_value(json_object_get(line, member));
    return value != NULL && strcmp(value, text) == 0;
}

static void answer_keep(struct answers *answers, json_t *line)
{
    const char *message = json_string_value(json_object_get(line, "message_id"));
    const char *referral = json_string_value(json_object_get(line, "referral_id"));
    if (text_is(line, "outcome", "accepted"))
        answers->accepted++;
    else if (text_is(line, "outcome", "duplicate"))
        answers->duplicates++;
    else if (text_is(line, "outcome", "rejected"))
        answers->rejected++;
    else
        answers->others++;
    if (message == NULL || referral == NULL) return;
    const char *before = answers_text(answers, message, "referral_id");
    answers->changed += before != NULL && strcmp(before, referral) != 0;
    json_t *kept = json_object(); /* what is asked for later; whole lines would add up */
    json_object_set(kept, "referral_id", json_object_get(line, "referral_id"));
    json_object_set(kept, "tier", json_object_get(line, "tier"));
    json_object_set_new(answers->by_message, message, kept);
}

/* The next whole line as JSON, NULL if it is none; false at the end. */
static bool line_next(const char **at, json_t **out_line)
{
    const char *end = strchr(*at, '\n');
    if (end == NULL) return false;
    *out_line = json_loadb(*at, (size_t)(end - *at), 0, NULL);
    *at = end + 1;
    return true;
}

void answers_read(struct answers *answers, const char *output)
{
    json_t *kept = answers->by_message, *line;
    *answers = (struct answers){.by_message = kept};
    for (const char *at = output; line_next(&at, &line); json_decref(line)) {
        answers->lines++;
        if (json_is_object(line))
            answer_keep(answers, line);
        else
            answers->broken++;
    }
}

const char *answers_text(const struct answers *answers, const char *message_id, const char *member)
{
    return json_string_value(json_object_get(json_object_get(answers->by_message, message_id), member));
}

unsigned answers_referrals(const struct answers *answers)
{
    const char *message;
    json_t *line, *seen = json_object();
    json_object_foreach(answers->by_message, message, line)
        json_object_set_new(seen, json_string_value(json_object_get(line, "referral_id")), json_true());
    unsigned count = (unsigned)json_object_size(seen);
    json_decref(seen);
    return count;
}

long json_line_number(const char *output, const char *key, const char *value, const char *member)
{
    long number = -1;
    json_t *line;
    for (const char *at = output; number < 0 && line_next(&at, &line); json_decref(line)) {
        if (text_is(line, key, value) && json_is_integer(json_object_get(line, member)))
            number = (long)json_integer_value(json_object_get(line, member));
    }
    return number;
}
