/* kvGet, kvPut, kvAdd, kvDelete, kvHas, kvKeys: the key-value stores, which WireMock has not.
 *
 * store='name' picks a store, else it is "default". */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/json_text.h"
#include "employees-mock/template/kv.h"
#include "employees-mock/template/model.h"
#include "employees-mock/template/render.h"

#include <limits.h>

struct target {
    struct kv *kv;
    struct slice store;
    struct slice key;
};

static bool target(struct call *c, bool with_key, struct target *ret, struct value *ret_error)
{
    const struct template_settings *s = c->render->context->settings;
    struct value store = call_hash(c, "store");

    ret->kv = s ? s->kv : NULL;
    ret->store = value_is_null(store) ? slice_of(KV_DEFAULT_STORE) : call_text(c, store);
    ret->key = call_has_no_context(c) ? SLICE("") : call_text(c, c->context);
    *ret_error = VALUE_NULL;
    if (!ret->kv)
        *ret_error = call_error(c, "There is no key-value store");
    else if (with_key && (call_has_no_context(c) || value_is_null(c->context)))
        *ret_error = call_error(c, "A key must be given");
    return value_is_null(*ret_error);
}

/* The value's JSON text as a value; text lives in the arena. */
static struct value read_value(struct call *c, const struct buf *json)
{
    struct slice text = arena_copy_buf(call_arena(c), json);
    struct value v = VALUE_NULL;

    json_text_read(call_arena(c), text, &v, NULL);
    return v;
}

static struct value run_kv_get(struct call *c)
{
    auto_buf struct buf json = CALL_BUF_INIT(c);
    struct target t;
    struct value v;

    if (!target(c, true, &t, &v))
        return v;
    if (kv_get(t.kv, t.store, t.key, &json, NULL) != ST_OK)
        return call_hash(c, "default");
    return read_value(c, &json);
}

static struct value run_kv_has(struct call *c)
{
    auto_buf struct buf json = CALL_BUF_INIT(c);
    struct target t;
    struct value v;
    bool has;

    if (!target(c, true, &t, &v))
        return v;
    has = kv_get(t.kv, t.store, t.key, &json, NULL) == ST_OK;
    if (!c->block)
        return value_bool(has);
    if (has)
        call_body(c);
    else
        call_inverse(c);
    return VALUE_NULL;
}

/* ttlSeconds=N; 0: it stays. */
static bool ttl(struct call *c, int64_t *ret_ms)
{
    struct value v = call_hash(c, "ttlSeconds");
    double seconds = value_is_number(v) ? value_to_double(v) : 0;
    bool good = seconds >= 0.001 && seconds <= INT_MAX;

    *ret_ms = good ? (int64_t)(seconds * 1000) : 0;
    return good || value_is_null(v);
}

static struct value run_kv_put(struct call *c)
{
    auto_buf struct buf json = CALL_BUF_INIT(c);
    struct target t;
    struct value v;
    int64_t ttl_ms;
    struct why why;

    if (!target(c, true, &t, &v))
        return v;
    if (!ttl(c, &ttl_ms))
        return call_error(c, "ttlSeconds must be a number above 0, up to %d", INT_MAX);
    if (!c->block && c->param_count == 0)
        return call_error(c, "A value must be given");
    v = c->block ? value_text(call_body_text(c)) : model_unfold(c->render, c->params[0]);
    value_write_json(v, FORM_NULLS, &json);
    if (kv_put(t.kv, t.store, t.key, buf_slice(&json), ttl_ms, &why) != ST_OK)
        return call_error(c, "%s", why.text);
    return VALUE_NULL;
}

static struct value run_kv_add(struct call *c)
{
    struct value by = call_param(c, 0);
    struct target t;
    struct value v;
    int64_t sum = 0;
    struct why why;

    if (!target(c, true, &t, &v))
        return v;
    if (value_is_null(by))
        by = value_int(1);
    if (by.kind != V_INT && by.kind != V_LONG)
        return call_error(c, "What is to be added must be a whole number");
    if (kv_add(t.kv, t.store, t.key, by.integer, &sum, &why) != ST_OK)
        return call_error(c, "%s", why.text);
    return value_whole(sum);
}

static struct value run_kv_delete(struct call *c)
{
    struct target t;
    struct value v;

    if (!target(c, true, &t, &v))
        return v;
    (void)!kv_delete(t.kv, t.store, t.key, NULL); /* that there was none is no error */
    return VALUE_NULL;
}

static struct value run_kv_keys(struct call *c)
{
    struct value_list *list;
    struct target t;
    struct value v;
    void *cursor = NULL;
    json_t *json = NULL;

    if (!target(c, false, &t, &v))
        return v;
    if (kv_list(t.kv, t.store, &json, NULL) != ST_OK || !render_keep_json(c->render, json))
        return VALUE_NULL;
    v = value_json(json, STYLE_PLAIN);
    list = value_new_list(call_arena(c), value_size(v));
    for (size_t i = 0; list && i < list->count; i++)
        list->items[i] = value_text(value_entry_at(v, i, &cursor).name);
    return value_of_list(list, STYLE_PLAIN);
}

const struct helper helpers_kv[] = {
    {.name = "kvGet", .run = run_kv_get},
    {.name = "kvHas", .run = run_kv_has},
    {.name = "kvPut", .run = run_kv_put},
    {.name = "kvAdd", .run = run_kv_add},
    {.name = "kvDelete", .run = run_kv_delete},
    {.name = "kvKeys", .run = run_kv_keys},
    {.name = NULL},
};
