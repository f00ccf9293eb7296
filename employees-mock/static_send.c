#include "employees-mock/static_send.h"

#include "common/uuid.h"
#include "employees-mock/byte_ranges.h"
#include "employees-mock/gzip.h"
#include "employees-mock/respond.h"

#include <strings.h>
#include <time.h>

enum { FILE_MAX = 256 << 20, PART_HEAD_MAX = 300 };

#define HTTP_DATE "%a, %d %b %Y %H:%M:%S GMT"

/* ---- conditions, of which Jetty knows the dates ---- */

static bool read_date(struct http_request *req, const char *name, int64_t *ret_s)
{
    const char *text = http_header(req, name);
    struct tm t = {0};
    const char *end = text ? strptime(text, HTTP_DATE, &t) : NULL;

    if (!end || *end)
        return false;
    *ret_s = (int64_t)timegm(&t);
    return true;
}

/* Whether the answer is that the client has the file, or that it has changed. */
static bool answer_condition(struct http_request *req, int64_t modified_s, const char *type)
{
    int64_t since_s;

    if (!http_header(req, "If-None-Match") && read_date(req, "If-Modified-Since", &since_s) &&
        modified_s <= since_s) {
        http_reply_static(req, 304, type, SLICE(""));
        return true;
    }
    if (!http_header(req, "If-Match") && read_date(req, "If-Unmodified-Since", &since_s) &&
        modified_s > since_s) {
        respond_page(req, 412, "Precondition Failed");
        return true;
    }
    return false;
}

/* ---- ranges ---- */

struct asked {
    struct byte_ranges ranges;
    size_t size;
};

static bool add_header(void *ctx, struct slice name, struct slice value)
{
    struct asked *asked = ctx;

    if (slice_equal_nocase(name, SLICE("Range")))
        byte_ranges_add(&asked->ranges, value, asked->size);
    return true;
}

static void send(struct app *app, struct http_request *req, unsigned status, struct buf *content,
                 const char *type)
{
    auto_buf struct buf packed = BUF_INIT(FILE_MAX);

    if (respond_wants_gzip(app, req, status, slice_of(type), (long long)content->len) &&
        gzip_pack(buf_slice(content), &packed, NULL) == ST_OK) {
        http_reply_header(req, "Content-Encoding", "gzip");
        http_reply(req, status, type, &packed);
        return;
    }
    http_reply(req, status, type, content);
}

static void send_one(struct app *app, struct http_request *req, struct slice content,
                     struct byte_range range, const char *type)
{
    auto_buf struct buf part = BUF_INIT(content.len);

    buf_put(&part, content.data + range.first, range.last - range.first + 1);
    http_reply_headerf(req, "Content-Range", "bytes %zu-%zu/%zu", range.first, range.last,
                       content.len);
    send(app, req, 206, &part, type);
}

static void send_parts(struct app *app, struct http_request *req, struct slice content,
                       const struct byte_ranges *ranges, const char *type)
{
    auto_buf struct buf body =
        BUF_INIT(content.len + ranges->count * PART_HEAD_MAX + PART_HEAD_MAX);
    char boundary[UUID_SIZE];
    char parts_type[UUID_SIZE + 48];

    uuid_make(boundary);
    for (size_t i = 0; i < ranges->count; i++) {
        const struct byte_range *r = &ranges->items[i];

        buf_printf(&body, "--%s\r\nContent-Type: %s\r\nContent-Range: bytes %zu-%zu/%zu\r\n\r\n",
                   boundary, type, r->first, r->last, content.len);
        buf_put(&body, content.data + r->first, r->last - r->first + 1);
        buf_put_text(&body, "\r\n");
    }
    buf_printf(&body, "--%s--\r\n", boundary);
    snprintf(parts_type, sizeof parts_type, "multipart/byteranges; boundary=%s", boundary);
    send(app, req, 206, &body, parts_type);
}

static void send_ranges(struct app *app, struct http_request *req, struct slice content,
                        const struct byte_ranges *ranges, const char *type)
{
    if (ranges->count == 1) {
        send_one(app, req, content, ranges->items[0], type);
    } else if (ranges->count > 1) {
        send_parts(app, req, content, ranges, type);
    } else {
        http_reply_headerf(req, "Content-Range", "bytes */%zu", content.len);
        http_reply_static(req, 416, type, SLICE(""));
    }
}

/* ---- the whole ---- */

static void put_modified(struct http_request *req, int64_t modified_s)
{
    time_t at = (time_t)modified_s;
    struct tm tm;
    char text[64];

    if (gmtime_r(&at, &tm) && strftime(text, sizeof text, HTTP_DATE, &tm))
        http_reply_header(req, "Last-Modified", text);
}

void static_send(struct app *app, struct http_request *req, struct buf *content, int64_t modified_s,
                 const char *type)
{
    struct asked asked = {.size = content->len};

    if (app->flags->stub_cors)
        http_reply_header(req, "Vary", "Origin");
    if (answer_condition(req, modified_s, type))
        return;
    put_modified(req, modified_s);
    http_reply_header(req, "Accept-Ranges", "bytes");
    http_headers_each(req, add_header, &asked);
    if (asked.ranges.asked)
        send_ranges(app, req, buf_slice(content), &asked.ranges, type);
    else
        send(app, req, 200, content, type);
}
