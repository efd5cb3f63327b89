/* The history's own page parts of `stepcare show`: rows, holders, scores. */
#include "client/command/show/history.h"

#include "client/command/input/field_value.h"

#include <stdlib.h>

#define F(name) STEPCARE_FIELD_##name

/* What a row of the history says beyond its name, in this order. */
static const struct {
    uint8_t field;
    const char *lead;
} details[] = {{F(tier), ""},
               {F(service), "/ "},
               {F(urgency), ""},
               {F(from_tier), "from "},
               {F(to_tier), "to "},
               {F(to_service), "/ "},
               {F(action), ""},
               {F(practitioner), "until then with "},
               {F(contact_outcome), ""},
               {F(channel), "by "},
               {F(hold), "hold "},
               {F(holds), "holds "},
               {F(rule), "rule "},
               {F(reason), "reason "},
               {F(end_code), "end code "},
               {F(end_text), ""},
               {F(linked_to), "linked to "},
               {F(changed), "changed "},
               {F(problem), ""},
               {F(note), "note: "}};

void show_history_print(const struct stepcare_records *history)
{
    puts("\nHistory");
    for (uint32_t i = 0; i < history->count; i++) {
        const struct stepcare_record *row = &history->items[i];
        char when[FIELD_TEXT_BYTES], wait[32] = "", event[FIELD_TEXT_BYTES], text[FIELD_TEXT_BYTES];
        field_value_text(row, F(at), when);
        field_value_text(row, F(event), event);
        if (i > 0) duration_format(STEPCARE_GET(row, at, 0) - STEPCARE_GET(&history->items[i - 1], at, 0), wait);
        printf("  %s  %9s%s  %-25s", when, i > 0 ? wait : "", i > 0 ? " later" : "      ", event);
        for (size_t f = 0; f < sizeof details / sizeof details[0]; f++) {
            if (field_value_text(row, details[f].field, text) > 0) printf(" %s%s", details[f].lead, text);
        }
        if (field_value_text(row, F(by), text) > 0) printf("  (%s)", text);
        putchar('\n');
    }
}

/* Whose hands the patient is in after an event: a name, "" for nobody's, NULL where that does not change. *handover: a
 * hand-over is open, so the sender has the patient whoever else claims it or gives it back. */
static const char *holder_after(const struct stepcare_record *row, bool *handover, char name[FIELD_TEXT_BYTES])
{
    switch (STEPCARE_GET(row, event, 0)) {
    case STEPCARE_EVENT_HANDOVER_PROPOSED: *handover = true; return NULL;
    case STEPCARE_EVENT_HANDOVER_DECLINED:
        *handover = STEPCARE_GET(row, handover, 0) == STEPCARE_HANDOVER_OVERDUE;
        return NULL;
    case STEPCARE_EVENT_CLAIMED:
        if (*handover) return NULL;
        break;
    case STEPCARE_EVENT_CLAIM_RELEASED:
    case STEPCARE_EVENT_CLAIM_EXPIRED: return *handover ? NULL : "";
    case STEPCARE_EVENT_CLAIM_ACCEPTED:
    case STEPCARE_EVENT_HANDOVER_ACCEPTED: *handover = false; break;
    case STEPCARE_EVENT_REFERRAL_DECLINED:
    case STEPCARE_EVENT_ASSIGNED:
    case STEPCARE_EVENT_CLOSED:
    case STEPCARE_EVENT_CANCELLED:
    case STEPCARE_EVENT_HANDED_BACK:
    case STEPCARE_EVENT_REOPENED: *handover = false; return "";
    default: return NULL;
    }
    /* "practitioner" of an accepted hand-over is the sender: whoever did it has the patient now. */
    field_value_text(row, F(by), name);
    return name;
}

static bool is_closing(const struct stepcare_record *row)
{
    const unsigned event = STEPCARE_GET(row, event, 0);
    return event == STEPCARE_EVENT_CLOSED || event == STEPCARE_EVENT_CANCELLED || event == STEPCARE_EVENT_HANDED_BACK;
}

void show_holders_print(const struct stepcare_records *history)
{
    char holder[FIELD_TEXT_BYTES] = "", name[FIELD_TEXT_BYTES], from_text[32], length[32];
    int64_t from = history->count == 0 ? 0 : STEPCARE_GET(&history->items[0], at, 0);
    bool handover = false, closed = false;
    if (history->count == 0) return;
    puts("\nWho had the patient");
    for (uint32_t i = 0; i <= history->count; i++) {
        bool end = i == history->count;
        const char *after = end ? NULL : holder_after(&history->items[i], &handover, name);
        if (!end && (after == NULL || (strcmp(after, holder) == 0 && !is_closing(&history->items[i])))) continue;
        int64_t at = end ? from : STEPCARE_GET(&history->items[i], at, 0);
        const char *who = holder[0] != '\0' ? holder : closed ? "nobody: closed" : "nobody in person";
        london_time_format(from, from_text);
        duration_format(at - from, length);
        if (end) {
            printf("  from %s   %s\n", from_text, who);
        } else if (at > from || i > 0) {
            printf("  from %s   %-24s %s\n", from_text, who, length);
        }
        if (!end) closed = is_closing(&history->items[i]);
        if (after != NULL) snprintf(holder, sizeof holder, "%s", after);
        from = at;
    }
}

/* Scores that came with the referral are baselines; information added before treatment may correct them. */
static bool brings_baselines(const struct stepcare_record *row)
{
    const unsigned event = STEPCARE_GET(row, event, 0);
    return event == STEPCARE_EVENT_REFERRAL_RECEIVED || event == STEPCARE_EVENT_EPISODE_LINKED ||
           event == STEPCARE_EVENT_INFORMATION_ADDED;
}

static void score_print(const struct stepcare_record *row, int64_t value, int64_t most, const char *label)
{
    enum { WIDTH = 27 };
    char when[32], bar[WIDTH + 1];
    int64_t filled = (value * WIDTH + most / 2) / most;
    for (int64_t i = 0; i < WIDTH; i++) bar[i] = i < filled ? '#' : '.';
    bar[WIDTH] = '\0';
    london_time_format(STEPCARE_GET(row, at, 0), when);
    printf("  %-8s %-20s %3ld %s\n", label, when, (long)value, bar);
}

void show_scores_print(const struct stepcare_records *history)
{
    static const struct {
        uint8_t field, baseline;
        int64_t most;
        const char *label;
    } scores[] = {{F(phq_9), F(phq_9_baseline), STEPCARE_PHQ_9_MAX, "PHQ-9"},
                  {F(gad_7), F(gad_7_baseline), STEPCARE_GAD_7_MAX, "GAD-7"},
                  {F(rmdq), F(rmdq_baseline), STEPCARE_RMDQ_MAX, "RMDQ"},
                  {F(nrs), F(nrs_baseline), STEPCARE_NRS_MAX, "NRS"}};
    bool titled = false;
    for (size_t s = 0; s < sizeof scores / sizeof scores[0]; s++) {
        bool first = true;
        for (uint32_t i = 0; i < history->count; i++) {
            const struct stepcare_record *row = &history->items[i];
            unsigned field = brings_baselines(row) ? scores[s].baseline : scores[s].field;
            char text[FIELD_TEXT_BYTES];
            if (field_value_text(row, field, text) == 0 || text[0] == '-') continue;
            if (!titled) puts("\nScores");
            titled = true;
            score_print(row, strtol(text, NULL, 10), scores[s].most, first ? scores[s].label : "");
            first = false;
        }
    }
}
