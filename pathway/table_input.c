/* The inputs that conditions may name, as data, from the lists of table_input.h. */
#include "pathway/table_input.h"

#include "stepcare/codes.h"

#define CHOICE_ROW(NAME, name, contexts, ...)                                                                          \
    [CHOICE_##NAME] = {#name, contexts, sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *), {__VA_ARGS__}},
const struct table_choice_info table_choices[CHOICE_COUNT] = {TABLE_CHOICES(CHOICE_ROW)};

#define NUMBER_ROW(NAME, name, contexts, least, most) [NUMBER_##NAME] = {#name, contexts, least, most},
const struct table_number_info table_numbers[NUMBER_COUNT] = {TABLE_NUMBERS(NUMBER_ROW)};

#define CODE_NAME(number, NAME, name) name,
#define SET_NAMES(NAME, contexts, codes, singular, plural)                                                             \
    static const char *const singular##_names[] = {codes(CODE_NAME)};
TABLE_SETS(SET_NAMES)

#define SET_ROW(NAME, contexts, codes, singular, plural)                                                               \
    [SET_##NAME] = {#singular, #plural, contexts, sizeof singular##_names / sizeof singular##_names[0],                \
                    singular##_names},
const struct table_set_info table_sets[SET_COUNT] = {TABLE_SETS(SET_ROW)};
