/* A document for people in three forms: plain text, Markdown, or one self-contained HTML page. */
#ifndef CLIENT_COMMAND_PATHWAY_PAGE_H
#define CLIENT_COMMAND_PATHWAY_PAGE_H

#include "base/buffer.h"

enum page_format { PAGE_TEXT, PAGE_MARKDOWN, PAGE_HTML };
enum { PAGE_COLUMNS_MAX = 8 };

struct page {
    enum page_format format;
    struct buffer *output;
    const char *const *columns; /* of the table that is open */
    unsigned column_count;
    struct buffer cells[PAGE_COLUMNS_MAX];
};

/* Purpose: a page from its title to its end. Owns: the buffer of `output` is the caller's; page_end closes the
 * cells. */
void page_begin(struct page *page, const char *title);
void page_end(struct page *page);
void page_heading(struct page *page, const char *text);
void page_paragraph(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Purpose: a table: columns are borrowed until page_table_end; a row is filled through page->cells and then put. */
void page_table_begin(struct page *page, const char *const *columns, unsigned count);
void page_row(struct page *page);
void page_table_end(struct page *page);
/* Purpose: the text with what HTML needs escaped, or as it is in the other formats. */
void page_text(struct page *page, const char *text, size_t bytes);

#endif
