#include "employees-mock/received.h"

#include "employees-mock/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { UNPACKED_MAX = 256 << 20 };

static bool add_header(void *ctx, struct slice name, struct slice value)
{
    struct received *r = ctx;

    if (r->source.header_count == RECEIVED_HEADERS_MAX)
        return false;
    r->headers[r->source.header_count++] = (struct mock_field){name, value};
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

/* An absolute target ("GET http://host/path") keeps its path. */
static struct slice read_url(const char *target)
{
    const char *authority = strstr(target, "://");
    const char *path;

    if (target[0] == '/' || !authority)
        return slice_of(target);
    path = strchr(authority + 3, '/');
    return slice_of(path ? path : "/");
}

/* Java's URI leaves an empty query out: "/a?" is "/a". */
static struct slice without_empty_query(struct slice url)
{
    if (url.len > 1 && url.data[url.len - 1] == '?')
        url.len--;
    return url;
}

enum status received_read(const struct http_request *req, unsigned port, bool unpack,
                          struct received *ret, struct why *why)
{
    const char *host = http_header(req, "Host");
    const char *coding = http_header(req, "Content-Encoding");

    buf_init(&ret->unpacked, UNPACKED_MAX);
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
    if (!unpack || !coding || strcasecmp(coding, "gzip") != 0 || ret->source.body.len == 0)
        return ST_OK;
    if (gzip_unpack(ret->source.body, &ret->unpacked, why) != ST_OK)
        return ST_BAD_INPUT;
    ret->source.body = buf_slice(&ret->unpacked);
    return ST_OK;
}

void received_done(struct received *r)
{
    buf_done(&r->unpacked);
}
