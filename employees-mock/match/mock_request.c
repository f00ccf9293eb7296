#include "employees-mock/match/mock_request.h"

#include "common/memory.h"
#include "common/utf8.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_path.h"
#include "employees-mock/match/mock_request_inside.h"

#include <stdint.h>
#include <stdlib.h>

/* The cache of a request that callers know as const. The object itself never is: it comes from
 * malloc. */
struct mock_cache *mock_request_cache(const struct mock_request *r)
{
    return (struct mock_cache *)&r->cache;
}

void mock_request_note_in(const struct mock_request *r, struct match_notes *notes)
{
    mock_request_cache(r)->notes = notes;
}

/* WireMock drops the '?' of an empty query. */
static void split_url(struct mock_request *r)
{
    const struct slice url = r->source.url;
    const char *mark = url.len > 0 ? memchr(url.data, '?', url.len) : NULL;

    r->path = url;
    if (!mark)
        return;
    r->path.len = (size_t)(mark - url.data);
    r->query = (struct slice){mark + 1, url.len - r->path.len - 1};
    if (r->query.len == 0)
        r->source.url = r->path;
}

void mock_request_settle(struct mock_request *r)
{
    split_url(r);
    r->content_type = mock_request_header(r, "Content-Type");
}

struct mock_request *mock_request_new(const struct mock_source *source)
{
    struct mock_request *r =
        memory_alloc(sizeof *r); /* calloc() takes no block that was just freed */
    struct slice forwarded;

    if (!r)
        return NULL;
    *r = (struct mock_request){.source = *source};
    forwarded = mock_request_header(r, "X-Forwarded-For");
    if (forwarded.len > 0)
        r->source.client_ip = forwarded;
    mock_request_settle(r);
    return r;
}

void mock_request_free(struct mock_request *r)
{
    if (!r)
        return;
    mock_cache_done(&r->cache);
    json_decref(r->logged);
    free(r->own_headers);
    free(r->own_body);
    free(r);
}

struct slice mock_request_method(const struct mock_request *r)
{
    return r->source.method;
}

struct slice mock_request_url(const struct mock_request *r)
{
    return r->source.url;
}

struct slice mock_request_path(const struct mock_request *r)
{
    return r->path;
}

struct slice mock_request_scheme(const struct mock_request *r)
{
    return r->source.scheme;
}

struct slice mock_request_host(const struct mock_request *r)
{
    return r->source.host;
}

int mock_request_port(const struct mock_request *r)
{
    return r->source.port;
}

struct slice mock_request_client_ip(const struct mock_request *r)
{
    return r->source.client_ip;
}

static bool is_usual_port(const struct mock_request *r)
{
    return r->source.port <= 0 || (slice_is(r->source.scheme, "http") && r->source.port == 80) ||
           (slice_is(r->source.scheme, "https") && r->source.port == 443);
}

struct slice mock_request_absolute_url(const struct mock_request *r)
{
    struct buf *url = &mock_request_cache(r)->absolute_url;

    if (url->len > 0)
        return buf_slice(url);
    buf_init(url, r->source.url.len + r->source.host.len + 64);
    buf_put_slice(url, r->source.scheme);
    buf_put_text(url, "://");
    buf_put_slice(url, r->source.host);
    if (!is_usual_port(r))
        buf_printf(url, ":%d", r->source.port);
    buf_put_slice(url, r->source.url);
    return buf_slice(url);
}

/* ---- fields ---- */

struct mock_fields mock_request_headers(const struct mock_request *r)
{
    return (struct mock_fields){r->source.headers, r->source.header_count};
}

struct slice mock_request_header(const struct mock_request *r, const char *name)
{
    struct slice value = {NULL, 0};
    size_t at = 0;

    mock_fields_next(mock_request_headers(r), slice_of(name), true, &at, &value);
    return value;
}

struct mock_fields mock_request_cookies(const struct mock_request *r)
{
    struct mock_cache *cache = mock_request_cache(r);

    if (!cache->has_cookies) {
        cache->has_cookies = true;
        fields_read_cookies(mock_request_headers(r), &cache->cookies);
    }
    return fields_view(&cache->cookies);
}

struct mock_fields mock_request_query_params(const struct mock_request *r)
{
    struct mock_cache *cache = mock_request_cache(r);

    if (!cache->has_query) {
        cache->has_query = true;
        fields_read_urlencoded(r->query, true, CHARSET_UTF_8, &cache->query);
    }
    return fields_view(&cache->query);
}

