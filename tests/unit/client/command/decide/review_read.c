/* Review snapshots from JSON: what is read, what is refused and in which words, and what is no JSON at all. */
#include "client/command/decide/review_read.c"
#include "client/command/decide/sound_text.c"
/* The command's files are in no library that tests link. */
#include "client/command/decide/name_set.c"

#include <criterion/criterion.h>

static struct arena *arena;
static struct stepcare_review review;
static struct stepcare_text referral_id;
static struct stepcare_field_errors errors;

static void opens(void)
{
    cr_assert_eq(arena_open(16 * STEPCARE_LINE_BYTES_MAX, &arena), STEPCARE_OK);
}

static void closes(void)
{
    arena_close(arena);
}

TestSuite(review_read, .init = opens, .fini = closes);

static enum stepcare_error text_take(struct stepcare_text text)
{
    errors.count = errors.dropped = 0;
    arena_reset(arena);
    return review_read(text, arena, &review, &referral_id, &errors);
}

static enum stepcare_error take(const char *json)
{
    return text_take(stepcare_text_of(json));
}

/* The errors of a line, as "field: problem; field: problem". */
static void errors_are(const char *json, const char *expected)
{
    char found[4096] = "";
    size_t at = 0;
    cr_expect_eq(take(json), STEPCARE_INVALID, "%s", json);
    for (unsigned i = 0; i < errors.count; i++)
        at += (size_t)snprintf(found + at, sizeof found - at, "%s%s: %s", i > 0 ? "; " : "", errors.items[i].field,
                               errors.items[i].problem);
    cr_expect_str_eq(found, expected, "%s", json);
}

/* A line that is sound but for one member: its errors. */
static void member_errors_are(const char *member, const char *expected)
{
    char json[4096];
    snprintf(json, sizeof json, "{\"tier\":\"secondary_care\",\"outcome\":\"treated\",%s}", member);
    errors_are(json, expected);
}

static void no_json(const char *json)
{
    const bool invalid = take(json) == STEPCARE_INVALID;
    cr_expect(invalid && errors.count == 1 && strcmp(errors.items[0].field, "line") == 0 &&
                  strncmp(errors.items[0].problem, "is not JSON; reading stopped at character ", 42) == 0,
              "%s", json);
}

Test(review_read, takes_every_field)
{
    cr_assert_eq(
        take("{\"tier\":\"t_cbt\",\"service\":\"pain\",\"contact\":4,\"max_contacts\":8,\"week\":6,\"phq_9\":[14,12],"
             "\"gad_7\":[10,null],\"rmdq\":[24,0],\"nrs\":[10,9],\"phq_9_item_9\":2,\"start_back_now\":\"high\","
             "\"outcome\":\"ongoing\",\"red_flags\":[\"bladder_dysfunction\",\"bladder_dysfunction\"],"
             "\"referral_id\":\"a \\\"b\\\"\"}"),
        STEPCARE_OK);
    cr_expect(review.tier == STEPCARE_TIER_T_CBT && review.service == STEPCARE_SERVICE_PAIN);
    cr_expect(review.contact == 4 && review.max_contacts == 8 && review.week == 6 && review.phq_9_item_9 == 2);
    cr_expect(review.phq_9[0] == 14 && review.phq_9[1] == 12 && review.gad_7[0] == 10 && review.gad_7[1] == -1);
    cr_expect(review.rmdq[0] == 24 && review.rmdq[1] == 0 && review.nrs[0] == 10 && review.nrs[1] == 9);
    cr_expect(review.start_back_now == STEPCARE_RISK_HIGH && review.outcome == STEPCARE_TREATMENT_ONGOING);
    cr_expect_eq(review.red_flags, STEPCARE_BIT(STEPCARE_FLAG_BLADDER_DYSFUNCTION));
    cr_expect_eq(referral_id.bytes, strlen("a \"b\""));
    cr_expect_eq(memcmp(referral_id.data, "a \"b\"", referral_id.bytes), 0);
}

