#include "employees-mock/template/helper.h"

#include "employees-mock/template/render.h"

#include <stdlib.h>

/* ---- registry ---- */

static const struct helper *const tables[] = {
    helpers_builtin, helpers_condition, helpers_string,      helpers_width, helpers_format,
    helpers_date,    helpers_json,      helpers_json_change, helpers_xml,   helpers_pretty,
    helpers_list,    helpers_random,    helpers_text,        helpers_math,  helpers_kv,
    helpers_layout,  helpers_system,    helpers_files,
};

enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

const struct helper *helper_find(struct slice name)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (const struct helper *h = tables[i]; h->name; h++)
            if (slice_is(name, h->name))
                return h;
    return NULL;
}

const struct helper *helper_at(size_t place)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (const struct helper *h = tables[i]; h->name; h++)
            if (place-- == 0)
                return h;
    return NULL;
}

/* ---- arguments ---- */

struct arena *call_arena(struct call *c)
{
    return &c->render->arena;
}

struct value call_param(const struct call *c, size_t i)
{
    return i < c->param_count ? c->params[i] : VALUE_NULL;
}

struct value call_hash(const struct call *c, const char *name)
{
    for (size_t i = 0; i < c->expression->hash_count; i++)
        if (slice_is(c->expression->hash[i].name, name))
            return c->hash[i];
    return VALUE_NULL;
}

bool call_has_no_context(const struct call *c)
{
    return c->expression->param_count == 0;
}

/* Java keeps one object for each truth and each small number. */
static bool is_same_object(struct value a, struct value b)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case V_BOOL:
        return a.truth == b.truth;
    case V_INT:
        return a.integer == b.integer && a.integer >= -128 && a.integer <= 127;
    case V_STRING:
        return a.text.data == b.text.data && a.text.len == b.text.len;
    case V_LIST:
        return a.list == b.list;
    case V_MAP:
        return a.map == b.map;
    case V_JSON:
        return a.json == b.json;
    default:
        return false;
    }
}

bool call_context_is_model(const struct call *c)
{
    const struct param *first = c->expression->params;

    if (call_has_no_context(c))
        return true;
    if (first->type == PARAM_PATH && first->path->count == 1 &&
        first->path->steps[0].type == STEP_ITSELF)
        return true;
    return is_same_object(c->context, call_model(c));
}

static bool as_text(struct call *c, struct value v, struct slice *ret)
{
    if (value_is_null(v))
        return true;
    if (v.kind != V_STRING) {
        call_throw_cast(c, v, "java.lang.String");
        return false;
    }
    *ret = v.text;
    return true;
}

static bool as_int(struct call *c, struct value v, int32_t *ret)
{
    if (value_is_null(v))
        return true;
    if (v.kind != V_INT) {
        call_throw_cast(c, v, "java.lang.Integer");
        return false;
    }
    *ret = (int32_t)v.integer;
    return true;
}

bool call_hash_text(struct call *c, const char *name, struct slice *ret)
{
    return as_text(c, call_hash(c, name), ret);
}

bool call_hash_int(struct call *c, const char *name, int32_t *ret)
{
    return as_int(c, call_hash(c, name), ret);
}

bool call_hash_bool(struct call *c, const char *name, bool *ret)
{
    struct value v = call_hash(c, name);

    if (value_is_null(v))
        return true;
    if (v.kind != V_BOOL) {
        call_throw_cast(c, v, "java.lang.Boolean");
        return false;
    }
    *ret = v.truth;
    return true;
}

bool call_param_text(struct call *c, size_t i, struct slice *ret)
{
    return as_text(c, call_param(c, i), ret);
}

bool call_param_int(struct call *c, size_t i, int32_t *ret)
{
    return as_int(c, call_param(c, i), ret);
}

bool call_falls_back(struct call *c, struct value *ret)
{
    struct value v;

    if (!value_is_falsy(c->context))
        return false;
    v = call_param(c, 0);
    *ret = value_is_null(v) ? v : value_text(call_text(c, v));
    return true;
}

struct slice call_text(struct call *c, struct value v)
{
    return value_to_text(v, &c->render->arena);
}

const struct prepared *call_prepared(struct call *c, enum prepared_kind kind, int place,
                                     const char *hash, struct slice text)
{
    const struct expression *e = c->expression;
    const struct prepared *p = NULL;

    if (hash) {
        for (size_t i = 0; i < e->hash_count && !p; i++)
            if (slice_is(e->hash[i].name, hash))
                p = e->hash[i].param.prepared;
    } else if ((size_t)place < e->param_count) {
        p = e->params[place].prepared;
    }
    if (p && p->kind == kind)
        return p;
    return prepared_make(&c->render->arena, &c->render->prepared, kind, text);
}

/* ---- results ---- */

static void write_words(struct buf *b, const char *format, va_list args)
{
    auto_free char *words = NULL;

    if (vasprintf(&words, format, args) < 0)
        b->failed = ST_NO_MEMORY;
    else
        buf_put_text(b, words);
}

struct value call_error(struct call *c, const char *format, ...)
{
    auto_buf struct buf text = BUF_INIT(c->render->arena.max);
    va_list args;

    buf_put_text(&text, "[ERROR: ");
    va_start(args, format);
    write_words(&text, format, args);
    va_end(args);
    buf_put_char(&text, ']');
    return call_string(c, &text);
}

struct value call_throw(struct call *c, const char *format, ...)
{
    auto_buf struct buf text = BUF_INIT(64 * 1024);
    va_list args;

