/* Replies made ready once: sent as they are, or with what else there is to say. */
#include "tests/unit/http_fixture.h"

static void open_ready(struct scene *s, void **state)
{
    scene_open(s, state, NULL);
    s->f.app.decorate = NULL;
    s->f.ready = http_ready_new(SLICE("ready"));
    assert_non_null(s->f.ready);
    assert_true(http_ready_header(s->f.ready, "Content-Type", "text/x"));
    assert_true(http_ready_header(s->f.ready, "Set-Cookie", "a=1"));
    assert_true(http_ready_header(s->f.ready, "Set-Cookie", "b=2"));
    assert_true(http_ready_header(s->f.ready, "X-Empty", ""));
}

static void close_ready(struct scene *s)
{
    scene_close(s);
    http_ready_free(s->f.ready);
}

static void assert_answer(struct scene *s, const char *method, const char *query,
                          struct answer *answer)
{
    char request[160];

    snprintf(request, sizeof request, "%s /ready%s HTTP/1.1\r\n" HOST "\r\n", method, query);
    assert_int_equal(peer_ask(&s->peer, request, answer), 203);
    assert_string_equal(answer_header(answer, "Content-Type"), "text/x");
    assert_contains(answer->head, "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Empty:");
    if (strcmp(method, "HEAD") != 0)
        assert_string_equal(answer->body.data, "ready");
}

static void is_sent_as_often_as_it_is_asked_for(void **state)
{
    struct scene s;

    open_ready(&s, state);
    for (int i = 0; i < 50; i++) {
        struct answer answer;

        assert_answer(&s, i % 5 == 4 ? "HEAD" : "GET", i % 5 == 3 ? "?delay=1" : "", &answer);
        assert_string_equal(answer_header(&answer, "Content-Length"), "5");
        assert_string_equal(answer_header(&answer, "Connection"), "");
        answer_done(&answer);
    }
    EVENTUALLY(atomic_load(&s.f.sent) == 50);
    close_ready(&s);
}

static void is_sent_with_what_else_there_is(void **state)
{
    struct scene s;
    struct answer answer;

    open_ready(&s, state);
    assert_answer(&s, "GET", "?more=1", &answer);
    assert_contains(answer.head, "X-More: 1\r\nContent-Type: text/x\r\n");
    answer_done(&answer);
    assert_answer(&s, "GET", "?chunked=1", &answer);
    assert_string_equal(answer_header(&answer, "Transfer-Encoding"), "chunked");
    answer_done(&answer);
    assert_answer(&s, "GET", "?pieces=5&ms=1", &answer);
    assert_int_equal(answer.chunks, 5);
    answer_done(&answer);
    assert_answer(&s, "GET", "", &answer); /* which has kept nothing of that */
    assert_string_equal(answer_header(&answer, "X-More"), "");
    answer_done(&answer);
    assert_answer(&s, "GET", "?close=1", &answer);
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    assert_int_equal(peer_drain(&s.peer), 0);
    answer_done(&answer);
    close_ready(&s);
}

static void is_sent_with_a_reason(void **state)
{
    struct scene s;
    struct answer answer;

    open_ready(&s, state);
    assert_answer(&s, "GET", "?reason=Why", &answer);
    assert_contains(answer.head, "HTTP/1.1 203 Why\r\n");
    assert_int_equal(peer_drain(&s.peer), 0);
    answer_done(&answer);
    close_ready(&s);
}

static void refuses_headers_that_cannot_be_sent(void **state)
{
    struct http_ready *ready = http_ready_new((struct slice){NULL, 0});

    (void)state;
    assert_non_null(ready);
    assert_false(http_ready_header(ready, "X-A", "a\r\nX-B: b"));
    assert_false(http_ready_header(ready, "X A", "a"));
    assert_false(http_ready_header(ready, "", "a"));
    assert_false(http_ready_header(ready, "content-length", "5"));
    assert_false(http_ready_header(ready, "Transfer-Encoding", "chunked"));
    assert_false(http_ready_header(ready, "Connection", "close"));
    http_ready_free(ready);
    http_ready_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(is_sent_as_often_as_it_is_asked_for),
        TWICE(is_sent_with_what_else_there_is),
        TWICE(is_sent_with_a_reason),
        cmocka_unit_test(refuses_headers_that_cannot_be_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
