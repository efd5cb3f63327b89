/* `stepcare show` for people: who the patient is, how things stand, why, what happened, and the letter. */
#include "client/command/show/people.h"

#include "client/command/input/field_value.h"
#include "client/command/show/history.h"
#include "client/command/show/rows.h"
#include "proto/referral_codec.h"

#define F(name) STEPCARE_FIELD_##name

static void part(const struct stepcare_record *record, unsigned field, const char *lead)
{
    char text[FIELD_TEXT_BYTES];
    if (field_value_text(record, field, text) > 0) printf("%s%s", lead, text);
}

static void text_part(struct stepcare_text text, const char *lead)
{
    if (text.bytes > 0) printf("%s%.*s", lead, (int)text.bytes, text.data);
}

static void mask_part(const struct stepcare_codeset *set, uint32_t mask, const char *nothing)
{
    bool any = false;
    for (unsigned i = 1; i < set->count; i++) {
        if ((mask & STEPCARE_BIT(i)) == 0) continue;
        printf("%s%s", any ? ", " : "", set->names[i]);
        any = true;
    }
    if (!any) fputs(nothing, stdout);
}

static void patient_print(const struct stepcare_referral *referral)
{
    printf("  Patient    %.*s", (int)referral->family_name.bytes, referral->family_name.data);
    text_part(referral->given_name, ", ");
    printf(", born %04d-%02d-%02d", referral->birth_date.year, referral->birth_date.month, referral->birth_date.day);
    text_part(referral->nhs_number, ", NHS number ");
    if (referral->nhs_number_unverified) fputs(" (not verified)", stdout);
    text_part(referral->phone, ", telephone ");
    text_part(referral->postcode, ", ");
    if (referral->pregnant) fputs(", pregnant", stdout);
    putchar('\n');
}

static void referral_print(const struct stepcare_referral *referral)
{
    char when[32];
    london_time_format(referral->referred_at_ms, when);
    printf("  Referred   %s by %.*s (%s)", when, (int)referral->organisation.bytes, referral->organisation.data,
           stepcare_code_name(&stepcare_sources, referral->source));
    text_part(referral->practitioner, ", ");
    text_part(referral->reference, ", reference ");
    printf("\n  Problem    %s for %d weeks\n  Red flags  ", stepcare_code_name(&stepcare_problems, referral->problem),
           referral->duration_weeks);
    if (!referral->red_flags_screened) fputs("NOT SCREENED; ", stdout);
    mask_part(&stepcare_red_flags, referral->red_flags, "none present");
    putchar('\n');
    if (referral->findings != 0) {
        fputs("  Findings   ", stdout);
        mask_part(&stepcare_findings, referral->findings, "");
        putchar('\n');
    }
    if (referral->history != 0) {
        fputs("  Before     ", stdout);
        mask_part(&stepcare_histories, referral->history, "");
        putchar('\n');
    }
    if (referral->preferences != 0) {
        fputs("  Wishes     ", stdout);
        mask_part(&stepcare_preferences, referral->preferences, "");
        putchar('\n');
    }
}

/* How it ended; NULL while it is open. */
static const struct stepcare_record *closing_find(const struct stepcare_record *shown)
{
    static const enum stepcare_event_type ends[] = {STEPCARE_EVENT_CLOSED, STEPCARE_EVENT_CANCELLED,
                                                    STEPCARE_EVENT_HANDED_BACK};
    const struct stepcare_record *found = NULL;
    for (size_t i = 0; STEPCARE_GET(shown, state, 0) == STEPCARE_STATE_CLOSED && i < sizeof ends / sizeof ends[0];
         i++) {
        const struct stepcare_record *row = show_event_find(shown, ends[i]);
        if (row != NULL && (found == NULL || STEPCARE_GET(row, sequence, 0) > STEPCARE_GET(found, sequence, 0)))
            found = row;
    }
    return found;
}

