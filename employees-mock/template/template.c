#include "employees-mock/template/template.h"

#include "employees-mock/template/parser.h"
#include "employees-mock/template/render.h"

#include <stdlib.h>

struct template
{
    struct arena arena;
    struct slice
        before; /* what stands before the first "{{" and behind the last "}}": not parsed */
    struct slice behind;
    struct body body;
    bool plain;
    struct prepared *prepared;
};

enum { PARTS_PER_BYTE = 256, PARTS_LEAST = 1 << 20 };

/* WireMock hands Handlebars only what stands from the first "{{" to the last "}}", so that an
 * opening without an end is text. */
static struct slice cut_text(struct template *t, struct slice text)
{
    const char *first = text.len > 1 ? memmem(text.data, text.len, "{{", 2) : NULL;
    const char *last = NULL;
    size_t at = text.len;

    for (; first && at >= 2 && !last; at--)
        if (text.data[at - 1] == '}' && text.data[at - 2] == '}')
            last = text.data + at;
    if (!last || last <= first) {
        t->before = text;
        t->plain = true;
        return SLICE("");
    }
    t->before = (struct slice){text.data, (size_t)(first - text.data)};
    t->behind = (struct slice){last, text.len - (size_t)(last - text.data)};
    return (struct slice){first, (size_t)(last - first)};
}

enum status template_parse(struct slice text, struct template **ret, struct why *why)
{
    auto_template struct template *t = calloc(1, sizeof *t);
    struct slice copy;
    enum status st;

    if (!t)
        return fail_memory(why);
    t->arena.max = PARTS_LEAST + text.len * PARTS_PER_BYTE;
    copy = arena_copy(&t->arena, text);
    if (t->arena.failed != ST_OK)
        return fail_memory(why);
    copy = cut_text(t, copy);
    st = parser_run(&t->arena, copy, &t->body, &t->prepared, why);
    if (st != ST_OK)
        return st;
    *ret = take(t);
    return ST_OK;
}

void template_free(struct template *t)
{
    if (!t)
        return;
    prepared_free_all(t->prepared);
    arena_done(&t->arena);
    free(t);
}

bool template_is_plain(const struct template *t)
{
    return t->plain;
}

enum status template_render(const struct template *t, const struct template_context *context,
                            struct buf *ret, struct why *why)
{
    size_t start = ret->len;
    size_t before;
    enum status st;

    buf_put_slice(ret, t->before);
    if (t->plain)
        return buf_status(ret, why);
    before = ret->len;
    st = render_run(&t->body, context, ret, why);
    if (st == ST_BAD_INPUT) {
        memmove(ret->data + start, ret->data + before, ret->len - before);
        ret->len -= before - start;
        return st;
    }
    if (st != ST_OK)
        return st;
    buf_put_slice(ret, t->behind);
    return buf_status(ret, why);
}
