/* The names of a set joined, for the errors of every reader: JSON and wire, pathway file, command line. */
#include "base/code_names.h"

#include <stdio.h>

size_t code_names_join(const struct stepcare_codeset *set, unsigned last, char *out_text, size_t text_bytes)
{
    size_t used = 0;
    if (text_bytes == 0) return 0;
    out_text[0] = '\0';
    for (unsigned number = 1; number < set->count && (last == 0 || number <= last); number++) {
        if (set->names[number] == NULL) continue;
        used += (size_t)snprintf(out_text + used, text_bytes - used, "%s%s", used > 0 ? ", " : "", set->names[number]);
        if (used >= text_bytes) return text_bytes - 1;
    }
    return used;
}
