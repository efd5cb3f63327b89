/* story.txt, acted out line by line on a virtual router. The file's head says how it reads. */
#include "tests/support/golden_file.h"
#include "tests/support/virtual_router.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX = 16, NAME_BYTES = 24, STORY_LINES_MIN = 100 };

struct story {
    struct virtual_router virtual;
    unsigned line;
    bool open;
    struct {
        char name[NAME_BYTES];
        uint64_t id;
    } names[NAMES_MAX];
    unsigned name_count, acts;
    uint64_t subject; /* whom the last act was about */
    uint64_t claimed; /* what the last claim gave */
    int error;
};

#define STORY_EXPECT(condition, ...)                                                                                   \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "tests/simulation/story.txt:%u: ", story->line);                                           \
            fprintf(stderr, __VA_ARGS__);                                                                              \
            fputc('\n', stderr);                                                                                       \
            cr_assert_fail("story.txt line %u", story->line);                                                          \
        }                                                                                                              \
    } while (0)

static const struct {
    const char *word;
    uint8_t verb;
} acts[] = {{"accepts", WIRE_ACCEPT},       {"renews", WIRE_RENEW},     {"releases", WIRE_RELEASE},
            {"declines", WIRE_DECLINE},     {"contacts", WIRE_CONTACT}, {"reviews", WIRE_REVIEW},
            {"confirms", WIRE_CONFIRM},     {"steps-up", WIRE_STEP_UP}, {"steps-down", WIRE_STEP_DOWN},
            {"discharges", WIRE_DISCHARGE}, {"cancels", WIRE_CANCEL},   {"assigns", WIRE_ASSIGN},
            {"frees", WIRE_HOLD_RELEASE},   {"reopens", WIRE_REOPEN},   {"notes", WIRE_NOTE},
            {"retries", WIRE_RETRY}};

static uint64_t *id_of(struct story *story, const char *name)
{
    for (unsigned i = 0; i < story->name_count; i++)
        if (strcmp(story->names[i].name, name) == 0) return &story->names[i].id;
    return NULL;
}

static uint64_t known(struct story *story, const char *name)
{
    const uint64_t *id = id_of(story, name);
    STORY_EXPECT(id != NULL, "nobody is called %s", name);
    return id == NULL ? 0 : *id;
}

static void name_given(struct story *story, const char *name, uint64_t id)
{
    cr_assert_lt(story->name_count, NAMES_MAX);
    snprintf(story->names[story->name_count].name, NAME_BYTES, "%s", name);
    story->names[story->name_count++].id = id;
}

/* "day 3 14:30"; November to March, so London time is UTC. */
static int64_t moment(const char *text)
{
    unsigned day = 0, hour = 0, minute = 0;
    cr_assert_eq(sscanf(text, "day %u %u:%u", &day, &hour, &minute), 3, "not a moment: %s", text);
    return VIRTUAL_START_MS + ((int64_t)day - 1) * VIRTUAL_DAY_MS + ((int64_t)hour - 9) * VIRTUAL_HOUR_MS +
           minute * VIRTUAL_MINUTE_MS;
}

static void moment_check(struct story *story, const char *what, int64_t is, const char *text)
{
    const int64_t ms = is - VIRTUAL_START_MS + 9 * VIRTUAL_HOUR_MS, due = strcmp(text, "none") == 0 ? 0 : moment(text);
    STORY_EXPECT(is == due, "%s is day %ld %02ld:%02ld, not %s", what, (long)(ms / VIRTUAL_DAY_MS + 1),
                 (long)(ms / VIRTUAL_HOUR_MS % 24), (long)(ms / VIRTUAL_MINUTE_MS % 60), text);
}

/* --- what must be so --- */

static bool is_code(const struct stepcare_codeset *set, const char *word, unsigned value, bool *out_known)
{
    const unsigned number = stepcare_code_parse(set, word, strlen(word));
    if (number != 0) *out_known = true;
    return number != 0 && number == value;
}

/* Words: each is a state, tier, service or urgency, and the episode has it. */
static void placement_check(struct story *story, const struct episode *episode, char *words)
{
    for (char *word; (word = strsep(&words, " ")) != NULL;) {
        bool any = false;
        if (*word == '\0') continue;
        bool is = is_code(&stepcare_states, word, episode->state, &any);
        is |= is_code(&stepcare_tiers, word, episode->tier, &any);
        is |= is_code(&stepcare_services, word, episode->service, &any);
        is |= is_code(&stepcare_urgencies, word, episode->urgency, &any);
        STORY_EXPECT(any, "%s is nothing that can be expected", word);
        STORY_EXPECT(is, "not %s but %s %s %s", word, stepcare_code_name(&stepcare_states, episode->state),
                     episode->tier == 0 ? "-" : stepcare_code_name(&stepcare_tiers, episode->tier),
                     episode->urgency == 0 ? "-" : stepcare_code_name(&stepcare_urgencies, episode->urgency));
    }
}

