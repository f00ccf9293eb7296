/* Requests that break the rules, or are too large. */
#include "tests/unit/http_fixture.h"

/* ---- framing ---- */

/* '@' stands for NUL. */
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
    "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Length : 3\r\n\r\nabc",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST HOST "\r\n",
    "GET / HTTP/1.1\r\n" HOST "X(y): 1\r\n\r\n",
    "GET / HTTP/1.1\r\n Folded: before any\r\n" HOST "\r\n",
    "GET / HTTP/1.1\r\n" HOST "X: bare\rreturn\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST "X: bell\a\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST ": no name\r\n",
    "GET / HTTP/1.1\r\n" HOST ":\r\n",
    "GET / HTTP/1.1\nHost: x\n:\n",
    "GET / HTTP/1.1\r\n:\r\n" HOST "\r\n",
    "GET / HTTP/1.1\r\n" HOST "X: folded\r\n here\r\n\r\n",
    "POST /echo HTTP/1.1\r\n" HOST "Content-Le: 3\r\n ngth\r\n\r\nabc",
    "GET / HTTP/1.1\r\n" HOST "X: mixed\nY: breaks\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST "X: a@b\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST "X:@b\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST "X: last@\r\n\r\n",
    "GET / HTTP/1.1\r\n" HOST "@X: a\r\n",
    "GET / HTTP/1.1\r\n@" HOST "\r\n",
    "G(T / HTTP/1.1\r\n" HOST "\r\n",
};

static void send_with_nuls(struct peer *peer, const char *text)
{
    char bytes[256];
    size_t len = strlen(text);

    assert_true(len < sizeof bytes);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(text[i] == '@' ? '\0' : text[i]);
    assert_true(peer_try_send(peer, bytes, len));
}

