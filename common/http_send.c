#include "common/http_internal.h"

#include "common/clock.h"
#include "common/memory.h"

#include <string.h>

/* ---- delay ---- */

/* false: asleep until the delay is over. */
static bool delay_is_over(struct http_request *req)
{
    struct http_reply *reply = &req->reply;
    uint64_t now_us;

    if (reply->delay_ms == 0)
        return true;
    now_us = clock_monotonic_us();
    if (reply->due_us == 0)
        reply->due_us = now_us + reply->delay_ms * 1000;
    if (now_us < reply->due_us && http_conn_sleep_until(req->conn, reply->due_us))
        return false;
    reply->delay_ms = 0;
    reply->due_us = 0;
    return true;
}

/* ---- dribble ---- */

static size_t piece_end(const struct http_reply *reply, unsigned piece)
{
    return (size_t)((uint64_t)reply->body.len * (piece + 1) / reply->pieces);
}

/* The piece that a byte belongs to. */
static unsigned piece_at(const struct http_reply *reply, uint64_t pos)
{
    unsigned piece = (unsigned)(pos * reply->pieces / reply->body.len);

    while (piece_end(reply, piece) <= pos)
        piece++;
    return piece;
}

/* The n-th of so many pieces is due after n parts of the whole time. Sleeping is allowed in a
 * content reader too, and 0 means "nothing yet". */
static ssize_t read_piece(void *cls, uint64_t pos, char *ret, size_t max)
{
    struct http_request *req = cls;
    struct http_reply *reply = &req->reply;
    unsigned piece = piece_at(reply, pos);
    size_t len = piece_end(reply, piece) - (size_t)pos;
    uint64_t now_us = clock_monotonic_us();
    uint64_t due_us;

    if (reply->due_us == 0)
        reply->due_us = now_us;
    due_us = reply->due_us + reply->duration_ms * 1000 / reply->pieces * (piece + 1);
    if (now_us < due_us && http_conn_sleep_until(req->conn, due_us))
        return 0;
    if (len > max)
        len = max;
    memcpy(ret, reply->body.data + pos, len);
    return (ssize_t)len;
}

static struct MHD_Response *make_dribble(struct http_request *req)
{
    enum { BLOCK = 4096 };
    struct http_reply *reply = &req->reply;

    reply->chunked = true;
    if (reply->pieces > reply->body.len)
        reply->pieces = (unsigned)reply->body.len;
    return MHD_create_response_from_callback(reply->body.len, BLOCK, read_piece, req, NULL);
}

/* ---- the usual way ---- */

/* The body stays the request's own: libmicrohttpd is through with it when the request ends. */
static struct MHD_Response *make(struct http_request *req)
{
    const struct slice body = req->reply.body;

    if (req->reply.pieces > 0 && body.len > 0)
        return make_dribble(req);
    return MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.data,
                                           MHD_RESPMEM_PERSISTENT);
}

bool http_add_header(struct MHD_Response *response, const char *name, const char *value)
{
    return MHD_add_response_header(response, name, value[0] ? value : " ") == MHD_YES;
}

/* libmicrohttpd ends a body in chunks even where there is none, and the client would take that for
 * the beginning of its next answer. */
static bool goes_in_chunks(const struct http_request *req)
{
    return req->reply.chunked && req->reply.status != 204 && req->reply.status != 304 &&
           strcmp(req->method, "HEAD") != 0;
}

static bool add_headers(const struct http_request *req, struct MHD_Response *response)
{
    bool closes = req->reply.close || atomic_load(&req->server->quiescing);

    for (const struct http_header *h = req->reply.headers; h; h = h->next) {
        if (!http_add_header(response, h->name, h->value))
            return false;
    }
    return (!goes_in_chunks(req) || http_add_header(response, "Transfer-Encoding", "chunked")) &&
           (!closes || http_add_header(response, "Connection", "close"));
}

static enum MHD_Result queue(struct http_request *req)
{
    struct MHD_Response *response = make(req);
    enum MHD_Result queued = MHD_NO;

    if (!response)
        return MHD_NO;
    if (add_headers(req, response)) {
        req->stage = STAGE_SENT;
        http_join_head(req);
        queued = req->server->queue(req->conn->mhd, req->reply.status, response);
    }
    MHD_destroy_response(response);
    return queued;
}

void http_reply_or_blame(struct http_request *req)
{
    struct why why = {0};
    enum status st;

    if (req->reply.status != 0 || req->reply.fault != HTTP_FAULT_NONE)
        return;
    st = memory_blame(fail(&why, ST_INTERNAL, "the request has got no answer"), &why);
    req->server->app->fault(req, st, &why);
}

enum MHD_Result http_send(struct http_request *req)
{
    struct http_conn *conn = req->conn;
    struct http_reply *reply = &req->reply;

    if (atomic_load(&req->server->closing) || atomic_load(&conn->gone))
        return MHD_NO;
    http_reply_or_blame(req);
    if (http_conn_phase(conn) != PHASE_SEND) {
        http_conn_enter(conn, PHASE_WORK, 0);
        if (!delay_is_over(req))
            return MHD_YES;
        http_conn_enter(conn, PHASE_SEND, http_ms_from_now(req->server->limits.send_timeout_ms));
    }
    if (reply->fault == HTTP_FAULT_RESET)
        http_conn_reset(conn);
    if (reply->fault == HTTP_FAULT_RESET || reply->fault == HTTP_FAULT_EMPTY)
        return MHD_NO;
    if (http_ready_goes_as_it_is(req)) {
        req->stage = STAGE_SENT;
        http_join_head(req);
        return req->server->queue(conn->mhd, reply->status, reply->ready->mhd);
    }
    if (reply->ready && !http_ready_unfold(req))
        return MHD_NO;
    if (http_raw_needed(req))
        return http_raw_send(req);
    return reply->status == 0 ? MHD_NO : queue(req);
}
