/* The pathway for people, in three dresses: plain text, Markdown, or one self-contained HTML page. */
#ifndef CLIENT_COMMAND_PATHWAY_PAGE_H
#define CLIENT_COMMAND_PATHWAY_PAGE_H

#include "pathway/internal.h"
#include "pathway/table_words.h"
#include "proto/frame.h"

enum page_format { PAGE_TEXT, PAGE_MARKDOWN, PAGE_HTML };
enum { PAGE_COLUMNS_MAX = 8 };

struct page {
    enum page_format format;
    struct buffer *output;
    const char *const *columns; /* of the table that is open */
    unsigned column_count;
    struct buffer cells[PAGE_COLUMNS_MAX];
};

void page_begin(struct page *page, const char *title);
void page_end(struct page *page); /* closes the cells, too */
void page_heading(struct page *page, const char *text);
void page_paragraph(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Purpose: a table: columns are borrowed until page_table_end; a row is filled through page->cells and then put. */
void page_table_begin(struct page *page, const char *const *columns, unsigned count);
void page_row(struct page *page);
void page_table_end(struct page *page);
/* The text with what HTML needs escaped, or as it is in the other formats. */
void page_text(struct page *page, const char *text, size_t bytes);

/* The intake table drawn as a flow of questions (HTML alone). */
void pathway_flow_draw(struct page *page, const struct pathway *pathway);
/* The whole pathway. */
void pathway_page_write(const struct pathway *pathway, enum page_format format, struct buffer *output);

#endif
