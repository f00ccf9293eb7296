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

/* WireMock's, byte for byte. */
static const char garbage[] = "lskdu018973t09sylgasjkfg1][]'./.sdlv";
static const char bad_chunk[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "lskdu018973t09sylgasjkfg1][]'./.sdlv";

static void expect_bytes(void **state, enum http_fault fault, struct slice bytes)
{
    struct scene s;

    scene_ask(&s, state, fault, 5);
    assert_int_equal(peer_drain(&s.peer), 0);
    assert_int_equal(s.peer.in.len, bytes.len);
    assert_memory_equal(s.peer.in.data, bytes.data, bytes.len);
    scene_end(&s);
}

static void garbage_is_no_http(void **state)
{
    expect_bytes(state, HTTP_FAULT_GARBAGE, slice_of(garbage));
}

static void bad_chunk_follows_a_head_of_its_own(void **state)
{
    expect_bytes(state, HTTP_FAULT_BAD_CHUNK, slice_of(bad_chunk));
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
        TWICE(bad_chunk_follows_a_head_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
