/* Requests that break the rules, clients that are slow, greedy or gone, and the end of a server. */
#include "tests/unit/http_fixture.h"

#define HOST "Host: test\r\n"

enum { DRIP_MAX = 4000 }; /* so many bytes at most are dripped before the server must have cut */

static bool over_tls(void **state)
{
    return *state != NULL;
}

struct scene {
    struct fixture f;
    struct peer peer;
};

static void scene_open(struct scene *s, void **state, const struct http_limits *limits)
{
    fixture_open(&s->f, over_tls(state), limits);
    peer_open(&s->peer, s->f.port, over_tls(state));
}

static void scene_close(struct scene *s)
{
    peer_close(&s->peer);
    fixture_close(&s->f);
}

/* ---- framing ---- */

static const char *const ambiguous[] = {
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    "0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
    "0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip\r\n\r\nabc",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding:\r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length : 3\r\n\r\nabc",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST HOST "\r\n",
    "GET / HTTP/1.1\r\n" HOST "X(y): 1\r\n\r\n",
    "GET / HTTP/1.1\r\n Folded: before any\r\n" HOST "\r\n",
    "GET / HTTP/1.1\r\n" HOST "X: bare\rreturn\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST "X: bell\a\r\n\r\n",
    "G(T / HTTP/1.1\r\n" HOST "\r\n",
};

static void ambiguous_request_is_refused_and_cut(void **state)
{
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(ambiguous); i++) {
        struct peer peer;
        struct answer answer;

        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, ambiguous[i]);
        peer_send(&peer, "GET /smuggled HTTP/1.1\r\n" HOST "\r\n");
        peer_read(&peer, &answer, false);
        if (answer.status != 400 || peer_drain(&peer) > 0 || peer.in.len > 0)
            fail_msg("%s answered by %s", ambiguous[i], answer.head);
        assert_string_equal(answer_header(&answer, "Connection"), "close");
        answer_done(&answer);
        peer_close(&peer);
    }
    assert_int_equal(http_server_counts(f.server).refused_framing, COUNT(ambiguous));
    fixture_close(&f);
}

/* libmicrohttpd answers these itself. */
static const char *const broken_requests[] = {
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5x\r\n\r\nabcde",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\nabcde",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
    "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    "GET / HTTP/9.9\r\n" HOST "\r\n",
    "\x16\x03\x01 nonsense\r\n\r\n",
};

static void broken_request_ends_the_connection(void **state)
{
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(broken_requests); i++) {
        struct peer peer;

        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, broken_requests[i]);
        peer_try_send(&peer, "GET / HTTP/1.1\r\n" HOST "\r\n", 26);
        peer_drain(&peer);
        buf_put_char(&peer.in, '\0');
        assert_null(strstr(peer.in.data, "200 OK"));
        peer_close(&peer);
    }
    fixture_close(&f);
}

static void equal_lengths_are_one(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer,
             "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3 \r\n\r\nabc",
             &answer);
    assert_string_equal(answer.body.data, "abc");
    answer_done(&answer);
    scene_close(&s);
}

/* ---- too much ---- */

