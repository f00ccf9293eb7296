#include "interceptor/engine/spend.h"

#include <stdlib.h>

/* No page is smaller. More names would take long to look at each time. */
enum { NEAR = 4096, JOINED_MAX = 1 << 16 };

void spend_open(struct spend *s, const struct engine_spending *how, struct slice text)
{
    *s = (struct spend){how, text.data, text.data, text.data + text.len, false};
}

bool spend_keep_near(struct spend_kept *kept, struct slice part)
{
    struct slice *last = &kept->list[kept->count - 1];
    size_t from = (size_t)(part.data - last->data);

    if (part.data >= last->data && from < last->len + NEAR) {
        if (from + part.len > last->len)
            last->len = from + part.len;
        return ++kept->joined < JOINED_MAX;
    }
    if (kept->count == SPEND_KEPT_MAX)
        return false;
    kept->list[kept->count++] = part;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct slice *left = a, *right = b;

    return (left->data > right->data) - (left->data < right->data);
}

static void release(const struct spend *s, const char *to)
{
    if (to > s->from)
        s->how->release(s->how->ctx, s->from, to);
}

/* What goes begins at the same place from time to time, until a part that stays ends it: whole pages
 * are made of what goes in pieces. */
void spend(struct spend *s, struct spend_kept *kept)
{
    qsort(kept->list, kept->count, sizeof *kept->list, by_place);
    for (size_t i = 0; i < kept->count && kept->list[i].data < s->done; i++) {
        const char *end = kept->list[i].data + kept->list[i].len;

        release(s, kept->list[i].data);
        if (end > s->from)
            s->from = end;
    }
    release(s, s->done);
    if (s->tail_gone || s->how->room_end <= s->end)
        return;
    s->how->release(s->how->ctx, s->end, s->how->room_end);
    s->tail_gone = true;
}
