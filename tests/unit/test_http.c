/* Requests and replies that keep to the rules, plain and over TLS. */
#include "tests/unit/http_fixture.h"

static void keeps_the_connection(void **state)
{
    struct scene s;

    scene_open(&s, state, NULL);
    for (int i = 0; i < 100; i++) {
        struct answer answer;

        assert_int_equal(peer_ask(&s.peer, "GET / HTTP/1.1\r\n" HOST "\r\n", &answer), 200);
        assert_string_equal(answer.body.data, "hello");
        assert_string_equal(answer_header(&answer, "Content-Type"), "text/plain");
        assert_string_equal(answer_header(&answer, "X-Size"), "5");
        assert_string_equal(answer_header(&answer, "Connection"), "");
        answer_done(&answer);
    }
    assert_int_equal(http_server_counts(s.f.server).requests, 100);
    assert_int_equal(http_server_counts(s.f.server).connections_open, 1);
    EVENTUALLY(atomic_load(&s.f.sent) == 100);
    scene_close(&s);
}

static void request_can_be_read(void **state)
{
    struct scene s;
    struct answer answer;
    const char *text;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer,
             "ODD!~ /reflect/a%2fb%00%zz+/c/%64?x&=&q=%41+%&q=2&a%20b=c%26d HTTP/1.1\r\n" HOST
             "X-Twice: 1  \t\r\nx-TWICE:\t2\r\nX-Empty:\r\nContent-Length: 0\r\n\r\n",
             &answer);
    text = answer.body.data;
    assert_contains(text, "method=ODD!~\n");
    assert_contains(text, "target=/reflect/a%2fb%00%zz+/c/%64?x&=&q=%41+%&q=2&a%20b=c%26d\n");
    assert_contains(text, "version=HTTP/1.1\n");
    assert_contains(text, "path=/reflect/a%2fb%00%zz+/c/%64\n");
    assert_contains(text, "query=x&=&q=%41+%&q=2&a%20b=c%26d\n");
    assert_contains(text, "id=a/b%00%zz+\n");
    assert_contains(text, "rest=c/d\n");
    assert_contains(text, "q=A %\n");
    assert_contains(text, "a b=c&d\n");
    assert_contains(text, "host=test\n");
    assert_contains(text, "peer=127.0.0.1\n");
    assert_contains(text,
                    over_tls(state) ? "tls=1 loopback=1 twice=2\n" : "tls=0 loopback=1 twice=2\n");
    assert_contains(text, "Host: test\nX-Twice: 1\nx-TWICE: 2\nX-Empty: \nContent-Length: 0\n");
    answer_done(&answer);
    scene_close(&s);
}

