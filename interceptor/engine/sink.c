#include "interceptor/engine/sink.h"

#include "interceptor/engine/scan.h"

void sink_resume(struct sink *s)
{
    size_t end = s->out->cap;

    if (!s->out->data) { /* memory is out */
        s->pos = s->limit = NULL;
        return;
    }
    if (end > s->out->max)
        end = s->out->max;
    end = end > SINK_SLACK ? end - SINK_SLACK - 1 : 0;
    if (s->relief && end > s->relief_at)
        end = s->relief_at;
    s->pos = s->out->data + s->out->len;
    s->limit = s->out->data + end;
}

void sink_open(struct sink *s, struct buf *out, size_t expected)
{
    size_t room = out->max - out->len;

    *s = (struct sink){.out = out};
    buf_reserve(out, expected < room ? expected : room);
    sink_resume(s);
}

void sink_relieve(struct sink *s, void (*relief)(void *ctx), void *ctx, size_t after, size_t step)
{
    s->relief = relief;
    s->relief_ctx = ctx;
    s->relief_at = after;
    s->relief_step = step;
    sink_sync(s);
    sink_resume(s);
}

void sink_no_relief(struct sink *s)
{
    s->relief = NULL;
}

void sink_sync(struct sink *s)
{
    s->out->len = sink_offset(s);
}

bool sink_grow(struct sink *s, size_t more)
{
    sink_sync(s);
    if (s->relief && s->out->len + more > s->relief_at) {
        s->relief(s->relief_ctx);
        s->relief_at = s->out->len + more + s->relief_step;
    }
    if (!buf_reserve(s->out, more + SINK_SLACK))
        return false;
    sink_resume(s);
    return true;
}

void sink_put_escape(struct sink *s, unsigned char c, enum sink_level level)
{
    static const char letters[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    static const char hex[] = "0123456789abcdef";

    for (int i = 0; i < (int)level; i++)
        sink_put_char(s, '\\');
    if (c == '"' || c == '\\') {
        if (level == SINK_STRING)
            sink_put_char(s, '\\');
        sink_put_char(s, (char)c);
    } else if (letters[c]) {
        sink_put_char(s, letters[c]);
    } else {
        sink_put(s, "u00", 3);
        sink_put_char(s, hex[c >> 4]);
        sink_put_char(s, hex[c & 15]);
    }
}

static bool put_chunk(struct sink *s, const char *p, const char *end, enum sink_level level)
{
    if (!sink_room(s, (size_t)(end - p) * SINK_CHAR_MAX))
        return false;
    while (p < end) {
        const char *special = scan_special(p, end);

        sink_put(s, p, (size_t)(special - p));
        if (special < end)
            sink_put_escape(s, (unsigned char)*special++, level);
        p = special;
    }
    return true;
}

/* A long text without anything to escape is moved at once. */
bool sink_escaped(struct sink *s, struct slice text, enum sink_level level)
{
    const char *p = text.data, *end = text.data + text.len;

    while (p < end) {
        const char *special = scan_special(p, end);
        const char *stop = end - special > SINK_CHUNK ? special + SINK_CHUNK : end;

        if (!sink_room(s, (size_t)(special - p)))
            return false;
        sink_put(s, p, (size_t)(special - p));
        if (!put_chunk(s, special, stop, level))
            return false;
        p = stop;
    }
    return true;
}
