#include "common/http_internal.h"

#include "common/hex.h"

#include <stdlib.h>
#include <string.h>

/* ---- the block: struct, the application's bytes, the first bytes of the arena ---- */

enum { ARENA_FIRST = 1536, SPARE_MAX = 8 * 1024 };

/* An absolute target (RFC 9112, 3.2.2) names the authority first. */
static struct slice without_authority(struct slice target)
{
    const char *slashes;
    const char *path;

    if (target.len == 0 || target.data[0] == '/')
        return target;
    slashes = memmem(target.data, target.len, "://", 3);
    if (!slashes)
        return target;
    path = slashes + 3 + strcspn(slashes + 3, "/?");
    return (struct slice){path, target.len - (size_t)(path - target.data)};
}

static void split_target(struct http_request *req, size_t len)
{
    struct slice target = without_authority((struct slice){req->target, len});
    const char *mark = memchr(target.data, '?', target.len);

    req->path = target;
    req->query = (struct slice){target.data + target.len, 0};
    if (mark) {
        req->path.len = (size_t)(mark - target.data);
        req->query = (struct slice){mark + 1, target.len - req->path.len - 1};
    }
    if (req->path.len == 0)
        req->path = SLICE("/");
}

static size_t fixed_size(const struct http_server *server)
{
    return sizeof(struct http_request) + (server->app->state_size + 15) / 16 * 16;
}

/* A connection has one request at a time, so that its block serves for the next one. */
static struct http_request *take_block(struct http_conn *conn, size_t fixed)
{
    struct http_request *req = conn->spare;

    conn->spare = NULL;
    if (!req)
        req = malloc(fixed + ARENA_FIRST);
    if (req)
        memset(req, 0, fixed);
    return req;
}

struct http_request *http_request_new(struct http_conn *conn, const char *target)
{
    size_t fixed = fixed_size(conn->server);
    struct slice text = slice_of(target);
    struct http_request *req = take_block(conn, fixed);

    if (!req)
        return NULL;
    req->server = conn->server;
    req->conn = conn;
    req->state = req + 1;
    req->reply.headers_tail = &req->reply.headers;
    http_arena_init(&req->arena, (char *)req + fixed, ARENA_FIRST);
    req->target = http_arena_copy(&req->arena, text);
    if (!req->target) {
        http_request_free(req);
        return NULL;
    }
    split_target(req, text.len);
    return req;
}

/* Keeps the memory for the connection's next request, unless it has some, or this is large. */
static void put_by(struct buf *b, struct buf *spare)
{
    if (spare->data || b->cap > SPARE_MAX)
        buf_done(b);
    else
        *spare = *b;
}

void http_request_take_spare(struct buf *spare, struct buf *ret)
{
    size_t max = ret->max;

    *ret = *spare;
    *spare = (struct buf){0};
    buf_clear(ret);
    ret->max = max;
}

void http_request_free(struct http_request *req)
{
    put_by(&req->body, &req->conn->spare_body);
    put_by(&req->reply.owned, &req->conn->spare_answer);
    buf_done(&req->raw);
    http_arena_done(&req->arena);
    req->conn->spare = req;
}

/* ---- percent-encoding ---- */

/* What is no code, or stands for NUL, stays as it is. */
static size_t decode(struct slice text, bool plus_is_blank, char *ret)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        int high = i + 2 < text.len && text.data[i] == '%' ? hex_digit(text.data[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;

        if (low >= 0 && (high | low) != 0) {
            ret[len++] = (char)(high << 4 | low);
            i += 2;
        } else {
            ret[len++] = plus_is_blank && text.data[i] == '+' ? ' ' : text.data[i];
        }
    }
    ret[len] = '\0';
    return len;
}

static const char *decoded(struct http_request *req, struct slice text, bool plus_is_blank)
{
    char *ret = http_arena_take(&req->arena, text.len + 1);

    if (ret)
        decode(text, plus_is_blank, ret);
    return ret;
}

/* ---- route ---- */

static enum status no_route(struct http_request *req, bool path_known, struct why *why)
{
    const struct http_app *app = req->server->app;
    auto_buf struct buf allow = BUF_INIT(1024);

