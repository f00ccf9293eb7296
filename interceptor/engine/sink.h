/* Writes the answer: the text of a data set inside the JSON string of {"dataSet":"..."}.
 *
 * Room is asked for once a token; what was asked for may then be written without looking. */
#ifndef ENGINE_SINK_H
#define ENGINE_SINK_H

#include "common/buf.h"
#include "common/status.h"
#include "interceptor/engine/short_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SINK_SLACK = 64,   /* bytes that may be overwritten behind the room asked for */
    SINK_CHAR_MAX = 7, /* bytes of the answer for one of a JSON string: \\u0001 */
    SINK_CHUNK = 4096, /* text is escaped in pieces of so many bytes */
};

struct sink {
    char *pos;
    char *limit; /* SINK_SLACK before the end of the room */
    struct buf *out;
    void (*relief)(void *ctx); /* frees other memory for a large answer; NULL: nothing does */
    void *relief_ctx;
    size_t relief_at; /* when the answer has so many bytes */
    size_t relief_step;
};

/* How often a text is escaped on its way into the answer. */
enum sink_level {
    SINK_TEXT = 1,  /* text of the document */
    SINK_STRING = 2 /* characters of a JSON string of the document */
};

/* Appends to `out`, where about `expected` bytes are to come. */
void sink_open(struct sink *s, struct buf *out, size_t expected);
/* Calls `relief` when the answer has `after` bytes, and each time that it has `step` more; it may not
 * write. */
void sink_relieve(struct sink *s, void (*relief)(void *ctx), void *ctx, size_t after, size_t step);
void sink_no_relief(struct sink *s);
/* Makes what was written count in `out`, and goes on. */
void sink_sync(struct sink *s);
/* Takes `out` up again, after it was changed behind the sink. */
void sink_resume(struct sink *s);

/* False: memory or the ceiling has ended; buf_status() of `out` tells. */
bool sink_grow(struct sink *s, size_t more);

static inline bool sink_room(struct sink *s, size_t more)
{
    if (__builtin_expect(s->limit > s->pos && (size_t)(s->limit - s->pos) >= more, 1))
        return true;
    return sink_grow(s, more);
}

/* For room that was asked for. */
static inline void sink_put(struct sink *s, const char *bytes, size_t len)
{
    short_copy(s->pos, bytes, len);
    s->pos += len;
}

static inline void sink_put_char(struct sink *s, char c)
{
    *s->pos++ = c;
}

/* The escaped form of one character: a control character, a quote or a backslash. Needs room for
 * SINK_CHAR_MAX bytes. */
void sink_put_escape(struct sink *s, unsigned char c, enum sink_level level);

/* Asks for room itself; any length. */
bool sink_escaped(struct sink *s, struct slice text, enum sink_level level);

static inline size_t sink_offset(const struct sink *s)
{
    return (size_t)(s->pos - s->out->data);
}

#endif
