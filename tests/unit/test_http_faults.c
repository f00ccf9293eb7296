/* Answers that break on purpose, plain and over TLS, at once and after a delay. */
#include "tests/unit/http_fixture.h"

#include <ctype.h>

static void scene_ask(struct scene *s, void **state, enum http_fault fault, unsigned delay_ms)
{
    char request[128];

    scene_open(s, state, NULL);
    snprintf(request, sizeof request, "GET /broken?fault=%d&ms=%u HTTP/1.1\r\nHost: x\r\n\r\n",
             fault, delay_ms);
    peer_send(&s->peer, request);
}

/* No broken answer counts as sent. */
static void scene_end(struct scene *s)
{
    EVENTUALLY(atomic_load(&s->f.broken) == 1);
    scene_close(s);
}

static void empty_closes_without_a_byte(void **state)
{
    for (unsigned delay_ms = 0; delay_ms <= 10; delay_ms += 10) {
        struct scene s;

        scene_ask(&s, state, HTTP_FAULT_EMPTY, delay_ms);
        assert_int_equal(peer_drain(&s.peer), 0);
        assert_int_equal(s.peer.in.len, 0);
        scene_end(&s);
    }
}

/* Below TLS, if there is any, so that a close_notify can't be taken for it. */
static int end_of_socket(const struct peer *peer)
{
    char byte[4096];
    ssize_t got;

    do {
        struct pollfd pollfd = {.fd = peer->fd, .events = POLLIN};

        assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
        got = recv(peer->fd, byte, sizeof byte, 0);
    } while (got > 0);
    return got < 0 ? errno : 0;
}

static void reset_is_one_of_tcp(void **state)
{
    for (unsigned delay_ms = 0; delay_ms <= 10; delay_ms += 10) {
        struct scene s;

        scene_ask(&s, state, HTTP_FAULT_RESET, delay_ms);
        assert_int_equal(end_of_socket(&s.peer), ECONNRESET);
        scene_end(&s);
    }
}

static void garbage_is_no_http(void **state)
{
    struct scene s;

    scene_ask(&s, state, HTTP_FAULT_GARBAGE, 5);
    assert_int_equal(peer_drain(&s.peer), 0);
    assert_true(s.peer.in.len > 10);
    assert_null(memmem(s.peer.in.data, s.peer.in.len, "HTTP", 4));
    scene_end(&s);
}

static void bad_chunk_follows_the_stored_head(void **state)
{
    struct scene s;
    size_t head;

    scene_ask(&s, state, HTTP_FAULT_BAD_CHUNK, 5);
    assert_int_equal(peer_drain(&s.peer), 0);
    head = peer_line_end(&s.peer, 0, "\r\n\r\n");
    assert_true(s.peer.in.len > head);
    assert_non_null(memmem(s.peer.in.data, head, "HTTP/1.1 201 Created\r\n", 22));
    assert_non_null(memmem(s.peer.in.data, head, "X-Broken: yes\r\n", 15));
    assert_non_null(memmem(s.peer.in.data, head, "Transfer-Encoding: chunked\r\n", 28));
    assert_null(memmem(s.peer.in.data, head, "Content-Length", 14));
    assert_null(memmem(s.peer.in.data, s.peer.in.len, "never seen", 10));
    assert_false(isxdigit((unsigned char)s.peer.in.data[head]));
    scene_end(&s);
}

#define TWICE(test)                                                                                \
    {#test, test, NULL, NULL, NULL},                                                               \
    {                                                                                              \
#test " over TLS", test, NULL, NULL, (void *)1                                             \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(empty_closes_without_a_byte),
        TWICE(reset_is_one_of_tcp),
        TWICE(garbage_is_no_http),
        TWICE(bad_chunk_follows_the_stored_head),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
