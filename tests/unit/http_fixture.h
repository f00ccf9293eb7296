/* A server to be tested, and its application: what each path does stands in its table of routes. */
#ifndef TESTS_UNIT_HTTP_FIXTURE_H
#define TESTS_UNIT_HTTP_FIXTURE_H

#include "common/memory.h"
#include "tests/unit/http_peer.h"

#include <stdlib.h>

enum { DEFERRED_MAX = 256 };

struct fixture {
    struct tls *tls;
    struct http_server *server;
    struct http_app app;
    struct http_ready *ready; /* what /ready answers */
    unsigned port;
    atomic_uint begun;
    atomic_uint sent;
    atomic_uint broken;
    pthread_mutex_t lock;
    struct http_request *deferred[DEFERRED_MAX];
    atomic_uint deferred_count;
    atomic_uint at_work; /* handlers of /work, which go on when `may_end` is set */
    atomic_bool may_end;
};

struct state {
    unsigned canary; /* 0 when a request begins */
};

static unsigned status_code(enum status st)
{
    static const unsigned codes[] = {
        [ST_BAD_INPUT] = 400, [ST_DENIED] = 401,      [ST_NOT_FOUND] = 404,
        [ST_TOO_LARGE] = 413, [ST_UNSUPPORTED] = 405, [ST_INTERNAL] = 500,
    };

    return codes[st] ? codes[st] : 599;
}

/* The application runs on the server's threads, where cmocka's assertions can't. */
static void must(bool claim)
{
    if (!claim)
        abort();
}

static void app_begin(struct http_request *req)
{
    struct fixture *f = http_app(req);
    struct state *state = http_state(req);

    must(state->canary == 0);
    state->canary = 42;
    atomic_fetch_add(&f->begun, 1);
}

static void app_fault(struct http_request *req, enum status st, const struct why *why)
{
    http_reply_copy(req, status_code(st), "text/plain", slice_of(why->text));
}

static void app_refuse(struct http_request *req, unsigned status)
{
    const char *id = http_header(req, "X-Request-ID");

    http_reply_copy(req, status, "text/plain", id ? slice_of(id) : SLICE("refused"));
}

static void app_decorate(struct http_request *req)
{
    must(http_reply_headerf(req, "X-Size", "%zu", http_reply_size(req)));
}

static void app_finish(struct http_request *req, bool sent)
{
    struct fixture *f = http_app(req);
    const struct state *state = http_state(req);

    must(state->canary == 42);
    atomic_fetch_add(sent ? &f->sent : &f->broken, 1);
}

/* ---- handlers ---- */

static unsigned query_number(struct http_request *req, const char *name)
{
    const char *text = http_query_param(req, name);

    return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

static void hello(struct http_request *req)
{
    http_reply_static(req, 200, "text/plain", SLICE("hello"));
}

static void echo(struct http_request *req)
{
    http_reply_copy(req, 200, "text/plain", http_body(req));
}

static void put(struct buf *ret, const char *label, const char *text)
{
    buf_printf(ret, "%s=%s\n", label, text ? text : "(none)");
}

static bool put_header(void *ctx, struct slice name, struct slice value)
{
    buf_put_slice(ctx, name);
    buf_put_text(ctx, ": ");
    buf_put_slice(ctx, value);
    buf_put_char(ctx, '\n');
    return true;
}

/* Everything that can be read of a request. */
static void reflect(struct http_request *req)
{
    struct buf text = BUF_INIT(1 << 20);

    put(&text, "method", http_method(req));
    put(&text, "target", http_target(req));
    put(&text, "version", http_version(req));
    buf_printf(&text, "path=%.*s\n", (int)http_path(req).len, http_path(req).data);
    buf_printf(&text, "query=%.*s\n", (int)http_query(req).len, http_query(req).data);
    put(&text, "id", http_path_param(req, "id"));
    put(&text, "rest", http_path_param(req, "rest"));
    put(&text, "q", http_query_param(req, "q"));
    put(&text, "a b", http_query_param(req, "a b"));
    put(&text, "host", http_header(req, "hOST"));
    put(&text, "peer", http_peer(req));
    buf_printf(&text, "tls=%d loopback=%d twice=%zu\n", http_is_tls(req),
               http_peer_is_loopback(req), http_header_count(req, "x-twice"));
    http_headers_each(req, put_header, &text);
    http_reply(req, 200, "text/plain", &text);
}

static void big(struct http_request *req)
{
    size_t size = query_number(req, "size");
    struct buf body = BUF_INIT(INPUT_MAX);
    char *bytes = buf_reserve(&body, size);

    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)('a' + i % 26);
    buf_advance(&body, size);
    if (http_query_param(req, "reason"))
        http_reply_reason(req, http_query_param(req, "reason"));
    http_reply_dribble(req, query_number(req, "pieces"), query_number(req, "ms"));
    if (http_query_param(req, "chunked"))
        http_reply_chunked(req);
    if (http_query_param(req, "close"))
        http_reply_close(req);
    http_reply(req, query_number(req, "status") ? query_number(req, "status") : 200,
               "application/octet-stream", &body);
}