struct mock_fields mock_request_matched_params(const struct mock_request *r)
{
    if (r->query.len > 0 && r->query.data[r->query.len - 1] == '?')
        return (struct mock_fields){0};
    return mock_request_query_params(r);
}

static bool is_form(const struct mock_request *r)
{
    const struct slice type = r->content_type;

    return type.data && memmem(type.data, type.len, "application/x-www-form-urlencoded", 33);
}

/* Jetty reads forms in the charset of their type; UTF-16 and the like are decoded before. */
static enum charset form_charset(const struct mock_request *r, struct slice *ret_text)
{
    enum charset charset = charset_of_content_type(mock_request_header(r, "Content-Type"));
    bool by_bytes = charset != CHARSET_UTF_8 && charset_extends_ascii(charset);

    *ret_text = by_bytes ? r->source.body : mock_request_body_text(r);
    return by_bytes ? charset : CHARSET_UTF_8;
}

struct mock_fields mock_request_form_params(const struct mock_request *r)
{
    struct mock_cache *cache = mock_request_cache(r);

    if (!cache->has_form) {
        cache->has_form = true;
        if (is_form(r)) {
            struct slice text;
            enum charset charset = form_charset(r, &text);

            fields_read_urlencoded(text, false, charset, &cache->form);
        }
    }
    return fields_view(&cache->form);
}

/* ---- body ---- */

struct slice mock_request_body(const struct mock_request *r)
{
    return r->source.body;
}

struct slice mock_request_body_text(const struct mock_request *r)
{
    struct mock_cache *cache = mock_request_cache(r);
    enum charset charset;

    if (!cache->has_text) {
        cache->has_text = true;
        charset = charset_of_content_type(r->content_type);
        cache->text = r->source.body;
        if (charset != CHARSET_UTF_8 || !utf8_valid(r->source.body)) {
            buf_init(&cache->decoded, 3 * r->source.body.len + 8);
            charset_decode(charset, r->source.body, &cache->decoded);
            cache->text = buf_slice(&cache->decoded);
        }
    }
    return cache->text;
}

const json_t *mock_request_body_json(const struct mock_request *r)
{
    return mock_cache_json(mock_request_cache(r), mock_request_body_text(r));
}

/* One reading of all makes that what many of the text cost. */
enum { PATHS_OF_TEXT_MAX = 8 };

enum status mock_request_read_path(const struct mock_request *r, const struct json_path *path,
                                   json_t **ret)
{
    struct mock_cache *cache = mock_request_cache(r);

    if (cache->has_json || cache->paths_read >= PATHS_OF_TEXT_MAX)
        return ST_UNSUPPORTED;
    cache->paths_read++;
    return json_path_read_text(path, mock_request_body_text(r), ret);
}

/* ---- multipart ---- */

static bool is_multipart_type(struct slice type)
{
    return type.len >= 10 && slice_equal_nocase((struct slice){type.data, 10}, SLICE("multipart/"));
}

static const struct multipart *multipart_of(const struct mock_request *r)
{
    struct mock_cache *cache = mock_request_cache(r);

    if (!cache->has_parts) {
        struct slice type = slice_trim(r->content_type);

        cache->has_parts = true;
        if (is_multipart_type(type))
            cache->multipart = multipart_read(type, r->source.body);
    }
    return cache->multipart;
}

size_t mock_request_parts(const struct mock_request *r, const struct mock_part **ret)
{
    return multipart_parts(multipart_of(r), ret);
}

struct mock_lacks mock_request_lacks(const struct mock_request *r)
{
    return r->lacks;
}

bool mock_request_is_multipart(const struct mock_request *r)
{
    const struct mock_part *parts;

    return mock_request_parts(r, &parts) > 0;
}

enum status mock_request_check(const struct mock_request *r, struct why *why)
{
    const struct multipart *m = multipart_of(r);
    enum charset charset;
    struct slice text;

    if (charset_is_unknown(r->content_type))
        return fail(why, ST_BAD_INPUT, "java.nio.charset.UnsupportedCharsetException");
    if (m && multipart_failure(m))
        return fail(why, ST_BAD_INPUT, "%s", multipart_failure(m));
    if (!is_form(r))
        return ST_OK;
    charset = form_charset(r, &text);
    return fields_check_escapes(text, charset, why);
}

struct slice mock_part_header(const struct mock_part *part, const char *name)
{
    struct slice value = {NULL, 0};
    size_t at = 0;

    mock_fields_next(part->headers, slice_of(name), true, &at, &value);
    return value;
}
