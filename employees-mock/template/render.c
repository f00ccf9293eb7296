#include "employees-mock/template/render.h"

#include "employees-mock/template/member.h"
#include "employees-mock/template/model.h"
#include "employees-mock/template/xml_cache.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

struct owned_json {
    json_t *json;
    struct owned_json *next;
};

void render_fail(struct render *r, enum status st, struct slice words)
{
    if (r->failed != ST_OK)
        return;
    r->failed = st;
    if (st == ST_BAD_INPUT) {
        const char *end = words.len ? memchr(words.data, '\n', words.len) : NULL;

        if (r->at)
            buf_printf(&r->words, "%d:%d: ", r->at->line, r->at->column);
        if (end) /* WireMock too answers no more than the first line */
            words.len = (size_t)(end - words.data);
    }
    buf_put_slice(&r->words, words);
}

bool render_keep_json(struct render *r, json_t *json)
{
    struct owned_json *keep = json ? arena_new(&r->arena, struct owned_json) : NULL;

    if (!keep) {
        json_decref(json);
        return false;
    }
    *keep = (struct owned_json){json, r->json};
    r->json = keep;
    return true;
}

struct value render_variable(const struct render *r, struct slice name)
{
    for (const struct variable *v = r->variables; v; v = v->next)
        if (slice_equal(v->name, name))
            return v->value;
    return VALUE_NULL;
}

void render_assign(struct render *r, struct slice name, struct value value)
{
    struct variable *v = r->variables;

    while (v && !slice_equal(v->name, name))
        v = v->next;
    if (!v) {
        v = arena_new(&r->arena, struct variable);
        if (!v)
            return;
        v->name = name;
        v->next = r->variables;
        r->variables = v;
    }
    v->value = value;
}

/* ---- expressions ---- */

/* Whether the rendering may go on; counts a piece of work. */
static bool alive(struct render *r)
{
    if (r->failed != ST_OK)
        return false;
    if (++r->work > RENDER_WORK_MAX) {
        render_fail(r, ST_TOO_LARGE, SLICE("the template asks for too much work"));
        return false;
    }
    if (r->arena.failed != ST_OK) {
        render_fail(r, r->arena.failed, slice_of(status_word(r->arena.failed)));
        return false;
    }
    if (r->out->failed != ST_OK) {
        render_fail(r, r->out->failed, slice_of(status_word(r->out->failed)));
        return false;
    }
    return true;
}

static bool descend(struct render *r)
{
    if (!alive(r))
        return false;
    if (r->depth >= RENDER_DEPTH_MAX) {
        render_fail(r, ST_TOO_LARGE, SLICE("the template is nested too deep"));
        return false;
    }
    r->depth++;
    return true;
}

static struct value value_of_param(struct render *r, const struct param *p, struct scope *scope);

/* Arguments of a call, evaluated into `values`: those behind the first, then the named ones. */
static void evaluate(struct render *r, const struct expression *e, struct scope *scope,
                     struct value *values)
{
    size_t count = 0;

    for (size_t i = 1; i < e->param_count; i++)
        values[count++] = value_of_param(r, &e->params[i], scope);
    for (size_t i = 0; i < e->hash_count; i++)
        values[count++] = value_of_param(r, &e->hash[i].param, scope);
}

/* Few arguments fit the stack; more go to the arena. */
enum { FEW = 8 };

static struct value run_helper(struct render *r, const struct expression *e, struct scope *scope,
                               const struct node *block, const struct helper *helper,
                               const struct value *context)
{
    struct value few[FEW];
    size_t count = (e->param_count > 0 ? e->param_count - 1 : 0) + e->hash_count;
    struct value *values = count <= FEW ? few : arena_array(&r->arena, count, sizeof *values);
    struct call c = {.render = r, .scope = scope, .expression = e, .block = block};

    if (!values)
        return VALUE_NULL;
    if (context)
        c.context = *context;
    else if (block)
        c.context = e->param_count ? value_of_param(r, &e->params[0], scope) : scope->model;
    evaluate(r, e, scope, values);
    if (!context && !block)
        c.context = e->param_count ? value_of_param(r, &e->params[0], scope) : scope->model;
    if (r->failed != ST_OK)
        return VALUE_NULL;
    c.params = values;
    c.param_count = e->param_count > 0 ? e->param_count - 1 : 0;
    c.hash = values + c.param_count;
    return helper->run(&c);
}