static void late(struct http_request *req)
{
    http_reply_delay(req, query_number(req, "ms"));
    echo(req);
}

static void broken(struct http_request *req)
{
    http_reply_fault(req, (enum http_fault)query_number(req, "fault"));
    http_reply_delay(req, query_number(req, "ms"));
    http_reply_header(req, "X-Broken", "yes");
    http_reply_copy(req, 201, "text/plain", SLICE("never seen"));
}

static void nothing(struct http_request *req)
{
    (void)req;
}

static void headers(struct http_request *req)
{
    must(!http_reply_header(req, "X-A", "a\r\nX-B: b"));
    must(!http_reply_header(req, "X-A", "a\nb"));
    must(!http_reply_header(req, "X A", "a"));
    must(!http_reply_header(req, "X-A: b\r\nX", "a"));
    must(!http_reply_header(req, "", "a"));
    must(http_reply_header(req, "Content-Length", "12345"));
    must(http_reply_header(req, "X-Empty", ""));
    must(http_reply_header_kept(req, "X-Kept", "as it is"));
    must(http_reply_header(req, "Set-Cookie", "a=1"));
    must(http_reply_header(req, "Set-Cookie", "b=\t2"));
    must(http_reply_copy(req, 299, NULL, SLICE("ok")));
    must(!http_reply_copy(req, 200, NULL, SLICE("second")));
    must(http_reply_status(req) == 299);
}

static void ready(struct http_request *req)
{
    const struct fixture *f = http_app(req);

    if (http_query_param(req, "more"))
        must(http_reply_header(req, "X-More", http_query_param(req, "more")));
    if (http_query_param(req, "reason"))
        http_reply_reason(req, http_query_param(req, "reason"));
    if (http_query_param(req, "chunked"))
        http_reply_chunked(req);
    if (http_query_param(req, "close"))
        http_reply_close(req);
    http_reply_dribble(req, query_number(req, "pieces"), query_number(req, "ms"));
    http_reply_delay(req, query_number(req, "delay"));
    must(http_reply_ready(req, 203, f->ready));
    must(!http_reply_ready(req, 200, f->ready));
    must(http_reply_status(req) == 203 && http_reply_size(req) == 5);
}

static bool deny(struct http_request *req)
{
    must(http_body(req).len == 0);
    http_reply_copy(req, 401, "text/plain", SLICE("denied"));
    return false;
}

static void defer(struct http_request *req)
{
    struct fixture *f = http_app(req);

    http_defer(req);
    pthread_mutex_lock(&f->lock);
    f->deferred[atomic_load(&f->deferred_count)] = req;
    atomic_fetch_add(&f->deferred_count, 1);
    pthread_mutex_unlock(&f->lock);
}

