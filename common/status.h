/* One result for everything that can fail, and the words that explain it.
 *
 * A function that can fail returns enum status. Where the fault is found, and only there, the
 * words go into the caller's struct why. Modules return, handlers log. No text here may hold a
 * secret, a token or a value of somebody's data. */
#ifndef COMMON_STATUS_H
#define COMMON_STATUS_H

#define MUST_CHECK        __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

enum status {
    ST_OK = 0,
    ST_BAD_INPUT,   /* what the caller sent is wrong */
    ST_DENIED,      /* the caller may not do this */
    ST_NOT_FOUND,   /* no such thing */
    ST_CONFLICT,    /* it exists already, or has changed meanwhile */
    ST_TOO_LARGE,   /* a ceiling (size, depth, count) is passed */
    ST_UNSUPPORTED, /* understood, but not provided */
    ST_BUSY,        /* try again later */
    ST_TIMEOUT,     /* a deadline has passed */
    ST_NO_MEMORY,
    ST_IO,       /* disk, network or database failed */
    ST_INTERNAL, /* our own mistake */
};

/* Why a call failed. `place` names the member, field, file or line at fault, and may be empty.
 * Callers who do not want the words pass NULL. */
struct why {
    char text[240];
    char place[160];
};

/* Writes the words and returns st, so that a function can `return fail(...)`. `place` keeps what
 * it was. The arguments may be the old words: fail(why, st, "rules: %s", why->text). */
enum status fail(struct why *why, enum status st, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same, and names the place; place may be NULL for none. */
enum status fail_at(struct why *why, enum status st, const char *place, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* The words for ST_NO_MEMORY. */
enum status fail_memory(struct why *why);

/* A word for each status, such as "bad input"; never NULL. */
const char *status_word(enum status st);

#endif
