#include "common/http_internal.h"

#include "common/blocks.h"
#include "common/clock.h"
#include "common/memory.h"

#include <string.h>

enum { FIRST_RESERVE = 64 * 1024, BELIEF = 8, TIDY_AFTER_US = 500000 };

void *http_receive_target(void *cls, const char *target, struct MHD_Connection *mhd)
{
    struct http_server *server = cls;
    struct http_conn *conn = http_conn_of(mhd);

    if (!conn)
        return NULL;
    atomic_fetch_add_explicit(&server->requests, 1, memory_order_relaxed);
    http_conn_enter(conn, PHASE_HEAD, http_ms_from_now(server->limits.header_timeout_ms));
    conn->request = http_request_new(conn, target ? target : "");
    return conn->request;
}

/* ---- the end ---- */

/* Half a second after the last request that left a large block. */
static void tidy_later(struct http_server *server)
{
    unsigned left = blocks_left();

    if (left != atomic_load_explicit(&server->blocks_seen, memory_order_relaxed) &&
        left != atomic_exchange(&server->blocks_seen, left))
        http_timer_set(server->timer, &server->tidying, clock_monotonic_us() + TIDY_AFTER_US);
}

void http_receive_done(void *cls, struct MHD_Connection *mhd, void **context,
                       enum MHD_RequestTerminationCode code)
{
    struct http_server *server = cls;
    struct http_request *req = *context;
    struct http_conn *conn;

    (void)mhd;
    *context = NULL;
    if (!req)
        return;
    conn = req->conn;
    http_join_end(conn);
    if (req->stage == STAGE_SENT && code == MHD_REQUEST_TERMINATED_COMPLETED_OK &&
        req->reply.fault == HTTP_FAULT_NONE)
        req->sent = true;
    if (req->begun && server->app->finish)
        server->app->finish(req, req->sent);
    http_request_free(req);
    conn->request = NULL;
    tidy_later(server);
    http_conn_enter(conn, PHASE_IDLE, http_ms_from_now(server->limits.idle_timeout_ms));
    if (atomic_load(&server->quiescing))
        http_conn_shut(conn);
}

/* ---- the reply ---- */

static void refuse(struct http_request *req, enum status st, const struct why *why)
{
    if (req->reply.status == 0)
        req->server->app->fault(req, st, why);
}

/* libmicrohttpd ends trailers, too, at a line that begins with a colon. What it takes for a request
 * behind them need not be one. */
static void end_after_trailers(struct http_request *req)
{
    if (req->chunked && MHD_get_connection_values(req->conn->mhd, MHD_FOOTER_KIND, NULL, NULL) > 0)
        http_reply_close(req);
}

static enum MHD_Result reply(struct http_request *req)
{
    end_after_trailers(req);
    req->stage = STAGE_REPLY;
    return http_send(req);
}

/* ---- the body ---- */

static bool has_body(const struct http_request *req)
{
    return req->chunked || req->content_length > 0;
}

/* Many clients write all of a body before they read, and never see a refusal that comes sooner. */
static size_t drain_max(const struct http_request *req)
{
    size_t taken = req->route ? req->route->body_max_bytes : 0;

    return taken + req->server->limits.drain_max_bytes;
}

static enum MHD_Result refused(struct http_request *req)
{
    bool worth = !req->expects_continue && req->content_length <= drain_max(req);

    if (has_body(req) && !worth) {
        http_reply_close(req);
        return reply(req);
    }
    req->stage = STAGE_DRAIN;
    return MHD_YES;
}

static void expect_body(struct http_request *req)
{
    if (!has_body(req))
        return;
    req->body_deadline_ms = http_ms_from_now(req->server->limits.body_timeout_ms);
    http_conn_enter(req->conn, PHASE_BODY, req->body_deadline_ms);
}

/* A length that is claimed is believed by and by: so many times what has come. */
static void make_room(struct http_request *req, size_t size)
{
    size_t believed = FIRST_RESERVE + BELIEF * req->body.len;
    size_t whole = req->content_length < believed ? (size_t)req->content_length : believed;

    if (!buf_fits(&req->body, size) && whole > req->body.len)
        (void)buf_reserve(&req->body, whole - req->body.len);
}

