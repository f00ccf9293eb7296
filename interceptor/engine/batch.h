/* Places of the answer that wait for the token store, filled many at a time.
 *
 * A pseudonym's place is written with as many blanks as it will have characters; a text that may
 * be a pseudonym stands there itself until the store knows it. batch_flush() asks the store once
 * and patches the answer. */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H

#include "interceptor/engine/token_store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run;
struct leaf;

/* How a value is written where it stands. */
enum literal_style {
    LITERAL_JSON,
    LITERAL_XML_TEXT,
    LITERAL_XML_ATTRIBUTE_1, /* between apostrophes */
    LITERAL_XML_ATTRIBUTE_2, /* between double quotes */
    LITERAL_SQL,             /* quoted if it is a string */
    LITERAL_SQL_ESCAPED,     /* the same where a backslash escapes */
};

struct hole {
    size_t offset; /* in the answer */
    size_t len;
    size_t attribute;
    bool direct;
    enum literal_style style;
    size_t prefix; /* bytes that only a string keeps before it */
    uint32_t ask;  /* index of what is asked for it */
    bool patched;  /* its new text stands in `patch` */
    size_t patch_at;
    size_t patch_len;
};

/* What will be a request or a query; texts are offsets into `text`, which may move. */
struct ask {
    const struct domain *domain;
    uint8_t lookup[LOOKUP_SIZE];
    size_t text, text_len;     /* the clear value, or the pseudonym */
    size_t sealed, sealed_len; /* of a request */
    size_t length;
};

struct batch {
    struct hole *holes;
    size_t count, room;
    struct ask *asks;
    size_t asked, ask_room;
    uint16_t *index; /* asks by lookup: number + 1, or 0; NULL until a request needs it */
    struct buf text;
    struct buf patch;
};

void batch_init(struct batch *b);
void batch_done(struct batch *b);
/* Forgets what waits; gives memory back that a usual call does not need. */
void batch_clear(struct batch *b);

/* A pseudonym of `length` characters is to stand at `offset`. */
MUST_CHECK enum status batch_assign(struct run *run, const struct leaf *leaf, size_t offset,
                                    size_t length, struct why *why);

/* The leaf's text, written from `offset` to the end of the answer so far, may be a pseudonym. The
 * first `prefix` bytes of it go where anything but a string takes its place (DATE '...'). */
MUST_CHECK enum status batch_resolve(struct run *run, const struct leaf *leaf, size_t offset,
                                     size_t prefix, enum literal_style style, struct why *why);

/* Asks the store, and patches what was written to the run's sink. */
MUST_CHECK enum status batch_flush(struct run *run, struct why *why);

#endif
