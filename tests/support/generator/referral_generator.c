/* A line of made-up referral: who sends it, about whom, what is the matter, and what goes wrong on purpose. */
#include "tests/support/generator/referral_generator.h"

#include "tests/support/generator/generated.h"

#include <time.h>

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    DAY_OPENS_MS = 8 * 60 * 60 * 1000,
    DAY_WORKS_MS = 10 * 60 * 60 * 1000 + 30 * 60 * 1000,
    LINE_WITHOUT_LETTER_BYTES = 590, /* the average, for letters to make up the rest */
    LINE_BYTES_ABOUT = 650,
    LETTER_BYTES_MAX = 60 * 1024,
    SAME_PERSON_AGAIN_PERCENT = 2,
};

struct sender {
    enum stepcare_source source;
    unsigned number;
};

/* Moments spread over the opening hours of the working days, in order. */
static int64_t referred_at_ms(const struct referral_generator_options *options, uint64_t index)
{
    unsigned __int128 span_ms = (unsigned __int128)REFERRAL_GENERATOR_WORKING_DAYS * DAY_WORKS_MS;
    uint64_t count = options->count > 0 ? options->count : 1;
    uint64_t worked_ms = (uint64_t)(span_ms * (index % count) / count);
    int64_t day = options->from_ms / DAY_MS;
    uint64_t left = worked_ms / DAY_WORKS_MS;
    for (;; day++) {
        int weekday = (int)((day + 3) % 7); /* 1970-01-01 was a Thursday; 0 is Monday */
        if (weekday >= 5) continue;
        if (left-- == 0) break;
    }
    return day * DAY_MS + DAY_OPENS_MS + (int64_t)(worked_ms % DAY_WORKS_MS);
}

/* UUIDv7: 48 bits of milliseconds, then random bits. Source: RFC 9562, section 5.7. */
static void message_id_write(struct generated_line *line, struct random *random, int64_t at_ms)
{
    static const char HEX[] = "0123456789abcdef";
    uint64_t low = random_next(random);
    uint64_t high = (uint64_t)at_ms << 16 | 0x7000 | (random_next(random) & 0x0fff);
    low = (low & (UINT64_MAX >> 2)) | UINT64_C(1) << 63;
    for (unsigned nibble = 0; nibble < 32; nibble++) {
        uint64_t word = nibble < 16 ? high : low;
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20) *line->at++ = '-';
        *line->at++ = HEX[(word >> (60 - nibble % 16 * 4)) & 15];
    }
}

static void referred_at_write(struct generated_line *line, int64_t at_ms, enum stepcare_source source,
                              enum generated_mistake mistake)
{
    time_t seconds = at_ms / 1000;
    struct tm utc;
    char text[40];
    gmtime_r(&seconds, &utc);
    text[strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc)] = 0;
    generated_text(line, ",\"referred_at\":\"");
    generated_text(line, text);
    if (mistake != MISTAKE_REFERRED_AT) generated_text(line, source == STEPCARE_SOURCE_RHEUMATOLOGY ? "+00:00" : "Z");
    generated_text(line, "\"");
}

static struct sender sender_pick(struct random *random)
{
    unsigned roll = random_below(random, 100);
    if (roll < 60) return (struct sender){STEPCARE_SOURCE_GP, random_below(random, 40)};
    if (roll < 76) return (struct sender){STEPCARE_SOURCE_RHEUMATOLOGY, random_below(random, 4)};
    return (struct sender){STEPCARE_SOURCE_MSK, random_below(random, 6)};
}

static void sender_write(struct generated_line *line, struct random *random, struct sender sender,
                         enum generated_mistake mistake)
{
    static const char *const SOURCES[] = {"", "gp", "rheumatology", "msk"};
    static const char *const PREFIXES[] = {"", "Y9", "RZ9", "NZ9"};
    generated_text(line, ",\"source\":\"");
    generated_text(line, mistake == MISTAKE_SOURCE ? "dentist" : SOURCES[sender.source]);
    generated_text(line, "\",\"referrer\":{\"organisation\":\"");
    if (mistake != MISTAKE_ORGANISATION) generated_text(line, PREFIXES[sender.source]);
    generated_number(line, sender.number + 1,
                     mistake == MISTAKE_ORGANISATION       ? 1
                     : sender.source == STEPCARE_SOURCE_GP ? 4
                                                           : 2);
    generated_text(line,
                   sender.source == STEPCARE_SOURCE_GP ? "\",\"practitioner\":\"G99" : "\",\"practitioner\":\"C99");
    generated_number(line, sender.number * 8 + random_below(random, 8), 5);
    if (sender.source == STEPCARE_SOURCE_GP) {
        generated_text(line, "\",\"reference\":\"UBRN 0000");
        generated_number(line, 70000000 + random_below(random, 9999999), 8);
    }
    generated_text(line, "\"}");
}

