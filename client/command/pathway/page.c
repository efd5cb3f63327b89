/* Text with headings, paragraphs and tables, in the form that was asked for. Used by `stepcare pathway show`. */
#include "client/command/pathway/page.h"

#include "pathway/table_words.h"

#include <stdarg.h>
#include <stdio.h>

static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:2px solid #005eb8}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #cfd6dc;padding:.3rem "
    ".5rem;text-align:left;vertical-align:top}"
    "th{background:#eef3f8}tr:nth-child(even) td{background:#fafbfc}svg{max-width:100%;height:auto}svg text{font:12px "
    "system-ui,sans-serif}"
    "@media print{body{max-width:none}}";

void page_text(struct page *page, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        const char *escape = NULL;

        if (page->format == PAGE_HTML)
            escape = text[i] == '&'   ? "&amp;"
                     : text[i] == '<' ? "&lt;"
                     : text[i] == '>' ? "&gt;"
                     : text[i] == '"' ? "&quot;"
                                      : NULL;
        if (page->format == PAGE_MARKDOWN) escape = text[i] == '|' ? "\\|" : text[i] == '_' ? "\\_" : NULL;
        if (escape != NULL)
            buffer_append_text(page->output, escape);
        else
            buffer_append(page->output, text + i, 1);
    }
}

static void dressed(struct page *page, const char *before, const char *text, const char *after)
{
    buffer_append_text(page->output, before);
    page_text(page, text, strlen(text));
    buffer_append_text(page->output, after);
}

void page_begin(struct page *page, const char *title)
{
    if (page->format == PAGE_HTML) {
        dressed(page, "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>", title,
                "</title><style>");
        buffer_append_text(page->output, style);
        dressed(page, "</style></head><body>\n<h1>", title, "</h1>\n");
    } else {
        dressed(page, page->format == PAGE_MARKDOWN ? "# " : "", title, "\n\n");
    }
}

void page_end(struct page *page)
{
    if (page->format == PAGE_HTML) buffer_append_text(page->output, "</body></html>\n");
    for (unsigned i = 0; i < PAGE_COLUMNS_MAX; i++) buffer_close(&page->cells[i]);
}

void page_heading(struct page *page, const char *text)
{
    static const char *const before[] = {"\n", "\n## ", "<h2>"}, *const after[] = {"\n", "\n\n", "</h2>\n"};

    dressed(page, before[page->format], text, after[page->format]);
    if (page->format != PAGE_TEXT) return;
    for (size_t i = strlen(text); i > 0; i--) buffer_append_text(page->output, "-");
    buffer_append_text(page->output, "\n");
}

void page_paragraph(struct page *page, const char *format, ...)
{
    char text[4096];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    dressed(page, page->format == PAGE_HTML ? "<p>" : "", text, page->format == PAGE_HTML ? "</p>\n" : "\n");
    if (page->format == PAGE_MARKDOWN) buffer_append_text(page->output, "\n");
}

void page_table_begin(struct page *page, const char *const *columns, unsigned count)
{
    page->columns = columns;
    page->column_count = count;
    for (unsigned i = 0; i < count; i++) buffer_clear(&page->cells[i]);
    if (page->format == PAGE_TEXT) return;
    buffer_append_text(page->output, page->format == PAGE_HTML ? "<table><thead><tr>" : "|");
    for (unsigned i = 0; i < count; i++)
        dressed(page, page->format == PAGE_HTML ? "<th>" : " ", columns[i], page->format == PAGE_HTML ? "</th>" : " |");
    buffer_append_text(page->output, page->format == PAGE_HTML ? "</tr></thead><tbody>\n" : "\n|");
    for (unsigned i = 0; page->format == PAGE_MARKDOWN && i < count; i++) buffer_append_text(page->output, "---|");
    if (page->format == PAGE_MARKDOWN) buffer_append_text(page->output, "\n");
}

/* Plain text: two columns side by side; more as a block with the columns' names. */
static void row_text(struct page *page)
{
    for (unsigned i = 0; i < page->column_count; i++) {
        const struct buffer *cell = &page->cells[i];

        if (cell->bytes == 0 && i > 1) continue;
        if (i == 0)
            words_append(page->output, "  %-*.*s", page->column_count > 2 ? 4 : 24, (int)cell->bytes,
                         (const char *)cell->data);
        else if (i == 1)
            words_append(page->output, " %.*s\n", (int)cell->bytes, (const char *)cell->data);
        else
            words_append(page->output, "       %-10s %.*s\n", page->columns[i], (int)cell->bytes,
                         (const char *)cell->data);
    }
}

/* A cell of HTML may break after an underscore: names of codes are long, and columns narrow. */
static void cell_html(struct page *page, const struct buffer *cell)
{
    for (size_t at = 0; at < cell->bytes;) {
        const uint8_t *underscore = memchr(cell->data + at, '_', cell->bytes - at);
        const size_t end = underscore != NULL ? (size_t)(underscore - cell->data) + 1 : cell->bytes;

        page_text(page, (const char *)cell->data + at, end - at);
        if (underscore != NULL) buffer_append_text(page->output, "<wbr>");
        at = end;
    }
}

void page_row(struct page *page)
{
    if (page->format == PAGE_TEXT) {
        row_text(page);
    } else {
        buffer_append_text(page->output, page->format == PAGE_HTML ? "<tr>" : "|");
        for (unsigned i = 0; i < page->column_count; i++) {
            buffer_append_text(page->output, page->format == PAGE_HTML ? "<td>" : " ");
            if (page->format == PAGE_HTML)
                cell_html(page, &page->cells[i]);
            else
                page_text(page, (const char *)page->cells[i].data, page->cells[i].bytes);
            buffer_append_text(page->output, page->format == PAGE_HTML ? "</td>" : " |");
        }
        buffer_append_text(page->output, page->format == PAGE_HTML ? "</tr>\n" : "\n");
    }
    for (unsigned i = 0; i < page->column_count; i++) buffer_clear(&page->cells[i]);
}

void page_table_end(struct page *page)
{
    if (page->format == PAGE_HTML) buffer_append_text(page->output, "</tbody></table>\n");
    if (page->format == PAGE_MARKDOWN) buffer_append_text(page->output, "\n");
}
