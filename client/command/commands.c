/* The table of commands, and what is made from it: `stepcare help` and the completion script. */
#include "client/command/commands.h"

#include "client/command/cmd.h"
#include "client/command/completion.h"
#include "client/command/decide/cmd_decide.h"
#include "client/command/pathway/cmd_pathway.h"
#include "client/command/refer/cmd_refer.h"
#include "client/command/show/cmd_show.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define NOTE_OPTION                                                                                                    \
    "  --note-file FILE|-  a note for the record, from a file or standard input (never on the command line)\n"
#define REASON_OPTION "  --reason CODE       why; `stepcare pathway` lists the codes\n"
#define TOKEN_OPTION "  --token T           the lease's token (default: your current lease)\n"
#define SERVICE_OPTION                                                                                                 \
    "  --service S         rheumatology, spinal, pain, suspected_cancer or paediatrics (secondary care)\n"

static int run_completion(const struct command *self, int argc, char **argv);
static int run_help(const struct command *self, int argc, char **argv);

static const struct command commands[] = {
    {"init", cmd_init, "init DIR", "make a store: configuration, clinical pathway, data and socket directories", "",
     "Writes DIR/stepcare.yaml, DIR/pathway.yaml, DIR/data/ and DIR/run/. A store that is there already is left "
     "alone.\n\n"
     "Example:\n  stepcare init /srv/stepcare && stepcare-router --config /srv/stepcare/stepcare.yaml\n"},
    {"refer", cmd_refer, "refer [FILE|-] [--no-wait]", "send referrals: one JSON object a line, or a JSON array",
     "--no-wait",
     "Prints a line for each referral, in the order of the file. Sending a file twice is safe: what was recorded is "
     "found again.\n"
     "  --no-wait           do not wait (up to 5 s) for triage\n\n"
     "Examples:\n  stepcare refer referrals.ndjson\n  generate | stepcare refer --json -\n"},
    {"decide", cmd_decide, "decide intake|review [--pathway FILE] [--explain] [FILE|-]",
     "the clinical decision alone, offline, without a router", "--pathway --explain",
     "Reads referrals or review snapshots, a JSON object a line or a JSON array, and prints a decision for each, in "
     "order.\n"
     "  --pathway FILE      decide by this pathway (default: the one built in, which `stepcare init` writes)\n"
     "  --explain           in words: scores, every rule tried, and what would have changed the decision\n"
     "\nExamples:\n  stepcare decide intake referrals.ndjson\n  stepcare decide intake --explain referrals.ndjson | "
     "less\n"
     "  echo '{\"tier\":\"t_cbt\",\"contact\":4,\"phq_9\":[14,12],\"gad_7\":[10,9]}' | stepcare decide review\n"},
    {"pathway", cmd_pathway, "pathway [show|check|diff]", "read, check and compare the clinical rules",
     "--format --over --store",
     "  show [--format text|markdown|html] [FILE]   the rules with their basis, codes and limits (default: those built "
     "in)\n"
     "  check FILE                                  every mistake with its line; rules that can never lead; gaps\n"
     "  diff OLD NEW --over REFERRALS [--json]      who of these referrals would be placed differently, and by which "
     "rules\n"
     "  diff OLD NEW --store [--json]               the same over every referral that the running router has stored\n"
     "\nNothing is changed by any of these: `stepcare adopt` makes a running router decide by its pathway file as it "
     "is now.\n"
     "\nExamples:\n  stepcare pathway show --format html > pathway.html\n  stepcare pathway check pathway.yaml\n"
     "  stepcare pathway diff pathway.yaml new.yaml --over referrals.ndjson\n  stepcare pathway diff pathway.yaml "
     "new.yaml --store\n"},
    {"worklist", cmd_worklist, "worklist TIER [--service S]",
     "what waits in a tier, in the order in which it is claimed", "--service",
     SERVICE_OPTION
     "\nExamples:\n  stepcare worklist physio --limit 20\n  stepcare worklist secondary_care --service pain --json\n"},
    {"claim", cmd_claim, "claim TIER [--service S] [--count N]", "take the next patients on a lease",
     "--service --count --request-key",
     "  --count N           how many (default 1)\n" SERVICE_OPTION
     "  --request-key KEY   repeat an earlier claim: the same key gives the same leases (default: a fresh one)\n\n"
     "A lease that is not accepted in time goes back to its place in the queue.\n\nExample:\n  stepcare claim t_cbt "
     "--count 2\n"},
    {"renew", cmd_act, "renew ID [--token T]", "lengthen a lease", "--token",
     TOKEN_OPTION "\nExample:\n  stepcare renew 0000-0017\n"},
    {"accept", cmd_act, "accept ID [--token T]", "take a claimed patient, or a hand-over, into treatment", "--token",
     TOKEN_OPTION "\nExample:\n  stepcare accept 0000-0017\n"},
    {"release", cmd_act, "release ID --reason CODE", "give a claimed patient back to the same place in the queue",
     "--reason --token --note-file",
     REASON_OPTION TOKEN_OPTION NOTE_OPTION "\nExample:\n  stepcare release 0000-0017 --reason no_capacity\n"},
    {"decline", cmd_act, "decline ID --reason CODE --to TIER", "say that a patient belongs elsewhere",
     "--reason --to --service --token --note-file",
     REASON_OPTION
     "  --to TIER           where the patient should go; a second decline goes to the triage lead\n" SERVICE_OPTION
         TOKEN_OPTION NOTE_OPTION "\nExample:\n  stepcare decline 0000-0017 --reason not_suitable --to hi_cbt\n"},
    {"caseload", cmd_listing, "caseload", "whom you hold, by what is due next", "",
     "Example:\n  stepcare caseload --as dr.jones\n"},
    {"contact", cmd_act, "contact ID --outcome OUTCOME [--channel CHANNEL]", "record a contact or an attempt",
     "--outcome --channel --note-file",
     "  --outcome OUTCOME   attended, did_not_attend, no_answer, cancelled or opt_in_letter\n"
     "  --channel CHANNEL   telephone, video, face_to_face, text_message, letter or email\n" NOTE_OPTION
     "\nExample:\n  stepcare contact 0000-0017 --outcome no_answer --channel telephone\n"},
    {"review", cmd_review, "review ID [SCORES]", "record a review's scores and get the recommendation",
     "--phq-9 --gad-7 --phq-9-item-9 --rmdq --nrs --start-back --outcome --week --contact --red-flags --note-file "
     "--no-wait",
     "  --phq-9 N           total 0 to 27, or the nine answers with commas between (item 9 is then known)\n"
     "  --gad-7 N           total 0 to 21, or the seven answers\n"
     "  --phq-9-item-9 N    the answer to item 9, 0 to 3, where the total is given\n"
     "  --rmdq N, --nrs N   Roland-Morris 0 to 24; pain intensity 0 to 10\n"
     "  --start-back RISK   low, medium or high now\n"
     "  --outcome OUTCOME   secondary care: treated, plan_physio, plan_t_cbt or ongoing\n"
     "  --week N            weeks since treatment began (default: counted)\n"
     "  --red-flags A,B     red flags found\n"
     "  --no-wait           do not wait (up to 3 s) for the recommendation\n" NOTE_OPTION
     "\nExamples:\n  stepcare review 0000-0017 --phq-9 1,1,0,2,1,0,0,1,0 --gad-7 7\n  stepcare review 0000-0017 --rmdq "
     "9 --nrs 4\n"},
    {"confirm", cmd_act, "confirm ID [--action A --to TIER --reason CODE]",
     "take the recommendation, or override it with a reason", "--action --to --service --reason --note-file",
     "  --action ACTION     instead: continue, step_up, step_down, discharge or clinician_review\n"
     "  --to TIER           where to, for a step\n" SERVICE_OPTION REASON_OPTION NOTE_OPTION
     "\nExamples:\n  stepcare confirm 0000-0017\n  stepcare confirm 0000-0017 --action continue --reason "
     "clinical_judgement\n"},
    {"step-up", cmd_act, "step-up ID --to TIER --reason CODE", "hand a patient over to more intensive care",
     "--to --service --reason --note-file",
     "  --to TIER           where to; you hold the patient until somebody there accepts\n" SERVICE_OPTION REASON_OPTION
         NOTE_OPTION "\nExample:\n  stepcare step-up 0000-0017 --to hi_cbt --reason clinical_judgement\n"},
    {"step-down", cmd_act, "step-down ID --to TIER --reason CODE", "hand a patient over to less intensive care",
     "--to --service --reason --note-file",
     "  --to TIER           where to; you hold the patient until somebody there accepts\n" SERVICE_OPTION REASON_OPTION
         NOTE_OPTION "\nExample:\n  stepcare step-down 0000-0017 --to physio --reason clinical_judgement\n"},
    {"discharge", cmd_act, "discharge ID --end-code N", "end an episode", "--end-code --reason --note-file",
     "  --end-code N        how it ended; `stepcare pathway` lists the codes\n" REASON_OPTION NOTE_OPTION
     "\nExample:\n  stepcare discharge 0000-0017 --end-code 46\n"},
    {"cancel", cmd_act, "cancel ID --reason CODE", "withdraw a referral (its referrer)", "--reason --note-file",
     REASON_OPTION NOTE_OPTION "\nExample:\n  stepcare cancel 0000-0017 --reason entered_in_error\n"},
    {"inform", cmd_inform, "inform ID [FILE|-]", "add information to a referral", "--note-file",
     "FILE is a JSON object with the fields that are new or changed, in the referral's own format; the rest "
     "stays.\n" NOTE_OPTION
     "\nExample:\n  echo '{\"red_flags\":{\"screened\":true,\"present\":[]}}' | stepcare inform 0000-0017 -\n"},
    {"show", cmd_show, "show ID | --message-id M [--organisation ODS]",
     "the patient, referral, decision, scores and whole history", "--message-id --organisation",
     "  --message-id M      find the referral by the sender's id\n"
     "  --organisation ODS  and the sender's code, where two senders used the same id\n"
     "\nExample:\n  stepcare show 0000-0017\n"},
    {"note", cmd_act, "note ID --note-file FILE|-", "add a note to the history", "--note-file",
     NOTE_OPTION "\nExample:\n  stepcare note 0000-0017 --note-file - <<< 'Prefers mornings'\n"},
    {"reopen", cmd_act, "reopen ID --reason CODE",
     "take a patient back without a new referral (within the re-entry limit)", "--reason --note-file",
     REASON_OPTION NOTE_OPTION "\nExample:\n  stepcare reopen 0000-0017 --reason patient_preference\n"},
    {"feedback", cmd_feedback, "feedback [--organisation ODS] [--since CURSOR] [--follow]",
     "what became of the referrals that were sent", "--organisation --since --follow",
     "  --organisation ODS  one sender's referrals (default: all that you may see)\n"
     "  --since CURSOR      what came after this cursor\n"
     "  --follow            go on and print news as it comes\n"
     "\nExample:\n  stepcare feedback --organisation Y05868 --since 1200 --json\n"},
    {"backlog", cmd_backlog, "backlog [--watch]",
     "depth, oldest wait, breaches, arrivals and completions of every tier", "--watch",
     "  --watch             again every 2 seconds\n\nExample:\n  stepcare backlog\n"},
    {"waits", cmd_listing, "waits [--tier TIER]", "how long each service takes: median, 90 % and expected wait",
     "--tier --service", "  --tier TIER         one tier only\n" SERVICE_OPTION "\nExample:\n  stepcare waits\n"},
    {"holds", cmd_listing, "holds [--tier TIER]", "what is held, by whom it is to be released, and until when",
     "--tier --service", "  --tier TIER         one tier only\n" SERVICE_OPTION "\nExample:\n  stepcare holds\n"},
    {"hold", cmd_hold, "hold release ID HOLD --reason CODE", "release a hold", "--reason --note-file",
     "HOLD is safety_review, red_flags_unscreened, second_clinician or information_needed.\n" REASON_OPTION NOTE_OPTION
     "\nExample:\n  stepcare hold release 0000-0017 safety_review --reason contacted_safe\n"},
    {"assign", cmd_act, "assign ID --to TIER --reason CODE", "place a referral by hand (triage lead)",
     "--to --service --reason --note-file",
     "  --to TIER           where to\n" SERVICE_OPTION REASON_OPTION NOTE_OPTION
     "\nExample:\n  stepcare assign 0000-0017 --to physio --reason clinical_judgement\n"},
    {"stuck", cmd_listing, "stuck [--tier TIER]", "what does not move: untriaged too long, overdue hand-overs",
     "--tier --service", "  --tier TIER         one tier only\n" SERVICE_OPTION "\nExample:\n  stepcare stuck\n"},
    {"retry", cmd_act, "retry ID", "send a stuck referral to triage again", "",
     "Example:\n  stepcare retry 0000-0017\n"},
    {"pause", cmd_act, "pause TIER", "stop claims in a tier; referrals still arrive", "--reason --note-file",
     REASON_OPTION NOTE_OPTION "\nExample:\n  stepcare pause hi_cbt --reason no_capacity\n"},
    {"resume", cmd_act, "resume TIER", "allow claims in a tier again", "--reason --note-file",
     REASON_OPTION NOTE_OPTION "\nExample:\n  stepcare resume hi_cbt\n"},
    {"duplicates", cmd_listing, "duplicates", "referrals that may be the same patient twice", "--tier --service",
     "  --tier TIER         one tier only\n" SERVICE_OPTION "\nExample:\n  stepcare duplicates\n"},
    {"judge", cmd_act, "judge ID OTHER --reason CODE", "say whether two referrals are one patient's",
     "--reason --note-file",
     REASON_OPTION NOTE_OPTION "\nExample:\n  stepcare judge 0000-0017 0000-0036 --reason clinical_judgement\n"},
    {"unclaimable", cmd_listing, "unclaimable", "what waits although no practitioner's profile fits",
     "--tier --service", "  --tier TIER         one tier only\n" SERVICE_OPTION "\nExample:\n  stepcare unclaimable\n"},
    {"adopt", cmd_act, "adopt", "decide by the pathway file as it is now (administrator)", "",
     "Example:\n  stepcare adopt\n"},
    {"verify", cmd_store, "verify", "check the whole ledger and the state against it", "",
     "Example:\n  stepcare verify\n"},
    {"backup", cmd_store, "backup DIR", "copy the store, consistent, while it runs", "",
     "Example:\n  stepcare backup /mnt/backup/today\n"},
    {"restore", cmd_store, "restore DIR", "bring a backup into the configured, empty store", "",
     "Example:\n  stepcare restore /mnt/backup/today\n"},
    {"completion", run_completion, "completion bash", "print the script that completes commands in bash", "",
     "Example:\n  source <(stepcare completion bash)\n"},
    {"help", run_help, "help [COMMAND]", "this, or what a command takes", "", "Example:\n  stepcare help refer\n"},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

static const struct command *command_find(const char *name)
{
    for (const struct command *command = commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0) return command;
    }
    fprintf(stderr, "stepcare: there is no command '%.40s'. See: stepcare help\n", name);
    return NULL;
}

