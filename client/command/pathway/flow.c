/* The intake table as a drawing: questions down the left, where a "yes" leads on the right. */
#include "client/command/pathway/flow.h"

#include "pathway/compiled.h"
#include "pathway/explain.h"
#include "pathway/table_words.h"

enum {
    STEP = 54,
    BOX_WIDTH = 520,
    BOX_HEIGHT = 32,
    PLACE_X = 640,
    PLACE_WIDTH = 330,
    LEFT = 10,
    TOP = 40,
    TITLE_CHARS_MAX = 72
};

static const char *colour_of(enum stepcare_urgency urgency)
{
    switch (urgency) {
    case STEPCARE_URGENCY_EMERGENCY: return "#d5281b";
    case STEPCARE_URGENCY_URGENT_24H:
    case STEPCARE_URGENCY_URGENT_2W:
    case STEPCARE_URGENCY_URGENT_3W: return "#a65200"; /* white on it is readable */
    case STEPCARE_URGENCY_SOON: return "#005eb8";
    default: return "#00703c";
    }
}

static void question_draw(struct page *page, const struct table_row *row, int y)
{
    size_t bytes = row->title != NULL ? strlen(row->title) : 0;

    words_append(page->output,
                 "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"#fff\" stroke=\"#425563\"%s/>"
                 "<text x=\"%d\" y=\"%d\"><tspan font-weight=\"bold\">%s</tspan> ",
                 LEFT, y, BOX_WIDTH, BOX_HEIGHT, row->continues ? " stroke-dasharray=\"5 4\"" : "", LEFT + 12, y + 20,
                 row->rule);
    page_text(page, row->title != NULL ? row->title : "", bytes < TITLE_CHARS_MAX ? bytes : TITLE_CHARS_MAX);
    buffer_append_text(page->output, "</text>\n");
}

static void answer_draw(struct page *page, const struct pathway *pathway, const struct table_row *row, int y)
{
    struct buffer words = {0};

    words_append(
        page->output,
        "<path d=\"M%d %d H%d\" stroke=\"#425563\" fill=\"none\" marker-end=\"url(#to)\"/><text x=\"%d\" y=\"%d\">"
        "yes</text>",
        LEFT + BOX_WIDTH, y + BOX_HEIGHT / 2, PLACE_X - 4, LEFT + BOX_WIDTH + 12, y + BOX_HEIGHT / 2 - 4);
    if (row->continues) {
        words_append(&words, "adds %s and goes on",
                     row->code_count > 0 ? pathway->codes[row->codes[0]].name : "nothing");
        words_append(page->output, "<text x=\"%d\" y=\"%d\" fill=\"#425563\">", PLACE_X + 6, y + 20);
    } else {
        explain_placement(row->to, &words);
        words_append(page->output,
                     "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\"/><text x=\"%d\" y=\"%d\" "
                     "fill=\"#fff\">",
                     PLACE_X, y, PLACE_WIDTH, BOX_HEIGHT, colour_of(row->to.urgency), PLACE_X + 12, y + 20);
    }
    page_text(page, (const char *)words.data, words.bytes);
    buffer_append_text(page->output, "</text>\n");
    buffer_close(&words);
}

void pathway_flow_draw(struct page *page, const struct pathway *pathway)
{
    const struct table *intake = &pathway->intake;
    int y = TOP;

    if (page->format != PAGE_HTML) return;
    words_append(page->output,
                 "<svg role=\"img\" aria-label=\"The intake rules as a flow of questions\" viewBox=\"0 0 %d %u\" "
                 "xmlns=\"http://www.w3.org/2000/svg\"><defs><marker id=\"to\" markerWidth=\"8\" markerHeight=\"8\" "
                 "refX=\"7\" refY=\"4\" "
                 "orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" fill=\"#425563\"/></marker></defs><text x=\"%d\" "
                 "y=\"22\">A referral comes in: "
                 "the first question answered yes decides</text>\n",
                 PLACE_X + PLACE_WIDTH + 10, TOP + STEP * intake->count, LEFT);
    for (unsigned i = 0; i < intake->count; i++, y += STEP) {
        question_draw(page, &intake->rows[i], y);
        answer_draw(page, pathway, &intake->rows[i], y);
        if (i + 1 < intake->count)
            words_append(page->output,
                         "<path d=\"M%d %d V%d\" stroke=\"#425563\" marker-end=\"url(#to)\"/><text x=\"%d\" "
                         "y=\"%d\">no</text>\n",
                         LEFT + 40, y + BOX_HEIGHT, y + STEP - 2, LEFT + 48, y + BOX_HEIGHT + 15);
    }
    buffer_append_text(page->output, "</svg>\n");
}
