/* Conditions in words, for explanations and for printing the pathway. Pure. */
#ifndef PATHWAY_TABLE_WORDS_H
#define PATHWAY_TABLE_WORDS_H

#include "pathway/table.h"
#include "proto/frame.h"

void words_append(struct buffer *output, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "start_back_9 medium or high, and age under 16" */
void table_words_line(const struct table_line *line, struct buffer *output);

/* Why a line does not fit: its first atom that fails, with what is known instead. The line must not fit. */
void table_words_failure(const struct table_line *line, const struct table_facts *facts, struct buffer *output);

/* "secondary_care / spinal, urgent_2w" */
void table_words_placement(struct stepcare_placement placement, struct buffer *output);
void table_words_mask(const struct stepcare_codeset *codes, uint32_t mask, struct buffer *output);

#endif