static void absolute_target_is_taken(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET http://other:1/reflect/1/x?q=1 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_contains(answer.body.data, "target=http://other:1/reflect/1/x?q=1\n");
    assert_contains(answer.body.data, "path=/reflect/1/x\n");
    answer_done(&answer);
    assert_int_equal(peer_ask(&s.peer, "GET http://other HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    scene_close(&s);
}

static void head_tells_the_length_without_body(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    assert_int_equal(peer_ask(&s.peer, "HEAD / HTTP/1.1\r\n" HOST "\r\n", &answer), 200);
    assert_string_equal(answer_header(&answer, "Content-Length"), "5");
    assert_int_equal(peer_ask(&s.peer, "GET / HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    scene_close(&s);
}

static void wrong_path_and_method_are_told_apart(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    assert_int_equal(peer_ask(&s.peer, "GET /none HTTP/1.1\r\n" HOST "\r\n", NULL), 404);
    assert_int_equal(peer_ask(&s.peer, "PUT / HTTP/1.1\r\n" HOST "\r\n", &answer), 405);
    assert_string_equal(answer_header(&answer, "Allow"), "GET, HEAD");
    answer_done(&answer);
    assert_int_equal(peer_ask(&s.peer, "GET /nothing HTTP/1.1\r\n" HOST "\r\n", NULL), 500);
    scene_close(&s);
}

static void body_arrives_whole_however_it_is_cut(void **state)
{
    static const char chunked[] =
        "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
        "5;x=y\r\nhello\r\n1\r\n \r\n00005\r\nworld\r\n0\r\nT: x\r\n\r\n";
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    for (size_t i = 0; i < sizeof chunked - 1; i++)
        assert_true(peer_try_send(&s.peer, chunked + i, 1));
    peer_read(&s.peer, &answer, false);
    assert_string_equal(answer.body.data, "hello world");
    answer_done(&answer);
    scene_close(&s);
}

static void large_body_comes_back(void **state)
{
    enum { SIZE = 7 << 20 };
    struct scene s;
    struct answer answer;
    char *bytes = malloc(SIZE);

    scene_open(&s, state, NULL);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 7);
    peer_send(&s.peer, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 7340032\r\n\r\n");
    assert_true(peer_try_send(&s.peer, bytes, SIZE));
    peer_read(&s.peer, &answer, false);
    assert_int_equal(answer.body.len, SIZE);
    assert_memory_equal(answer.body.data, bytes, SIZE);
    answer_done(&answer);
    free(bytes);
    scene_close(&s);
}

static void expecting_client_is_told_to_go_on(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_send(&s.peer,
              "POST /echo HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    peer_read(&s.peer, &answer, false);
    assert_int_equal(answer.status, 100);
    assert_int_equal(peer_ask(&s.peer, "ab", &answer), 200);
    assert_string_equal(answer.body.data, "ab");
    answer_done(&answer);
    scene_close(&s);
}

static void reply_headers_are_checked(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    assert_int_equal(peer_ask(&s.peer, "GET /headers HTTP/1.1\r\n" HOST "\r\n", &answer), 299);
    assert_contains(answer.head, "\r\nX-Empty: ");
    assert_string_equal(answer_header(&answer, "X-Kept"), "as it is");
    assert_contains(answer.head, "\r\nSet-Cookie: a=1\r\nSet-Cookie: b=\t2\r\n");
    assert_null(strstr(answer.head, "X-B"));
    assert_null(strstr(answer.head, "12345"));
    assert_null(strstr(answer.head, "Content-Type"));
    answer_done(&answer);
    scene_close(&s);
}

static void reply_is_chunked_when_asked(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET /big?size=100000&chunked=1 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_string_equal(answer_header(&answer, "Transfer-Encoding"), "chunked");
    assert_string_equal(answer_header(&answer, "Content-Length"), "");
    assert_int_equal(answer.body.len, 100000);
    answer_done(&answer);
    peer_ask(&s.peer, "GET /big?chunked=1 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_int_equal(answer.body.len, 0);
    answer_done(&answer);
    scene_close(&s);
}

static void no_content_has_neither_length_nor_body(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET /big?size=9&status=204 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_string_equal(answer_header(&answer, "Content-Length"), "");
    answer_done(&answer);
    assert_int_equal(peer_ask(&s.peer, "GET / HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    scene_close(&s);
}

static void connection_is_closed_when_asked(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET /big?size=3000000&close=1 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    assert_int_equal(answer.body.len, 3000000);
    assert_int_equal(peer_drain(&s.peer), 0);
    answer_done(&answer);
    scene_close(&s);
}

static void dribble_sends_each_piece_as_a_chunk(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET /big?size=1003&pieces=7&ms=70 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_int_equal(answer.chunks, 7);
    assert_int_equal(answer.body.len, 1003);
    answer_done(&answer);
    peer_ask(&s.peer, "GET /big?size=2&pieces=7&ms=1 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_int_equal(answer.chunks, 2);
    answer_done(&answer);
    assert_int_equal(peer_ask(&s.peer, "GET /big?pieces=7&ms=1 HTTP/1.1\r\n" HOST "\r\n", NULL),
                     200);
    assert_int_equal(
        peer_ask(&s.peer, "HEAD /big?size=9&pieces=7&ms=1 HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
    scene_close(&s);
}

static void large_dribble_survives(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET /big?size=5000000&pieces=3&ms=30 HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_int_equal(answer.body.len, 5000000);
    answer_done(&answer);
    scene_close(&s);
}

static void delayed_reply_comes(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    for (int i = 0; i < 5; i++) {
        peer_ask(&s.peer, "POST /late?ms=20 HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab",
                 &answer);
        assert_string_equal(answer.body.data, "ab");
        answer_done(&answer);
    }
    scene_close(&s);
}

static void reason_phrase_is_sent(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET /big?size=9000000&reason=In%20my+words HTTP/1.1\r\n" HOST "\r\n",
             &answer);
    assert_contains(answer.head, "HTTP/1.1 200 In my words\r\n");
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    assert_int_equal(answer.body.len, 9000000);
    assert_int_equal(peer_drain(&s.peer), 0);
    EVENTUALLY(atomic_load(&s.f.sent) == 1);
    answer_done(&answer);
    scene_close(&s);
}

static void reason_with_line_break_is_left_out(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "GET /big?reason=a%0d%0aX:%20y HTTP/1.1\r\n" HOST "\r\n", &answer);
    assert_contains(answer.head, "HTTP/1.1 200 OK\r\n");
    answer_done(&answer);
    scene_close(&s);
}

static void pipelined_answers_keep_their_order(void **state)
{
    enum { ROUNDS = 40 };
    struct buf text = BUF_INIT(1 << 20);
    struct scene s;

    scene_open(&s, state, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        buf_printf(&text, "POST /defer HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n%03d", i);
        buf_printf(&text, "POST /late?ms=1 HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n%03d", i);
        buf_put_text(&text, "GET / HTTP/1.1\r\n" HOST "\r\n");
    }
    assert_true(peer_try_send(&s.peer, text.data, text.len));
    for (int i = 0; i < ROUNDS * 3; i++) {
        struct answer answer;
        char wanted[16];

        if (i % 3 == 0)
            answer_deferred(&s.f);
        snprintf(wanted, sizeof wanted, "%03d", i / 3);
        peer_read(&s.peer, &answer, false);
        assert_string_equal(answer.body.data, i % 3 == 2 ? "hello" : wanted);
        answer_done(&answer);
    }
    buf_done(&text);
    scene_close(&s);
}

/* The rest of a request comes while the one before it sleeps. */
static void request_cut_by_a_sleep_is_not_lost(void **state)
{
    static const char second[] = "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nrest";
    struct scene s;

    scene_open(&s, state, NULL);
    for (size_t cut = 0; cut < sizeof second - 1; cut += 5) {
        struct answer answer;

        peer_send(&s.peer, "POST /defer HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab");
        assert_true(peer_try_send(&s.peer, second, cut));
        EVENTUALLY(atomic_load(&s.f.deferred_count) == 1);
        assert_true(peer_try_send(&s.peer, second + cut, sizeof second - 1 - cut));
        answer_deferred(&s.f);
        peer_read(&s.peer, &answer, false);
        assert_string_equal(answer.body.data, "ab");
        answer_done(&answer);
        peer_read(&s.peer, &answer, false);
        assert_string_equal(answer.body.data, "rest");
        answer_done(&answer);
    }
    scene_close(&s);
}

static void sixteen_kilobytes_of_headers_pass(void **state)
{
    struct scene s;
    struct buf text = BUF_INIT(1 << 20);
    struct answer answer;

    scene_open(&s, state, NULL);
    buf_put_text(&text, "GET /reflect/1/2 HTTP/1.1\r\n" HOST);
    for (int i = 0; i < 64; i++)
        buf_printf(&text, "X-Number-%d: %0200d\r\n", i, i);
    buf_printf(&text, "X-Long: %04000d\r\n\r\n", 5);
    assert_true(text.len > 16 * 1024);
    assert_true(peer_try_send(&s.peer, text.data, text.len));
    peer_read(&s.peer, &answer, false);
    assert_contains(answer.body.data, "X-Number-63: 000");
    assert_contains(answer.body.data, "0005\n");
    answer_done(&answer);
    buf_done(&text);
    scene_close(&s);
}

static void http_1_0_is_answered_and_closed(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    assert_int_equal(peer_ask(&s.peer, "GET / HTTP/1.0\r\n\r\n", &answer), 200);
    assert_string_equal(answer_header(&answer, "Connection"), "close");
    assert_int_equal(peer_drain(&s.peer), 0);
    answer_done(&answer);
    scene_close(&s);
}

#define TWICE(test)                                                                                \
    {#test, test, NULL, NULL, NULL},                                                               \
    {                                                                                              \
#test " over TLS", test, NULL, NULL, (void *)1                                             \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(keeps_the_connection),
        TWICE(request_can_be_read),
        TWICE(absolute_target_is_taken),
        TWICE(head_tells_the_length_without_body),
        TWICE(wrong_path_and_method_are_told_apart),
        TWICE(body_arrives_whole_however_it_is_cut),
        TWICE(large_body_comes_back),
        TWICE(expecting_client_is_told_to_go_on),
        TWICE(reply_headers_are_checked),
        TWICE(reply_is_chunked_when_asked),
        TWICE(no_content_has_neither_length_nor_body),
        TWICE(connection_is_closed_when_asked),
        TWICE(dribble_sends_each_piece_as_a_chunk),
        TWICE(large_dribble_survives),
        TWICE(delayed_reply_comes),
        TWICE(reason_phrase_is_sent),
        TWICE(reason_with_line_break_is_left_out),
        TWICE(pipelined_answers_keep_their_order),
        TWICE(request_cut_by_a_sleep_is_not_lost),
        TWICE(sixteen_kilobytes_of_headers_pass),
        TWICE(http_1_0_is_answered_and_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
