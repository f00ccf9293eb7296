#include "employees-mock/template/model.h"

#include "common/utf8.h"
#include "employees-mock/base64.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/template/java_map.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/request_path.h"

#include <stdlib.h>

struct request_model {
    const struct mock_request *request;
    struct slice id;
    const struct path_template *template;
    struct value path; /* made at the first question, as the others */
    struct value query;
    struct value headers;
    struct value cookies;
    struct value parts;
};

struct part_model {
    const struct mock_part *part;
    struct slice name;
    struct value headers; /* names in small letters, as Jetty's multipart has them */
    struct value body;
};

struct request_model *request_model_new(struct render *r, const struct mock_request *request,
                                        struct slice id, const struct path_template *path)
{
    struct request_model *m = arena_new(&r->arena, struct request_model);

    if (m) {
        m->request = request;
        m->id = id;
        m->template = path;
    }
    return m;
}

/* ---- fields with many values ---- */

static bool same_name(struct slice a, struct slice b, bool any_case)
{
    return any_case ? slice_equal_nocase(a, b) : slice_equal(a, b);
}

static size_t count_named(struct mock_fields fields, struct slice name, bool any_case)
{
    size_t count = 0;

    for (size_t i = 0; i < fields.count; i++)
        count += same_name(fields.items[i].name, name, any_case);
    return count;
}

static struct value values_named(struct render *r, struct mock_fields fields, struct slice name,
                                 bool any_case)
{
    struct value_list *list = value_new_list(&r->arena, count_named(fields, name, any_case));
    size_t count = 0;

    for (size_t i = 0; list && i < fields.count; i++)
        if (same_name(fields.items[i].name, name, any_case))
            list->items[count++] = value_text(fields.items[i].value);
    return value_of_list(list, STYLE_SINGLE);
}

/* name -> ListOrSingle, in the order of first appearance. */
static struct value_map *map_fields(struct render *r, struct mock_fields fields, bool any_case)
{
    struct value_map *map = value_new_map(&r->arena, fields.count);

    if (!map)
        return NULL;
    map->count = 0;
    for (size_t i = 0; i < fields.count; i++) {
        struct slice name = fields.items[i].name;
        bool known = false;

        for (size_t j = 0; j < map->count && !known; j++)
            known = same_name(map->entries[j].name, name, any_case);
        if (!known)
            map->entries[map->count++] =
                (struct value_entry){name, values_named(r, fields, name, any_case)};
    }
    return map;
}

static struct value query_of(struct render *r, struct request_model *m)
{
    struct value_map *map;

    if (value_is_null(m->query)) {
        map = map_fields(r, mock_request_query_params(m->request), false);
        if (map)
            java_order_hash(map);
        m->query = value_of_map(map, STYLE_HASH);
    }
    return m->query;
}

static struct value headers_as_map(struct render *r, struct mock_fields fields)
{
    struct value_map *map = map_fields(r, fields, true);

    if (map)
        java_order_nocase(map);
    return value_of_map(map, STYLE_NOCASE);
}

static struct value headers_of(struct render *r, struct request_model *m)
{
    if (value_is_null(m->headers))
        m->headers = headers_as_map(r, mock_request_headers(m->request));
    return m->headers;
}

static struct value cookies_of(struct render *r, struct request_model *m)
{
    if (value_is_null(m->cookies))
        m->cookies =
            value_of_map(map_fields(r, mock_request_cookies(m->request), false), STYLE_VIEW);
    return m->cookies;
}

/* ---- path ---- */

static struct value path_of(struct render *r, struct request_model *m)
{
    if (value_is_null(m->path))
        m->path = request_path(&r->arena, mock_request_path(m->request), m->template);
    return m->path;
}

/* ---- body and parts ---- */

static struct value body_text(struct render *r, struct slice body)
{
    size_t len;
    auto_buf struct buf text = BUF_INIT(r->arena.max);

    if (utf8_valid(body))
        return value_text(body);
    for (; body.len > 0; body.data += len, body.len -= len)
        java_put_code(java_code_at(body, &len), &text);
    return value_text(arena_copy_buf(&r->arena, &text));
}

