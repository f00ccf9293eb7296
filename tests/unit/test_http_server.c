/* The beginning and the end of a server. */
#include "tests/unit/http_fixture.h"

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
        TWICE(close_waits_for_requests_under_way), TWICE(close_cuts_when_its_grace_is_over),
        TWICE(server_opens_and_closes_at_once),    cmocka_unit_test(address_is_checked),
        cmocka_unit_test(port_in_use_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
