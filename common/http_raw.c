#include "common/http_internal.h"

#include "common/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum {
    TLS_RECORD_MAX = 16 * 1024,
    RETRY_US = 5000,
    HEADERS_MAX = 1 << 20,
};

/* No HTTP, nor the size of a chunk: what WireMock's faults send, byte for byte. */
static const char garbage[] = "lskdu018973t09sylgasjkfg1][]'./.sdlv";
static const char bad_chunk_head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/* The words of the status itself can be left to libmicrohttpd. */
static bool has_reason(const struct http_reply *reply)
{
    const char *standard = reply->reason ? MHD_get_reason_phrase_for(reply->status) : NULL;

    return reply->reason && (!standard || strcmp(reply->reason, standard) != 0);
}

bool http_raw_needed(const struct http_request *req)
{
    const struct http_reply *reply = &req->reply;

    return reply->fault == HTTP_FAULT_GARBAGE || reply->fault == HTTP_FAULT_BAD_CHUNK ||
           has_reason(reply) || (reply->status != 0 && reply->status < 200) ||
           reply->status > 999 || (reply->has_length && reply->length != reply->body.len);
}

/* ---- writing ---- */

static void put_date(struct buf *ret)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = time(NULL);
    struct tm tm;

    gmtime_r(&now, &tm);
    buf_printf(ret, "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n", days[tm.tm_wday], tm.tm_mday,
               months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_status_line(const struct http_reply *reply, struct buf *ret)
{
    unsigned status = reply->status ? reply->status : 200;
    const char *reason = reply->reason ? reply->reason : MHD_get_reason_phrase_for(status);

    buf_printf(ret, "HTTP/1.1 %c%02u ", (int)('0' + status / 100), status % 100);
    buf_put_text(ret, reason ? reason : "");
    buf_put_text(ret, "\r\n");
}

static bool has_date(const struct http_reply *reply)
{
    const struct http_header *h = reply->headers;

    while (h && strcasecmp(h->name, "Date") != 0)
        h = h->next;
    return h != NULL;
}

static void put_head(const struct http_request *req, struct buf *ret)
{
    const struct http_reply *reply = &req->reply;

    put_status_line(reply, ret);
    if (!req->server->limits.no_date && !has_date(reply))
        put_date(ret);
    for (const struct http_header *h = reply->headers; h; h = h->next)
        buf_printf(ret, "%s: %s\r\n", h->name, h->value);
    buf_put_text(ret, "Connection: close\r\n");
}

static bool has_no_body(const struct http_request *req)
{
    unsigned status = req->reply.status;

    return (status >= 100 && status < 200) || status == 204 || status == 304;
}

static void put_answer(const struct http_request *req, struct buf *ret)
{
    put_head(req, ret);
    if (req->reply.has_length || !has_no_body(req))
        buf_printf(ret, "Content-Length: %" PRIu64 "\r\n",
                   req->reply.has_length ? req->reply.length : req->reply.body.len);
    buf_put_text(ret, "\r\n");
    if (!has_no_body(req) && strcmp(req->method, "HEAD") != 0)
        buf_put_slice(ret, req->reply.body);
}

static bool write_whole(struct http_request *req)
{
    struct buf *raw = &req->raw;

    buf_init(raw, HEADERS_MAX + req->reply.body.len);
    if (req->reply.fault == HTTP_FAULT_GARBAGE) {
        buf_put(raw, garbage, sizeof garbage - 1);
    } else if (req->reply.fault == HTTP_FAULT_BAD_CHUNK) {
        buf_put_text(raw, bad_chunk_head);
        buf_put(raw, garbage, sizeof garbage - 1);
    } else {
        put_answer(req, raw);
    }
    return raw->failed == ST_OK;
}

/* ---- sending ---- */

enum outcome { MORE, LATER, BROKEN };

static enum outcome push_tls(struct http_request *req, const char *data, size_t len)
{
    ssize_t sent =
        gnutls_record_send(req->conn->session, data, len < TLS_RECORD_MAX ? len : TLS_RECORD_MAX);

    if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
        return LATER;
    if (sent < 0)
        return BROKEN;
    req->raw_sent += (size_t)sent;
    return MORE;
}

static enum outcome push_plain(struct http_request *req, const char *data, size_t len)
{
    ssize_t sent = send(req->conn->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (sent < 0)
        return errno == EAGAIN || errno == EINTR ? LATER : BROKEN;
    req->raw_sent += (size_t)sent;
    return MORE;
}

static enum outcome push(struct http_request *req)
{
    enum outcome outcome = MORE;

    while (outcome == MORE && req->raw_sent < req->raw.len) {
        const char *data = req->raw.data + req->raw_sent;
        size_t len = req->raw.len - req->raw_sent;

        outcome = req->conn->session ? push_tls(req, data, len) : push_plain(req, data, len);
    }
    return outcome;
}

enum MHD_Result http_raw_send(struct http_request *req)
{
    enum outcome outcome;

    if (req->raw.len == 0 && !write_whole(req))
        return MHD_NO;
    outcome = push(req);
    if (outcome == LATER && http_conn_sleep_until(req->conn, clock_monotonic_us() + RETRY_US))
        return MHD_YES;
    req->sent = outcome == MORE && req->reply.fault == HTTP_FAULT_NONE;
    return MHD_NO; /* closes it */
}

void http_raw_try(struct http_request *req)
{
    struct http_reply *reply = &req->reply;

    if (reply->ready && !http_ready_unfold(req))
        return;
    if (reply->fault == HTTP_FAULT_NONE && reply->delay_ms == 0 && write_whole(req))
        req->sent = push(req) == MORE;
}