Test(review_read, takes_null_for_what_was_not_measured_or_chosen)
{
    cr_assert_eq(
        take("{\"tier\":\"physio\",\"week\":6,\"contact\":null,\"phq_9\":null,\"nrs\":[3,2],\"rmdq\":[null,null],"
             "\"service\":null,\"outcome\":null,\"start_back_now\":null,\"phq_9_item_9\":null}"),
        STEPCARE_OK);
    cr_expect(review.contact == -1 && review.phq_9[0] == -1 && review.rmdq[1] == -1 && review.phq_9_item_9 == -1);
    cr_expect(review.service == 0 && review.outcome == 0 && review.start_back_now == 0);
    member_errors_are("\"red_flags\":null", "red_flags: must be a list of at most 64 red-flag codes");
    member_errors_are("\"referral_id\":null", "referral_id: must be a text of 1 to 64 bytes");
}

Test(review_read, wants_numbers_whole_and_in_their_range)
{
    static const char *const wrong[] = {"1.0", "1e0", "-1", "1001", "\"4\"", "true", "[4]", "{\"a\":[4]}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char member[64];
        snprintf(member, sizeof member, "\"contact\":%s", wrong[i]);
        member_errors_are(member, "contact: must be a whole number from 0 to 1000");
    }
    member_errors_are("\"max_contacts\":0", "max_contacts: must be a whole number from 1 to 1000");
    member_errors_are("\"phq_9_item_9\":4", "phq_9_item_9: must be a whole number from 0 to 3");
    cr_expect_eq(take("{\"tier\":\"secondary_care\",\"outcome\":\"treated\",\"contact\":-0}"), STEPCARE_OK);
    cr_expect_eq(review.contact, 0);
}

Test(review_read, wants_scores_as_pairs_within_their_instruments_range)
{
    member_errors_are("\"phq_9\":[27]", "phq_9: must be a pair, [baseline, now], each from 0 to 27");
    member_errors_are("\"gad_7\":[1,2,3]", "gad_7: must be a pair, [baseline, now], each from 0 to 21");
    member_errors_are("\"rmdq\":{\"a\":1}", "rmdq: must be a pair, [baseline, now], each from 0 to 24");
    member_errors_are("\"nrs\":7", "nrs: must be a pair, [baseline, now], each from 0 to 10");
    member_errors_are("\"phq_9\":[28,1.5]",
                      "phq_9[0]: must be a whole number from 0 to 27; phq_9[1]: must be a whole number from 0 to 27");
    member_errors_are("\"nrs\":[[0,1],11]",
                      "nrs[0]: must be a whole number from 0 to 10; nrs[1]: must be a whole number from 0 to 10");
}

Test(review_read, names_each_entry_that_is_no_red_flag)
{
    member_errors_are("\"red_flags\":[\"bladder_dysfunction\",\"x\",1,[\"bladder_dysfunction\"]]",
                      "red_flags[1]: is no red-flag code; red_flags[2]: is no red-flag code; "
                      "red_flags[3]: is no red-flag code");
    char member[2048] = "\"red_flags\":[0";
    for (unsigned i = 1; i < 65; i++) strcat(member, ",0");
    strcat(member, "]");
    member_errors_are(member, "red_flags: must be a list of at most 64 red-flag codes");
}

Test(review_read, names_codes_and_fields_that_there_are_not)
{
    member_errors_are("\"start_back_now\":\"LOW\"", "start_back_now: must be one of low, medium, high");
    member_errors_are("\"start_back_now\":[]", "start_back_now: must be one of low, medium, high");
    member_errors_are("\"weeks\":{\"tier\":[1]},\"Tier\":1",
                      "weeks: is not a field of a review; Tier: is not a field of a review");
    member_errors_are("\"t\\u0069ers\":1", "tiers: is not a field of a review");
}

Test(review_read, says_what_a_tiers_rules_cannot_do_without)
{
    errors_are("{}", "tier: is missing; reviews are of t_cbt, hi_cbt, physio or secondary_care");
    errors_are("{\"tier\":\"gp_advice\"}", "tier: has no reviews; these have: t_cbt, hi_cbt, physio, secondary_care");
    errors_are("{\"tier\":\"physio\",\"nrs\":[1,null]}",
               "week: is missing; it is the week of treatment; rmdq: is missing; give rmdq, nrs or both, each as "
               "[baseline, now]");
    errors_are("{\"tier\":\"t_cbt\",\"contact\":1,\"gad_7\":[22,1]}",
               "gad_7[0]: must be a whole number from 0 to 21; phq_9: is missing; give phq_9, gad_7 or both, each as "
               "[baseline, now]");
    errors_are("{\"tier\":\"hi_cbt\",\"contact\":true,\"gad_7\":[1,2]}",
               "contact: must be a whole number from 0 to 1000");
}

