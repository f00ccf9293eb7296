/* Handlebars.java's template inheritance: {{#partial "name"}} gives what {{#block "name"}} shows in
 * place of its own body, from there to the template's end. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/render.h"

/* False: the name is none, which was thrown. */
static bool read_name(struct call *c)
{
    struct slice shown = value_is_null(c->context) ? SLICE("null") : call_text(c, c->context);

    if (c->context.kind == V_STRING)
        return true;
    call_throw(c, "java.lang.IllegalArgumentException: found '%.*s', expected 'partial's name'",
               SHOW(shown));
    return false;
}

static struct inline_partial *find_override(const struct call *c)
{
    struct inline_partial *p = c->render->overrides;

    while (p && !slice_equal(p->name, c->context.text))
        p = p->next;
    return p;
}

static struct value run_partial(struct call *c)
{
    struct inline_partial *p;

    if (!read_name(c) || !c->block)
        return VALUE_NULL;
    p = arena_new(call_arena(c), struct inline_partial);
    if (p) {
        *p = (struct inline_partial){c->context.text, &c->block->body, c->render->overrides};
        c->render->overrides = p;
    }
    return VALUE_NULL;
}

static struct value run_block(struct call *c)
{
    struct inline_partial *p;
    bool once = false;

    if (!read_name(c) || !call_hash_bool(c, "delete-after-merge", &once))
        return VALUE_NULL;
    p = find_override(c);
    if (!p && c->context.text.len == 0)
        return call_throw(c, "java.lang.IllegalArgumentException: The uri is required.");
    call_body_with_hash(c, p ? p->body : NULL);
    if (p && once)
        p->name = (struct slice){0};
    return VALUE_NULL;
}

const struct helper helpers_layout[] = {
    {.name = "block", .run = run_block},
    {.name = "partial", .run = run_partial},
    {.name = NULL},
};