static struct value body_base64(struct render *r, struct slice body)
{
    auto_buf struct buf text = BUF_INIT(r->arena.max);

    base64_encode(body, &text);
    return value_text(arena_copy_buf(&r->arena, &text));
}

/* ContentTypes.determineIsTextFromMimeType. */
static bool is_binary(struct slice content_type)
{
    static const char *const texts[] = {
        "text", "json", "xml", "html", "yaml", "csv", "x-www-form-urlencoded"};
    const char *end = content_type.data ? memchr(content_type.data, ';', content_type.len) : NULL;

    if (end)
        content_type.len = (size_t)(end - content_type.data);
    for (size_t i = 0; content_type.data && i < sizeof texts / sizeof texts[0]; i++)
        if (java_find(content_type, slice_of(texts[i]), 0) != SIZE_MAX)
            return false;
    return true;
}

static struct slice part_name(struct render *r, const struct mock_part *part, size_t *nameless)
{
    char name[32];

    if (part->name.data)
        return part->name;
    snprintf(name, sizeof name, "part-%zu", (*nameless)++);
    return arena_copy(&r->arena, slice_of(name));
}

static struct value part_headers(struct render *r, const struct mock_part *part)
{
    struct value_map *map = map_fields(r, part->headers, true);

    for (size_t i = 0; map && i < map->count; i++) {
        auto_buf struct buf name = BUF_INIT(64 * 1024);

        java_lower(map->entries[i].name, &name);
        map->entries[i].name = arena_copy_buf(&r->arena, &name);
    }
    if (map)
        java_order_nocase(map);
    return value_of_map(map, STYLE_NOCASE);
}

void part_model_write(const struct part_model *part, struct buf *ret)
{
    buf_put_text(ret, "[name='");
    buf_put_slice(ret, part->name);
    buf_put_text(ret, "', headers=");
    value_write(part->headers, ret);
    buf_put_text(ret, ", body=");
    value_write(part->body, ret);
    buf_put_char(ret, ']');
}

static struct value parts_of(struct render *r, struct request_model *m)
{
    const struct mock_part *parts = NULL;
    size_t count = mock_request_parts(m->request, &parts);
    struct value_map *map = value_new_map(&r->arena, count);
    size_t nameless = 0;

    if (!value_is_null(m->parts) || !map)
        return m->parts;
    for (size_t i = 0; i < count; i++) {
        struct part_model *part = arena_new(&r->arena, struct part_model);

        if (!part)
            return VALUE_NULL;
        *part = (struct part_model){&parts[i], part_name(r, &parts[i], &nameless),
                                    part_headers(r, &parts[i]), body_text(r, parts[i].body)};
        map->entries[i] = (struct value_entry){part->name, {.kind = V_PART, .part = part}};
    }
    java_order_hash(map);
    m->parts = value_of_map(map, STYLE_PLAIN);
    return m->parts;
}

/* ---- properties ---- */

static struct value text_or_null(struct slice text)
{
    return text.data ? value_text(text) : VALUE_NULL;
}

static struct value get_id(struct render *r, struct request_model *m)
{
    (void)r;
    return text_or_null(m->id);
}

static struct value get_line(struct render *r, struct request_model *m)
{
    (void)r;
    return (struct value){.kind = V_REQUEST_LINE, .request = m};
}

static struct value get_method(struct render *r, struct request_model *m)
{
    (void)r;
    return (struct value){.kind = V_METHOD, .text = mock_request_method(m->request)};
}

static struct value get_path_text(struct render *r, struct request_model *m)
{
    return value_text(value_to_text(path_of(r, m), &r->arena));
}

static struct value get_url(struct render *r, struct request_model *m)
{
    (void)r;
    return value_text(mock_request_url(m->request));
}

static struct value get_scheme(struct render *r, struct request_model *m)
{
    (void)r;
    return value_text(mock_request_scheme(m->request));
}

static struct value get_host(struct render *r, struct request_model *m)
{
    (void)r;
    return value_text(mock_request_host(m->request));
}

