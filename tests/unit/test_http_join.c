/* The head of an answer over TLS waits for its body: http_join.c, on a socket of its own. */
#include "tests/unit/check.h"

#include "common/http_internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_LEN = 50000, SMALL_BUFFER = 4608, PATIENCE_MS = 20000 };

struct pair {
    struct http_conn conn;
    int peer;
    struct buf seen; /* what has come out of the peer's end */
};

/* Over TCP, which takes what fits, to the byte. */
static void pair_open(struct pair *p)
{
    const struct sockaddr_in nowhere = {.sin_family = AF_INET,
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    const int size = SMALL_BUFFER;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *p = (struct pair){.seen = BUF_INIT(4 * BODY_LEN)};
    p->conn.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_return_code(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), errno);
    assert_return_code(setsockopt(p->conn.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size), errno);
    assert_return_code(bind(listener, (const void *)&nowhere, sizeof nowhere), errno);
    assert_return_code(listen(listener, 1), errno);
    assert_return_code(getsockname(listener, (void *)&address, &len), errno);
    assert_return_code(connect(p->conn.fd, (const void *)&address, len), errno);
    p->peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    assert_return_code(p->peer, errno);
    close(listener);
}

static void pair_close(struct pair *p)
{
    close(p->conn.fd);
    close(p->peer);
    buf_done(&p->conn.head);
    buf_done(&p->seen);
}

static size_t pair_drain(struct pair *p)
{
    size_t before = p->seen.len;
    char bytes[1000];
    ssize_t got;

    while ((got = read(p->peer, bytes, sizeof bytes)) > 0)
        buf_put(&p->seen, bytes, (size_t)got);
    return p->seen.len - before;
}

static ssize_t push(struct pair *p, char *text, size_t len)
{
    const giovec_t pieces[] = {{text, len / 2}, {text + len / 2, len - len / 2}};

    return http_join_push(&p->conn, pieces, 2);
}

/* As GnuTLS does: again and again what is left, and from the same place after EAGAIN. */
static void push_all(struct pair *p, char *text, size_t len)
{
    for (int tries = 0; len > 0; tries++) {
        ssize_t sent = push(p, text, len);

        assert_true(tries < 1000 * BODY_LEN);
        if (sent < 0)
            assert_int_equal(errno, EAGAIN);
        else
            text += sent, len -= (size_t)sent;
        if (tries % 3 == 2)
            pair_drain(p);
    }
}

static void drain_until(struct pair *p, size_t len)
{
    for (int ms = 0; p->seen.len < len; ms++) {
        assert_true(ms < PATIENCE_MS);
        poll(NULL, 0, 1);
        pair_drain(p);
    }
}

static void fill(char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)('a' + i % 23);
}

static void the_head_goes_out_with_the_body(void **state)
{
    char head[] = "head ", body[] = "body ", more[] = "more";
    struct pair p;

    (void)state;
    pair_open(&p);
    for (int i = 0; i < 2; i++) { /* again for the next answer */
        p.conn.joins = true;
        assert_int_equal(push(&p, head, 5), 5);
        assert_int_equal(pair_drain(&p), 0);
        assert_int_equal(push(&p, body, 5), 5);
        drain_until(&p, p.seen.len + 10);
        assert_int_equal(push(&p, more, 4), 4);
        drain_until(&p, p.seen.len + 4);
    }
    assert_string_equal(buf_text(&p.seen), "head body morehead body more");
    pair_close(&p);
}

static void a_head_that_no_body_follows_goes_out_at_the_end(void **state)
{
    char head[] = "head";
    struct pair p;

    (void)state;
    pair_open(&p);
    p.conn.joins = true;
    assert_int_equal(push(&p, head, 4), 4);
    http_join_end(&p.conn);
    drain_until(&p, p.seen.len + 4);
    http_join_end(&p.conn);
    assert_int_equal(pair_drain(&p), 0);
    pair_close(&p);
}

/* Of head and body any part may fit into the socket at a time. */
static void nothing_is_lost_or_doubled_where_the_socket_is_full(void **state)
{
    static char bytes[BODY_LEN];
    const size_t heads[] = {1, 300, 3000, 8000, 9000};

    (void)state;
    fill(bytes, sizeof bytes);
    for (size_t i = 0; i < COUNT(heads); i++) {
        for (size_t before = 0; before <= SMALL_BUFFER; before += 256) {
            struct pair p;

            pair_open(&p);
            assert_int_equal(write(p.conn.fd, bytes, before), before);
            p.conn.joins = true;
            push_all(&p, bytes, heads[i]);
            push_all(&p, bytes + heads[i], sizeof bytes - heads[i]);
            drain_until(&p, before + sizeof bytes);
            assert_int_equal(p.seen.len, before + sizeof bytes);
            assert_memory_equal(p.seen.data + before, bytes, sizeof bytes);
            pair_close(&p);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_goes_out_with_the_body),
        cmocka_unit_test(a_head_that_no_body_follows_goes_out_at_the_end),
        cmocka_unit_test(nothing_is_lost_or_doubled_where_the_socket_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
