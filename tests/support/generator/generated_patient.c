/* Who the referral is about. Everybody here is invented; see referral_generator.h for the reserved ranges. */
#include "tests/support/generator/generated.h"

static const char *const FAMILY_NAMES[] = {
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Patel",
    "Robinson",
    "Wright",
    "Thompson",
    "Evans",
    "Walker",
    "White",
    "Roberts",
    "Green",
    "Hall",
    "Wood",
    "Jackson",
    "Clarke",
    "Khan",
    "Hussain",
    "Begum",
    "Ahmed",
    "Ali",
    "Kaur",
    "Singh",
    "Shah",
    "Okafor",
    "Adeyemi",
    "Mensah",
    "Campbell",
    "Stewart",
    "Macdonald",
    "O'Brien",
    "O'Connor",
    "Murphy",
    "Kelly",
    "Smith-Jones",
    "Nowak",
    "Kowalczyk",
    "Popescu",
    "Silva",
    "Chen",
    "Wong",
    "Nguy\xe1\xbb\x85n",
    ("Garc\xc3\xad"
     "a"),
    "Llewellyn",
    "Gruffydd",
    "Fern\xc3\xa1ndez",
    "de Souza",
    "Van der Berg",
    "Price",
    "Bailey",
    "Cooper",
    "Ward",
    "Turner",
};
static const char *const WOMEN[] = {
    "Margaret", "Susan",      "Patricia",  "Christine",    "Linda", "Julie",  "Karen", "Helen", "Sarah",
    "Emma",     "Laura",      "Rebecca",   "Gemma",        "Amina", "Fatima", "Priya", "Ada",   "Si\xc3\xa2n",
    "Niamh",    "Zo\xc3\xab", "Agnieszka", "Chlo\xc3\xa9", "Mei",   "Olivia", "Grace",
};
static const char *const MEN[] = {
    "David",       "John",   "Peter",  "Michael", "Paul",     "Andrew", "Stephen", "Mark",  "Ian",
    "James",       "Daniel", "Thomas", "Callum",  "Mohammed", "Imran",  "Rajesh",  "Kwame", "Rhys",
    "Se\xc3\xa1n", "Tomasz", "Wei",    "Oliver",  "Jack",     "Harjit", "Femi",
};
static const char *const AREAS[] = {"ST1", "ST4", "ST5",  "ST6",  "ST7",  "ST10",
                                    "CW1", "CW2", "CW11", "WS11", "SK11", "TF9"};

static const char *const INWARD_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"; /* the letters that inward codes use */

/* Six digits after 999, then the check digit. Returns the digit, or 10 where these nine digits can have none. */
static unsigned check_digit(unsigned six)
{
    unsigned sum = 9 * 10 + 9 * 9 + 9 * 8;
    for (unsigned weight = 2; weight <= 7; weight++, six /= 10) sum += six % 10 * weight;
    return (11 - sum % 11) % 11;
}

/* Numbers run through the whole range before one comes again (the multiplier shares no factor with a million). */
static void nhs_number_write(struct generated_line *line, struct random *random, uint64_t seed, uint64_t index)
{
    unsigned six = (unsigned)((index * 706423 + random_mix(seed) % 1000000) % 1000000);
    unsigned check = check_digit(six);
    if (check == 10) /* one in eleven: this patient's number is not known */
        return;
    if (random_percent(random, 2)) /* mistyped somewhere */
        check = (check + 1 + random_below(random, 9)) % 10;
    generated_text(line, "\"nhs_number\":\"999");
    generated_number(line, six, 6);
    generated_number(line, check, 1);
    generated_text(line, "\",");
}

static unsigned age_pick(struct random *random)
{
    unsigned roll = random_below(random, 1000);
    if (roll < 8) return 8 + random_below(random, 8);
    if (roll < 20) return 16 + random_below(random, 2);
    unsigned sum = 0; /* three rolls: most are between 35 and 70 */
    for (int i = 0; i < 3; i++) sum += random_below(random, 25);
    return 18 + sum;
}

static void birth_date_write(struct generated_line *line, struct random *random, unsigned age_years, int year_now,
                             enum generated_mistake mistake)
{
    generated_text(line, "\"birth_date\":\"");
    generated_number(line, (uint64_t)year_now - age_years, 4);
    generated_text(line, "-");
    if (mistake == MISTAKE_BIRTH_DATE) {
        generated_text(line, "02-31\"");
        return;
    }
    generated_number(line, 1 + random_below(random, 12), 2);
    generated_text(line, "-");
    generated_number(line, 1 + random_below(random, 28), 2);
    generated_text(line, "\"");
}

static void address_write(struct generated_line *line, struct random *random)
{
    generated_text(line, ",\"postcode\":\"");
    generated_text(line, RANDOM_PICK(random, AREAS));
    generated_text(line, " ");
    generated_number(line, random_below(random, 10), 1);
    *line->at++ = INWARD_LETTERS[random_below(random, 20)];
    *line->at++ = INWARD_LETTERS[random_below(random, 20)];
    generated_text(line, "\"");
    if (random_percent(random, 10)) /* no telephone on the record */
        return;
    generated_text(line, random_percent(random, 60) ? ",\"phone\":\"07700 900" : ",\"phone\":\"01632 960");
    generated_number(line, random_below(random, 1000), 3);
    generated_text(line, "\"");
}

struct generated_patient generated_patient_write(struct generated_line *line, uint64_t seed, uint64_t index,
                                                 int year_now, enum generated_mistake mistake)
{
    struct random random = random_of(seed, index, STREAM_PATIENT);
    struct generated_patient patient = {.age_years = age_pick(&random)};
    bool woman = random_percent(&random, 58);
    generated_text(line, ",\"patient\":{");
    nhs_number_write(line, &random, seed, index);
    const char *family_name = RANDOM_PICK(&random, FAMILY_NAMES);
    if (mistake != MISTAKE_NAME_MISSING) {
        generated_text(line, "\"family_name\":\"");
        generated_text(line, family_name);
        generated_text(line, "\",");
    }
    generated_text(line, "\"given_name\":\"");
    generated_text(line, woman ? RANDOM_PICK(&random, WOMEN) : RANDOM_PICK(&random, MEN));
    generated_text(line, "\",");
    birth_date_write(line, &random, patient.age_years, year_now, mistake);
    address_write(line, &random);
    patient.pregnant_known = woman && patient.age_years >= 16 && patient.age_years <= 45;
    patient.pregnant = patient.pregnant_known && random_percent(&random, 4);
    if (patient.pregnant_known) generated_text(line, patient.pregnant ? ",\"pregnant\":true" : ",\"pregnant\":false");
    generated_text(line, "}");
    return patient;
}
