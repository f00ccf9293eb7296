/* Clients that are slow, silent, too many or gone. */
#include "tests/unit/http_fixture.h"

enum { DRIP_MAX = 4000 }; /* so many bytes at most are dripped before the server must have cut */

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

static void client_that_has_ended_its_sending_is_not_waited_for(void **state)
{
    struct http_limits limits = impatient();
    struct fixture f;

    limits.idle_timeout_ms = limits.header_timeout_ms = 60000;
    fixture_open(&f, over_tls(state), &limits);
    for (int i = 0; i < 20; i++) {
        struct answer answer;
        struct peer peer;

        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, "GET / HTTP/1.1\r\n" HOST "\r\n");
        shutdown(peer.fd, SHUT_WR);
        peer_read(&peer, &answer, false);
        assert_int_equal(answer.status, 200);
        answer_done(&answer);
        peer_drain(&peer);
        peer_close(&peer);
    }
    assert_int_equal(http_server_counts(f.server).cut_slow, 0);
    fixture_close(&f);
}

static void what_a_client_has_left_out_is_not_waited_for(void **state)
{
    static const char *const requests[] = {
        "GET / HTTP/1.1\r\n",
        "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nabc",
        "POST /denied HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nabc",
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    };
    struct http_limits limits = impatient();
    struct fixture f;

    limits.body_timeout_ms = limits.header_timeout_ms = 60000;
    fixture_open(&f, over_tls(state), &limits);
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct peer peer;

        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, requests[i]);
        shutdown(peer.fd, SHUT_WR);
        assert_int_equal(peer_drain(&peer), 0);
        peer_close(&peer);
    }
    assert_int_equal(http_server_counts(f.server).cut_slow, 0);
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

    limits.header_timeout_ms = 60000; /* it is not about this one: there are 20 handshakes */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(dripping_client_is_cut),
        TWICE(silent_client_is_cut),
        TWICE(client_that_has_ended_its_sending_is_not_waited_for),
        TWICE(what_a_client_has_left_out_is_not_waited_for),
        TWICE(client_that_does_not_read_is_cut),
        TWICE(client_that_reads_slowly_gets_it_all),
        TWICE(deferred_request_outlives_the_deadlines),
        TWICE(thousand_connections_over_the_limit_starve_nobody),
        cmocka_unit_test(five_thousand_delays_hold_no_thread),
        TWICE(client_may_leave_a_deferred_request),
        TWICE(delay_ends_when_the_client_leaves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
