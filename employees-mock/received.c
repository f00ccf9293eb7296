#include "employees-mock/received.h"

#include "common/utf8.h"
#include "employees-mock/gzip.h"
#include "employees-mock/known_header.h"
#include "employees-mock/match/charset.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { UNPACKED_MAX = 256 << 20 };

#define PACKED "--gzip"

/* A tag that an answer in gzip had. */
static bool is_packed_tag(struct slice name, struct slice value)
{
    return name.len > 0 && (name.data[0] | 0x20) == 'i' &&
           memmem(value.data, value.len, PACKED, sizeof PACKED - 1) &&
           (slice_equal_nocase(name, SLICE("If-Match")) ||
            slice_equal_nocase(name, SLICE("If-None-Match")));
}

static bool add_header(void *ctx, struct slice name, struct slice value)
{
    struct received *r = ctx;
    const struct known_header *known = known_header_find(name);

    if (r->source.header_count == RECEIVED_HEADERS_MAX)
        return false;
    if (known)
        name = known_header_name(known);
    r->headers[r->source.header_count++] = (struct mock_field){name, value};
    r->has_respelled |= known && known_header_respells(known, value);
    r->has_packed_tag |= is_packed_tag(name, value);
    return true;
}

/* "host", "host:80", "[::1]:80" */
static void read_host(struct received *r, const char *host, unsigned port)
{
    const char *end = host[0] == '[' ? strchr(host, ']') : NULL;
    const char *colon = strchr(end ? end : host, ':');

    r->source.host = (struct slice){host, colon ? (size_t)(colon - host) : strlen(host)};
    r->source.port = (int)port;
    if (colon && colon[1])
        r->source.port = atoi(colon + 1);
    else if (host[0])
        r->source.port = strcmp(r->source.scheme.data, "https") == 0 ? 443 : 80;
}

/* An absolute target ("GET http://host/path") keeps its path; a fragment goes. */
static struct slice read_url(const char *target)
{
    const char *authority = target[0] == '/' ? NULL : strstr(target, "://");
    const char *path = authority ? strchr(authority + 3, '/') : target;

    return path ? (struct slice){path, strcspn(path, "#")} : SLICE("/");
}

/* Java's URI leaves an empty query out: "/a?" is "/a". */
static struct slice without_empty_query(struct slice url)
{
    const char *mark = memchr(url.data, '?', url.len);

    if (mark && mark == url.data + url.len - 1)
        url.len--;
    return url;
}

static bool is_in_capitals(struct slice method)
{
    for (size_t i = 0; i < method.len; i++)
        if (islower((unsigned char)method.data[i]))
            return false;
    return true;
}

static bool is_seen_otherwise(const struct received *r, struct slice value)
{
    return r->has_respelled || r->has_packed_tag || !utf8_is_ascii(value);
}

/* What `texts` needs; it must not move once slices point into it. */
static size_t texts_size(const struct received *r)
{
    size_t size = is_in_capitals(r->source.method) ? 0 : r->source.method.len;

    for (size_t i = 0; i < r->source.header_count; i++)
        if (is_seen_otherwise(r, r->headers[i].value))
            size += 2 * r->headers[i].value.len;
    return size;
}

static struct slice tail_from(const struct buf *b, size_t start)
{
    return (struct slice){b->data + start, b->len - start};
}

/* Takes the word off every tag. */
static void unpack_tags(struct buf *b, size_t start)
{
    char *at = b->data + start;

    while ((at = memmem(at, b->len - (size_t)(at - b->data), PACKED, sizeof PACKED - 1))) {
        char *rest = at + sizeof PACKED - 1;

        memmove(at, rest, b->len - (size_t)(rest - b->data));
        b->len -= sizeof PACKED - 1;
    }
}

static void read_value(struct received *r, struct mock_field *field)
{
    struct known_value known = known_header_value(known_header_find(field->name), field->value);
    size_t len = known.head.len + known.tail.len;
    size_t start = r->texts.len;

    buf_put_slice(&r->texts, known.head);
    buf_put_slice(&r->texts, known.tail);
    charset_decode(CHARSET_LATIN_1, slice_from(field->value, len), &r->texts);
    if (r->has_packed_tag && is_packed_tag(field->name, field->value))
        unpack_tags(&r->texts, start);
    field->value = tail_from(&r->texts, start);
}

static enum status read_texts(struct received *r, struct why *why)
{
    size_t size = texts_size(r);

    if (size == 0)
        return ST_OK;
    buf_init(&r->texts, size);
    if (!buf_reserve(&r->texts, size))
        return fail_memory(why);
    if (!is_in_capitals(r->source.method)) {
        for (size_t i = 0; i < r->source.method.len; i++)
            buf_put_char(&r->texts, (char)toupper((unsigned char)r->source.method.data[i]));
        r->source.method = buf_slice(&r->texts);
    }
    for (size_t i = 0; i < r->source.header_count; i++)
        if (is_seen_otherwise(r, r->headers[i].value))
            read_value(r, &r->headers[i]);
    return buf_status(&r->texts, why);
}

enum status received_read(const struct http_request *req, unsigned port, bool unpack,
                          struct received *ret, struct why *why)
{
    const char *host = http_header(req, "Host");
    const char *coding = http_header(req, "Content-Encoding");

    enum status st;

    buf_init(&ret->unpacked, UNPACKED_MAX);
    buf_init(&ret->texts, 0);
    ret->has_respelled = false;
    ret->has_packed_tag = false;
    ret->source = (struct mock_source){
        .method = slice_of(http_method(req)),
        .url = without_empty_query(read_url(http_target(req))),
        .scheme = http_is_tls(req) ? SLICE("https") : SLICE("http"),
        .client_ip = slice_of(http_peer(req)),
        .headers = ret->headers,
        .body = http_body(req),
    };
    read_host(ret, host ? host : "", port);
    http_headers_each(req, add_header, ret);
    ret->has_packed_tag &= unpack;
    st = read_texts(ret, why);
    if (st != ST_OK)
        return st;
    if (!unpack || !coding || !strcasestr(coding, "gzip") || ret->source.body.len == 0)
        return ST_OK;
    if (gzip_unpack(ret->source.body, &ret->unpacked, why) != ST_OK)
        return ST_BAD_INPUT;
    ret->source.body = buf_slice(&ret->unpacked);
    return ST_OK;
}

void received_done(struct received *r)
{
    buf_done(&r->unpacked);
    buf_done(&r->texts);
}
