/* Fields copied by a list, and texts that outlive what they were read from. */
#include "proto/record_copy.h"

#include <criterion/criterion.h>

static const uint8_t some[] = {STEPCARE_FIELD_tier, STEPCARE_FIELD_codes, STEPCARE_FIELD_note, STEPCARE_FIELD_due, 0};

Test(record_copy, sets_what_the_list_names_and_the_source_has)
{
    struct stepcare_record from, to;
    stepcare_record_init(&from);
    stepcare_record_init(&to);
    STEPCARE_SET(&from, tier, STEPCARE_TIER_PHYSIO);
    STEPCARE_SET(&from, codes, ((struct stepcare_code_list){2, {stepcare_text_of("A"), stepcare_text_of("B")}}));
    STEPCARE_SET(&from, note, stepcare_text_of("a note"));
    STEPCARE_SET(&from, urgency, STEPCARE_URGENCY_SOON); /* not in the list */
    STEPCARE_SET(&to, due, 77);                          /* in the list, but the source has none */
    record_copy(&to, &from, some);
    cr_expect_eq(to.tier, STEPCARE_TIER_PHYSIO);
    cr_expect(STEPCARE_HAS(&to, tier) && STEPCARE_HAS(&to, codes) && STEPCARE_HAS(&to, note));
    cr_expect_eq(to.codes.count, 2);
    cr_expect(stepcare_text_equal(to.codes.items[1], stepcare_text_of("B")));
    cr_expect_eq(to.note.data, from.note.data, "texts are borrowed");
    cr_expect_not(STEPCARE_HAS(&to, urgency));
    cr_expect_eq(STEPCARE_GET(&to, due, 0), 77);
}

Test(record_copy, kept_texts_outlive_their_source)
{
    char note[] = "note", code[] = "CODE", bytes[] = "\x01\x02";
    struct stepcare_record record;
    struct arena *arena = NULL;
    cr_assert_eq(arena_open(4096, &arena), STEPCARE_OK);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, note, stepcare_text_of(note));
    STEPCARE_SET(&record, codes, ((struct stepcare_code_list){1, {stepcare_text_of(code)}}));
    STEPCARE_SET(&record, referral, stepcare_text_of(bytes));
    STEPCARE_SET(&record, site, ((struct stepcare_text){NULL, 0}));
    cr_expect(record_keep(&record, arena));
    note[0] = code[0] = bytes[0] = 'x';
    cr_expect(stepcare_text_equal(record.note, stepcare_text_of("note")));
    cr_expect(stepcare_text_equal(record.codes.items[0], stepcare_text_of("CODE")));
    cr_expect(stepcare_text_equal(record.referral, stepcare_text_of("\x01\x02")));
    cr_expect_eq(record.site.bytes, 0);
    arena_close(arena);
}

Test(record_copy, what_memory_cannot_hold_is_empty_and_said)
{
    static char note[4096];
    struct stepcare_record record;
    struct arena *arena = NULL;
    memset(note, 'n', sizeof note);
    cr_assert_eq(arena_open(1024, &arena), STEPCARE_OK);
    stepcare_record_init(&record);
    STEPCARE_SET(&record, note, ((struct stepcare_text){note, sizeof note}));
    cr_expect_not(record_keep(&record, arena));
    cr_expect_eq(record.note.bytes, 0);
    arena_close(arena);
}