static void ambiguous_request_is_refused_and_cut(void **state)
{
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(ambiguous); i++) {
        struct peer peer;
        struct answer answer;

        peer_open(&peer, f.port, over_tls(state));
        send_with_nuls(&peer, ambiguous[i]);
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

/* libmicrohttpd refuses these itself. */
#define ID "X-Request-ID: id-1\r\n"
static const struct {
    const char *request;
    unsigned status;
    const char *body; /* the request's identifier if it could be read */
} broken_requests[] = {
    {"POST /echo HTTP/1.1\r\n" HOST ID "Content-Length:\r\n\r\n", 400, "id-1"},
    {"POST /echo HTTP/1.1\r\n" HOST ID "Content-Length: 5x\r\n\r\nabcde", 400, "id-1"},
    {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\nabcde", 400, "refused"},
    {"POST /echo HTTP/1.1\r\n" HOST ID "Content-Length: 99999999999999999999999\r\n\r\n", 413,
     "id-1"},
    {"POST /echo HTTP/1.1\r\n" HOST ID "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, "id-1"},
    {"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", 400,
     "refused"},
    {"POST /echo HTTP/1.1\r\n" HOST ID "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
     413, "id-1"},
    {"POST /denied HTTP/1.1\r\n" HOST ID "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 401,
     "denied"},
    {"GET / HTTP/1.1\r\n" ID "no colon\r\n\r\n", 400, "id-1"},
    {"GET / HTTP/9.9\r\n" HOST "\r\n", 505, "refused"},
    {"\x16\x03\x01 nonsense\r\n\r\n", 400, "refused"},
};

static void what_is_no_http_gets_the_answer_of_the_application(void **state)
{
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(broken_requests); i++) {
        struct peer peer;
        struct answer answer;

        peer_open(&peer, f.port, over_tls(state));
        assert_int_equal(peer_ask(&peer, "GET / HTTP/1.1\r\n" HOST "\r\n", NULL), 200);
        peer_send(&peer, broken_requests[i].request);
        peer_try_send(&peer, "GET / HTTP/1.1\r\n" HOST "\r\n", 26);
        peer_read(&peer, &answer, false);
        assert_int_equal(answer.status, broken_requests[i].status);
        assert_string_equal(answer.body.data, broken_requests[i].body);
        assert_string_not_equal(answer_header(&answer, "X-Size"), "");
        assert_string_equal(answer_header(&answer, "Connection"), "close");
        if (peer_drain(&peer) > 0 || peer.in.len > 0)
            fail_msg("%s answered twice", broken_requests[i].request);
        answer_done(&answer);
        peer_close(&peer);
    }
    assert_int_equal(http_server_counts(f.server).refused_framing, COUNT(broken_requests));
    fixture_close(&f);
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

static void what_is_too_long_gets_the_answer_of_the_application(void **state)
{
    static const struct {
        const char *begin;
        unsigned status;
    } cases[] = {{"GET /", 414}, {"GET / HTTP/1.1\r\n" HOST "X: ", 431}};
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct answer answer;

        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, cases[i].begin);
        send_filler(&peer, 70000);
        peer_read(&peer, &answer, false);
        assert_int_equal(answer.status, cases[i].status);
        assert_string_equal(answer.body.data, "refused");
        assert_int_equal(peer_drain(&peer), 0);
        answer_done(&answer);
        peer_close(&peer);
    }
    fixture_close(&f);
}

static void lines_may_end_in_lf_alone(void **state)
{
    struct scene s;
    struct answer answer;

    scene_open(&s, state, NULL);
    peer_ask(&s.peer, "POST /echo HTTP/1.1\nHost: x\nE:\nContent-Length: 3\n\nabc", &answer);
    assert_string_equal(answer.body.data, "abc");
    answer_done(&answer);
    scene_close(&s);
}

/* Where trailers end can't be known. */
static void trailers_end_the_connection(void **state)
{
    static const char *const paths[] = {"/echo", "/denied"};
    struct fixture f;

    fixture_open(&f, over_tls(state), NULL);
    for (size_t i = 0; i < COUNT(paths); i++) {
        char head[128];
        struct peer peer;
        struct answer answer;

        snprintf(head, sizeof head,
                 "POST %s HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", paths[i]);
        peer_open(&peer, f.port, over_tls(state));
        peer_send(&peer, head);
        peer_send(&peer, "3\r\nabc\r\n0\r\nX: a\r\n:\r\nGET / HTTP/1.1\r\n" HOST "\r\n");
        peer_read(&peer, &answer, false);
        assert_int_equal(answer.status, i == 0 ? 200 : 401);
        assert_string_equal(answer_header(&answer, "Connection"), "close");
        assert_int_equal(peer_drain(&peer), 0);
        assert_int_equal(peer.in.len, 0);
        answer_done(&answer);
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

/* The whole body is sent before anything is read, and still the refusal arrives, and the connection
 * serves the next request. */
static void refusal_is_seen_behind_a_body(void **state)
{
    static const struct {
        const char *line;
        size_t size; /* as much as the route takes and a megabyte more, or less */
        unsigned status;
    } cases[] = {
        {"POST /denied", 1000000, 401}, {"POST /denied", 9000000, 401},
        {"PUT /small", 1000000, 413},   {"GET /", 1000000, 413},
        {"PUT /none", 1000000, 404},    {"PUT /", 1000000, 405},
    };
    struct scene s;

    scene_open(&s, state, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char head[128];
        struct answer answer;

        snprintf(head, sizeof head, "%s HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n",
                 cases[i].line, cases[i].size);
        peer_send(&s.peer, head);
        send_filler(&s.peer, cases[i].size);
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
    EVENTUALLY(atomic_load(&s.f.sent) == 1);
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TWICE(ambiguous_request_is_refused_and_cut),
        TWICE(what_is_no_http_gets_the_answer_of_the_application),
        TWICE(what_is_too_long_gets_the_answer_of_the_application),
        TWICE(lines_may_end_in_lf_alone),
        TWICE(trailers_end_the_connection),
        TWICE(equal_lengths_are_one),
        TWICE(headers_without_end_are_refused),
        TWICE(refusal_is_seen_behind_a_body),
        TWICE(chunked_body_over_the_ceiling_is_refused),
        TWICE(refusal_of_a_huge_body_does_not_wait),
        TWICE(endless_chunked_body_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
