/* Over TLS libmicrohttpd sends head and body as two records, each with a system call and a segment of
 * its own. Here the record of the head waits for that of the body, and both go out together. */
#include "common/http_internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum {
    HEAD_MAX = 8 * 1024, /* a longer one does not wait */
    PIECES_MAX = 64,     /* GnuTLS gives no more than 32 at a time */
};

static bool has_body(const struct http_request *req)
{
    const struct http_reply *reply = &req->reply;

    return reply->body.len > 0 && reply->status != 204 && reply->status != 304 &&
           strcmp(req->method, "HEAD") != 0;
}

/* What goes out by and by, or in chunks, need not have a second record. */
void http_join_head(const struct http_request *req)
{
    const struct http_reply *reply = &req->reply;

    req->conn->joins = req->conn->session && has_body(req) && !reply->chunked && reply->pieces == 0;
}

static size_t size_of(const giovec_t *pieces, int count)
{
    size_t size = 0;

    for (int i = 0; i < count; i++)
        size += pieces[i].iov_len;
    return size;
}

static bool keep(struct http_conn *conn, const giovec_t *pieces, int count)
{
    if (conn->head.cap == 0)
        buf_init(&conn->head, HEAD_MAX);
    for (int i = 0; i < count; i++)
        buf_put(&conn->head, pieces[i].iov_base, pieces[i].iov_len);
    if (conn->head.failed == ST_OK)
        return true;
    buf_done(&conn->head);
    return false;
}

static ssize_t put_out(const struct http_conn *conn, struct iovec *pieces, size_t count)
{
    const struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};

    return sendmsg(conn->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* How much of what stands behind the head has gone; -1: nothing, and errno says why. */
static ssize_t behind_head(struct http_conn *conn, ssize_t sent)
{
    size_t head = conn->head.len;

    if (sent <= 0)
        return -1;
    if ((size_t)sent > head) {
        buf_clear(&conn->head);
        return sent - (ssize_t)head;
    }
    conn->head.len -= (size_t)sent;
    memmove(conn->head.data, conn->head.data + sent, conn->head.len);
    errno = EAGAIN;
    return -1;
}

ssize_t http_join_push(gnutls_transport_ptr_t context, const giovec_t *pieces, int count)
{
    struct http_conn *conn = context;
    bool joins = conn->joins;
    struct iovec all[1 + PIECES_MAX];

    conn->joins = false;
    if (joins && conn->head.len == 0 && keep(conn, pieces, count))
        return (ssize_t)size_of(pieces, count);
    count = count < PIECES_MAX ? count : PIECES_MAX;
    memcpy(all + 1, pieces, (size_t)count * sizeof *pieces);
    if (conn->head.len == 0)
        return put_out(conn, all + 1, (size_t)count);
    all[0] = (struct iovec){conn->head.data, conn->head.len};
    return behind_head(conn, put_out(conn, all, 1 + (size_t)count));
}

/* Where no body came, as the connection breaks. */
void http_join_end(struct http_conn *conn)
{
    struct iovec head = {conn->head.data, conn->head.len};

    conn->joins = false;
    if (conn->head.len == 0)
        return;
    put_out(conn, &head, 1);
    buf_clear(&conn->head);
}
