/* Conditions in words, for explanations and for printing the pathway. Pure. */
#ifndef TABLE_WORDS_H
#define TABLE_WORDS_H

#include "proto/wire.h"
#include "table.h"

void words_append(struct wire_buffer *output, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "start_back_9 medium or high, and age under 16" */
void table_words_line(const struct table_line *line, struct wire_buffer *output);

/* Why a line does not fit: its first atom that fails, with what is known instead. The line must not fit. */
void table_words_failure(const struct table_line *line, const struct table_facts *facts, struct wire_buffer *output);

/* "secondary_care / spinal, urgent_2w" */
void table_words_placement(struct stepcare_placement placement, struct wire_buffer *output);
void table_words_mask(const struct stepcare_codeset *codes, uint32_t mask, struct wire_buffer *output);

#endif
