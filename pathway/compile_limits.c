/* Targets and time limits, from the file to struct pathway: called by compile.c. */
#include "pathway/file.h"
#include "pathway/internal.h"

#include "base/yaml_check.h"

static bool target_fits(const struct stepcare_placement *target, unsigned tier, unsigned service, unsigned urgency)
{
    return (target->tier == STEPCARE_TIER_NONE || target->tier == tier) &&
           (target->service == STEPCARE_SERVICE_NONE || target->service == service) &&
           (target->urgency == STEPCARE_URGENCY_NONE || target->urgency == urgency);
}

/* Every tier, service and urgency has a target: a decision never lacks a due date. */
static void target_fill(struct pathway_compile *compile, const struct stepcare_placement *targets, unsigned tier,
                        unsigned service, unsigned urgency)
{
    const struct pathway_file *file = compile->file;
    for (unsigned i = 0; i < file->targets_count; i++) {
        if (!target_fits(&targets[i], tier, service, urgency)) continue;
        compile->pathway->target_days[tier][service][urgency] = file->targets[i].days;
        return;
    }
    yaml_check_add(compile->check, "targets", "no line fits %s, %s", stepcare_code_name(&stepcare_tiers, tier),
                   stepcare_code_name(&stepcare_urgencies, urgency));
}

static void targets_compile(struct pathway_compile *compile)
{
    const struct pathway_file *file = compile->file;
    struct stepcare_placement targets[64] = {0};
    char key[PATHWAY_KEY_BYTES];
    for (unsigned i = 0; i < file->targets_count; i++) {
        const struct file_target *target = &file->targets[i];
        pathway_key(key, "targets[%u]", i);
        if (target->days > 3650) yaml_check_add(compile->check, key, "is over 3650 days");
        if (target->tier != NULL)
            targets[i].tier = (enum stepcare_tier)pathway_compile_name(compile, key, &stepcare_tiers, target->tier);
        if (target->service != NULL)
            targets[i].service =
                (enum stepcare_service)pathway_compile_name(compile, key, &stepcare_services, target->service);
        if (target->urgency != NULL)
            targets[i].urgency =
                (enum stepcare_urgency)pathway_compile_name(compile, key, &stepcare_urgencies, target->urgency);
    }
    for (unsigned tier = 1; tier < STEPCARE_TIER_COUNT; tier++)
        for (unsigned urgency = 1; urgency < STEPCARE_URGENCY_COUNT; urgency++)
            for (unsigned service = 0; service < STEPCARE_SERVICE_COUNT; service++)
                if ((service != 0) == (tier == STEPCARE_TIER_SECONDARY_CARE))
                    target_fill(compile, targets, tier, service, urgency);
}

static void all_given(struct pathway_compile *compile, const char *key, const struct stepcare_codeset *set,
                      uint32_t given)
{
    for (unsigned i = 1; i < set->count; i++)
        if (!(given & STEPCARE_BIT(i))) yaml_check_add(compile->check, key, "has no line for %s", set->names[i]);
}

void pathway_compile_limits(struct pathway_compile *compile)
{
    const struct pathway_file *file = compile->file;
    struct stepcare_limits_table *limits = &compile->pathway->limits;
    uint32_t holds = 0, urgencies = 0, tiers = 0;
    char key[PATHWAY_KEY_BYTES];
    unsigned at;
    targets_compile(compile);
    for (unsigned i = 0; i < file->holds_count; i++) {
        pathway_key(key, "holds[%u].hold", i);
        if ((at = pathway_compile_name(compile, key, &stepcare_holds, file->holds[i].hold)) == 0) continue;
        limits->hold_working_days[at] = file->holds[i].working_days;
        compile->pathway->hold_owners[at] = file->holds[i].who;
        holds |= STEPCARE_BIT(at);
    }
    for (unsigned i = 0; i < file->handovers_count; i++) {
        pathway_key(key, "handovers[%u].urgency", i);
        if ((at = pathway_compile_name(compile, key, &stepcare_urgencies, file->handovers[i].urgency)) == 0) continue;
        limits->handover_working_days[at] = file->handovers[i].working_days;
        urgencies |= STEPCARE_BIT(at);
    }
    for (unsigned i = 0; i < file->treatment_count; i++) {
        pathway_key(key, "treatment[%u].tier", i);
        if ((at = pathway_compile_name(compile, key, &stepcare_tiers, file->treatment[i].tier)) == 0) continue;
        limits->first_contact_days[at] = file->treatment[i].first_contact_days;
        limits->review_every_days[at] = file->treatment[i].review_every_days;
        limits->max_contacts[at] = file->treatment[i].contacts_max;
        tiers |= STEPCARE_BIT(at);
    }
    all_given(compile, "holds", &stepcare_holds, holds);
    all_given(compile, "handovers", &stepcare_urgencies, urgencies);
    all_given(compile, "treatment", &stepcare_tiers, tiers);
    limits->contact_attempts = file->contacts.attempts;
    limits->contact_channels = file->contacts.channels;
    limits->contact_window_working_days = file->contacts.window_working_days;
    limits->opt_in_days = file->contacts.opt_in_days;
    limits->reentry_weeks = file->contacts.reentry_weeks;
    limits->non_attendances_to_release = file->contacts.non_attendances_to_release;
    limits->declines_to_triage_lead = file->contacts.declines_to_triage_lead;
    if (limits->contact_attempts == 0 || limits->contact_channels == 0 ||
        limits->contact_channels > limits->contact_attempts)
        yaml_check_add(compile->check, "contacts", "needs at least one attempt, and no more channels than attempts");
}
