/* Letters as general practitioners and clinics write them: sentences picked from parts. */
#include "tests/support/generator/generated.h"

static const char *const OPENINGS[] = {
    "Dear colleague, thank you for seeing this patient with persistent pain.",
    "Thank you for your help with this patient, who has been troubled by pain for some time.",
    "I would be grateful for your assessment and advice.",
    "Referred from clinic today after review of symptoms and bloods.",
    "Seen in the practice this morning together with a relative.",
};
static const char *const MIDDLES[] = {
    "Pain is worst on bending and after sitting for more than twenty minutes.",
    "Sleep is broken most nights and the patient wakes unrefreshed.",
    "There is widespread tenderness with fatigue and poor concentration.",
    "Simple analgesia helps a little; codeine was stopped because of constipation.",
    "Works in a warehouse and has been off for three weeks; worried about the job.",
    "Examination: reflexes equal, power 5/5, straight leg raise 60\\u00b0 both sides.",
    "Bloods including FBC, ESR and CRP were unremarkable.",
    "Tried naproxen 500 mg bd with omeprazole cover, with partial relief.",
    "Mood has been low since the pain began and the patient avoids going out.",
    "Previous physiotherapy two years ago was found helpful but the exercises lapsed.",
    "No history of malignancy. No weight loss. Bladder and bowels as usual.",
    "Keen to stay active and would like guidance on pacing.",
    "Morning stiffness lasts about fifteen minutes and eases with movement.",
    "Past history: hypertension, type 2 diabetes, both well controlled.",
    "Lives with partner and two children; mother also had \\\"bad nerves and a bad back\\\".",
    "The patient\xe2\x80\x99s main goal is to return to gardening and walking the dog.",
    "Amitriptyline 10 mg at night was not tolerated because of drowsiness.",
    "X-ray last year showed age-related change only; no indication for further imaging.",
};
static const char *const CLOSINGS[] = {
    "Many thanks for your help.",
    "Please copy the outcome to the practice.",
    "The patient agrees to this referral and to sharing the record.",
    "Happy to discuss by telephone.",
};

enum { MIDDLE_COUNT = sizeof(MIDDLES) / sizeof(MIDDLES[0]) };

void generated_letter_write(struct generated_line *line, struct random *random, unsigned bytes)
{
    if (bytes == 0) return;
    generated_text(line, ",\"letter\":\"");
    const char *start = line->at;
    generated_text(line, RANDOM_PICK(random, OPENINGS));
    unsigned sentence = random_below(random, MIDDLE_COUNT);
    while ((unsigned)(line->at - start) + 40 < bytes) {
        generated_text(line, random_percent(random, 12) ? "\\n" : " ");
        generated_text(line, MIDDLES[sentence]);
        sentence = (sentence + 1 + random_below(random, 4)) % MIDDLE_COUNT; /* onwards, so that none follows itself */
    }
    generated_text(line, " ");
    generated_text(line, RANDOM_PICK(random, CLOSINGS));
    generated_text(line, "\"");
}