    if (!path_known)
        return fail(why, ST_NOT_FOUND, "there is nothing at this path");
    router_allow(app->routes, app->route_count, req->path, &allow);
    if (!buf_text(&allow) || !http_reply_header(req, "Allow", buf_text(&allow)))
        return fail_memory(why);
    return fail(why, ST_UNSUPPORTED, "this path has other methods");
}

enum status http_request_find_route(struct http_request *req, struct why *why)
{
    const struct http_app *app = req->server->app;
    struct route_match match = router_find(app->routes, app->route_count, req->method, req->path);

    if (!match.route)
        return no_route(req, match.path_known, why);
    for (size_t i = 0; i < match.param_count; i++) {
        req->param_names[i] = match.param_names[i];
        req->param_values[i] = decoded(req, match.param_values[i], false);
        if (!req->param_values[i])
            return fail_memory(why);
    }
    req->param_count = match.param_count;
    req->route = match.route;
    return ST_OK;
}

/* ---- reading ---- */

void *http_app(const struct http_request *req)
{
    return req->server->app->ctx;
}

void *http_state(const struct http_request *req)
{
    return req->state;
}

const struct route *http_route(const struct http_request *req)
{
    return req->route;
}

const char *http_method(const struct http_request *req)
{
    return req->method;
}

const char *http_target(const struct http_request *req)
{
    return req->target;
}

struct slice http_path(const struct http_request *req)
{
    return req->path;
}

const char *http_path_decoded(struct http_request *req)
{
    return decoded(req, http_path(req), false);
}

struct slice http_query(const struct http_request *req)
{
    return req->query;
}

const char *http_version(const struct http_request *req)
{
    return req->version;
}

const char *http_path_param(const struct http_request *req, const char *name)
{
    for (size_t i = 0; i < req->param_count; i++) {
        if (slice_is(req->param_names[i], name))
            return req->param_values[i];
    }
    return NULL;
}

static bool name_is(struct http_request *req, struct slice raw, const char *name)
{
    const char *text;

    if (slice_is(raw, name))
        return true;
    if (raw.len == 0 || (!memchr(raw.data, '%', raw.len) && !memchr(raw.data, '+', raw.len)))
        return false;
    text = decoded(req, raw, true);
    return text && strcmp(text, name) == 0;
}

const char *http_query_param(struct http_request *req, const char *name)
{
    struct slice left = req->query;

    while (left.len > 0) {
        const char *end = memchr(left.data, '&', left.len);
        size_t len = end ? (size_t)(end - left.data) : left.len;
        const char *equals = memchr(left.data, '=', len);
        size_t name_len = equals ? (size_t)(equals - left.data) : len;
        size_t skip = name_len < len ? name_len + 1 : len;

        if (len > 0 && name_is(req, (struct slice){left.data, name_len}, name))
            return decoded(req, (struct slice){left.data + skip, len - skip}, true);
        len = end ? len + 1 : len;
        left = slice_from(left, len);
    }
    return NULL;
}

const char *http_header(const struct http_request *req, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < req->header_count; i++) {
        if (req->headers[i].name_len == len && strcasecmp(req->headers[i].name, name) == 0)
            return req->headers[i].value;
    }
    return NULL;
}

size_t http_header_count(const struct http_request *req, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < req->header_count; i++)
        count += strcasecmp(req->headers[i].name, name) == 0;
    return count;
}

void http_headers_each(const struct http_request *req,
                       bool (*each)(void *ctx, struct slice name, struct slice value), void *ctx)
{
    for (size_t i = 0; i < req->header_count; i++) {
        const struct http_header *h = &req->headers[i];

        if (!each(ctx, (struct slice){h->name, h->name_len},
                  (struct slice){h->value, h->value_len}))
            return;
    }
}

struct slice http_body(const struct http_request *req)
{
    return buf_slice(&req->body);
}

bool http_is_tls(const struct http_request *req)
{
    return req->conn->session != NULL;
}

const char *http_peer(const struct http_request *req)
{
    return req->conn->peer;
}

bool http_peer_is_loopback(const struct http_request *req)
{
    return req->conn->loopback;
}

uint64_t http_started_us(const struct http_request *req)
{
    return req->started_us;
}
