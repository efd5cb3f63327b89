/* stepcare-generate: made-up referrals, one JSON object a line on stdout, for benchmarks, trials and samples. */
#include "tests/support/generator/referral_generator.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EXIT_USAGE = 2 };

static const char USAGE[] =
    "Usage: stepcare-generate --count N [options]\n"
    "Prints N made-up referrals, one JSON object a line. The same options always print the same lines.\n\n"
    "  --count N               how many lines (default 100)\n"
    "  --seed S                another seed makes other people (default 1)\n"
    "  --mistakes PERCENT      lines that are no valid referral: typos, bad dates, broken JSON (default 0)\n"
    "  --duplicates PERCENT    lines that repeat an earlier message_id, half of them with other content (default 0)\n"
    "  --emergencies PERCENT   referrals with emergency red flags (default 1)\n"
    "  --from DATE             the first of the ten working days they come on, YYYY-MM-DD (default 2026-11-02),\n"
    "                          or \"now\": the last ten working days before today\n"
    "  --bytes ABOUT           average bytes a line, by the letter's length, 600 to 60000 (default 650)\n";

static bool number_read(const char *text, uint64_t highest, uint64_t *out_number)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != 0 || text[0] == '-' || number > highest) return false;
    *out_number = number;
    return true;
}

static bool from_read(const char *text, int64_t *out_from_ms)
{
    struct tm day = {0};
    if (strcmp(text, "now") == 0) {
        *out_from_ms = referral_generator_days_before((int64_t)time(NULL) * 1000);
        return true;
    }
    const char *end = strptime(text, "%Y-%m-%d", &day);
    if (end == NULL || *end != 0 || day.tm_year < 70) return false;
    *out_from_ms = (int64_t)timegm(&day) * 1000;
    return true;
}

static int usage_refuse(const char *option, const char *value)
{
    fprintf(stderr, "stepcare-generate: %s \"%s\" is out of range or not readable; --help says what can be given.\n",
            option, value);
    return EXIT_USAGE;
}

/* Returns 0, or the exit code after telling what is wrong; -1 after --help. */
static int options_read(int count, char **arguments, struct referral_generator_options *out_options)
{
    enum { COUNT = 256, SEED, MISTAKES, DUPLICATES, EMERGENCIES, FROM, BYTES, HELP };
    static const struct option OPTIONS[] = {{"count", required_argument, NULL, COUNT},
                                            {"seed", required_argument, NULL, SEED},
                                            {"mistakes", required_argument, NULL, MISTAKES},
                                            {"duplicates", required_argument, NULL, DUPLICATES},
                                            {"emergencies", required_argument, NULL, EMERGENCIES},
                                            {"from", required_argument, NULL, FROM},
                                            {"bytes", required_argument, NULL, BYTES},
                                            {"help", no_argument, NULL, HELP},
                                            {NULL, 0, NULL, 0}};
    struct referral_generator_options options = {
        .seed = 1, .count = 100, .from_ms = REFERRAL_GENERATOR_FROM_MS, .emergencies_percent = 1};
    for (int option, index = 0; (option = getopt_long(count, arguments, "h", OPTIONS, &index)) != -1;) {
        uint64_t number = 0;
        bool ok = true;
        switch (option) {
        case COUNT: ok = number_read(optarg, INT64_MAX, &options.count) && options.count > 0; break;
        case SEED: ok = number_read(optarg, UINT64_MAX, &options.seed); break;
        case MISTAKES:
            ok = number_read(optarg, 100, &number);
            options.mistakes_percent = (unsigned)number;
            break;
        case DUPLICATES:
            ok = number_read(optarg, 100, &number);
            options.duplicates_percent = (unsigned)number;
            break;
        case EMERGENCIES:
            ok = number_read(optarg, 100, &number);
            options.emergencies_percent = (unsigned)number;
            break;
        case FROM: ok = from_read(optarg, &options.from_ms); break;
        case BYTES:
            ok = number_read(optarg, 60000, &number) && number >= 600;
            options.line_bytes_about = (unsigned)number;
            break;
        case HELP:
        case 'h': fputs(USAGE, stdout); return -1;
        default: fputs(USAGE, stderr); return EXIT_USAGE;
        }
        if (!ok) return usage_refuse(OPTIONS[index].name, optarg);
    }
    if (optind < count) return usage_refuse("argument", arguments[optind]);
    *out_options = options;
    return 0;
}

int main(int count, char **arguments)
{
    struct referral_generator_options options;
    static char line[REFERRAL_GENERATOR_LINE_BYTES_MAX + 1];
    int refused = options_read(count, arguments, &options);
    if (refused != 0) return refused < 0 ? 0 : refused;
    for (uint64_t index = 0; index < options.count; index++) {
        size_t bytes = referral_generator_line(&options, index, line);
        line[bytes] = '\n';
        if (fwrite(line, 1, bytes + 1, stdout) != bytes + 1) break;
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "stepcare-generate: the output could not be written: %s.\n", strerror(errno));
        return 1;
    }
    return 0;
}
