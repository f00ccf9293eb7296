/* mock_request_from_json: a request as the journal and the admin API write it. */
#include "common/json.h"
#include "employees-mock/base64.h"
#include "employees-mock/match/mock_request_inside.h"

#include <stdlib.h>
#include <string.h>

static struct slice text_member(const json_t *object, const char *name)
{
    const json_t *text = json_object_get(object, name);

    return (struct slice){json_string_value(text), json_string_length(text)};
}

/* A header's values are one text or an array of texts. */
static size_t count_headers(const json_t *headers)
{
    size_t count = 0;
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)headers, name, value) {
        count += json_is_array(value) ? json_array_size(value) : 1;
    }
    return count;
}

static void add_header(struct mock_request *r, const char *name, const json_t *value)
{
    r->own_headers[r->source.header_count++] =
        (struct mock_field){slice_of(name), {json_string_value(value), json_string_length(value)}};
}

static enum status take_headers(struct mock_request *r, const json_t *headers, struct why *why)
{
    const char *name;
    json_t *value;
    json_t *item;
    size_t i;

    r->lacks.headers = !json_is_object(headers);
    if (r->lacks.headers)
        return ST_OK;
    r->own_headers = calloc(count_headers(headers) + 1, sizeof *r->own_headers);
    if (!r->own_headers)
        return fail_memory(why);
    json_object_foreach ((json_t *)headers, name, value) {
        if (!json_is_array(value))
            add_header(r, name, value);
        json_array_foreach (value, i, item)
            add_header(r, name, item);
    }
    r->source.headers = r->own_headers;
    return ST_OK;
}

/* The texts of a list, each as a field of that name. */
static void add_texts(struct fields *ret, const char *name, const json_t *list)
{
    json_t *item;
    size_t i;

    json_array_foreach ((json_t *)list, i, item) {
        if (json_is_string(item))
            fields_add(ret, slice_of(name), slice_of(json_string_value(item)));
    }
}

static void take_cookies(struct mock_request *r, const json_t *cookies)
{
    struct mock_cache *cache = &r->cache;
    const char *name;
    json_t *value;

    r->lacks.cookies = !json_is_object(cookies);
    cache->has_cookies = true;
    json_object_foreach ((json_t *)cookies, name, value) {
        if (json_is_string(value))
            fields_add(&cache->cookies, slice_of(name), slice_of(json_string_value(value)));
        add_texts(&cache->cookies, name, value);
    }
}

static enum status take_body(struct mock_request *r, struct why *why)
{
    struct slice base64 = text_member(r->logged, "bodyAsBase64");
    auto_buf struct buf bytes = BUF_INIT(base64.len + 1);
    size_t len;
    enum status st;

    r->lacks.body = !base64.data;
    if (r->lacks.body)
        return ST_OK;
    st = base64_decode(base64, &bytes, why);
    if (st != ST_OK)
        return st;
    r->own_body = buf_take(&bytes, &len);
    r->source.body = (struct slice){r->own_body, len};
    return r->own_body ? ST_OK : fail_memory(why);
}

/* "http://host:port/path?query": fills what no member of its own has told. */
static enum status take_absolute_url(struct mock_request *r, struct slice url, struct why *why)
{
    const char *mark = url.data ? memmem(url.data, url.len, "://", 3) : NULL;
    struct slice rest;
    const char *slash;
    const char *colon;

    if (!url.data)
        return ST_OK;
    if (!mark)
        return fail(why, ST_BAD_INPUT, "no protocol: %.*s", url.len > 200 ? 200 : (int)url.len,
                    url.data);
    if (!r->source.scheme.data)
        r->source.scheme = (struct slice){url.data, (size_t)(mark - url.data)};
    rest = (struct slice){mark + 3, url.len - (size_t)(mark + 3 - url.data)};
    slash = memchr(rest.data, '/', rest.len);
    if (slash && !r->source.url.data)
        r->source.url = (struct slice){slash, rest.len - (size_t)(slash - rest.data)};
    if (slash)
        rest.len = (size_t)(slash - rest.data);
    colon = memrchr(rest.data, ':', rest.len);
    if (colon && r->source.port == 0)
        r->source.port = atoi(colon + 1);
    else if (r->source.port == 0)
        r->source.port = slice_is(r->source.scheme, "https") ? 443 : 80;
    if (!r->source.host.data)
        r->source.host = (struct slice){rest.data, colon ? (size_t)(colon - rest.data) : rest.len};
    return ST_OK;
}

/* {"q":{"key":"q","values":["1","2"]}} */
static void take_params(struct fields *ret, const json_t *params)
{
    const char *name;
    json_t *param;

    json_object_foreach ((json_t *)params, name, param)
        add_texts(ret, name, json_object_get(param, "values"));
}

enum status mock_request_from_json(const json_t *logged, struct mock_request **ret, struct why *why)
{
    auto_mock_request struct mock_request *r = calloc(1, sizeof *r);
    const json_t *port;
    enum status st;

    if (!r)
        return fail_memory(why);
    if (!json_is_object(logged))
        return fail(why, ST_BAD_INPUT, "a request must be an object");
    r->logged = json_deep_copy(logged);
    if (!r->logged)
        return fail_memory(why);
    r->source.method = text_member(r->logged, "method");
    r->source.url = text_member(r->logged, "url");
    r->source.scheme = text_member(r->logged, "scheme");
    r->source.host = text_member(r->logged, "host");
    r->source.client_ip = text_member(r->logged, "clientIp");
    port = json_object_get(r->logged, "port");
    r->source.port = json_is_integer(port) ? (int)json_integer_value(port) : 0;
    st = take_absolute_url(r, text_member(r->logged, "absoluteUrl"), why);
    if (st == ST_OK)
        st = take_headers(r, json_object_get(r->logged, "headers"), why);
    take_cookies(r, json_object_get(r->logged, "cookies"));
    /* the URL's own count only where there are none */
    r->cache.has_query = json_is_object(json_object_get(r->logged, "queryParams"));
    take_params(&r->cache.query, json_object_get(r->logged, "queryParams"));
    r->cache.has_form = true;
    take_params(&r->cache.form, json_object_get(r->logged, "formParams"));
    r->cache.has_parts = true;
    if (st == ST_OK)
        st = take_body(r, why);
    if (st != ST_OK)
        return st;
    mock_request_settle(r);
    *ret = take(r);
    return ST_OK;
}
