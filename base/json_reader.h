/* One JSON document, token by token, on yajl: for decoders that fill a struct by a field table (referrals, the review
 * snapshots of `stepcare decide`). No tree is built and no text is copied that stands in the document as it is
 * meant. */
#ifndef BASE_JSON_READER_H
#define BASE_JSON_READER_H

#include "base/arena.h"
#include "stepcare/text.h"

enum json_token_kind {
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_WHOLE, /* a number as written without point and exponent that fits int64_t: 9 is one, 9.0 and 9e0 are not */
    JSON_REAL,  /* any other number that a double holds */
    JSON_VAST,  /* a number that neither holds */
    JSON_STRING,
    JSON_NAME, /* of the object's member that comes next */
    JSON_OBJECT_BEGIN,
    JSON_OBJECT_END,
    JSON_ARRAY_BEGIN,
    JSON_ARRAY_END
};

struct json_token {
    enum json_token_kind kind;
    bool truth;                /* BOOLEAN */
    int64_t whole;             /* WHOLE */
    struct stepcare_text text; /* STRING, NAME: until the call returns; json_text_keep makes it last */
    bool unescaped;            /* text is not as the document has it */
};

enum json_outcome {
    JSON_DONE,
    JSON_STOPPED,    /* token_take would not go on */
    JSON_BROKEN,     /* this is no JSON */
    JSON_UNFINISHED, /* the document ends before its JSON does */
    JSON_NO_MEMORY   /* yajl has none; a token_take that has none stops */
};

/* Takes in the next token; false ends the reading. Names and values come in the document's order, and every container
 * that begins also ends unless the reading does. */
typedef bool (*json_token_fn)(void *context, const struct json_token *token);

/* Gives the document's tokens to token_take, one after the other.
 * Shape: document may be any bytes; UTF-8 is not checked, and a \u escape of half a surrogate pair is a '?'.
 * *out_at, always: how many bytes were read, with the token that reading ended at. */
enum json_outcome json_read(struct stepcare_text document, json_token_fn token_take, void *context, size_t *out_at);

/* A STRING's or NAME's text for longer than the call: it views the document, or a copy in the arena where it had
 * escapes. False: the arena is full. */
bool json_text_keep(const struct json_token *token, struct arena *arena, struct stepcare_text *out_text);

#endif
