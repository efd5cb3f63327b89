/* The numbers in stepcare.yaml: one row each with default, range and unit, from the file's text to struct config. */
#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

#include "base/yaml_check.h"
#include "config/schema.h"

/* Purpose: fill every number of config: the default where file leaves it out, else the value, checked.
 * Errors: reported to check; the default stands then. */
void config_settings_read(struct yaml_check *check, const struct config_file *file, struct config *config);

/* Purpose: a number's key; index from 0 on. Returns false past the last. */
bool config_setting_key_at(unsigned index, struct config_key *out_key);

/* Purpose: the least and the most of a number that has a key, as people write it: "8MiB to 1GiB". */
enum { CONFIG_RANGE_BYTES = 80 };
void config_setting_range(unsigned index, char out_text[CONFIG_RANGE_BYTES]);

/* Purpose: "4096", "32MiB" or "64 GiB" as a number. Errors: false; *out_value untouched.
 * Shape: units KiB, MiB, GiB, TiB, only where bytes is true. */
bool config_number_parse(const char *text, bool bytes, uint64_t *out_value);

#endif