static void holds_check(struct story *story, const struct episode *episode, const char *name)
{
    const unsigned hold = stepcare_code_parse(&stepcare_holds, name, strlen(name));
    STORY_EXPECT(episode->holds == (strcmp(name, "none") == 0 ? 0 : STEPCARE_BIT(hold)), "holds are %x, not %s",
                 episode->holds, name);
}

static void recommended_check(struct story *story, const struct episode *episode, char *words)
{
    const char *action = strsep(&words, " "), *is = stepcare_code_name(&stepcare_actions, episode->action);
    STORY_EXPECT(is != NULL && strcmp(is, action) == 0, "%s is recommended, not %s", is == NULL ? "nothing" : is,
                 action);
    if (words == NULL) return;
    const char *tier = stepcare_code_name(&stepcare_tiers, episode->action_tier);
    STORY_EXPECT(tier != NULL && strcmp(tier, words) == 0, "to %s, not %s", tier == NULL ? "nowhere" : tier, words);
}

static void expectation_check(struct story *story, char *text)
{
    const struct episode episode = *virtual_episode(&story->virtual, story->subject);
    const struct episode_next next = episode_next(&episode);
    char *rest = text;
    const char *key = strsep(&rest, " ");
    if (strcmp(key, "owner") == 0) {
        const char *owner = strcmp(rest, "none") == 0 ? "" : rest;
        STORY_EXPECT(stepcare_text_equal(next.owner, stepcare_text_of(owner)), "owner is %.*s, not %s",
                     (int)next.owner.bytes, next.owner.data, rest);
    } else if (strcmp(key, "next") == 0) {
        const char *is =
            next.action == STEPCARE_NEXT_NONE ? "none" : stepcare_code_name(&stepcare_next_actions, next.action);
        STORY_EXPECT(strcmp(is, rest) == 0, "next is %s, not %s", is, rest);
    } else if (strcmp(key, "due") == 0) {
        moment_check(story, "due", next.due, rest);
    } else if (strcmp(key, "clock") == 0) {
        moment_check(story, "the clock", episode.referred_at, rest);
    } else if (strcmp(key, "holds") == 0) {
        holds_check(story, &episode, rest);
    } else if (strcmp(key, "end") == 0) {
        STORY_EXPECT(episode.end_code == strtoul(rest, NULL, 10), "end code is %u, not %s", episode.end_code, rest);
    } else if (strcmp(key, "recommended") == 0) {
        recommended_check(story, &episode, rest);
    } else if (strcmp(key, "offer") == 0) {
        STORY_EXPECT(episode.linked_to != 0, "there is no parallel offer");
        name_given(story, rest, episode.linked_to);
    } else {
        if (rest != NULL) rest[-1] = ' ';
        placement_check(story, &episode, text);
    }
}

static void refusal_check(struct story *story, char *words)
{
    const char *code = strsep(&words, " ");
    STORY_EXPECT(strcmp(stepcare_error_name(story->error), code) == 0, "%s, not %s: %s",
                 stepcare_error_name(story->error), code, story->virtual.problem);
    if (words != NULL)
        STORY_EXPECT(strstr(story->virtual.problem, words) != NULL, "\"%s\" does not say \"%s\"",
                     story->virtual.problem, words);
}

static void expectations_check(struct story *story, char *text)
{
    if (strncmp(text, "refused ", 8) == 0) {
        refusal_check(story, text + 8);
        return;
    }
    STORY_EXPECT(story->error == STEPCARE_OK, "refused: %s", story->virtual.problem);
    if (story->subject == 0) { /* a claim: whom it gave */
        const uint64_t expected = strcmp(text, "nobody") == 0 ? 0 : known(story, text);
        STORY_EXPECT(story->claimed == expected, "not %s but referral %lu", text, (unsigned long)story->claimed);
        return;
    }
    for (char *one; (one = strsep(&text, ",")) != NULL;) {
        while (*one == ' ') one++;
        if (*one != '\0') expectation_check(story, one);
    }
}

/* --- what is done --- */

static void refers(struct story *story, const char *name, const char *json)
{
    char line[2048];
    const int bytes = snprintf(line, sizeof line,
                               "{\"message_id\":\"%s\",\"source\":\"gp\",\"referrer\":{\"organisation\":\"Y05868\"},"
                               "\"patient\":{\"family_name\":\"Testcase\","
                               "\"birth_date\":\"1984-05-17\"},\"problem\":\"low_back_pain\",\"duration_weeks\":9,%s}",
                               name, json);
    const uint64_t id = virtual_submit(&story->virtual, line, (size_t)bytes);
    STORY_EXPECT(id != 0, "rejected: %s %s", story->virtual.decision->errors.items[0].field,
                 story->virtual.decision->errors.items[0].problem);
    name_given(story, name, id);
    story->subject = id;
    story->error = STEPCARE_OK;
}

