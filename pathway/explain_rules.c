/* The rules that were tried, and why each did not lead: called by explain.c. */
#include "pathway/explain_internal.h"

void explain_plain(struct buffer *words, struct buffer *output)
{
    for (size_t i = 0; i < words->bytes; i++)
        if (words->data[i] == '_') words->data[i] = ' ';
    if (words->bytes > 0) buffer_append(output, words->data, words->bytes);
    buffer_close(words);
}

void explain_placement(struct stepcare_placement placement, struct buffer *output)
{
    struct buffer words = {0};
    table_words_placement(placement, &words);
    explain_plain(&words, output);
}

void explain_label(const char *label, struct buffer *output)
{
    words_append(output, "  %-10s ", label);
}

/* Each of a row's ways to fit, and what is missing for it; the same reason twice is said once. */
static void failure_write(const struct table_row *row, const struct table_facts *facts, struct buffer *output)
{
    struct buffer before = {0};
    for (unsigned line = 0; line < row->line_count; line++) {
        struct buffer words = {0};
        table_words_failure(&row->lines[line], facts, &words);
        if (before.bytes != words.bytes || words.bytes == 0 || memcmp(before.data, words.data, words.bytes) != 0) {
            struct buffer copy = {0};
            if (words.bytes > 0) buffer_append(&copy, words.data, words.bytes);
            words_append(output, "%s", line > 0 ? "; and " : "");
            explain_plain(&copy, output);
        }
        buffer_close(&before);
        before = words;
    }
    buffer_close(&before);
}

void explain_rules(const struct table *table, const struct table_facts *facts, unsigned lead, struct buffer *output)
{
    words_append(output, "  Rules, in the order in which they are tried; the first that fits decides:\n");
    for (unsigned i = 0; i < table->count && i <= lead; i++) {
        const struct table_row *row = &table->rows[i];
        const bool fits = table_row_fits(row, facts);
        words_append(output, "    %s %-4s %s: ",
                     !fits            ? "no "
                     : row->continues ? "and"
                                      : "YES",
                     row->rule != NULL && row->rule[0] >= '0' && row->rule[0] <= '9' ? row->rule : "-",
                     row->title != NULL ? row->title : "");
        if (fits)
            words_append(output, row->continues ? "fits, adds its code, and the next is tried" : "DECIDES");
        else
            failure_write(row, facts, output);
        words_append(output, "\n");
    }
}
