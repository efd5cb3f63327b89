/* The table of figures at the end of a benchmark, beside what was promised. */
#include "tests/bench/support/measure.h"

#include <string.h>

struct figure *report_add(struct report *report, const char *scenario, const char *name, double value, const char *unit)
{
    if (report->count == REPORT_FIGURES_MAX) bench_fail("more than %d figures", REPORT_FIGURES_MAX);
    struct figure *figure = &report->figures[report->count++];
    *figure = (struct figure){.value = value};
    snprintf(figure->scenario, sizeof figure->scenario, "%s", scenario);
    snprintf(figure->name, sizeof figure->name, "%s", name);
    snprintf(figure->unit, sizeof figure->unit, "%s", unit);
    return figure;
}

double report_value(const struct report *report, const char *scenario, const char *name)
{
    for (unsigned i = 0; i < report->count; i++) {
        const struct figure *figure = &report->figures[i];
        if (strcmp(figure->scenario, scenario) == 0 && strcmp(figure->name, name) == 0) return figure->value;
    }
    return 0;
}

static const char *verdict(const struct figure *figure)
{
    if (figure->target <= 0) return "";
    bool met = figure->target_is_floor ? figure->value >= figure->target : figure->value <= figure->target;
    return met ? "met" : "missed";
}

static void number_format(double value, char *out_text, size_t bytes)
{
    if (value >= 1000)
        snprintf(out_text, bytes, "%.0f", value);
    else
        snprintf(out_text, bytes, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
}

static void figure_print_json(const struct figure *figure, FILE *out)
{
    fprintf(out, "{\"scenario\":\"%s\",\"figure\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"", figure->scenario,
            figure->name, figure->value, figure->unit);
    if (figure->target > 0)
        fprintf(out, ",\"target\":%.3f,\"met\":%s", figure->target,
                strcmp(verdict(figure), "met") == 0 ? "true" : "false");
    fprintf(out, "}\n");
}

void report_print(const struct report *report, FILE *out, bool json)
{
    const char *scenario = "";
    if (!json)
        fprintf(out, "%-18s %-38s %12s %-10s %-18s %s\n", "scenario", "figure", "value", "unit", "target", "note");
    for (unsigned i = 0; i < report->count; i++) {
        const struct figure *figure = &report->figures[i];
        if (json) {
            figure_print_json(figure, out);
            continue;
        }
        char value[32], target[32], limit[80] = "";
        number_format(figure->value, value, sizeof value);
        number_format(figure->target, target, sizeof target);
        if (figure->target > 0)
            snprintf(limit, sizeof limit, "%s %s %s", figure->target_is_floor ? ">=" : "<=", target, verdict(figure));
        bool same = strcmp(scenario, figure->scenario) == 0;
        fprintf(out, "%-18s %-38s %12s %-10s %-18s %s\n", same ? "" : figure->scenario, figure->name, value,
                figure->unit, limit, figure->note);
        scenario = figure->scenario;
    }
}
