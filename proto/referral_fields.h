/* The referral's field table, which JSON, wire and ledger forms share: name, type, place in the struct, rule.
 * Groups are JSON's nested objects. A field's number on the wire is its place in its group, from 1; in the ledger's
 * arrays it is the place itself. Both are formats: append to a group, never insert. */
#ifndef PROTO_REFERRAL_FIELDS_H
#define PROTO_REFERRAL_FIELDS_H

#include "stepcare/referral.h"

#include <stddef.h>

/* C member, wire form, JSON form */
enum referral_type {
    REFERRAL_GROUP = 1,    /* members,  map,                 object */
    REFERRAL_TEXT,         /* text,     str,                 string; limits in characters */
    REFERRAL_MESSAGE_ID,   /* text,     str,                 string of printable ASCII */
    REFERRAL_ORGANISATION, /* text,     str,                 string of A-Z and 0-9 */
    REFERRAL_NHS_NUMBER,   /* text,     str,                 string of ten digits */
    REFERRAL_LETTER,       /* text,     str,                 string; limit in bytes */
    REFERRAL_DATE,         /* date,     uint yyyymmdd,       "1984-05-17" */
    REFERRAL_TIME,         /* ms, zone, [int ms, int min],   RFC 3339 */
    REFERRAL_CODE,         /* enum,     uint,                name */
    REFERRAL_MASK,         /* uint32_t, uint,                list of names */
    REFERRAL_INT8,         /* int8_t,   int or nil,          number or null */
    REFERRAL_INT16,        /* int16_t,  int or nil,          number or null */
    REFERRAL_BOOL,         /* bool,     bool,                true, false */
    REFERRAL_ANSWERS       /* int8_t[], array of int or nil, list of numbers or null */
};

enum referral_group_number {
    REFERRAL_TOP,
    REFERRAL_REFERRER,
    REFERRAL_PATIENT,
    REFERRAL_RED_FLAGS,
    REFERRAL_INSTRUMENTS,
    REFERRAL_HADS,
    REFERRAL_FIBROMYALGIA,
    REFERRAL_AXIAL_SPA,
    REFERRAL_OVERRIDE,
    REFERRAL_GROUP_COUNT
};

enum referral_flag {
    REFERRAL_REQUIRED = 1,
    REFERRAL_IDENTITY = 2, /* says who the patient is: not for workers */
    REFERRAL_NULLABLE = 4, /* null is a blank */
    REFERRAL_FIXED = 8,    /* what the referral is known by: no correction changes it */
    REFERRAL_ALWAYS = 16   /* written in JSON even if empty */
};

enum { REFERRAL_NO_FLAG = UINT16_MAX };

struct referral_field {
    const char *name, *path;
    uint8_t type, flags;
    uint8_t group; /* of a GROUP: the group that it opens */
    uint8_t count; /* ANSWERS: how many */
    uint16_t offset;
    uint16_t has_offset; /* the bool that says whether it is there; REFERRAL_NO_FLAG: the value itself says */
    int32_t min, max;    /* numbers, or lengths of text */
    int32_t last_max;    /* ANSWERS: of the last one */
    const struct stepcare_codeset *codes;
};

struct referral_group {
    const struct referral_field *fields;
    uint8_t count;
    const char *prefix; /* "patient." */
};

extern const struct referral_group referral_groups[REFERRAL_GROUP_COUNT];

#define referral_member(referral, field, ctype) ((ctype *)((char *)(referral) + (field)->offset))
#define referral_member_const(referral, field, ctype) ((const ctype *)((const char *)(referral) + (field)->offset))

/* Purpose: does the referral hold a value for the field (for a GROUP: its flag, or any field in it). */
bool referral_field_present(const struct stepcare_referral *referral, const struct referral_field *field);

#endif