static void headers_without_end_are_refused(void **state)
{
    char line[1024];
    struct scene s;
    bool open = true;

    scene_open(&s, state, NULL);
    memset(line, 'x', sizeof line);
    memcpy(line, "X: ", 3);
    memcpy(line + sizeof line - 2, "\r\n", 2);
    peer_send(&s.peer, "GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; open && i < 100000; i++)
        open = peer_try_send(&s.peer, line, sizeof line);
    assert_false(open);
    scene_close(&s);
}

static void send_filler(struct peer *peer, size_t len)
{
    char bytes[8192];

    memset(bytes, 'x', sizeof bytes);
    while (len > 0) {
        size_t piece = len < sizeof bytes ? len : sizeof bytes;

        if (!peer_try_send(peer, bytes, piece))
            return;
        len -= piece;
    }
}

/* The whole body is sent before anything is read, and still the refusal arrives, and the connection
 * serves the next request. */
static void refusal_is_seen_behind_a_body(void **state)
{
    static const struct {
        const char *head;
        unsigned status;
    } cases[] = {
        {"POST /denied HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n", 401},
        {"PUT /small HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n", 413},
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n", 413},
        {"PUT /none HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n", 404},
        {"PUT / HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n", 405},
    };
    struct scene s;

    scene_open(&s, state, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct answer answer;

        peer_send(&s.peer, cases[i].head);
        send_filler(&s.peer, 1000000);
        peer_read(&s.peer, &answer, false);
        assert_int_equal(answer.status, cases[i].status);
        answer_done(&answer);
    }
    assert_int_equal(peer_ask(&s.peer, "GET / HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    scene_close(&s);
}

static void chunked_body_over_the_ceiling_is_refused(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_send(&s.peer, "PUT /small HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                       "4\r\nabcd\r\n7a120\r\n");
    send_filler(&s.peer, 0x7a120);
    assert_int_equal(peer_ask(&s.peer, "\r\n0\r\n\r\n", &answer), 413);
    answer_done(&answer);
    assert_int_equal(
        peer_ask(&s.peer, "PUT /small HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nabcd", &answer),
        200);
    assert_string_equal(answer.body.data, "abcd");
    answer_done(&answer);
    scene_close(&s);
}

/* More than is drained: the refusal comes at once, and the connection ends. */
static void refusal_of_a_huge_body_does_not_wait(void **state)
{
    static const char *const heads[] = {
        "PUT /small HTTP/1.1\r\n" HOST "Content-Length: 99999999999\r\n\r\n",
        "PUT /small HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n",
    };
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(heads); i++) {
        struct peer peer;
        struct answer answer;

        peer_open(&peer, f.port, over_tls(state));
        assert_int_equal(peer_ask(&peer, heads[i], &answer), 413);
        assert_string_equal(answer_header(&answer, "Connection"), "close");
        assert_int_equal(peer_drain(&peer), 0);
        answer_done(&answer);
        peer_close(&peer);
    }
    fixture_close(&f);
}

static void endless_chunked_body_is_cut(void **state)
{
    char chunk[0x1000 + 8];
    struct scene s;
    bool open = true;

    scene_open(&s, state, NULL);
    memset(chunk, 'x', sizeof chunk);
    memcpy(chunk, "1000\r\n", 6);
    memcpy(chunk + sizeof chunk - 2, "\r\n", 2);
    peer_send(&s.peer, "PUT /small HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; open && i < 100000; i++)
        open = peer_try_send(&s.peer, chunk, sizeof chunk);
    assert_false(open);
    EVENTUALLY(atomic_load(&s.f.broken) == 1);
    scene_close(&s);
}

/* ---- too slow ---- */

static struct http_limits impatient(void)
{
    struct http_limits limits = http_limits_default;

    limits.header_timeout_ms = 1000; /* there is a handshake within it, on a busy machine */
    limits.idle_timeout_ms = limits.body_timeout_ms = limits.send_timeout_ms = 100;
    limits.body_min_rate = 1000000;
    return limits;
}

static void drip_until_cut(struct peer *peer, char byte)
{
    int sent = 0;

    while (sent < DRIP_MAX && peer_try_send(peer, &byte, 1)) {
        sent++;
        nap();
    }
    assert_true(sent < DRIP_MAX);
}

static void dripping_client_is_cut(void **state)
{
    static const char *const starts[] = {
        "",
        "GET / HTTP/1.1\r\nX: ",
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n",
        "POST /denied HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\n",
        "GET / HTTP/1.1\r\n" HOST "\r\nGET / HTTP/1.1\r\nX: ",
    };
    struct http_limits limits = impatient();
    struct fixture f;

    fixture_open(&f, over_tls(state), &limits);
    for (size_t i = 0; i < COUNT(starts); i++) {
        struct peer peer;

        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, starts[i]);
        drip_until_cut(&peer, 'x');
        peer_close(&peer);
        EVENTUALLY(http_server_counts(f.server).cut_slow == i + 1);
    }
    EVENTUALLY(http_server_counts(f.server).connections_open == 0);
    fixture_close(&f);
}

static void silent_client_is_cut(void **state)
{
    struct http_limits limits = impatient();
    struct fixture f;
    struct peer idle;
    struct peer mute = {.in = BUF_INIT(INPUT_MAX)};

    fixture_open(&f, over_tls(state), &limits);
    peer_open(&idle, f.port, over_tls(state));
    assert_int_equal(peer_ask(&idle, "GET / HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    mute.fd = peer_socket(f.port); /* not even a handshake */
    peer_drain(&idle);
    peer_drain(&mute);
    assert_int_equal(http_server_counts(f.server).cut_slow, 2);
    peer_close(&idle);
    peer_close(&mute);
    fixture_close(&f);
}

static void client_that_does_not_read_is_cut(void **state)
{
    static const char *const targets[] = {"/big?size=60000000", "/big?size=60000000&reason=x",
                                          "/big?size=60000000&chunked=1"};
    struct http_limits limits = impatient();
    struct fixture f;

    fixture_open(&f, over_tls(state), &limits);
    for (size_t i = 0; i < COUNT(targets); i++) {
        struct peer peer;
        char request[256];

        peer_open(&peer, f.port, over_tls(state));
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\n" HOST "\r\n", targets[i]);
        peer_send(&peer, request);
        EVENTUALLY(atomic_load(&f.broken) == i + 1);
        assert_int_equal(http_server_counts(f.server).cut_slow, i + 1);
        peer_close(&peer);
    }
    fixture_close(&f);
}

/* The time-outs are short, but the client does take something within each. */
static void client_that_reads_slowly_gets_it_all(void **state)
{
    struct http_limits limits = impatient();
    struct scene s;
    int small = 65536;
    size_t total = 0;

    limits.send_timeout_ms = 2000;
    limits.idle_timeout_ms = 60000;
    scene_open(&s, state, &limits);
    setsockopt(s.peer.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    peer_send(&s.peer, "GET /big?size=20000000&close=1 HTTP/1.1\r\n" HOST "\r\n");
    for (int got = 1; got > 0;) {
        got = peer_receive(&s.peer);
        total += got > 0 ? (size_t)got : 0;
        buf_clear(&s.peer.in);
        if (total % 64 == 0)
            nap();
    }
    assert_true(total > 20000000);
    EVENTUALLY(atomic_load(&s.f.sent) == 1);
    scene_close(&s);
}

/* Handlers, whoever they hand a request to, and delays have no deadline of the client's. */
static void deferred_request_outlives_the_deadlines(void **state)
{
    struct http_limits limits = impatient();
    struct scene s;
    struct answer answer;

    limits.idle_timeout_ms = 60000;
    scene_open(&s, state, &limits);
    peer_ask(&s.peer, "POST /late?ms=600 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    answer_done(&answer);
    assert_int_equal(http_server_counts(s.f.server).cut_slow, 0);
    scene_close(&s);
}

/* ---- too many ---- */

static unsigned descriptors(unsigned wanted)
{
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < wanted && files.rlim_max > files.rlim_cur) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    return files.rlim_cur < wanted ? (unsigned)files.rlim_cur : wanted;
}

/* Whether a newcomer gets its answer before it is cut itself. */
static bool is_served(unsigned port, bool tls)
{
    struct peer peer = {.fd = peer_socket(port), .in = BUF_INIT(INPUT_MAX)};
    bool served = peer.fd >= 0 && (!tls || peer_handshake(&peer, "NORMAL") == GNUTLS_E_SUCCESS) &&
                  peer_try_send(&peer, "GET / HTTP/1.1\r\n" HOST "\r\n", 30) &&
                  peer_receive(&peer) > 0 && memcmp(peer.in.data, "HTTP/1.1 200", 12) == 0;

    peer_close(&peer);
    return served;
}

static void thousand_connections_over_the_limit_starve_nobody(void **state)
{
    enum { LIMIT = 64, OVER = 1000 };
    struct http_limits limits = http_limits_default;
    struct fixture f;
    int fds[LIMIT + OVER];

    assert_true(descriptors(4096) > 2 * (LIMIT + OVER));
    limits.max_connections = LIMIT;
    limits.header_timeout_ms = 100;
    fixture_open(&f, over_tls(state), &limits);
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = peer_socket(f.port);
    EVENTUALLY(http_server_counts(f.server).connections_open == LIMIT);
    EVENTUALLY(is_served(f.port, over_tls(state)));
    assert_true(http_server_counts(f.server).connections_open <= LIMIT);
    for (size_t i = 0; i < COUNT(fds); i++)
        close(fds[i]);
    fixture_close(&f);
}

/* An hour's delay on each, and the server still answers others; closing it sends them all. */
static void five_thousand_delays_hold_no_thread(void **state)
{
    static const char request[] =
        "POST /late?ms=3600000 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n";
    struct http_limits limits = http_limits_default;
    unsigned count = (descriptors(10400) - 400) / 2;
    struct peer *peers = calloc(count, sizeof *peers);
    struct scene s;

    limits.max_connections = count + 100;
    limits.threads = 2;
    scene_open(&s, state, &limits);
    for (unsigned i = 0; i < count; i++) {
        peer_open(&peers[i], s.f.port, over_tls(state));
        peer_send(&peers[i], request);
    }
    EVENTUALLY(atomic_load(&s.f.begun) == count);
    assert_int_equal(peer_ask(&s.peer, "GET / HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    EVENTUALLY(atomic_load(&s.f.sent) == 1);
    scene_close(&s);
    assert_int_equal(atomic_load(&s.f.sent), count + 1);
    for (unsigned i = 0; i < count; i++) {
        struct answer answer;

        peer_read(&peers[i], &answer, false);
        assert_int_equal(answer.status, 200);
        answer_done(&answer);
        peer_close(&peers[i]);
    }
    free(peers);
}

/* ---- gone ---- */

static void client_may_leave_a_deferred_request(void **state)
{
    struct http_limits limits = impatient();
    struct fixture f;
    struct peer peer;

    fixture_open(&f, over_tls(state), &limits);
    for (unsigned i = 0; i < 20; i++) {
        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, "POST /defer HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
        EVENTUALLY(atomic_load(&f.deferred_count) == 1);
        peer_abort(&peer);
        answer_deferred(&f);
        EVENTUALLY(atomic_load(&f.broken) == i + 1);
    }
    fixture_close(&f);
}

static void delay_ends_when_the_client_leaves(void **state)
{
    struct http_limits limits = impatient();
    struct scene s;

    scene_open(&s, state, &limits);
    peer_send(&s.peer, "POST /late?ms=3600000 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n");
    EVENTUALLY(atomic_load(&s.f.begun) == 1);
    peer_abort(&s.peer);
    EVENTUALLY(atomic_load(&s.f.broken) == 1);
    fixture_close(&s.f);
}

/* ---- the end of the server ---- */

struct closing {
    struct fixture *f;
    unsigned grace_ms;
    pthread_t thread;
    atomic_bool done;
};

static void *run_close(void *arg)
{
    struct closing *closing = arg;

    http_server_close(closing->f->server, closing->grace_ms);
    atomic_store(&closing->done, true);
    return NULL;
}

static void start_closing(struct closing *closing, struct fixture *f, unsigned grace_ms)
{
    *closing = (struct closing){.f = f, .grace_ms = grace_ms};
    assert_int_equal(pthread_create(&closing->thread, NULL, run_close, closing), 0);
}

static void end_closing(struct closing *closing)
{
    pthread_join(closing->thread, NULL);
    closing->f->server = NULL;
    fixture_close(closing->f);
}

static void close_waits_for_requests_under_way(void **state)
{
    struct closing closing;
    struct scene s;
    struct peer idle;
    struct peer newcomer = {.in = BUF_INIT(INPUT_MAX)};
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_open(&idle, s.f.port, over_tls(state));
    assert_int_equal(peer_ask(&idle, "GET / HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    peer_send(&s.peer, "POST /defer HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab");
    EVENTUALLY(atomic_load(&s.f.deferred_count) == 1);
    start_closing(&closing, &s.f, PATIENCE_MS);
    peer_drain(&idle);
    newcomer.fd = peer_socket(s.f.port);
    if (newcomer.fd >= 0)
        peer_drain(&newcomer);
    assert_false(atomic_load(&closing.done));
    answer_deferred(&s.f);
    peer_read(&s.peer, &answer, false);
    assert_string_equal(answer.body.data, "ab");
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    assert_int_equal(peer_drain(&s.peer), 0);
    answer_done(&answer);
    peer_close(&idle);
    peer_close(&newcomer);
    peer_close(&s.peer);
    end_closing(&closing);
}

/* One never answered, one half received, one that the client does not read, one that dribbles. */
static void close_cuts_when_its_grace_is_over(void **state)
{
    static const char *const requests[] = {
        "POST /defer HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab",
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 9\r\n\r\nab",
        "GET /big?size=60000000 HTTP/1.1\r\n" HOST "\r\n",
        "GET /big?size=60000000&reason=x HTTP/1.1\r\n" HOST "\r\n",
        "GET /big?size=100&pieces=100&ms=3600000 HTTP/1.1\r\n" HOST "\r\n",
    };
    struct peer peers[COUNT(requests)];
    struct closing closing;
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(requests); i++) {
        peer_open(&peers[i], f.port, over_tls(state));
        peer_send(&peers[i], requests[i]);
    }
    EVENTUALLY(atomic_load(&f.begun) == COUNT(requests));
    start_closing(&closing, &f, 50);
    end_closing(&closing);
    for (size_t i = 0; i < COUNT(requests); i++)
        peer_close(&peers[i]);
}

static void server_opens_and_closes_at_once(void **state)
{
    struct fixture f;

    for (int i = 0; i < 20; i++) {
        fixture_open(&f, over_tls(state), NULL);
        fixture_close(&f);
    }
}

static void address_is_checked(void **state)
{
    static const char *const wrong[] = {"",
                                        "8080",
                                        "host",
                                        "127.0.0.1:",
                                        ":x",
                                        "1.2.3.4:99999",
                                        "::1:80",
                                        "127.0.0.1:-1",
                                        ":123456",
                                        "[::1]",
                                        "no.such.invalid:1",
                                        "8.8.8.8:0"};
    struct http_app app = {0};
    struct http_server *server;
    struct why why;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct http_listener listener = {.address = wrong[i]};

        assert_status(ST_BAD_INPUT, http_server_open(&listener, &app, NULL, NULL, &server, &why),
                      &why);
        assert_string_equal(why.place, wrong[i]);
    }
}

static void port_in_use_is_named(void **state)
{
    struct fixture f;
    struct http_server *second;
    struct why why;
    char address[64];
    char words[64];
    struct http_listener listener = {.address = address};

    (void)state;
    fixture_open(&f, false, NULL);
    snprintf(address, sizeof address, "127.0.0.1:%u", f.port);
    snprintf(words, sizeof words, "port %u is in use", f.port);
    assert_status(ST_CONFLICT, http_server_open(&listener, &f.app, NULL, NULL, &second, &why),
                  &why);
    assert_string_equal(why.text, words);
    fixture_close(&f);
}

#define TWICE(test)                                                                                \
    {#test, test, NULL, NULL, NULL},                                                               \
    {                                                                                              \
#test " over TLS", test, NULL, NULL, (void *)1                                             \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(ambiguous_request_is_refused_and_cut),
        TWICE(broken_request_ends_the_connection),
        TWICE(equal_lengths_are_one),
        TWICE(headers_without_end_are_refused),
        TWICE(refusal_is_seen_behind_a_body),
        TWICE(chunked_body_over_the_ceiling_is_refused),
        TWICE(refusal_of_a_huge_body_does_not_wait),
        TWICE(endless_chunked_body_is_cut),
        TWICE(dripping_client_is_cut),
        TWICE(silent_client_is_cut),
        TWICE(client_that_does_not_read_is_cut),
        TWICE(client_that_reads_slowly_gets_it_all),
        TWICE(deferred_request_outlives_the_deadlines),
        TWICE(thousand_connections_over_the_limit_starve_nobody),
        cmocka_unit_test(five_thousand_delays_hold_no_thread),
        TWICE(client_may_leave_a_deferred_request),
        TWICE(delay_ends_when_the_client_leaves),
        TWICE(close_waits_for_requests_under_way),
        TWICE(close_cuts_when_its_grace_is_over),
        TWICE(server_opens_and_closes_at_once),
        cmocka_unit_test(address_is_checked),
        cmocka_unit_test(port_in_use_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
