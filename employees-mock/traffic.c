#include "employees-mock/traffic.h"

#include "employees-mock/event_json.h"
#include "employees-mock/match/json_loose.h"

#include <stdio.h>
#include <unistd.h>

enum { TEXT_MAX = 16 << 20 };

/* One write, so that lines of several threads do not mix. */
static void print(struct buf *text)
{
    const char *at = text->data;
    size_t left = text->len;

    while (left > 0) {
        ssize_t put = write(STDOUT_FILENO, at, left);

        if (put <= 0)
            return;
        at += put;
        left -= (size_t)put;
    }
}

static void put_fields(struct buf *b, const struct mock_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_put_slice(b, fields[i].name);
        buf_put_text(b, ": ");
        buf_put_slice(b, fields[i].value);
        buf_put_char(b, '\n');
    }
}

static void put_exchange(struct buf *b, const struct http_request *req, const struct event *e)
{
    buf_printf(b, "Incoming bytes: %s %s HTTP/1.1\n", http_method(req), http_target(req));
    put_fields(b, e->request.headers, e->request.header_count);
    buf_put_char(b, '\n');
    buf_put_slice(b, e->request.body);
    buf_printf(b, "\n\nOutgoing bytes: HTTP/1.1 %u\n", http_reply_status(req));
    if (e->reply) {
        put_fields(b, e->reply->headers, e->reply->header_count);
        buf_put_char(b, '\n');
        buf_put_slice(b, e->reply->body);
    } else if (e->answer && e->answer->kind == ANSWER_BYTES) {
        buf_put_char(b, '\n');
        buf_put(b, e->answer->body.text, e->answer->body.len);
    }
    buf_put_text(b, "\n\n");
}

void traffic_log(const struct app *app, const struct http_request *req, const struct event *event)
{
    const struct flags *f = app->flags;
    auto_buf struct buf text = BUF_INIT(TEXT_MAX);

    if (f->print_traffic && event)
        put_exchange(&text, req, event);
    else if (f->verbose && !f->no_request_logging)
        buf_printf(&text, "%s %s %s -> %u\n", http_peer(req), http_method(req), http_target(req),
                   http_reply_status(req));
    print(&text);
}