static unsigned letter_bytes_pick(struct random *random, const struct referral_generator_options *options)
{
    unsigned about = options->line_bytes_about > 0 ? options->line_bytes_about : LINE_BYTES_ABOUT;
    unsigned mean = about > LINE_WITHOUT_LETTER_BYTES ? about - LINE_WITHOUT_LETTER_BYTES : 0;
    bool everybody = mean > 400; /* short letters are for some; long ones are asked for, so all have one */
    if (!everybody && !random_percent(random, 35)) return 0;
    unsigned widest = everybody ? mean : mean * 100 / 35;
    unsigned bytes = widest / 4 + random_below(random, widest * 3 / 2 + 1);
    return bytes > LETTER_BYTES_MAX ? LETTER_BYTES_MAX : bytes;
}

static size_t line_write(const struct referral_generator_options *options, uint64_t index, uint64_t clinic_stream,
                         bool emergency, enum generated_mistake mistake, char *out_line)
{
    struct generated_line line = {out_line};
    struct random identity = random_of(options->seed, index, STREAM_IDENTITY);
    struct random clinic = random_of(options->seed, index, clinic_stream);
    struct random letter = random_of(options->seed, index, STREAM_LETTER);
    int64_t at_ms = referred_at_ms(options, index);
    struct sender sender = sender_pick(&identity);
    generated_text(&line, "{\"message_id\":\"");
    message_id_write(&line, &identity, at_ms);
    generated_text(&line, "\"");
    sender_write(&line, &identity, sender, mistake);
    referred_at_write(&line, at_ms, sender.source, mistake);
    uint64_t person = index;
    if (random_percent(&identity, SAME_PERSON_AGAIN_PERCENT) && index > 200)
        person = index - 1 - random_below(&identity, 200);
    int year = 1970 + (int)(at_ms / DAY_MS * 400 / 146097);
    struct generated_patient patient = generated_patient_write(&line, options->seed, person, year, mistake);
    generated_clinic_write(&line, &clinic, sender.source, &patient, emergency, mistake);
    generated_letter_write(&line, &letter, letter_bytes_pick(&letter, options));
    generated_text(&line, "}");
    size_t bytes = (size_t)(line.at - out_line);
    return mistake == MISTAKE_BROKEN_JSON ? bytes * 3 / 5 : bytes;
}

struct line_kind {
    enum generated_mistake mistake;
    bool duplicate, emergency;
    unsigned back; /* how many lines ago the original of a duplicate was, at most */
    bool changed;  /* the duplicate has other content */
};

static struct line_kind line_kind_of(const struct referral_generator_options *options, uint64_t index)
{
    struct random random = random_of(options->seed, index, STREAM_KIND);
    struct line_kind kind = {0};
    if (random_percent(&random, options->mistakes_percent))
        kind.mistake = (enum generated_mistake)random_between(&random, MISTAKE_NONE + 1, MISTAKE_COUNT - 1);
    else if (index > 0 && random_percent(&random, options->duplicates_percent))
        kind.duplicate = true;
    else
        kind.emergency = random_percent(&random, options->emergencies_percent);
    kind.back = 1 + random_below(&random, 40);
    kind.changed = random_percent(&random, 50);
    return kind;
}

size_t referral_generator_line(const struct referral_generator_options *options, uint64_t index, char *out_line)
{
    struct line_kind kind = line_kind_of(options, index);
    if (!kind.duplicate) return line_write(options, index, STREAM_CLINIC, kind.emergency, kind.mistake, out_line);
    for (uint64_t original = index > kind.back ? index - kind.back : 0;; original--) {
        struct line_kind first = line_kind_of(options, original);
        if (!first.duplicate && first.mistake == MISTAKE_NONE)
            return line_write(options, original, kind.changed ? STREAM_CLINIC_CHANGED : STREAM_CLINIC, first.emergency,
                              MISTAKE_NONE, out_line);
        if (original == 0) /* nothing before this line can be repeated: it is an original itself */
            return line_write(options, index, STREAM_CLINIC, false, MISTAKE_NONE, out_line);
    }
}