static struct value value_of_expression(struct render *r, const struct expression *e,
                                        struct scope *scope)
{
    bool plain = e->param_count == 0 && e->hash_count == 0;
    struct value v;

    if (!e->helper || (plain && scope->type == SCOPE_BLOCK_PARAMS))
        return scope_get(r, scope, e->path);
    if (!descend(r))
        return VALUE_NULL;
    v = run_helper(r, e, scope, NULL, e->helper, NULL);
    r->depth--;
    return v;
}

static struct value value_of_param(struct render *r, const struct param *p, struct scope *scope)
{
    switch (p->type) {
    case PARAM_LITERAL:
        return p->literal;
    case PARAM_PATH:
        return scope_get(r, scope, p->path);
    case PARAM_CALL:
        return value_of_expression(r, p->call, scope);
    }
    return VALUE_NULL;
}

/* ---- statements ---- */

static void write_result(struct render *r, struct value v)
{
    if (!value_is_null(v) && r->failed == ST_OK)
        value_write(v, r->out);
}

/* A block whose name is no helper: by what its name means it is an each, an if, an unless or a
 * with. */
static void run_section(struct render *r, const struct node *n, struct scope *scope)
{
    struct value it = scope_get(r, scope, n->call.path);
    struct scope inner = scope_within(scope, it);
    const char *name = "with";

    if (n->inverted)
        name = "unless";
    else if (value_is_iterable(it))
        name = "each";
    else if (it.kind == V_BOOL)
        name = "if";
    if (n->inverted || value_is_iterable(it) || it.kind == V_BOOL)
        run_helper(r, &n->call, scope, n, helper_find(slice_of(name)), &it);
    else
        run_helper(r, &n->call, &inner, n, helper_find(slice_of(name)), &it);
}

static void run_block(struct render *r, const struct node *n, struct scope *scope)
{
    if (!descend(r))
        return;
    if (n->call.helper)
        write_result(r, run_helper(r, &n->call, scope, n, n->call.helper, NULL));
    else
        run_section(r, n, scope);
    r->depth--;
}

static const struct body *find_partial(const struct render *r, struct slice name)
{
    for (const struct inline_partial *p = r->partials; p; p = p->next)
        if (slice_equal(p->name, name))
            return p->body;
    return slice_is(name, "@partial-block") ? r->partial_block : NULL;
}

/* Only inline partials exist: WireMock too has no others. */
static void no_partial(struct render *r, struct slice name)
{
    auto_buf struct buf words = BUF_INIT(4096);

    buf_put_text(&words, "The partial '/");
    buf_put_slice(&words, name);
    buf_put_text(&words, ".hbs' at '/");
    buf_put_slice(&words, name);
    buf_put_text(&words, ".hbs' could not be found");
    render_fail(r, ST_BAD_INPUT, buf_slice(&words));
}

static void run_partial(struct render *r, const struct node *n, struct scope *scope)
{
    struct slice name = value_to_text(value_of_param(r, &n->partial, scope), &r->arena);
    const struct body *outer = r->partial_block;
    const struct body *body = find_partial(r, name);
    struct scope inner =
        scope_within(scope, n->scope ? scope_get(r, scope, n->scope) : scope->model);
    struct value_map *hash = value_new_map(&r->arena, n->call.hash_count);

    if (!body && n->has_body)
        body = &n->body;
    if (!body) {
        no_partial(r, name);
        return;
    }
    for (size_t i = 0; hash && i < n->call.hash_count; i++)
        hash->entries[i] = (struct value_entry){n->call.hash[i].name,
                                                value_of_param(r, &n->call.hash[i].param, scope)};
    inner.type = SCOPE_PARTIAL;
    inner.hash = hash;
    if (!descend(r))
        return;
    if (n->has_body)
        r->partial_block = &n->body;
    render_body(r, body, &inner);
    r->partial_block = outer;
    r->depth--;
}

