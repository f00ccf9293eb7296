#include "employees-mock/match/json_path_fault.h"

#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_smart.h"

static void put_place(const struct json_place *place, struct buf *ret)
{
    const struct json_place *steps[JSON_LOOSE_DEPTH + PATH_TOKENS_MAX];
    size_t count = 0;

    for (; place->up && count < sizeof steps / sizeof steps[0]; place = place->up)
        steps[count++] = place;
    buf_put_char(ret, '$');
    while (count-- > 0) {
        if (steps[count]->name.data)
            buf_printf(ret, "['%.*s']", (int)steps[count]->name.len, steps[count]->name.data);
        else
            buf_printf(ret, "[%zu]", steps[count]->index);
    }
}

static void put_names(const struct token *t, struct buf *ret)
{
    buf_put_char(ret, '[');
    for (size_t i = 0; i < t->name_count; i++) {
        if (i > 0)
            buf_put_char(ret, ',');
        buf_printf(ret, "%c%s%c", t->quote, t->names[i], t->quote);
    }
    buf_put_char(ret, ']');
}

static void put_indexes(const struct token *t, struct buf *ret)
{
    buf_put_char(ret, '[');
    for (size_t i = 0; i < t->index_count; i++)
        buf_printf(ret, i > 0 ? ",%d" : "%d", t->indexes[i]);
    buf_put_char(ret, ']');
}

static void put_slice(const struct token *t, struct buf *ret)
{
    buf_put_char(ret, '[');
    if (t->has_from)
        buf_printf(ret, "%d", t->indexes[0]);
    buf_put_char(ret, ':');
    if (t->has_to)
        buf_printf(ret, "%d", t->indexes[1]);
    buf_put_char(ret, ']');
}

static void put_token(const struct token *t, struct buf *ret)
{
    switch (t->kind) {
    case TOKEN_ROOT:
        buf_put_char(ret, '$');
        break;
    case TOKEN_PROPERTY:
        put_names(t, ret);
        break;
    case TOKEN_INDEX:
        put_indexes(t, ret);
        break;
    case TOKEN_SLICE:
        put_slice(t, ret);
        break;
    case TOKEN_WILDCARD:
        buf_put_text(ret, "[*]");
        break;
    case TOKEN_SCAN:
        buf_put_text(ret, "..");
        break;
    case TOKEN_FILTER:
        buf_put_text(ret, "[?]");
        break;
    case TOKEN_FUNCTION:
        buf_printf(ret, ".%s%s", t->names[0], t->argument_count > 0 ? "(...)" : "()");
        break;
    }
}

enum status json_path_no_results(const struct json_path *p, struct why *why)
{
    auto_buf struct buf text = BUF_INIT(4096);

    for (const struct token *t = p->root; t; t = t->next)
        put_token(t, &text);
    return fail(why, ST_NOT_FOUND, "No results for path: %s", buf_text(&text) ? text.data : "");
}

enum status json_path_missing_property(const struct evaluation *e, const struct json_place *place,
                                       const char *name)
{
    auto_buf struct buf text = BUF_INIT(4096);

    put_place(place, &text);
    return fail(e->why, ST_NOT_FOUND, "Missing property in path %s['%s']",
                buf_text(&text) ? text.data : "$", name);
}

static const char *java_type(const json_t *value)
{
    switch (json_loose_kind(value)) {
    case JSON_KIND_STRING:
        return "java.lang.String";
    case JSON_KIND_INTEGER:
        return "java.lang.Integer";
    case JSON_KIND_REAL:
        return "java.lang.Double";
    case JSON_KIND_TRUE:
    case JSON_KIND_FALSE:
        return "java.lang.Boolean";
    case JSON_KIND_ARRAY:
        return "wiremock.net.minidev.json.JSONArray";
    default:
        return "null";
    }
}

enum status json_path_no_object(const struct evaluation *e, const struct token *t,
                                const struct json_place *place, const json_t *model)
{
    auto_buf struct buf text = BUF_INIT(4096);

    buf_put_text(&text, "Expected to find an object with property ");
    put_names(t, &text);
    buf_put_text(&text, " in path ");
    put_place(place, &text);
    buf_printf(&text,
               " but found '%s'. This is not a json object according to the JsonProvider: "
               "'wiremock.com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'.",
               java_type(model));
    return fail(e->why, ST_NOT_FOUND, "%s", buf_text(&text) ? text.data : "");
}

/* The path from `t` on, and what it was asked of. */
static void put_misuse(const struct token *t, const char *words, const json_t *model,
                       struct buf *ret)
{
    buf_put_text(ret, "Filter: ");
    for (; t; t = t->next)
        put_token(t, ret);
    buf_put_text(ret, words);
    buf_put_text(ret, " Current context is: ");
    json_smart_put_java(model, ret);
}

enum status json_path_no_array(const struct evaluation *e, const struct token *t,
                               const struct json_place *place, const json_t *model)
{
    auto_buf struct buf text = BUF_INIT(4096);

    if (json_is_null(model)) {
        put_place(place, &text);
        return fail(e->why, ST_NOT_FOUND, "The path %s is null", buf_text(&text) ? text.data : "");
    }
    put_misuse(t, " can only be applied to arrays.", model, &text);
    return fail(e->why, ST_NOT_FOUND, "%s", buf_text(&text) ? text.data : "");
}

enum status json_path_primitive(const struct evaluation *e, const struct token *t,
                                const json_t *model)
{
    auto_buf struct buf text = BUF_INIT(4096);

    put_misuse(t, " can not be applied to primitives.", model, &text);
    return fail(e->why, ST_BAD_INPUT, "%s", buf_text(&text) ? text.data : "");
}
