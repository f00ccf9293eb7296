/* Handlebars.java's own helpers: if, unless, each, with, lookup, log; assign; WireMock's val. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/java_text.h"
#include "employees-mock/template/member.h"
#include "employees-mock/template/render.h"
#include "employees-mock/template/request_path.h"

#include <stdlib.h>

/* These give text, which is empty where they are no blocks: (if x) is '' as an argument. */

static struct value run_if(struct call *c)
{
    if (value_is_falsy(c->context))
        call_inverse(c);
    else
        call_body(c);
    return value_text(SLICE(""));
}

static struct value run_unless(struct call *c)
{
    if (value_is_falsy(c->context))
        call_body(c);
    else
        call_inverse(c);
    return value_text(SLICE(""));
}

static struct value run_with(struct call *c)
{
    if (value_is_falsy(c->context))
        call_inverse_over(c, c->context);
    else
        call_body_over(c, c->context);
    return value_text(SLICE(""));
}

/* ---- each ---- */

static struct value each_item(struct call *c, int32_t base)
{
    size_t count = value_size(c->context);

    for (size_t i = 0; i < count && call_go_on(c); i++) {
        int32_t index = base + (int32_t)i;
        struct each each = {.item = value_item(c->context, i),
                            .key = value_int(index),
                            .index = index,
                            .first = i == 0,
                            .last = i + 1 == count,
                            .of_list = true};

        call_body_each(c, &each);
    }
    if (count == 0)
        call_inverse(c);
    return value_text(SLICE(""));
}

static void each_body(struct call *c, size_t i, size_t count, struct slice key, struct value item)
{
    struct each each = {.item = item,
                        .key = value_text(key),
                        .index = (int32_t)i,
                        .first = i == 0,
                        .last = i + 1 == count};

    call_body_each(c, &each);
}

/* How many there were. */
static size_t each_member(struct call *c)
{
    size_t count = value_size(c->context);
    void *cursor = NULL;

    for (size_t i = 0; i < count && call_go_on(c); i++) {
        struct value_entry e = value_entry_at(c->context, i, &cursor);

        each_body(c, i, count, e.name, e.value);
    }
    return count;
}

/* Over what is no collection: the properties of the Java object. */
static size_t each_property(struct call *c)
{
    size_t count = member_count(c->context);

    for (size_t i = 0; i < count && call_go_on(c); i++) {
        struct slice name = slice_of(member_name(c->context, i));

        each_body(c, i, count, name, member_of(c->render, c->context, name));
    }
    return count;
}

static struct value run_each(struct call *c)
{
    int32_t base = 0;
    size_t count;

    c->context = request_path_iterated(call_arena(c), c->context);
    if (value_is_list(c->context))
        return call_hash_int(c, "base", &base) ? each_item(c, base) : VALUE_NULL;
    count = value_is_map(c->context) ? each_member(c) : each_property(c);
    if (count == 0)
        call_inverse(c);
    return value_text(SLICE(""));
}

/* ---- the others ---- */

static struct value run_lookup(struct call *c)
{
    struct scope inner = scope_within(c->scope, c->context);
    const struct path *path;
    struct value found;

    if (value_is_null(c->context) || c->param_count == 0)
        return c->context;
    if (value_is_null(c->params[0]))
        return call_throw(c,
                          "java.lang.NullPointerException: Cannot invoke \"Object.toString()\" "
                          "because the return value of "
                          "\"wiremock.com.github.jknack.handlebars.Options.param(int)\" is null");
    path = path_parse(call_arena(c), call_text(c, c->params[0]));
    if (!path)
        return VALUE_NULL;
    if (path->text.len == 0)
        return call_throw(
            c, "java.lang.IndexOutOfBoundsException: Index 0 out of bounds for length 0");
    found = scope_get(c->render, &inner, path);
    return value_is_null(found) ? c->context : found;
}

static struct value run_log(struct call *c)
{
    const struct template_settings *s = c->render->context->settings;
    struct slice level = SLICE("info");
    auto_buf struct buf text = BUF_INIT(64 * 1024);

    if (!call_hash_text(c, "level", &level))
        return VALUE_NULL;
    if (c->block)
        buf_put_slice(&text, call_body_text(c));
    else
        value_write(c->context, &text);
    for (size_t i = 0; !c->block && i < c->param_count; i++) {
        buf_put_char(&text, ' ');
        value_write(c->params[i], &text);
    }
    if (s && s->log) {
        auto_free char *name = slice_dup(level);

        if (name)
            s->log(s->log_context, name, java_trim(buf_slice(&text)));
    }
    return VALUE_NULL;
}

static struct value run_assign(struct call *c)
{
    struct slice text = call_body_text(c);

    if (c->context.kind != V_STRING && !value_is_null(c->context))
        return call_throw_cast(c, c->context, "java.lang.String");
    if (c->context.kind == V_STRING)
        call_assign(c, c->context.text, value_text(java_trim(text)));
    return VALUE_NULL;
}

static struct value run_val(struct call *c)
{
    struct value v = c->context;
    struct slice name = {0};

    if (value_is_null(v))
        v = call_hash(c, "or");
    if (value_is_null(v))
        v = call_hash(c, "default");
    if (value_is_null(call_hash(c, "assign")))
        return v;
    if (call_hash_text(c, "assign", &name))
        call_assign(c, name, v);
    return VALUE_NULL;
}

const struct helper helpers_builtin[] = {
    {.name = "if", .run = run_if},
    {.name = "each", .run = run_each},
    {.name = "unless", .run = run_unless},
    {.name = "with", .run = run_with},
    {.name = "lookup", .run = run_lookup},
    {.name = "log", .run = run_log},
    {.name = "assign", .run = run_assign},
    {.name = "val", .run = run_val},
    {.name = NULL},
};
