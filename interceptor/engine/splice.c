#include "interceptor/engine/splice.h"

/* The sum of what holes grow by; *ret_same: none changes its length. */
static size_t total_growth(const struct batch *b, bool *ret_same)
{
    size_t growth = 0;

    *ret_same = true;
    for (size_t i = 0; i < b->count; i++) {
        const struct hole *h = &b->holes[i];

        if (!h->patched || h->patch_len == h->len)
            continue;
        *ret_same = false;
        if (h->patch_len > h->len)
            growth += h->patch_len - h->len;
    }
    return growth;
}

static void overwrite(char *text, const struct batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct hole *h = &b->holes[i];

        if (h->patched)
            memcpy(text + h->offset, b->patch.data + h->patch_at, h->patch_len);
    }
}

/* The text from the first hole on is moved back by all that is to come, then forth piece by piece:
 * what is written never passes what is still to be read. Returns the new end. */
static size_t rewrite(char *text, size_t end, const struct batch *b, size_t growth)
{
    size_t read = b->holes[0].offset;
    size_t write = read;

    memmove(text + read + growth, text + read, end - read);
    for (size_t i = 0; i < b->count; i++) {
        const struct hole *h = &b->holes[i];

        memmove(text + write, text + read + growth, h->offset - read);
        write += h->offset - read;
        read = h->offset;
        if (!h->patched)
            continue;
        memcpy(text + write, b->patch.data + h->patch_at, h->patch_len);
        write += h->patch_len;
        read += h->len;
    }
    memmove(text + write, text + read + growth, end - read);
    return write + (end - read);
}

enum status splice_holes(struct sink *s, const struct batch *b, struct why *why)
{
    bool same;
    size_t growth = total_growth(b, &same);

    sink_sync(s);
    if (same) {
        overwrite(s->out->data, b);
    } else {
        if (!buf_reserve(s->out, growth))
            return buf_status(s->out, why);
        s->out->len = rewrite(s->out->data, s->out->len, b, growth);
    }
    sink_resume(s);
    return ST_OK;
}
