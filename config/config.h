/* stepcare.yaml: everything that can be set, read once by each program. The template that `stepcare init` writes
 * comments every key with its unit, default and effect. Relative paths in the file are relative to the file's
 * directory. Pure data after loading; SIGHUP loads a second one and takes over what may change while running (marked
 * *). */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/calendar.h"
#include "stepcare/codes.h"
#include "stepcare/error.h"
#include "stepcare/text.h"

enum {
    CONFIG_PATH_BYTES_MAX = 4096,
    CONFIG_ENDPOINT_BYTES_MAX = 256,
    CONFIG_PRACTITIONERS_MAX = 1000,
    CONFIG_ACTOR_BYTES_MAX = 256, /* a login name, which may be longer than an actor on the wire */
    CONFIG_SITES_MAX = 100
};

struct config_site { /* a place that treats, with its weekly capacity */
    char name[64];
    uint32_t tiers;                 /* mask of enum stepcare_tier */
    uint32_t services;              /* mask of enum stepcare_service; 0: all */
    uint16_t weekly_first_contacts; /* new patients a week, for "next free date" */
};

struct config_practitioner {
    char name[64];            /* as given by --as */
    char site[64];            /* a name under sites, or empty */
    uint32_t tiers, services; /* masks; services 0: all */
    uint32_t channels;        /* mask of enum stepcare_channel they treat by; 0: all */
    bool chronic_pain_trained, interpreter;
    char languages[128];   /* for people to read */
    uint16_t caseload_max; /* 0: no limit */
    uint8_t working_days;  /* bit 0 Monday .. bit 6 Sunday */
};

struct config {
    char path[CONFIG_PATH_BYTES_MAX]; /* the file it came from */
    char data_directory[CONFIG_PATH_BYTES_MAX];
    char pathway_path[CONFIG_PATH_BYTES_MAX];
    char client_endpoint[CONFIG_ENDPOINT_BYTES_MAX], worker_endpoint[CONFIG_ENDPOINT_BYTES_MAX],
        notice_endpoint[CONFIG_ENDPOINT_BYTES_MAX]; /* ipc://…, made absolute, checked to fit a socket address */
    uint64_t segment_bytes, map_bytes;
    uint32_t batch_count_max, batch_bytes_max; /* one turn of the loop */
    uint32_t checkpoint_events, checkpoint_ms, checkpoint_dirty_pages_max;
    uint64_t reserve_bytes; /* free disk below which submissions are refused */
    uint32_t lease_ms;      /* * default lease of a claim */
    uint32_t job_deadline_ms, job_attempts_max, worker_credit_max, worker_silence_ms; /* * */
    uint32_t parked_max;      /* * waiting replies held at once */
    uint32_t stuck_after_ms;  /* * without triage or a recommendation for so long: listed by `stuck` */
    bool nhs_number_reject;   /* * a wrong check digit is refused, not marked */
    struct calendar calendar; /* * holidays */
    unsigned site_count, practitioner_count;
    struct config_site *sites;                 /* * owned */
    struct config_practitioner *practitioners; /* * owned */
};

/* A key of the file, and where its value is. */
struct config_key {
    const char *key;
    size_t at, bytes; /* in struct config */
    bool live;        /* taken over by a running router */
};

/* Purpose: read and check a file. Errors: CONFIG or SYSTEM with "file:line: key: what is wrong" in message.
 * Owns: config_close frees; *out_config untouched on failure. */
enum stepcare_error config_open(const char *path, char *message, size_t message_bytes, struct config **out_config);
void config_close(struct config *config);

/* Purpose: the whole commented stepcare.yaml that `stepcare init` writes. Owns: static text. */
const char *config_template(void);

/* Purpose: which file: the option, else STEPCARE_CONFIG, else NULL (usage error naming both). */
const char *config_choose(const char *option);
/* Purpose: who acts: the option, else STEPCARE_AS, else the login name; always something.
 * Owns: the option, the environment's text, or what was written to room. */
const char *config_actor(const char *option, char room[CONFIG_ACTOR_BYTES_MAX]);

/* Purpose: a practitioner's profile by the name given with --as; NULL where there is none. */
const struct config_practitioner *config_practitioner_find(const struct config *config, struct stepcare_text name);

#endif