static void run_statement(struct render *r, const struct node *n, struct scope *scope)
{
    switch (n->type) {
    case NODE_TEXT:
        buf_put_slice(r->out, n->text);
        break;
    case NODE_VARIABLE:
        write_result(r, value_of_expression(r, &n->call, scope));
        break;
    case NODE_BLOCK:
        run_block(r, n, scope);
        break;
    case NODE_PARTIAL:
        run_partial(r, n, scope);
        break;
    case NODE_INLINE:
        break;
    }
}

/* Inline partials are known in the whole body, wherever they stand in it. */
static void define_partials(struct render *r, const struct body *body, struct scope *scope)
{
    for (const struct node *n = body->first; n; n = n->next) {
        struct inline_partial *p;

        if (n->type != NODE_INLINE || n->call.param_count == 0)
            continue;
        p = arena_new(&r->arena, struct inline_partial);
        if (!p)
            return;
        p->name = value_to_text(value_of_param(r, &n->call.params[0], scope), &r->arena);
        p->body = &n->body;
        p->next = r->partials;
        r->partials = p;
    }
}

void render_body(struct render *r, const struct body *body, struct scope *scope)
{
    struct inline_partial *partials = r->partials;
    const struct node *at = r->at;

    define_partials(r, body, scope);
    for (const struct node *n = body->first; n && alive(r); n = n->next) {
        r->at = n;
        run_statement(r, n, scope);
    }
    if (r->failed == ST_OK) {
        r->at = at;
        r->partials = partials;
    }
}

/* ---- a whole rendering ---- */

static const struct value_map no_parameters;

static struct value root_model(struct render *r)
{
    const struct template_context *c = r->context;
    struct value_map *map = value_new_map(&r->arena, c->name_count + 2);
    size_t count = 0;

    if (!map)
        return VALUE_NULL;
    for (size_t i = 0; i < c->name_count; i++) {
        const struct template_name *n = &c->names[i];
        struct value v = n->json ? value_json(n->json, STYLE_PLAIN) : VALUE_NULL;

        if (n->request)
            v = (struct value){
                .kind = V_REQUEST,
                .request = request_model_new(r, n->request, c->request_id, c->path_template)};
        map->entries[count++] = (struct value_entry){slice_of(n->name), v};
    }
    if (c->request)
        map->entries[count++] = (struct value_entry){
            SLICE("request"),
            {.kind = V_REQUEST,
             .request = request_model_new(r, c->request, c->request_id, c->path_template)}};
    map->entries[count++] = (struct value_entry){
        SLICE("parameters"), c->parameters ? value_json(c->parameters, STYLE_PARAMETERS)
                                           : value_of_map(&no_parameters, STYLE_PARAMETERS)};
    map->count = count;
    return value_of_map(map, STYLE_HASH);
}

static void release(struct render *r)
{
    for (struct owned_json *j = r->json; j; j = j->next)
        json_decref(j->json);
    xml_cache_free(r->xml);
    prepared_free_all(r->prepared);
    buf_done(&r->words);
    arena_done(&r->arena);
}

/* The words stand in the place of the answer. */
static enum status report(struct render *r, size_t before, struct why *why)
{
    enum status st = r->failed;
    struct slice words = buf_slice(&r->words);

    r->out->len = before;
    r->out->failed = ST_OK;
    if (st == ST_BAD_INPUT)
        buf_put_slice(r->out, words);
    return fail(why, st, "%.*s", words.len > 230 ? 230 : (int)words.len,
                words.data ? words.data : "");
}

enum status render_run(const struct body *body, const struct template_context *context,
                       struct buf *ret, struct why *why)
{
    alignas(max_align_t) char first[RENDER_ARENA_FIRST];
    struct render r = {.context = context,
                       .arena = ARENA_INIT(RENDER_ARENA_MAX),
                       .out = ret,
                       .words = BUF_INIT(64 * 1024)};
    size_t before = ret->len;
    enum status st = ST_OK;
    struct scope root;

    arena_lend(&r.arena, first, sizeof first);
    r.root = root_model(&r);
    root = (struct scope){.model = r.root};
    render_body(&r, body, &root);
    if (alive(&r))
        st = buf_status(ret, why);
    else
        st = report(&r, before, why);
    release(&r);
    return st;
}
