#include "common/http_internal.h"

#include "common/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_VALUE_MAX = 8192, PIECES_MAX = 1000000 };

static const uint64_t LONGEST_MS = 366ULL * 24 * 60 * 60 * 1000;

/* ---- headers ---- */

static bool add_header(struct http_request *req, struct http_header *header, const char *name,
                       const char *value)
{
    if (!header)
        return false;
    header->name = name;
    header->value = value;
    header->next = NULL;
    *req->reply.headers_tail = header;
    req->reply.headers_tail = &header->next;
    return true;
}

static bool add_copy(struct http_request *req, const char *name, const char *value)
{
    size_t name_len = strlen(name), value_len = strlen(value);
    struct http_header *header =
        http_arena_take(&req->arena, sizeof *header + name_len + value_len + 2);
    char *text = (char *)(header + 1);

    if (!header)
        return false;
    memcpy(text, name, name_len + 1);
    memcpy(text + name_len + 1, value, value_len + 1);
    return add_header(req, header, text, text + name_len + 1);
}

bool http_reply_header_kept(struct http_request *req, const char *name, const char *value)
{
    return add_header(req, http_arena_take(&req->arena, sizeof(struct http_header)), name, value);
}

/* What tells where the answer and the connection end is written by this layer alone. */
static bool is_framing(struct http_request *req, const char *name, const char *value)
{
    char first = (char)(name[0] | 0x20);

    if (first != 'c' && first != 't')
        return false;
    if (strcasecmp(name, "Transfer-Encoding") == 0) {
        req->reply.chunked |= strcasecmp(value, "chunked") == 0;
        return true;
    }
    if (strcasecmp(name, "Connection") == 0) {
        req->reply.close |= strcasecmp(value, "close") == 0;
        return true;
    }
    return strcasecmp(name, "Content-Length") == 0;
}

bool http_reply_header(struct http_request *req, const char *name, const char *value)
{
    if (!http_is_token(name) || value[strcspn(value, "\r\n")] != '\0')
        return false;
    return is_framing(req, name, value) || add_copy(req, name, value);
}

void http_reply_forget_headers(struct http_request *req)
{
    req->reply.headers = NULL;
    req->reply.headers_tail = &req->reply.headers;
    req->reply.chunked = false;
    req->reply.close = false;
}

bool http_reply_headerf(struct http_request *req, const char *name, const char *format, ...)
{
    char value[HEADER_VALUE_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(value, sizeof value, format, args);
    va_end(args);
    return len >= 0 && (size_t)len < sizeof value && http_reply_header(req, name, value);
}

/* ---- storing ---- */

static bool store(struct http_request *req, unsigned status, const char *content_type,
                  struct slice body)
{
    const struct http_app *app = req->server->app;

    if (req->reply.status != 0 || status == 0)
        return false;
    if (status < 500 && !req->deferred && memory_failed())
        return false; /* it may lack a part, or refuse what is right */
    if (content_type && !http_reply_header(req, "Content-Type", content_type))
        return false;
    req->reply.body = body;
    req->reply.status = status;
    if (app->decorate)
        app->decorate(req);
    return true;
}

bool http_reply(struct http_request *req, unsigned status, const char *content_type,
                struct buf *body)
{
    struct slice bytes = buf_slice(body);
    bool usable = body->failed == ST_OK && req->reply.status == 0;

    if (usable) { /* before store(), whose decorate() may look at the body */
        buf_done(&req->reply.owned);
        req->reply.owned = *body;
        body->data = NULL;
    }
    buf_done(body);
    return usable && store(req, status, content_type, bytes);
}

void http_reply_room(struct http_request *req, struct buf *body)
{
    http_request_take_spare(&req->conn->spare_answer, body);
}

bool http_reply_static(struct http_request *req, unsigned status, const char *content_type,
                       struct slice body)
{
    return store(req, status, content_type, body);
}

bool http_reply_ready(struct http_request *req, unsigned status, const struct http_ready *ready)
{
    if (!store(req, status, NULL, ready->body))
        return false;
    req->reply.ready = ready;
    return true;
}

bool http_reply_copy(struct http_request *req, unsigned status, const char *content_type,
                     struct slice body)
{
    char *copy;

    if (req->reply.status != 0)
        return false;
    copy = http_arena_copy(&req->arena, body);
    return copy && store(req, status, content_type, (struct slice){copy, body.len});
}

unsigned http_reply_status(const struct http_request *req)
{
    return req->reply.status;
}

size_t http_reply_size(const struct http_request *req)
{
    return req->reply.body.len;
}

/* ---- how it goes out ---- */

void http_reply_delay(struct http_request *req, uint64_t delay_ms)
{
    req->reply.delay_ms = delay_ms < LONGEST_MS ? delay_ms : LONGEST_MS;
}

void http_reply_dribble(struct http_request *req, unsigned pieces, uint64_t duration_ms)
{
    req->reply.pieces = pieces < PIECES_MAX ? pieces : PIECES_MAX;
    req->reply.duration_ms = duration_ms < LONGEST_MS ? duration_ms : LONGEST_MS;
}

void http_reply_chunked(struct http_request *req)
{
    req->reply.chunked = true;
}

void http_reply_length(struct http_request *req, uint64_t length)
{
    req->reply.has_length = length != req->reply.body.len || req->reply.status == 0;
    req->reply.length = length;
}

void http_reply_close(struct http_request *req)
{
    req->reply.close = true;
}

void http_reply_reason(struct http_request *req, const char *reason)
{
    if (reason[strcspn(reason, "\r\n")] == '\0')
        req->reply.reason = http_arena_copy(&req->arena, slice_of(reason));
}

void http_reply_fault(struct http_request *req, enum http_fault fault)
{
    req->reply.fault = fault;
}

/* ---- later ---- */

bool http_aside(struct http_request *req, void (*go_on)(struct http_request *req))
{
    if (!req->server->lane || req->is_aside)
        return false;
    req->aside = go_on;
    return true;
}

void http_defer(struct http_request *req)
{
    req->deferred = true;
}

void http_resume(struct http_request *req)
{
    http_conn_wake(req->conn, SLEEP_OWNER, &req->resumed);
}
