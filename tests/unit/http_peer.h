/* The other side of a connection, for the tests of the HTTP server: a client that speaks raw bytes,
 * plain or over TLS, and waits for nothing longer than PATIENCE_MS. */
#ifndef TESTS_UNIT_HTTP_PEER_H
#define TESTS_UNIT_HTTP_PEER_H

#include "tests/unit/check.h"

#include "common/buf.h"
#include "common/clock.h"
#include "common/http.h"
#include "common/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

enum { PATIENCE_MS = 60000, INPUT_MAX = 256 << 20 };

struct peer {
    int fd;
    gnutls_session_t tls;
    gnutls_certificate_credentials_t credentials;
    struct buf in;
};

struct answer {
    unsigned status;
    char head[8192];
    struct buf body;
    unsigned chunks;
};

static UNUSED int peer_socket(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static UNUSED int peer_handshake(struct peer *peer, const char *priorities)
{
    gnutls_init(&peer->tls, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_priority_set_direct(peer->tls, priorities, NULL);
    gnutls_certificate_allocate_credentials(&peer->credentials);
    gnutls_credentials_set(peer->tls, GNUTLS_CRD_CERTIFICATE, peer->credentials);
    gnutls_transport_set_int(peer->tls, peer->fd);
    gnutls_handshake_set_timeout(peer->tls, PATIENCE_MS);
    return gnutls_handshake(peer->tls);
}

static UNUSED void peer_open(struct peer *peer, unsigned port, bool tls)
{
    *peer = (struct peer){.fd = peer_socket(port), .in = BUF_INIT(INPUT_MAX)};
    assert_true(peer->fd >= 0);
    if (tls)
        assert_int_equal(peer_handshake(peer, "NORMAL"), GNUTLS_E_SUCCESS);
}

static UNUSED void peer_close(struct peer *peer)
{
    if (peer->tls)
        gnutls_deinit(peer->tls);
    if (peer->credentials)
        gnutls_certificate_free_credentials(peer->credentials);
    if (peer->fd >= 0)
        close(peer->fd);
    buf_done(&peer->in);
}

/* With RST instead of FIN, so that the server can tell it from a client that still listens. */
static UNUSED void peer_abort(struct peer *peer)
{
    struct linger linger = {.l_onoff = 1};

    setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    peer_close(peer);
}

/* false: the server has closed. */
static UNUSED bool peer_try_send(struct peer *peer, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t sent = peer->tls ? gnutls_record_send(peer->tls, data, len)
                                 : send(peer->fd, data, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        data += sent;
        len -= (size_t)sent;
    }
    return true;
}

static UNUSED void peer_send(struct peer *peer, const char *text)
{
    assert_true(peer_try_send(peer, text, strlen(text)));
}

/* > 0: so many bytes more; 0: the end; < 0: -errno. */
static UNUSED int peer_receive(struct peer *peer)
{
    enum { PIECE = 65536 };
    struct pollfd pollfd = {.fd = peer->fd, .events = POLLIN};
    char *room = buf_reserve(&peer->in, PIECE);
    ssize_t got;

    assert_non_null(room);
    if (!(peer->tls && gnutls_record_check_pending(peer->tls) > 0))
        assert_int_equal(poll(&pollfd, 1, PATIENCE_MS), 1);
    if (peer->tls) {
        do
            got = gnutls_record_recv(peer->tls, room, PIECE);
        while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);
        if (got == GNUTLS_E_PREMATURE_TERMINATION)
            got = 0;
        if (got < 0)
            return -ECONNRESET;
    } else {
        got = recv(peer->fd, room, PIECE, 0);
        if (got < 0)
            return -errno;
    }
    buf_advance(&peer->in, (size_t)got);
    return (int)got;
}

/* Reads to the end and tells how it came: 0 or -errno. */
static UNUSED int peer_drain(struct peer *peer)
{
    int got;

    do
        got = peer_receive(peer);
    while (got > 0);
    return got;
}

static UNUSED void peer_skip(struct peer *peer, size_t len)
{
    memmove(peer->in.data, peer->in.data + len, peer->in.len - len);
    peer->in.len -= len;
}

static UNUSED size_t peer_line_end(struct peer *peer, size_t from, const char *end)
{
    for (;;) {
        const char *text = buf_text(&peer->in);
        const char *found =
            peer->in.len > from ? memmem(text + from, peer->in.len - from, end, strlen(end)) : NULL;

        if (found)
            return (size_t)(found - text) + strlen(end);
        assert_true(peer_receive(peer) > 0);
    }
}

static UNUSED void peer_take(struct peer *peer, size_t len, struct buf *ret)
{
    while (peer->in.len < len)
        assert_true(peer_receive(peer) > 0);
    buf_put(ret, peer->in.data, len);
    peer_skip(peer, len);
}

/* The value of a header, up to its line's end; "" if there is none. */
static UNUSED const char *answer_header(const struct answer *answer, const char *name)
{
    static char value[1024];
    size_t len = strlen(name);

    value[0] = '\0';
    for (const char *line = strstr(answer->head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':')
            snprintf(value, sizeof value, "%.*s", (int)strcspn(line + 4 + len, "\r"),
                     line + 4 + len);
    }
    return value;
}

static UNUSED void peer_take_chunks(struct peer *peer, struct answer *ret)
{
    for (;;) {
        size_t line = peer_line_end(peer, 0, "\r\n");
        size_t len = strtoul(peer->in.data, NULL, 16);

        peer_skip(peer, line);
        if (len > 0)
            peer_take(peer, len, &ret->body);
        peer_line_end(peer, 0, "\r\n");
        peer_skip(peer, 2);
        if (len == 0)
            return;
        ret->chunks++;
    }
}

/* Reads one answer; `head` when the request was HEAD. */
static UNUSED void peer_read(struct peer *peer, struct answer *ret, bool head)
{
    size_t len = peer_line_end(peer, 0, "\r\n\r\n");

    *ret = (struct answer){.body = BUF_INIT(INPUT_MAX)};
    assert_true(len < sizeof ret->head);
    memcpy(ret->head, peer->in.data, len);
    ret->head[len] = '\0';
    peer_skip(peer, len);
    assert_int_equal(sscanf(ret->head, "HTTP/1.1 %u", &ret->status), 1);
    if (head || ret->status < 200)
        return;
    if (strcmp(answer_header(ret, "Transfer-Encoding"), "chunked") == 0)
        peer_take_chunks(peer, ret);
    else
        peer_take(peer, strtoul(answer_header(ret, "Content-Length"), NULL, 10), &ret->body);
    assert_non_null(buf_text(&ret->body));
}

static UNUSED void answer_done(struct answer *answer)
{
    buf_done(&answer->body);
}

/* The whole exchange: status, and the body if it is wanted. */
static UNUSED unsigned peer_ask(struct peer *peer, const char *request, struct answer *ret)
{
    struct answer answer;

    peer_send(peer, request);
    peer_read(peer, ret ? ret : &answer, strncmp(request, "HEAD ", 5) == 0);
    if (ret)
        return ret->status;
    answer_done(&answer);
    return answer.status;
}

static UNUSED void nap(void)
{
    poll(NULL, 0, 5);
}

/* Waits until the condition holds. */
#define EVENTUALLY(condition)                                                                      \
    do {                                                                                           \
        uint64_t end_us_ = clock_monotonic_us() + PATIENCE_MS * 1000ULL;                           \
        while (!(condition)) {                                                                     \
            assert_true(clock_monotonic_us() < end_us_);                                           \
            nap();                                                                                 \
        }                                                                                          \
    } while (0)

#endif
