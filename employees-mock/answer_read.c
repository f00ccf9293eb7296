#include "employees-mock/answer_read.h"

#include "common/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum status answer_keep(struct answer_reading *r, const char *name, json_t *made)
{
    if (!made || json_object_set_new(r->to->json, name, made) != 0)
        return bind_fail_memory(r->from.fault);
    return ST_OK;
}

enum status answer_keep_as_is(struct answer_reading *r, const char *name, const json_t *value)
{
    return answer_keep(r, name, json_incref((json_t *)value));
}

enum status answer_make_text(struct answer_reading *r, const char *member, const char *text,
                             size_t len, struct answer_text *ret)
{
    struct why why = {0};
    enum status st;

    ret->text = malloc(len + 1);
    if (!ret->text)
        return bind_fail_memory(r->from.fault);
    memcpy(ret->text, text, len);
    ret->text[len] = '\0';
    ret->len = len;
    if (!r->fill || !memmem(text, len, "{{", 2))
        return ST_OK;
    st = template_parse((struct slice){ret->text, len}, &ret->filled, &why);
    if (st == ST_NO_MEMORY)
        return bind_fail_memory(r->from.fault);
    if (st != ST_OK)
        return bind_fail(r->from.fault, r->from.pointer, member, "%s", why.text);
    r->to->templated = true;
    return ST_OK;
}

static enum status add_header(struct answer_reading *r, const char *member, const char *name,
                              const json_t *value, struct answer_header *slot, size_t *count)
{
    /* the pointer of a refusal is the member, as for all else that is wrong with headers */
    if (json_is_array(value))
        return bind_fail(r->from.fault, r->from.pointer, member, "No value for %s", name);
    if (!json_is_string(value))
        return bind_fail(r->from.fault, r->from.pointer, member, "null value in entry: %s=null",
                         name);
    slot->name = strdup(name);
    (*count)++;
    if (!slot->name)
        return bind_fail_memory(r->from.fault);
    return answer_make_text(r, member, json_string_value(value), json_string_length(value),
                            &slot->value);
}

static size_t count_values(const json_t *object)
{
    const char *name;
    json_t *value;
    size_t count = 0;

    json_object_foreach ((json_t *)object, name, value) {
        count += json_is_array(value) ? json_array_size(value) : 1;
    }
    return count;
}

static void add_values(json_t *values, json_t *value)
{
    if (json_is_array(value))
        json_array_extend(values, value);
    else
        json_array_append(values, value);
}

/* The values of all names that differ from this one in case alone; NULL: memory is out. */
static json_t *values_of_name(json_t *groups, const char *name, bool *is_new)
{
    auto_free char *key = strdup(name);
    json_t *values;

    for (char *c = key; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    values = key ? json_object_get(groups, key) : NULL;
    *is_new = values == NULL;
    if (key && !values && json_object_set_new(groups, key, json_array()) == 0)
        values = json_object_get(groups, key);
    return values;
}

static json_t *only_or_all(json_t *values)
{
    return json_array_size(values) == 1 ? json_array_get(values, 0) : values;
}

/* As WireMock has them: names that differ in case alone are one, a list of one is its only
 * element. NULL: memory is out. */
static json_t *headers_json(const json_t *object)
{
    auto_json json_t *groups = json_object();
    auto_json json_t *made = json_object();
    const char *name;
    const char *key;
    json_t *value;
    void *next;

    json_object_foreach ((json_t *)object, name, value) {
        bool is_new = false;
        json_t *values = values_of_name(groups, name, &is_new);

        if (!values || (is_new && json_object_set(made, name, values) != 0))
            return NULL;
        add_values(values, value);
    }
    json_object_foreach_safe(made, next, key, value)
    {
        if (json_object_set(made, key, only_or_all(value)) != 0)
            return NULL;
    }
    return take(made);
}

/* Whether some list holds anything else; WireMock refuses that without a word. */
static bool has_odd_list(const json_t *object)
{
    const char *name;
    json_t *values;
    json_t *value;
    size_t i;

    json_object_foreach ((json_t *)object, name, values) {
        json_array_foreach (values, i, value) {
            if (!json_is_string(value))
                return true;
        }
    }
    return false;
}

enum status answer_read_headers(struct answer_reading *r, const char *member,
                                struct answer_header **ret, size_t *count)
{
    auto_json json_t *object = NULL;
    const char *name;
    json_t *value;
    enum status st = ST_OK;

    if (!bind_any(&r->from, member))
        return ST_OK;
    if (has_odd_list(bind_any(&r->from, member)))
        return bind_fail(r->from.fault, r->from.pointer, member, "%s", "");
    /* anything but an object counts as one without members */
    object = headers_json(bind_any(&r->from, member));
    if (!object)
        return bind_fail_memory(r->from.fault);
    *ret = calloc(count_values(object) + 1, sizeof **ret);
    if (!*ret)
        return bind_fail_memory(r->from.fault);
    json_object_foreach (object, name, value) {
        if (!json_is_array(value) || json_array_size(value) == 0) {
            st = add_header(r, member, name, value, *ret + *count, count);
        } else {
            for (size_t i = 0; i < json_array_size(value) && st == ST_OK; i++)
                st = add_header(r, member, name, json_array_get(value, i), *ret + *count, count);
        }
        if (st != ST_OK)
            return st;
    }
    return answer_keep(r, member, take(object));
}

enum status answer_read_proxy_headers(struct answer_reading *r)
{
    enum status st = answer_read_headers(r, "additionalProxyRequestHeaders", &r->to->proxy_headers,
                                         &r->to->proxy_header_count);

    if (st == ST_OK)
        st = bind_texts(&r->from, "removeProxyRequestHeaders", &r->to->proxy_removed);
    if (st == ST_OK && r->to->proxy_removed)
        st = answer_keep_as_is(r, "removeProxyRequestHeaders", r->to->proxy_removed);
    return st;
}

enum status answer_read_proxy(struct answer_reading *r)
{
    const char *text = NULL;
    enum status st = bind_text(&r->from, "proxyBaseUrl", &text);

    if (st == ST_OK && text) {
        struct slice base = slice_trim(slice_of(text));

        st = answer_make_text(r, "proxyBaseUrl", base.data, base.len, &r->to->proxy_base);
        if (st == ST_OK)
            st = answer_keep(r, "proxyBaseUrl", json_stringn(base.data, base.len));
    }
    text = NULL;
    if (st == ST_OK)
        st = bind_text(&r->from, "proxyUrlPrefixToRemove", &text);
    if (st == ST_OK && text) {
        st = answer_keep(r, "proxyUrlPrefixToRemove", json_string(text));
        r->to->proxy_prefix =
            json_string_value(json_object_get(r->to->json, "proxyUrlPrefixToRemove"));
    }
    return st;
}
