/* Writing a request pattern back, as WireMock does: its order of members, defaults filled in. */
#include "common/json.h"
#include "employees-mock/match/pattern.h"

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : NULL;
}

/* A NULL value leaves the member out. */
static void put(json_t *object, const char *name, json_t *value)
{
    if (value)
        json_object_set_new_nocheck(object, name, value);
}

static json_t *value_matchers_json(const struct value_matchers *list)
{
    json_t *object = list->said ? json_object() : NULL;

    for (size_t i = 0; i < list->count; i++)
        put(object, list->items[i].name, matcher_json(list->items[i].matcher));
    return object;
}

static json_t *multi_matchers_json(const struct multi_matchers *list)
{
    json_t *object = list->said ? json_object() : NULL;

    for (size_t i = 0; i < list->count; i++)
        put(object, list->items[i].name, multi_matcher_json(list->items[i].matcher));
    return object;
}

static json_t *content_matchers_json(const struct content_matchers *list)
{
    json_t *array = list->said ? json_array() : NULL;

    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, list->items[i] ? matcher_json(list->items[i]) : json_null());
    return array;
}

static json_t *part_json(const struct part_pattern *part)
{
    json_t *object = json_object();

    put(object, "name", text_or_null(part->name));
    put(object, "fileName", text_or_null(part->file_name));
    put(object, "matchingType",
        part->matching ? json_string(part->matching == 'A' ? "ANY" : "ALL") : NULL);
    put(object, "headers", multi_matchers_json(&part->headers));
    put(object, "bodyPatterns", content_matchers_json(&part->body));
    return object;
}

static json_t *parts_json(const struct request_pattern *p)
{
    json_t *array = p->has_multipart ? json_array() : NULL;

    for (size_t i = 0; i < p->part_count; i++)
        json_array_append_new(array, p->parts[i].is_null ? json_null() : part_json(&p->parts[i]));
    return array;
}

static json_t *credentials_json(const struct request_pattern *p)
{
    json_t *object = p->has_credentials ? json_object() : NULL;

    if (object) {
        put(object, "username", text_or_null(p->username));
        put(object, "password", text_or_null(p->password));
    }
    return object;
}

static void put_url(json_t *object, const struct request_pattern *p)
{
    put(object, url_members[p->url_kind], json_stringn(p->url->text.data, p->url->text.len));
}

json_t *request_pattern_json(const struct request_pattern *p)
{
    json_t *object = json_object();

    if (!object)
        return NULL;
    put(object, "scheme", text_or_null(p->scheme));
    put(object, "host", p->host ? matcher_json(p->host) : NULL);
    put(object, "port", p->has_port ? json_integer(p->port) : NULL);
    if (p->url && p->url_kind == URL_EQUAL)
        put_url(object, p);
    put(object, "clientIp", p->client_ip ? matcher_json(p->client_ip) : NULL);
    if (p->url && p->url_kind != URL_EQUAL)
        put_url(object, p);
    put(object, "method", json_string(pattern_method(p)));
    put(object, "headers", multi_matchers_json(&p->headers));
    put(object, "pathParameters", value_matchers_json(&p->path_params));
    put(object, "queryParameters", multi_matchers_json(&p->query));
    put(object, "formParameters", multi_matchers_json(&p->form));
    put(object, "cookies", value_matchers_json(&p->cookies));
    put(object, "bodyPatterns", content_matchers_json(&p->body));
    put(object, "customMatcher", pattern_custom_json(p));
    put(object, "multipartPatterns", parts_json(p));
    put(object, "basicAuthCredentials", credentials_json(p));
    return object;
}