static void now_print(const struct stepcare_record *shown)
{
    fputs("  Now        ", stdout);
    part(shown, F(state), "");
    part(shown, F(tier), " in ");
    part(shown, F(service), " / ");
    part(shown, F(urgency), ", ");
    part(shown, F(owner), "; owner ");
    part(shown, F(next_action), "; next: ");
    part(shown, F(due), " by ");
    putchar('\n');
    if (STEPCARE_GET(shown, holds, 0) != 0) {
        part(shown, F(holds), "  Held by    ");
        putchar('\n');
    }
    if (STEPCARE_HAS(shown, linked_to)) {
        part(shown, F(linked_to), "  Linked to  ");
        putchar('\n');
    }
    const struct stepcare_record *closing = closing_find(shown);
    if (closing != NULL) {
        part(closing, F(at), "  Closed     ");
        part(closing, F(end_code), ", end code ");
        part(closing, F(end_text), ": ");
        putchar('\n');
    }
    const struct stepcare_record *question = show_event_find(shown, STEPCARE_EVENT_POSSIBLE_DUPLICATE_FOUND);
    if (question != NULL && STEPCARE_GET(shown, possible_duplicate, false)) {
        part(question, F(linked_to), "  Question   perhaps the same patient as ");
        part(shown, F(referral_id), "; answer with: stepcare judge ");
        part(question, F(linked_to), " ");
        puts(" --reason CODE");
    }
}

static void decision_print(const struct stepcare_record *shown, const struct pathway *pathway)
{
    const struct stepcare_record *row = show_decision_find(shown);
    if (row == NULL) return;
    fputs("\nDecision   ", stdout);
    part(row, F(tier), "");
    part(row, F(service), " / ");
    part(row, F(urgency), ", ");
    part(row, F(rule), " by rule ");
    part(row, F(pathway), " of pathway ");
    putchar('\n');
    if (STEPCARE_HAS(row, recommended_tier) && STEPCARE_GET(row, override_taken, false)) {
        part(row, F(recommended_tier), "           the rules said ");
        part(row, F(recommended_service), " / ");
        puts("; the referrer's override was taken");
    }
    for (unsigned i = 0; STEPCARE_HAS(row, codes) && i < row->codes.count; i++) {
        char code[STEPCARE_CODE_BYTES_MAX + 1];
        snprintf(code, sizeof code, "%.*s", (int)row->codes.items[i].bytes, row->codes.items[i].data);
        const char *meaning = pathway == NULL ? NULL : pathway_code_meaning(pathway, code);
        printf("           %-22s %s\n", code, meaning == NULL ? "" : meaning);
    }
    if (STEPCARE_GET(row, parallel, 0) != 0) {
        part(row, F(parallel), "           offered beside: ");
        putchar('\n');
    }
}

static void letter_print(struct stepcare_text letter)
{
    if (letter.bytes == 0) return;
    fputs("\nLetter\n  ", stdout);
    for (uint32_t i = 0; i < letter.bytes; i++) {
        unsigned char c = (unsigned char)letter.data[i];
        if (c == '\n') {
            fputs("\n  ", stdout);
        } else {
            putchar(c < 0x20 || c == 0x7f ? ' ' : c); /* nothing in a letter steers the terminal */
        }
    }
    putchar('\n');
}

void show_people_print(const struct stepcare_record *shown, const struct pathway *pathway)
{
    struct stepcare_referral referral;
    bool readable =
        STEPCARE_HAS(shown, referral) &&
        referral_ledger_decode((const uint8_t *)shown->referral.data, shown->referral.bytes, &referral) == STEPCARE_OK;
    part(shown, F(referral_id), "Referral ");
    part(shown, F(message_id), ", the sender's ");
    putchar('\n');
    if (readable) {
        patient_print(&referral);
        referral_print(&referral);
    }
    now_print(shown);
    decision_print(shown, pathway);
    if (STEPCARE_HAS(shown, history)) {
        show_history_print(&shown->history);
        show_holders_print(&shown->history);
        show_scores_print(&shown->history);
    }
    if (readable) letter_print(referral.letter);
}
