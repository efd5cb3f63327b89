/* The end of `stepcare refer` for people: what came of all lines together. */
#include "client/command/refer/summary.h"

#include <stdio.h>

static void tiers_print(const struct refer_report *report)
{
    for (unsigned tier = 1; tier < STEPCARE_TIER_COUNT; tier++) {
        if (report->tiers[tier] == 0) continue;
        printf("  %-15s %6llu", stepcare_code_name(&stepcare_tiers, tier), (unsigned long long)report->tiers[tier]);
        if (report->expected_wait_days[tier] > 0) {
            printf("   expected wait about %llu days", (unsigned long long)report->expected_wait_days[tier] - 1);
        }
        putchar('\n');
    }
    if (report->untriaged > 0) printf("  %-15s %6llu\n", "not yet triaged", (unsigned long long)report->untriaged);
}

static void reasons_print(const struct refer_report *report)
{
    if (report->reason_count == 0) return;
    puts("To be looked at:");
    for (unsigned i = 0; i < report->reason_count; i++) {
        const struct refer_reason *reason = &report->reasons[i];
        printf("  line %llu: %s: %s", (unsigned long long)reason->number, reason->first.field, reason->first.problem);
        if (reason->more > 0) printf(" (and %u more)", reason->more);
        putchar('\n');
    }
    uint64_t refused = report->rejected + report->conflicts;
    if (refused > report->reason_count) {
        printf("  and %llu more lines; --json lists every one\n", (unsigned long long)(refused - report->reason_count));
    }
}

void refer_summary_print(const struct refer_report *report)
{
    if (report->answered == 0) {
        puts("There were no referrals in it.");
        return;
    }
    printf("\n%llu %s: %llu accepted, %llu sent before, %llu rejected\n", (unsigned long long)report->answered,
           report->answered == 1 ? "referral" : "referrals", (unsigned long long)report->accepted,
           (unsigned long long)report->duplicates, (unsigned long long)report->rejected);
    if (report->repeated > 0) {
        printf("The connection was lost on the way: %llu of those sent before are most likely this file's own, sent "
               "again.\n",
               (unsigned long long)report->repeated);
    }
    if (report->emergencies > 0) {
        const char *on = report->lines_coloured ? "\033[1;31m" : "", *off = report->lines_coloured ? "\033[0m" : "";
        printf("%sEMERGENCIES: %llu. Act on them now; the words are above.%s\n", on,
               (unsigned long long)report->emergencies, off);
    }
    tiers_print(report);
    if (report->gp_advice[0] != '\0') printf("For gp_advice: %s\n", report->gp_advice);
    reasons_print(report);
}