/* The owner of deferred requests answers the one that has waited longest. */
static UNUSED void answer_deferred(struct fixture *f)
{
    struct http_request *req;

    EVENTUALLY(atomic_load(&f->deferred_count) > 0);
    pthread_mutex_lock(&f->lock);
    req = f->deferred[0];
    memmove(f->deferred, f->deferred + 1, sizeof f->deferred - sizeof f->deferred[0]);
    atomic_fetch_sub(&f->deferred_count, 1);
    pthread_mutex_unlock(&f->lock);
    http_reply_copy(req, 200, "text/plain", http_body(req));
    http_resume(req);
}

static void work(struct http_request *req)
{
    struct fixture *f = http_app(req);

    atomic_fetch_add(&f->at_work, 1);
    for (int ms = 0; ms < PATIENCE_MS && !atomic_load(&f->may_end); ms++)
        usleep(1000);
    atomic_fetch_sub(&f->at_work, 1);
    if (http_query_param(req, "nothing"))
        return;
    if (http_query_param(req, "memory"))
        memory_note();
    http_reply_copy(req, 200, "text/plain", http_body(req));
}

static void work_aside(struct http_request *req)
{
    if (!http_aside(req, work))
        work(req);
}

static const struct route fixture_routes[] = {
    {"GET", "/", NULL, 0, hello, NULL},
    {"POST", "/echo", NULL, 8 << 20, echo, NULL},
    {"*", "/reflect/{id}/{rest...}", NULL, 1024, reflect, NULL},
    {"GET", "/big", NULL, 0, big, NULL},
    {"POST", "/late", NULL, 1024, late, NULL},
    {"GET", "/broken", NULL, 0, broken, NULL},
    {"GET", "/nothing", NULL, 0, nothing, NULL},
    {"GET", "/headers", NULL, 0, headers, NULL},
    {"POST", "/denied", deny, 8 << 20, echo, NULL},
    {"PUT", "/small", NULL, 4, echo, NULL},
    {"POST", "/defer", NULL, 1024, defer, NULL},
    {"GET", "/ready", NULL, 0, ready, NULL},
    {"POST", "/work", NULL, 1024, work, NULL},
    {"POST", "/aside", NULL, 1024, work_aside, NULL},
};

/* ---- begin and end ---- */

static UNUSED void fixture_open(struct fixture *f, bool tls, const struct http_limits *limits)
{
    struct why why = {0};
    struct http_listener listener = {.address = "127.0.0.1:0"};

    memset(f, 0, sizeof *f);
    pthread_mutex_init(&f->lock, NULL);
    if (tls)
        assert_ok(tls_open_self_signed(&f->tls, &why), &why);
    listener.tls = f->tls;
    f->app = (struct http_app){.ctx = f,
                               .routes = fixture_routes,
                               .route_count = COUNT(fixture_routes),
                               .state_size = sizeof(struct state),
                               .begin = app_begin,
                               .fault = app_fault,
                               .refuse = app_refuse,
                               .decorate = app_decorate,
                               .finish = app_finish};
    assert_ok(http_server_open(&listener, &f->app, limits, NULL, &f->server, &why), &why);
    f->port = http_server_port(f->server);
}

static UNUSED void fixture_close(struct fixture *f)
{
    http_server_close(f->server, PATIENCE_MS);
    assert_int_equal(atomic_load(&f->begun), atomic_load(&f->sent) + atomic_load(&f->broken));
    tls_close(f->tls);
    pthread_mutex_destroy(&f->lock);
}

/* ---- one server, one client; *state tells whether over TLS ---- */

#define HOST "Host: test\r\n"

/* A test that runs plain, and again over TLS. */
#define TWICE(test)                                                                                \
    {#test, test, NULL, NULL, NULL},                                                               \
    {                                                                                              \
#test " over TLS", test, NULL, NULL, (void *)1                                             \
    }

static UNUSED bool over_tls(void **state)
{
    return *state != NULL;
}

struct scene {
    struct fixture f;
    struct peer peer;
};

static UNUSED void scene_open(struct scene *s, void **state, const struct http_limits *limits)
{
    fixture_open(&s->f, over_tls(state), limits);
    peer_open(&s->peer, s->f.port, over_tls(state));
}

static UNUSED void scene_close(struct scene *s)
{
    peer_close(&s->peer);
    fixture_close(&s->f);
}

#endif