static void informs(struct story *story, const char *actor, const char *json)
{
    char object[1024];
    snprintf(object, sizeof object, "{%s}", json);
    story->error = virtual_inform(&story->virtual, actor, story->subject, object);
}

static void claims(struct story *story, const char *actor, const char *tier)
{
    char fields[64];
    snprintf(fields, sizeof fields, "tier=%s", tier);
    story->subject = 0;
    story->claimed = virtual_claim(&story->virtual, actor, fields);
    story->error = story->virtual.decision->error;
}

static void act(struct story *story, const char *actor, const char *word, char *whom, const char *fields)
{
    story->acts++;
    if (strcmp(word, "refers") == 0) {
        refers(story, whom, fields);
    } else if (strcmp(word, "claims") == 0) {
        claims(story, actor, whom);
    } else {
        unsigned at = 0;
        story->subject = known(story, whom);
        if (strcmp(word, "informs") == 0) {
            informs(story, actor, fields);
        } else {
            while (at < sizeof acts / sizeof acts[0] && strcmp(acts[at].word, word) != 0) at++;
            STORY_EXPECT(at < sizeof acts / sizeof acts[0], "nobody knows how one %s", word);
            story->error = virtual_act(&story->virtual, actor, acts[at].verb, story->subject, fields);
        }
    }
    virtual_work(&story->virtual);
}

/* --- lines --- */

static const char *mailbox_of(struct story *story, uint64_t id)
{
    static char text[2048];
    struct stepcare_record reply;
    size_t at = 0;
    cr_assert_eq(virtual_query(&story->virtual, "gp", WIRE_FEEDBACK, "organisation=Y05868", &reply), STEPCARE_OK);
    text[0] = '\0';
    for (uint32_t i = 0; i < reply.rows.count; i++)
        if (reply.rows.items[i].referral_id == id)
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", at == 0 ? "" : " ",
                                   stepcare_code_name(&stepcare_events, reply.rows.items[i].event));
    return text;
}

static void told_check(struct story *story, char *line)
{
    const bool history = strncmp(line, "history of ", 11) == 0;
    char *name = line + 11, *expected = strstr(line, ": ");
    cr_assert_not_null(expected, "line %u", story->line);
    *expected = '\0';
    const uint64_t id = known(story, name);
    const char *is = history ? virtual_story(&story->virtual, id) : mailbox_of(story, id);
    STORY_EXPECT(strcmp(is, expected + 2) == 0, "it is: %s", is);
}

static void act_line(struct story *story, char *line)
{
    char actor[NAME_BYTES] = "", word[NAME_BYTES] = "", whom[NAME_BYTES] = "";
    int used = 0;
    char *fields = strstr(line, ": "), *expected = strstr(line, "=> ");
    if (expected != NULL) *expected = '\0';
    if (fields != NULL) *fields = '\0';
    cr_assert_geq(sscanf(line, "%23s %23s %23s%n", actor, word, whom, &used), 2, "line %u", story->line);
    char *end = fields == NULL ? NULL : fields + strlen(fields + 2) + 1;
    while (end != NULL && end > fields + 1 && *end == ' ') *end-- = '\0';
    if (strcmp(actor, "see") == 0) {
        virtual_timers(&story->virtual);
        story->subject = known(story, word);
        story->error = STEPCARE_OK;
    } else if (strcmp(actor, "router") == 0) {
        virtual_router_restart(&story->virtual, strcmp(word, "crashes") == 0);
    } else {
        act(story, actor, word, whom, fields == NULL ? "" : fields + 2);
    }
    if (expected != NULL)
        expectations_check(story, expected + 3);
    else if (strcmp(word, "refers") != 0)
        STORY_EXPECT(story->error == STEPCARE_OK, "refused: %s", story->virtual.problem);
}

static void line_run(struct story *story, char *line)
{
    while (*line == ' ') line++;
    if (*line == '\0' || *line == '#') return;
    if (strncmp(line, "== ", 3) == 0) {
        if (story->open) virtual_router_close(&story->virtual);
        virtual_router_open(&story->virtual, NULL, "bin/simulation_story");
        story->open = true;
        story->name_count = 0;
    } else if (strncmp(line, "day ", 4) == 0) {
        virtual_until(&story->virtual, moment(line));
    } else if (strncmp(line, "=> ", 3) == 0) {
        expectations_check(story, line + 3);
    } else if (strncmp(line, "history of ", 11) == 0 || strncmp(line, "mailbox of ", 11) == 0) {
        told_check(story, line);
    } else {
        act_line(story, line);
    }
}

Test(story, goes_as_it_is_written)
{
    static struct story story;
    char *text = source_text_read("tests/simulation/story.txt"), *rest = text;
    cr_assert_not_null(text);
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        story.line++;
        line_run(&story, line);
    }
    cr_assert_gt(story.acts, STORY_LINES_MIN, "a story that nobody acts in tests nothing");
    virtual_router_close(&story.virtual);
    free(text);
}
