/* jsonPath, parseJson, toJson. */
#include "employees-mock/template/helper.h"

#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/json_text.h"
#include "employees-mock/template/model.h"
#include "employees-mock/template/render.h"

#include <stdlib.h>

/* ---- jsonPath ---- */

/* Whether the value is the request's body, of which the request knows more. */
static bool is_body(const struct call *c, struct value v)
{
    const struct mock_request *request = c->render->context->request;
    struct slice body = request ? mock_request_body(request) : SLICE("");

    return request && v.kind == V_STRING && body.data == v.text.data && body.len == v.text.len;
}

static const json_t *keep(struct call *c, json_t *json)
{
    return render_keep_json(c->render, json) ? json : NULL;
}

/* A text as JSONPath reads it. NULL: it is no JSON. */
static const json_t *document_of_text(struct call *c, struct slice text)
{
    const json_t *known =
        is_body(c, c->context) ? mock_request_body_json(c->render->context->request) : NULL;
    json_t *json = NULL;

    if (known)
        return known;
    if (slice_trim(text).len == 0) /* json-smart takes it for an empty text */
        return keep(c, json_string(""));
    if (json_loose_read_permissive(text, &json, NULL) != ST_OK)
        return NULL;
    return keep(c, json);
}

static const json_t *document(struct call *c)
{
    if (c->context.kind == V_STRING)
        return document_of_text(c, c->context.text);
    if (c->context.kind == V_JSON)
        return c->context.json;
    return keep(c, value_to_jansson(c->context));
}

/* Jackson's values stay Jackson's; what an indefinite path collects is json-smart's list. */
static enum value_style style_of(const struct call *c, const struct json_path *path)
{
    bool smart = c->context.kind == V_STRING || c->context.style == STYLE_SMART ||
                 c->context.style == STYLE_DATA;

    if (json_path_gives_names(path))
        return STYLE_PLAIN; /* a set */
    if (smart || !json_path_is_definite(path))
        return STYLE_DATA;
    return STYLE_DATA_PLAIN;
}

static struct value default_or(struct call *c)
{
    struct value v = call_hash(c, "default");

    return value_is_null(v) ? value_text(SLICE("")) : v;
}

/* `found` is taken over. */
static struct value value_found(struct call *c, const struct json_path *path, json_t *found)
{
    const json_t *kept;

    if (!found || json_is_null(found))
        return default_or(c);
    kept = keep(c, found);
    return kept ? value_json(kept, style_of(c, path)) : VALUE_NULL;
}

static struct value read_path(struct call *c, const struct json_path *path, const json_t *json)
{
    json_t *found = NULL;
    enum status st = json_path_read_or_null(path, json, &found, NULL);

    if (st == ST_TIMEOUT)
        return call_fail(c, st, "the JSONPath asks for too much work");
    return value_found(c, path, found);
}

/* False: the path is to be asked of the whole document. */
static bool read_body_path(struct call *c, const struct prepared *p, struct value *ret)
{
    json_t *found = NULL;
    enum status st;

    if (!p || p->status != ST_OK || !is_body(c, c->context))
        return false;
    st = mock_request_read_path(c->render->context->request, p->json_path, &found);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return false;
    *ret = value_found(c, p->json_path, found);
    return true;
}

static struct value run_json_path(struct call *c)
{
    struct value path = call_param(c, 0);
    const struct prepared *p;
    const json_t *json;
    struct value found;

    if (value_is_null(c->context) || (c->context.kind == V_STRING && c->context.text.len == 0))
        return value_text(SLICE(""));
    if (value_is_null(path))
        return call_error(c, "The JSONPath cannot be empty");
    if (path.kind != V_STRING)
        return call_throw_cast(c, path, "java.lang.String");
    if (path.text.len == 0)
        return call_throw(c, "java.lang.IllegalArgumentException: json can not be null or empty");
    p = call_prepared(c, PREPARED_JSON_PATH, 1, NULL, path.text);
    if (read_body_path(c, p, &found))
        return found;
    json = document(c);
    if (!json) {
        struct slice text = call_text(c, c->context);

        return call_error(c, "%.*s is not valid JSON", SHOW(text));
    }
    if (json_is_null(json))
        return call_throw(c, "java.lang.IllegalArgumentException: json can not be null");
    if (!p || p->status != ST_OK)
        return call_error(c, "%.*s is not a valid JSONPath expression", SHOW(path.text));
    return read_path(c, p->json_path, json);
}

/* ---- parseJson, toJson ---- */

static bool is_empty_object(struct slice text)
{
    char kept[3];
    size_t len = 0;

    for (size_t i = 0; i < text.len && len < 3; i++)
        if (!strchr(" \t\n\v\f\r", text.data[i]) || !text.data[i])
            kept[len++] = text.data[i];
    return len == 0 || (len == 2 && memcmp(kept, "{}", 2) == 0);
}

static bool parse(struct call *c, struct slice text, struct value *ret)
{
    text = java_trim(text);
    if (slice_is(text, "null")) {
        *ret = VALUE_NULL;
        return true;
    }
    if (is_empty_object(text)) {
        *ret = value_of_map(value_new_map(call_arena(c), 0), STYLE_PLAIN);
        return true;
    }
    if (!json_text_read(call_arena(c), text, ret, NULL) ||
        (!value_is_map(*ret) && !value_is_list(*ret))) {
        call_throw(c, "com.github.tomakehurst.wiremock.common.JsonException: {");
        return false;
    }
    return true;
}

static struct value run_parse_json(struct call *c)
{
    struct value name = VALUE_NULL;
    struct value parsed;
    bool has_context = !call_context_is_model(c);

    if (has_context && value_is_null(c->context))
        return value_of_map(value_new_map(call_arena(c), 0), STYLE_HASH);
    if (!has_context && !c->block)
        return call_error(c, "Missing required JSON string parameter");
    if (c->block)
        name = has_context ? c->context : VALUE_NULL;
    else
        name = call_param(c, 0);
    if (!c->block && !value_is_null(name) && name.kind != V_STRING)
        return call_throw_cast(c, name, "java.lang.String");
    if (!parse(c, c->block ? call_body_text(c) : call_text(c, c->context), &parsed))
        return VALUE_NULL;
    if (value_is_null(name))
        return parsed;
    call_assign(c, call_text(c, name), parsed);
    return VALUE_NULL;
}

static struct value run_to_json(struct call *c)
{
    auto_buf struct buf text = CALL_BUF_INIT(c);

    if (value_is_null(c->context))
        return value_text(SLICE(""));
    value_write_json(model_unfold(c->render, c->context), FORM_WRITE, &text);
    return call_string(c, &text);
}

const struct helper helpers_json[] = {
    {.name = "jsonPath", .run = run_json_path, .prepares = {{PREPARED_JSON_PATH, 1, NULL}}},
    {.name = "parseJson", .run = run_parse_json},
    {.name = "toJson", .run = run_to_json},
    {.name = NULL},
};
