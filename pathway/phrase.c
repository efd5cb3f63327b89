/* Phrases for numbers: "at least 10", "at most 9", "under case", "over 3", "4 to 6", "5", joined by commas. */
#include "pathway/internal.h"

#include "base/yaml_check.h"

#include <ctype.h>
#include <stdlib.h>

struct phrase {
    struct pathway_compile *compile;
    const char *key;
    const struct instrument_scale *scale;
    int least, most;
};

static bool word_take(const char **at, const char *word)
{
    size_t bytes = strlen(word);
    if (strncmp(*at, word, bytes) != 0) return false;
    *at += bytes;
    return true;
}

/* A number, or the name of one of the instrument's cut-offs. */
static bool bound_take(const struct phrase *phrase, const char **at, int *out_value)
{
    size_t bytes = strcspn(*at, ", ");
    int16_t from;
    if (bytes > 0 && bytes < 6 && strspn(*at, "0123456789") >= bytes) {
        *out_value = atoi(*at);
    } else if (phrase->scale != NULL && instrument_cut_off_find(phrase->scale, *at, bytes, &from)) {
        *out_value = from;
    } else {
        yaml_check_add(phrase->compile->check, phrase->key,
                       "`%.*s` is neither a number nor a cut-off of this instrument", (int)(bytes < 40 ? bytes : 40),
                       *at);
        return false;
    }
    *at += bytes;
    if (*out_value >= phrase->least && *out_value <= phrase->most) return true;
    yaml_check_add(phrase->compile->check, phrase->key, "%d is outside what is possible here, %d to %d", *out_value,
                   phrase->least, phrase->most);
    return false;
}

static bool part_take(const struct phrase *phrase, const char **at, struct instrument_range *out_range)
{
    int least = phrase->least, most = phrase->most;
    if (word_take(at, "at least ")) {
        if (!bound_take(phrase, at, &least)) return false;
    } else if (word_take(at, "at most ")) {
        if (!bound_take(phrase, at, &most)) return false;
    } else if (word_take(at, "under ")) {
        if (!bound_take(phrase, at, &most)) return false;
        most--;
    } else if (word_take(at, "over ")) {
        if (!bound_take(phrase, at, &least)) return false;
        least++;
    } else {
        if (!bound_take(phrase, at, &least)) return false;
        most = least;
        if (word_take(at, " to ") && !bound_take(phrase, at, &most)) return false;
    }
    *out_range = (struct instrument_range){(int16_t)least, (int16_t)most};
    return true;
}

bool pathway_compile_range(struct pathway_compile *compile, const char *key, const char *phrase,
                           const struct instrument_scale *scale, int least, int most,
                           struct instrument_range *out_range)
{
    struct phrase parsed = {compile, key, scale, least, most};
    struct instrument_range range = {(int16_t)least, (int16_t)most};
    const char *at = phrase;
    do {
        struct instrument_range part;
        if (!part_take(&parsed, &at, &part)) return false;
        if (part.least > range.least) range.least = part.least;
        if (part.most < range.most) range.most = part.most;
    } while (word_take(&at, ", "));
    if (*at != '\0') {
        yaml_check_add(compile->check, key,
                       "`%.60s` cannot be read; say it as `at least 10`, `under 16`, `4 to 6` or `5`", phrase);
        return false;
    }
    if (range.least > range.most) {
        yaml_check_add(compile->check, key, "`%.60s` fits no number from %d to %d", phrase, least, most);
        return false;
    }
    *out_range = range;
    return true;
}