static int run_completion(const struct command *self, int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        command_help_print(self);
        return EXIT_DONE;
    }
    if (argc != 2 || strcmp(argv[1], "bash") != 0) {
        fputs("stepcare completion: there is one for bash: stepcare completion bash\n", stderr);
        return EXIT_USAGE;
    }
    completion_print(commands);
    return EXIT_DONE;
}

void commands_help_print(void)
{
    puts("stepcare: referrals for stepped care of pain\n\nusage: stepcare COMMAND [ARGUMENTS]\n");
    for (const struct command *command = commands; command->name != NULL; command++) {
        printf("  %-12s %s\n", command->name, command->summary);
    }
    puts("\n`stepcare help COMMAND` says what a command takes, with examples; `stepcare --version` says which one this "
         "is.\n"
         "Commands need a running router: stepcare-router --config FILE; and workers: stepcare-worker --config FILE.");
}

static int run_help(const struct command *self, int argc, char **argv)
{
    (void)self;
    if (argc <= 1 || argv[1][0] == '-') {
        commands_help_print();
        return EXIT_DONE;
    }
    const struct command *command = command_find(argv[1]);
    if (command == NULL) return EXIT_USAGE;
    command_help_print(command);
    return EXIT_DONE;
}

int commands_run(int argc, char **argv)
{
    const struct command *command = command_find(argv[0]);
    return command == NULL ? EXIT_USAGE : command->run(command, argc, argv);
}
