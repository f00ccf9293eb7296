/* Growable bytes with a ceiling given at birth, and borrowed slices of text.
 *
 * A failed append (ceiling, memory) is remembered in `failed` and makes every later one fail, so
 * that a writer may append many times and ask once, with buf_status(). Not for two threads at
 * once. */
#ifndef COMMON_BUF_H
#define COMMON_BUF_H

#include "common/status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes of somebody else's; not terminated. */
struct slice {
    const char *data;
    size_t len;
};

#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool slice_is(struct slice a, const char *text)
{
    return slice_equal(a, slice_of(text));
}

/* All from the place on, which is not behind the end. */
static inline struct slice slice_from(struct slice s, size_t at)
{
    return (struct slice){s.data + at, s.len - at};
}

/* The place of the character at or behind `from`; where there is none, where the text ends. */
static inline size_t slice_find(struct slice s, size_t from, char c)
{
    const char *at = from < s.len ? (const char *)memchr(s.data + from, c, s.len - from) : NULL;

    return at ? (size_t)(at - s.data) : s.len;
}

bool slice_equal_nocase(struct slice a, struct slice b); /* ASCII letters in any case */
bool slice_starts(struct slice a, struct slice prefix);
struct slice slice_trim(struct slice a); /* without blanks, tabs and line breaks at both ends */

/* A copy on the heap, terminated; NULL when memory is out. */
char *slice_dup(struct slice a);

struct buf {
    char *data; /* heap; not terminated unless buf_text() was called */
    size_t len;
    size_t cap;
    size_t max; /* len never passes it */
    enum status failed;
};

#define BUF_INIT(ceiling)                                                                          \
    {                                                                                              \
        .max = (ceiling)                                                                           \
    }

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b); /* releases the bytes; the struct may be used again */
/* As buf_done(), but a large block is not left to others (blocks.h): for work that is no request's,
 * so that no request's end gives it back. */
void buf_free(struct buf *b);

/* Most buffers on the stack were never filled. */
static inline void cleanup_buf(struct buf *b)
{
    if (b->data)
        buf_done(b);
}
#define auto_buf __attribute__((cleanup(cleanup_buf)))

/* Forgets the content and the failure, keeps the memory. */
void buf_clear(struct buf *b);

/* Room for `more` bytes behind the content; NULL when there can be none. What is written there
 * counts after buf_advance(). */
char *buf_reserve(struct buf *b, size_t more);

static inline void buf_advance(struct buf *b, size_t written)
{
    b->len += written;
}

/* Appends are small and many: what fits goes without a call. A byte is left for buf_text()'s NUL. */
static inline bool buf_fits(const struct buf *b, size_t more)
{
    return b->failed == ST_OK && more < b->cap - b->len && more <= b->max - b->len;
}

static inline void buf_put(struct buf *b, const void *bytes, size_t len)
{
    if ((!buf_fits(b, len) && !buf_reserve(b, len)) || len == 0)
        return;
    memcpy(b->data + b->len, bytes, len);
    b->len += len;
}

static inline void buf_put_char(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

static inline void buf_put_text(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

static inline void buf_put_slice(struct buf *b, struct slice s)
{
    buf_put(b, s.data, s.len);
}

void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

enum { INT_TEXT_SIZE = 24 };

/* In decimal, written to the end of `room`; the text begins where the result points. Many go with
 * each call, and printf would cost more than all else about them. */
const char *int_text(int64_t number, char room[INT_TEXT_SIZE]);

/* In decimal; with zeros before it where it has not so many digits. */
void buf_put_int(struct buf *b, int64_t number, int digits);

/* The text as a JSON string literal with its quotes: control characters, quote and backslash are
 * escaped, all else stays. */
void buf_put_json_string(struct buf *b, struct slice text);

/* ST_OK, ST_TOO_LARGE (ceiling) or ST_NO_MEMORY: what the first failed append met. */
MUST_CHECK enum status buf_status(const struct buf *b, struct why *why);

/* The content with a NUL behind it (which does not count); NULL after a failure. */
const char *buf_text(struct buf *b);

/* The bytes, for the caller to free; the buffer is empty from then on. Terminated by a NUL. NULL
 * after a failure. */
char *buf_take(struct buf *b, size_t *ret_len);

static inline struct slice buf_slice(const struct buf *b)
{
    return (struct slice){b->data, b->len};
}

#endif
