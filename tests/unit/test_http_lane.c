/* Handlers of large bodies run beside the server's threads, of which there is one here. */
#include "tests/unit/http_fixture.h"

static const struct http_limits one_thread = {.threads = 1, .aside_bytes = 4};

#define WORK(query) "POST /work" query " HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\n"

static void assert_hello(struct scene *s, struct peer *peer)
{
    struct answer answer;

    assert_int_equal(peer_ask(peer, "GET / HTTP/1.1\r\n" HOST "\r\n", &answer), 200);
    assert_string_equal(answer.body.data, "hello");
    assert_false(atomic_load(&s->f.may_end));
    answer_done(&answer);
}

static void assert_answer(struct peer *peer, unsigned status, const char *body)
{
    struct answer answer;

    peer_read(peer, &answer, false);
    assert_int_equal(answer.status, status);
    assert_string_equal(answer.body.data, body);
    answer_done(&answer);
}

static void other_connections_go_on(void **state)
{
    struct scene s;
    struct peer other;

    scene_open(&s, state, &one_thread);
    peer_open(&other, s.f.port, over_tls(state));
    peer_send(&s.peer, WORK("") "abcd");
    EVENTUALLY(atomic_load(&s.f.at_work) == 1);
    for (int i = 0; i < 10; i++)
        assert_hello(&s, &other);
    atomic_store(&s.f.may_end, true);
    assert_answer(&s.peer, 200, "abcd");
    atomic_store(&s.f.may_end, false);
    assert_hello(&s, &s.peer); /* its connection goes on as well */
    peer_close(&other);
    scene_close(&s);
    assert_int_equal(atomic_load(&s.f.sent), 12);
}

static void requests_wait_for_those_before_them(void **state)
{
    enum { PEERS = 5 };
    struct scene s;
    struct peer peers[PEERS], other;

    scene_open(&s, state, &one_thread);
    peer_open(&other, s.f.port, over_tls(state));
    for (int i = 0; i < PEERS; i++) {
        char text[200];

        peer_open(&peers[i], s.f.port, over_tls(state));
        snprintf(text, sizeof text, WORK("") "%04d", i);
        peer_send(&peers[i], text);
    }
    EVENTUALLY(atomic_load(&s.f.begun) == PEERS && atomic_load(&s.f.at_work) == 1);
    assert_hello(&s, &other);
    atomic_store(&s.f.may_end, true);
    for (int i = 0; i < PEERS; i++) {
        char wanted[16];

        snprintf(wanted, sizeof wanted, "%04d", i);
        assert_answer(&peers[i], 200, wanted);
        peer_close(&peers[i]);
    }
    peer_close(&other);
    scene_close(&s);
}

static void smaller_bodies_stay_with_their_thread(void **state)
{
    struct scene s;

    scene_open(&s, state, &one_thread);
    atomic_store(&s.f.may_end, true);
    peer_send(&s.peer, "POST /work HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc");
    assert_answer(&s.peer, 200, "abc");
    peer_send(&s.peer, WORK("") "abcd" WORK("") "efgh"); /* one behind the other */
    assert_answer(&s.peer, 200, "abcd");
    assert_answer(&s.peer, 200, "efgh");
    scene_close(&s);
}

/* Nor does it come back when it is there already, or where there is no lane. */
static void a_handler_can_go_aside_itself(void **state)
{
    const struct http_limits no_lane = {.threads = 1};
    struct scene s;
    struct peer other;

    scene_open(&s, state, &one_thread);
    peer_open(&other, s.f.port, over_tls(state));
    peer_send(&s.peer, "POST /aside HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\na");
    EVENTUALLY(atomic_load(&s.f.at_work) == 1);
    assert_hello(&s, &other);
    atomic_store(&s.f.may_end, true);
    assert_answer(&s.peer, 200, "a");
    peer_send(&s.peer, "POST /aside HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nabcd");
    assert_answer(&s.peer, 200, "abcd");
    peer_close(&other);
    scene_close(&s);
    scene_open(&s, state, &no_lane);
    atomic_store(&s.f.may_end, true);
    peer_send(&s.peer, "POST /aside HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\na");
    assert_answer(&s.peer, 200, "a");
    scene_close(&s);
}

static void a_handler_without_an_answer_is_blamed(void **state)
{
    struct scene s;

    scene_open(&s, state, &one_thread);
    atomic_store(&s.f.may_end, true);
    peer_send(&s.peer, WORK("?nothing=1") "abcd");
    assert_answer(&s.peer, 500, "the request has got no answer");
    peer_send(&s.peer, WORK("?memory=1") "abcd");
    assert_answer(&s.peer, 599, "out of memory");
    peer_send(&s.peer, WORK("") "abcd"); /* that was the other request's */
    assert_answer(&s.peer, 200, "abcd");
    scene_close(&s);
}

static void a_client_may_go_meanwhile(void **state)
{
    struct scene s;
    struct peer other;

    scene_open(&s, state, &one_thread);
    peer_open(&other, s.f.port, over_tls(state));
    peer_send(&s.peer, WORK("") "abcd");
    peer_send(&other, WORK("") "efgh");
    EVENTUALLY(atomic_load(&s.f.begun) == 2 && atomic_load(&s.f.at_work) == 1);
    peer_abort(&s.peer);
    peer_abort(&other);
    s.peer = other = (struct peer){.fd = -1};
    atomic_store(&s.f.may_end, true);
    EVENTUALLY(atomic_load(&s.f.sent) + atomic_load(&s.f.broken) == 2);
    scene_close(&s);
}

static void *let_end(void *ctx)
{
    struct fixture *f = ctx;

    usleep(50000); /* the server is being closed by then, or is not: both must be well */
    atomic_store(&f->may_end, true);
    return NULL;
}

/* One handler is at work, and others wait, when the server is closed without patience. */
static void closing_waits_for_work_and_drops_the_rest(void **state)
{
    enum { PEERS = 4 };
    struct fixture f;
    struct peer peers[PEERS];
    pthread_t ender;

    fixture_open(&f, over_tls(state), &one_thread);
    for (int i = 0; i < PEERS; i++) {
        peer_open(&peers[i], f.port, over_tls(state));
        peer_send(&peers[i], WORK("") "abcd");
    }
    EVENTUALLY(atomic_load(&f.begun) == PEERS && atomic_load(&f.at_work) == 1);
    assert_int_equal(pthread_create(&ender, NULL, let_end, &f), 0);
    http_server_close(f.server, 0);
    assert_int_equal(atomic_load(&f.at_work), 0);
    assert_int_equal(atomic_load(&f.sent) + atomic_load(&f.broken), PEERS);
    pthread_join(ender, NULL);
    for (int i = 0; i < PEERS; i++)
        peer_close(&peers[i]);
    f.server = NULL;
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(other_connections_go_on),
        TWICE(requests_wait_for_those_before_them),
        TWICE(smaller_bodies_stay_with_their_thread),
        TWICE(a_handler_can_go_aside_itself),
        TWICE(a_handler_without_an_answer_is_blamed),
        TWICE(a_client_may_go_meanwhile),
        TWICE(closing_waits_for_work_and_drops_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