static struct value get_port(struct render *r, struct request_model *m)
{
    (void)r;
    return value_int(mock_request_port(m->request));
}

static struct value get_base_url(struct render *r, struct request_model *m)
{
    struct slice scheme = mock_request_scheme(m->request);
    int port = mock_request_port(m->request);
    bool standard =
        (slice_is(scheme, "http") && port == 80) || (slice_is(scheme, "https") && port == 443);
    auto_buf struct buf text = BUF_INIT(4096);

    buf_put_slice(&text, scheme);
    buf_put_text(&text, "://");
    buf_put_slice(&text, mock_request_host(m->request));
    if (!standard)
        buf_printf(&text, ":%d", port);
    return value_text(arena_copy_buf(&r->arena, &text));
}

static struct value get_client_ip(struct render *r, struct request_model *m)
{
    (void)r;
    return text_or_null(mock_request_client_ip(m->request));
}

static struct value get_body(struct render *r, struct request_model *m)
{
    struct slice body = mock_request_body(m->request);

    /* the request remembers of most bodies that they are UTF-8 */
    if (mock_request_body_text(m->request).data == body.data)
        return value_text(body);
    return body_text(r, body);
}

static struct value get_body_base64(struct render *r, struct request_model *m)
{
    return body_base64(r, mock_request_body(m->request));
}

static struct value get_binary(struct render *r, struct request_model *m)
{
    (void)r;
    return value_bool(is_binary(mock_request_header(m->request, "Content-Type")));
}

static struct value get_multipart(struct render *r, struct request_model *m)
{
    (void)r;
    return value_bool(mock_request_is_multipart(m->request));
}

#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

struct property {
    struct slice name;
    struct value (*get)(struct render *r, struct request_model *m);
    bool of_line; /* the request line has it too */
};

static const struct property properties[] = {
    {NAME("path"), path_of, false},
    {NAME("query"), query_of, true},
    {NAME("headers"), headers_of, false},
    {NAME("body"), get_body, false},
    {NAME("method"), get_method, true},
    {NAME("url"), get_url, true},
    {NAME("pathSegments"), path_of, true},
    {NAME("cookies"), cookies_of, false},
    {NAME("id"), get_id, false},
    {NAME("host"), get_host, true},
    {NAME("port"), get_port, true},
    {NAME("scheme"), get_scheme, true},
    {NAME("baseUrl"), get_base_url, true},
    {NAME("clientIp"), get_client_ip, true},
    {NAME("bodyAsBase64"), get_body_base64, false},
    {NAME("parts"), parts_of, false},
    {NAME("multipart"), get_multipart, false},
    {NAME("isMultipart"), get_multipart, false},
    {NAME("binary"), get_binary, false},
    {NAME("isBinary"), get_binary, false},
    {NAME("requestLine"), get_line, false},
};

static struct value property(struct render *r, struct request_model *m, struct slice name,
                             bool of_line)
{
    for (size_t i = 0; i < sizeof properties / sizeof properties[0]; i++)
        if (slice_equal(name, properties[i].name) && (!of_line || properties[i].of_line))
            return properties[i].get(r, m);
    return VALUE_NULL;
}

struct value request_model_member(struct render *r, struct request_model *m, struct slice name)
{
    return property(r, m, name, false);
}

struct value request_line_member(struct render *r, struct request_model *m, struct slice name)
{
    return slice_is(name, "path") ? get_path_text(r, m) : property(r, m, name, true);
}

struct value part_model_member(struct render *r, const struct part_model *part, struct slice name)
{
    const struct mock_part *p = part->part;

    if (slice_is(name, "name"))
        return value_text(part->name);
    if (slice_is(name, "headers"))
        return part->headers;
    if (slice_is(name, "body"))
        return part->body;
    if (slice_is(name, "bodyAsBase64"))
        return body_base64(r, p->body);
    if (slice_is(name, "binary") || slice_is(name, "isBinary"))
        return value_bool(is_binary(mock_part_header(p, "Content-Type")));
    return VALUE_NULL;
}