static void keep(struct http_request *req, const char *data, size_t size)
{
    struct why why = {0};

    if (req->body.cap == 0)
        http_request_take_spare(&req->conn->spare_body, &req->body);
    make_room(req, size);
    buf_put(&req->body, data, size);
    if (req->body.failed == ST_OK)
        return;
    if (req->body.failed == ST_TOO_LARGE)
        fail(&why, ST_TOO_LARGE, "the body has more than %zu bytes", req->body.max);
    else
        fail_memory(&why);
    refuse(req, req->body.failed, &why);
    buf_done(&req->body);
    req->stage = STAGE_DRAIN;
}

/* The deadline moves on with what has come: so many bytes a second. */
static enum MHD_Result take_body(struct http_request *req, const char *data, size_t *size)
{
    const struct http_limits *limits = &req->server->limits;
    uint64_t credit_ms;

    req->received += *size;
    credit_ms = req->received * 1000 / limits->body_min_rate;
    http_conn_enter(req->conn, PHASE_BODY, req->body_deadline_ms + credit_ms);
    if (req->stage == STAGE_BODY)
        keep(req, data, *size);
    *size = 0;
    if (req->stage != STAGE_DRAIN || req->received <= drain_max(req))
        return MHD_YES;
    http_raw_try(req);
    return MHD_NO;
}

/* ---- the head ---- */

static bool passes(struct http_request *req)
{
    const struct route *route = req->route;
    struct why why = {0};

    if (route->check && !route->check(req)) {
        if (req->reply.status == 0)
            fail(&why, ST_INTERNAL, "the request was refused without an answer");
        refuse(req, ST_INTERNAL, &why);
        return false;
    }
    buf_init(&req->body, route->body_max_bytes);
    if (req->content_length <= route->body_max_bytes)
        return true;
    fail(&why, ST_TOO_LARGE, "the body has more than %zu bytes", route->body_max_bytes);
    refuse(req, ST_TOO_LARGE, &why);
    return false;
}

static void begin(struct http_request *req)
{
    const struct http_app *app = req->server->app;

    req->begun = true;
    if (app->begin)
        app->begin(req);
}

static enum MHD_Result take_head(struct http_request *req, struct MHD_Connection *mhd,
                                 const char *method, const char *version)
{
    struct why why = {0};
    enum status st = http_request_read_head(req, mhd, method, version, &why);

    memory_forget();
    begin(req);
    expect_body(req);
    if (st == ST_BAD_INPUT) { /* where this request ends can't be known */
        atomic_fetch_add(&req->server->refused_framing, 1);
        http_reply_close(req);
        refuse(req, st, &why);
        return reply(req);
    }
    if (st == ST_OK)
        st = http_request_find_route(req, &why);
    if (st != ST_OK)
        refuse(req, st, &why);
    if (st != ST_OK || !passes(req))
        return refused(req);
    req->stage = STAGE_BODY;
    return MHD_YES;
}

/* What is large goes aside at once. */
static void call_handler(struct http_request *req)
{
    size_t aside_bytes = req->server->limits.aside_bytes;

    if (aside_bytes > 0 && req->body.len >= aside_bytes)
        req->aside = req->route->handler;
    else
        req->route->handler(req);
}

/* Where the server closes, there is no sleep, and no answer. */
static enum MHD_Result go_aside(struct http_request *req)
{
    req->is_aside = true;
    if (!http_conn_sleep_for_owner(req->conn, &req->resumed))
        return http_send(req);
    http_lane_add(req->server->lane, req);
    return MHD_YES;
}

static enum MHD_Result handle(struct http_request *req)
{
    http_conn_enter(req->conn, PHASE_WORK, 0);
    end_after_trailers(req);
    req->stage = STAGE_REPLY;
    memory_forget();
    call_handler(req);
    if (req->aside && !memory_failed())
        return go_aside(req);
    if (req->deferred && http_conn_sleep_for_owner(req->conn, &req->resumed))
        return MHD_YES;
    return http_send(req);
}

/* ---- libmicrohttpd calls: once with the headers, for each piece of the body, once at its end,
 * and again after each sleep ---- */

enum MHD_Result http_receive(void *cls, struct MHD_Connection *mhd, const char *url,
                             const char *method, const char *version, const char *data,
                             size_t *size, void **context)
{
    struct http_request *req = *context;

    (void)cls;
    (void)url;
    if (!req)
        return MHD_NO;
    switch (req->stage) {
    case STAGE_HEAD:
        return take_head(req, mhd, method, version);
    case STAGE_BODY:
        return *size > 0 ? take_body(req, data, size) : handle(req);
    case STAGE_DRAIN:
        return *size > 0 ? take_body(req, data, size) : reply(req);
    default:
        return http_send(req);
    }
}
