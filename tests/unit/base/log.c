/* What a log line looks like, and which traces are on. */
#include "base/log.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What one call writes to stderr, read back through a file. */
static FILE *capture;

static void begin(void)
{
    capture = tmpfile();
    cr_assert_not_null(capture);
    dup2(fileno(capture), STDERR_FILENO);
    unsetenv("JOURNAL_STREAM");
    unsetenv("STEPCARE_TRACE");
}

TestSuite(log, .init = begin);

static const char *captured(void)
{
    static char text[2 * LOG_LINE_BYTES_MAX];
    text[pread(fileno(capture), text, sizeof text - 1, 0)] = '\0';
    return text;
}

Test(log, line_has_time_level_program_event_and_pairs)
{
    log_init("router");
    log_event(LOG_LEVEL_WARNING, "store_full", "free_bytes=%d", 12);
    cr_expect(strncmp(captured(), "time=2", 6) == 0, "%s", captured());
    cr_expect_not_null(strstr(captured(), "Z level=warning program=router event=store_full free_bytes=12\n"));
}

Test(log, event_without_pairs_ends_after_its_name)
{
    log_event(LOG_LEVEL_INFO, "ready", "%s", "");
    cr_expect_not_null(strstr(captured(), " level=info event=ready"));
}

Test(log, journald_gets_a_priority_and_no_time)
{
    struct stat status;
    char stream[64];
    fstat(STDERR_FILENO, &status);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)status.st_dev, (unsigned long long)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_event(LOG_LEVEL_ERROR, "damaged", "segment=%u", 3);
    cr_expect_str_eq(captured(), "<3>level=error event=damaged segment=3\n");
}

Test(log, a_line_stays_one_line)
{
    log_event(LOG_LEVEL_INFO, "note", "text=\"%s\"", "a\nb\x1b[2J");
    cr_expect_not_null(strstr(captured(), "text=\"a b [2J\"\n"));
    cr_expect_eq(strchr(captured(), '\n'), captured() + strlen(captured()) - 1);
}

Test(log, a_line_too_long_is_cut_and_still_ends)
{
    char long_text[2 * LOG_LINE_BYTES_MAX];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    log_event(LOG_LEVEL_INFO, "long", "text=%s", long_text);
    cr_expect_leq(strlen(captured()), LOG_LINE_BYTES_MAX);
    cr_expect_eq(captured()[strlen(captured()) - 1], '\n');
}

Test(log, traces_are_by_module)
{
    log_trace("ledger", "flush", "blocks=%d", 1);
    cr_expect_str_eq(captured(), "");
    setenv("STEPCARE_TRACE", "ledger,lease", 1);
    cr_expect(log_traced("ledger"));
    cr_expect(log_traced("lease"));
    cr_expect_not(log_traced("led"));
    cr_expect_not(log_traced("leases"));
    log_trace("lease", "expired", "count=%d", 2);
    cr_expect_not_null(strstr(captured(), "level=trace event=expired count=2\n"));
    setenv("STEPCARE_TRACE", "all", 1);
    cr_expect(log_traced("anything"));
}