    va_start(args, format);
    write_words(&text, format, args);
    va_end(args);
    render_fail(c->render, ST_BAD_INPUT, buf_slice(&text));
    return VALUE_NULL;
}

/* Where Java's message says that a class lives. */
static const char *module_of(const char *class)
{
    return strncmp(class, "java.", 5) == 0 ? "module java.base of loader 'bootstrap'"
                                           : "unnamed module of loader 'app'";
}

struct value call_throw_cast(struct call *c, struct value v, const char *to)
{
    const char *from = value_class(v);

    if (strcmp(module_of(from), module_of(to)) == 0)
        return call_throw(c,
                          "java.lang.ClassCastException: class %s cannot be cast to class %s (%s "
                          "and %s are in %s)",
                          from, to, from, to, module_of(from));
    return call_throw(c,
                      "java.lang.ClassCastException: class %s cannot be cast to class %s (%s is in "
                      "%s; %s is in %s)",
                      from, to, from, module_of(from), to, module_of(to));
}

struct value call_throw_null(struct call *c, const char *invoking, const char *variable)
{
    return call_throw(c,
                      "java.lang.NullPointerException: Cannot invoke \"%s\" because \"%s\" is null",
                      invoking, variable);
}

struct value call_string(struct call *c, const struct buf *text)
{
    return value_text(arena_copy_buf(&c->render->arena, text));
}

struct value call_fail(struct call *c, enum status st, const char *words)
{
    render_fail(c->render, st, slice_of(words));
    return VALUE_NULL;
}

void call_assign(struct call *c, struct slice name, struct value v)
{
    render_assign(c->render, name, v);
}

struct value call_model(const struct call *c)
{
    return c->scope->model;
}

/* ---- bodies ---- */

/* as |a b|: a scope of the names, around which the body runs. A single value goes to a single name
 * only, but the scope is there. */
static void run_named(struct call *c, const struct body *body, struct scope *scope,
                      const struct value *values, size_t count)
{
    const struct node *n = c->block;
    struct value_map *names;
    struct scope inner = {.type = SCOPE_BLOCK_PARAMS, .parent = scope};

    if (n->block_param_count == 0) {
        render_body(c->render, body, scope);
        return;
    }
    if (count == 1 && n->block_param_count > 1)
        count = 0;
    if (count > n->block_param_count)
        count = n->block_param_count;
    names = value_new_map(&c->render->arena, count);
    if (!names)
        return;
    for (size_t i = 0; i < count; i++)
        names->entries[i] = (struct value_entry){n->block_params[i], values[i]};
    inner.model = value_of_map(names, STYLE_PLAIN);
    render_body(c->render, body, &inner);
}

static void run_over(struct call *c, const struct body *body, struct value model)
{
    struct scope inner;

    if (!c->block)
        return;
    inner = scope_within(c->scope, model);
    run_named(c, body, &inner, &model, 1);
}

static void run_here(struct call *c, const struct body *body)
{
    if (c->block)
        run_named(c, body, c->scope, &c->scope->model, 1);
}

void call_body_with_hash(struct call *c, const struct body *other)
{
    const struct expression *e = c->expression;
    const struct body *body = other ? other : c->block ? &c->block->body : NULL;
    struct scope inner = scope_within(c->scope, c->scope->model);
    struct value_map *hash = value_new_map(&c->render->arena, e->hash_count);

    if (!body || !hash)
        return;
    for (size_t i = 0; i < e->hash_count; i++)
        hash->entries[i] = (struct value_entry){e->hash[i].name, c->hash[i]};
    inner.type = SCOPE_PARTIAL;
    inner.hash = hash;
    render_body(c->render, body, &inner);
}

void call_body(struct call *c)
{
    run_here(c, c->block ? &c->block->body : NULL);
}

void call_inverse(struct call *c)
{
    run_here(c, c->block ? &c->block->inverse : NULL);
}

static bool same_model(const struct call *c, struct value model)
{
    struct value present = c->scope->model;

    return present.kind == model.kind && present.kind >= V_LIST && present.json == model.json;
}

void call_body_over(struct call *c, struct value model)
{
    if (same_model(c, model))
        call_body(c);
    else
        run_over(c, c->block ? &c->block->body : NULL, model);
}

void call_inverse_over(struct call *c, struct value model)
{
    if (same_model(c, model))
        call_inverse(c);
    else
        run_over(c, c->block ? &c->block->inverse : NULL, model);
}

struct buf *call_redirect(struct call *c, struct buf *to)
{
    struct buf *before = c->render->out;

    c->render->out = to;
    return before;
}

struct slice call_body_text(struct call *c)
{
    auto_buf struct buf text = BUF_INIT(c->render->out->max);
    struct buf *out = call_redirect(c, &text);

    call_body(c);
    call_redirect(c, out);
    return arena_copy_buf(&c->render->arena, &text);
}

void call_body_each(struct call *c, const struct each *each)
{
    struct scope inner;
    struct value values[2] = {each->item, each->key};

    if (!c->block)
        return;
    inner = scope_within(c->scope, each->item);
    inner.each = each;
    run_named(c, &c->block->body, &inner, values, 2);
}

bool call_go_on(struct call *c)
{
    struct render *r = c->render;

    if (++r->work > RENDER_WORK_MAX)
        render_fail(r, ST_TOO_LARGE, SLICE("the template asks for too much work"));
    if (r->arena.failed != ST_OK)
        render_fail(r, r->arena.failed, SLICE("the template needs too much memory"));
    if (r->out->failed != ST_OK)
        render_fail(r, r->out->failed, SLICE("the answer is too large"));
    return r->failed == ST_OK;
}
