/* Every bound on what input can grow, in one place. Units are in the names. */
#ifndef STEPCARE_LIMITS_H
#define STEPCARE_LIMITS_H

#define STEPCARE_FRAME_BYTES_MAX (1024 * 1024) /* one ZeroMQ message (ZMQ_MAXMSGSIZE) */
#define STEPCARE_BATCH_COUNT_MAX 256           /* commands in one frame */
#define STEPCARE_DEPTH_MAX 8                   /* nesting of containers in a frame */

#define STEPCARE_MESSAGE_ID_BYTES_MAX 64
#define STEPCARE_ORGANISATION_BYTES_MIN 3
#define STEPCARE_ORGANISATION_BYTES_MAX 10
#define STEPCARE_TEXT_CHARS_MAX 64      /* optional referrer, postcode and phone fields, in characters */
#define STEPCARE_NAME_CHARS_MAX 128     /* family and given name, in characters */
#define STEPCARE_REASON_CHARS_MAX 1024  /* why a clinician overrides, in characters */
#define STEPCARE_LETTER_BYTES_MAX 65536 /* referral letter, UTF-8 */
#define STEPCARE_NOTE_BYTES_MAX 4096
#define STEPCARE_ACTOR_BYTES_MAX 64
#define STEPCARE_LIST_COUNT_MAX 64     /* codes in one list of a referral */
#define STEPCARE_LINE_BYTES_MAX 524288 /* one referral as a line of JSON */
#define STEPCARE_DURATION_WEEKS_MAX 5200

#define STEPCARE_CODES_MAX 24 /* codes on one decision */
#define STEPCARE_CODE_BYTES_MAX 40
#define STEPCARE_ERRORS_MAX 32 /* failing fields named in one rejection; a 33rd is counted, not named */

/* The most that a review's scores, its week (DURATION_WEEKS_MAX) and its contacts can be; the least is 0. */
#define STEPCARE_PHQ_9_MAX 27
#define STEPCARE_GAD_7_MAX 21
#define STEPCARE_PHQ_9_ITEM_MAX 3
#define STEPCARE_RMDQ_MAX 24
#define STEPCARE_NRS_MAX 10
#define STEPCARE_CONTACTS_MAX 1000

#define STEPCARE_LISTING_COUNT_MAX 500 /* rows in one page of a listing */
#define STEPCARE_CLAIM_COUNT_MAX 100   /* leases given by one claim */

#endif
