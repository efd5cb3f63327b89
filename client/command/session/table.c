/* Tables on libsmartcols: columns that are empty in every row are left out. Used by listings and claim. */
#include "client/command/session/table.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <unistd.h>

bool colour_wanted(int descriptor)
{
    const char *no_colour = getenv("NO_COLOR");
    return isatty(descriptor) == 1 && (no_colour == NULL || no_colour[0] == '\0');
}

static bool line_add(struct libscols_table *table, const struct stepcare_record *row,
                     const struct table_column *columns)
{
    char text[FIELD_TEXT_BYTES];
    struct libscols_line *line = scols_table_new_line(table, NULL);
    if (line == NULL) return false;
    for (size_t i = 0; columns[i].field != 0; i++) {
        field_value_text(row, columns[i].field, text);
        if (columns[i].field == STEPCARE_FIELD_tier && text[0] == '\0' &&
            STEPCARE_GET(row, kind, 0) == STEPCARE_KIND_TRIAGE) {
            snprintf(text, sizeof text, "triage");
        }
        if (scols_line_set_data(line, i, text) != 0) return false;
    }
    if (STEPCARE_GET(row, urgency, 0) == STEPCARE_URGENCY_EMERGENCY) scols_line_set_color(line, "red");
    return true;
}

/* A column that is empty in every row only takes room. */
static bool column_empty(const struct stepcare_records *rows, const struct table_column *column)
{
    char text[FIELD_TEXT_BYTES];
    if (column->field == STEPCARE_FIELD_tier) return false;
    for (uint32_t i = 0; i < rows->count; i++) {
        if (field_value_text(&rows->items[i], column->field, text) > 0) return false;
    }
    return true;
}

void table_print(const struct stepcare_records *rows, const struct table_column *columns)
{
    if (rows->count == 0) return;
    scols_init_debug(0);
    struct libscols_table *table = scols_new_table();
    if (table == NULL) return;
    scols_table_enable_colors(table, colour_wanted(STDOUT_FILENO));
    for (size_t i = 0; columns[i].field != 0; i++) {
        int flags = (columns[i].right ? SCOLS_FL_RIGHT : 0) | (columns[i].truncate ? SCOLS_FL_TRUNC : 0) |
                    (column_empty(rows, &columns[i]) ? SCOLS_FL_HIDDEN : 0);
        scols_table_new_column(table, columns[i].title, 0, flags);
    }
    bool good = true;
    for (uint32_t i = 0; i < rows->count && good; i++) good = line_add(table, &rows->items[i], columns);
    if (good) scols_print_table(table);
    scols_unref_table(table);
}