Test(review_read, gives_the_referral_id_also_of_a_review_that_is_wrong)
{
    cr_assert_eq(take("{\"referral_id\":\"0000-0017\",\"tier\":\"nowhere\"}"), STEPCARE_INVALID);
    cr_assert_eq(referral_id.bytes, 9);
    no_json("{\"referral_id\":\"0000-0017\",\"tier\"");
    cr_assert_null(referral_id.data, "of a broken line nothing is believed");
}

Test(review_read, knows_what_is_no_json)
{
    static const char *const lines[] = {
        "",
        "5",
        "\"text\"",
        "null",
        "{",
        "[1",
        "{\"a\" 1}",
        "{\"a\":1,}",
        "{} {}",
        "{}\"",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":nul}",
        "{\"a\":/* */1}",
        "{\"a\":\"\x01\"}",
        "{\"a\":\v1}",
        "{\"a\":\"\\x\"}",
        "{\"a\":9223372036854775808}",
        "{\"a\":1e999}", /* numbers that nothing holds */
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"\\u0000\":1}", /* text that is none */
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) no_json(lines[i]);
    errors_are("[]", "line: must be one JSON object");
    errors_are("[{\"tier\":\"t_cbt\"}]", "line: must be one JSON object");
    member_errors_are("\"\\ud83d\\ude00\":1", "\xf0\x9f\x98\x80: is not a field of a review");
}

Test(review_read, counts_characters_of_the_line_that_broke)
{
    errors_are("{\"\xc3\xa9\":\"\xff\"}", "line: is not JSON; reading stopped at character 6");
    errors_are("{\n \"a\":\n  \"\\ud800\"}", "line: is not JSON; reading stopped at character 10");
    errors_are("{\"tier\":\"t_cbt\"", "line: is not JSON; reading stopped at character 15");
}

Test(review_read, takes_a_name_once_in_an_object_however_deep)
{
    no_json("{\"tier\":\"t_cbt\",\"tier\":\"t_cbt\"}");
    no_json("{\"tier\":1,\"t\\u0069er\":2}");
    no_json("{\"a\":{\"b\":[0,{\"c\":1,\"c\":2}]}}");
    no_json("[{\"a\":1,\"a\":1}]");
    member_errors_are("\"a\":{\"tier\":1,\"a\":[{\"b\":1},{\"b\":1}]}", "a: is not a field of a review");
}

Test(review_read, bears_as_many_names_as_a_line_has_room_for)
{
    char *line = malloc(STEPCARE_LINE_BYTES_MAX + 16);
    size_t bytes = 1;
    line[0] = '{';
    for (unsigned i = 0; bytes + 12 < STEPCARE_LINE_BYTES_MAX; i++)
        bytes += (size_t)snprintf(line + bytes, 16, "\"%x\":0,", i);
    line[bytes - 1] = '}';
    cr_assert_eq(text_take((struct stepcare_text){line, (uint32_t)bytes}), STEPCARE_INVALID);
    cr_expect_eq(errors.count, STEPCARE_ERRORS_MAX);
    cr_expect_str_eq(errors.items[0].field, "0");
    free(line);
}

Test(review_read, follows_containers_to_a_depth_of_2047)
{
    enum { DEPTH = 2048 };
    char line[2 * DEPTH + 32];
    for (unsigned depth = DEPTH - 1; depth <= DEPTH + 1; depth++) {
        const size_t at = (size_t)snprintf(line, sizeof line, "{\"a\":");
        memset(line + at, '[', depth - 1);
        memset(line + at + depth - 1, ']', depth - 1);
        snprintf(line + at + 2 * (depth - 1), 2, "}");
        cr_expect_eq(take(line), STEPCARE_INVALID);
        cr_expect_str_eq(errors.items[0].field, depth <= DEPTH ? "a" : "line", "%u", depth);
    }
}
