#include "employees-mock/proxy.h"

#include "employees-mock/gzip.h"
#include "employees-mock/outgoing.h"
#include "employees-mock/record_files.h"
#include "employees-mock/respond.h"
#include "employees-mock/serve.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { URL_MAX = 64 << 10, FIELDS_MAX = 300, PACKED_MAX = 256 << 20 };

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A request that waits for the other server. */
struct pending {
    struct app *app;
    struct http_request *http;
    struct stub *stub;
    const struct answer *answer;
    struct event *event;
    char *url; /* where it went; NULL if it was not made */
};

static bool is_one_of(struct slice name, const char *const names[])
{
    for (; *names; names++)
        if (slice_equal_nocase(name, slice_of(*names)))
            return true;
    return false;
}

/* ---- the request ---- */

/* As WireMock compares them: the header's name in small letters with the list's as they stand. */
static bool is_removed(const struct answer *a, struct slice name)
{
    size_t i;
    json_t *one;

    json_array_foreach ((json_t *)a->proxy_removed, i, one) {
        const char *listed = json_string_value(one);

        if (listed && slice_equal_nocase(name, slice_of(listed)) && !strpbrk(listed, CAPITALS))
            return true;
    }
    return false;
}

static bool is_replaced(const struct answer *a, struct slice name)
{
    for (size_t i = 0; i < a->proxy_header_count; i++)
        if (slice_equal_nocase(name, slice_of(a->proxy_headers[i].name)))
            return true;
    return false;
}

static bool goes_along(const struct exchange *x, struct slice name)
{
    static const char *const ours[] = {"Content-Length", "Transfer-Encoding",
                                       "Connection",     "Keep-Alive",
                                       "Expect",         "TE",
                                       "Upgrade",        NULL};
    const struct flags *flags = x->app->flags;

    if (slice_equal_nocase(name, SLICE("Host")))
        return flags->preserve_host && !is_replaced(x->answer, name);
    if (slice_equal_nocase(name, SLICE("User-Agent")) && !flags->preserve_user_agent)
        return false;
    return !is_one_of(name, ours) && !is_removed(x->answer, name) && !is_replaced(x->answer, name);
}

static bool is_listed(const char *list, struct slice text)
{
    for (const char *from = list; from;) {
        const char *comma = strchr(from, ',');

        if (slice_equal((struct slice){from, comma ? (size_t)(comma - from) : strlen(from)}, text))
            return true;
        from = comma ? comma + 1 : NULL;
    }
    return false;
}

/* Appends those codings of an Accept-Encoding that --supported-proxy-encodings has, compared as
 * WireMock does: letter by letter, the list's as they stand. */
static void put_codings(const char *supported, struct slice value, struct buf *ret)
{
    while (value.len > 0) {
        const char *comma = memchr(value.data, ',', value.len);
        size_t len = comma ? (size_t)(comma - value.data) : value.len;
        struct slice coding = slice_trim((struct slice){value.data, len});

        if (coding.len > 0 && is_listed(supported, coding)) {
            if (ret->len > 0)
                buf_put_char(ret, ',');
            buf_put_slice(ret, coding);
        }
        len += comma ? 1 : 0;
        value = (struct slice){value.data + len, value.len - len};
    }
}

/* All Accept-Encoding become one, in `texts`; none where nothing is left of them. */
static enum status limit_codings(const struct exchange *x, struct buf *texts,
                                 struct mock_field *fields, size_t *count, struct why *why)
{
    const struct slice name = SLICE("Accept-Encoding");
    const char *supported = x->app->flags->proxy_encodings;
    size_t kept = 0;

    if (!supported)
        return ST_OK;
    for (size_t i = 0; i < *count; i++) {
        if (slice_equal_nocase(fields[i].name, name))
            put_codings(supported, fields[i].value, texts);
        else
            fields[kept++] = fields[i];
    }
    *count = kept;
    if (texts->len > 0)
        fields[(*count)++] = (struct mock_field){name, buf_slice(texts)};
    return buf_status(texts, why);
}

/* Values of added headers may be templates: they are kept in `texts`. */
static enum status make_headers(const struct exchange *x, struct buf *texts,
                                struct mock_field *fields, size_t *count, struct why *why)
{
    struct mock_fields given = mock_request_headers(x->request);
    enum status st;

    for (size_t i = 0; i < given.count && *count < FIELDS_MAX; i++)
        if (goes_along(x, given.items[i].name))
            fields[(*count)++] = given.items[i];
    if (!buf_reserve(texts, texts->max / 2))
        return buf_status(texts, why);
    st = limit_codings(x, texts, fields, count, why);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < x->answer->proxy_header_count && *count < FIELDS_MAX; i++) {
        const struct answer_header *h = &x->answer->proxy_headers[i];
        auto_buf struct buf value = BUF_INIT(URL_MAX);

        st = exchange_fill(x, &h->value, &value, why);
        if (st != ST_OK)
            return st;
        if (texts->len + value.len > texts->cap)
            return fail(why, ST_TOO_LARGE, "headers are too large");
        buf_put_slice(texts, buf_slice(&value));
        fields[(*count)++] = (struct mock_field){slice_of(h->name),
                                                 {texts->data + texts->len - value.len, value.len}};
    }
    return ST_OK;
}

/* The base, without a slash at its end, and the request's path and query behind it. */
static enum status make_url(const struct exchange *x, struct buf *ret, struct why *why)
{
    const char *prefix = x->answer->proxy_prefix;
    struct slice url = mock_request_url(x->request);
    enum status st = exchange_fill(x, &x->answer->proxy_base, ret, why);

    if (st != ST_OK)
        return st;
    if (prefix && slice_starts(url, slice_of(prefix)))
        url = (struct slice){url.data + strlen(prefix), url.len - strlen(prefix)};
    if (url.len > 0 && url.data[0] != '/' && url.data[0] != '?' && ret->len > 0 &&
        ret->data[ret->len - 1] != '/')
        buf_put_char(ret, '/');
    buf_put_slice(ret, url);
    return buf_status(ret, why);
}

/* ---- the answer ---- */

static void add_header(struct pending *p, struct mock_field field, struct mock_field *kept,
                       size_t *count)
{
    auto_free char *name = slice_dup(field.name);
    auto_free char *value = slice_dup(field.value);

    if (name && value && *count < FIELDS_MAX && http_reply_header(p->http, name, value))
        kept[(*count)++] = field;
}

/* The other server's headers but those of its connection, then the stub's own. */
static size_t add_headers(struct pending *p, const struct outgoing_answer *answer,
                          struct mock_field *kept)
{
    static const char *const its_own[] = {"Connection",         "Keep-Alive", "Transfer-Encoding",
                                          "Content-Length",     "Trailer",    "Upgrade",
                                          "Proxy-Authenticate", NULL};
    size_t count = 0;

    for (size_t i = 0; i < answer->header_count; i++) {
        if (slice_equal_nocase(answer->headers[i].name, SLICE("Content-Length")))
            kept[count++] = answer->headers[i]; /* made anew, but journalled */
        else if (!is_one_of(answer->headers[i].name, its_own))
            add_header(p, answer->headers[i], kept, &count);
    }
    for (size_t i = 0; i < p->answer->header_count; i++) {
        const struct answer_header *h = &p->answer->headers[i];

        add_header(p, (struct mock_field){slice_of(h->name), {h->value.text, h->value.len}}, kept,
                   &count);
    }
    return count;
}

static void send_body(struct pending *p, const struct outgoing_answer *answer,
                      const struct mock_field *kept, size_t count)
{
    auto_buf struct buf packed = BUF_INIT(PACKED_MAX);
    struct mock_fields fields = {kept, count};
    struct slice type = {NULL, 0};
    struct slice coding;
    size_t at = 0;
    bool coded = mock_fields_next(fields, SLICE("Content-Encoding"), true, &at, &coding);

    at = 0;
    mock_fields_next(fields, SLICE("Content-Type"), true, &at, &type);
    if (coded || !respond_wants_gzip(p->app, p->http, answer->status, type, -1) ||
        gzip_pack(answer->body, &packed, NULL) != ST_OK) {
        http_reply_copy(p->http, answer->status, NULL, answer->body);
        return;
    }
    http_reply_header(p->http, "Content-Encoding", "gzip");
    http_reply(p->http, answer->status, NULL, &packed);
}

static void send_answer(struct pending *p, const struct outgoing_answer *answer)
{
    struct mock_field kept[FIELDS_MAX];
    size_t count = add_headers(p, answer, kept);
    uint64_t delay_ms = settings_delay_ms(p->app->settings, p->answer);

    if (delay_ms)
        http_reply_delay(p->http, delay_ms);
    if (p->event) {
        p->event->added_delay_ms = delay_ms;
        event_set_reply(p->event, answer->status, kept, count, answer->body,
                        journal_body_max(p->app->journal));
    }
    send_body(p, answer, kept, count);
}

static void send_failure(struct pending *p, enum status st, const struct why *why)
{
    auto_buf struct buf words = BUF_INIT(URL_MAX + 4096);
    const struct mock_field type = {SLICE("Content-Type"), SLICE("text/plain")};

    if (st == ST_IO || st == ST_TIMEOUT)
        buf_printf(&words,
                   "Network failure trying to make a proxied request from WireMock to %s\r\n",
                   p->url ? p->url : "");
    buf_put_text(&words, why->text);
    if (p->event)
        event_set_reply(p->event, 500, &type, st == ST_DENIED, buf_slice(&words), SIZE_MAX);
    if (st == ST_BAD_INPUT)
        respond_exception(p->http, why->text);
    else
        http_reply(p->http, 500, st == ST_DENIED ? "text/plain" : NULL, &words);
}

static void pending_free(struct pending *p)
{
    event_drop(p->event);
    stub_drop(p->stub);
    free(p->url);
    free(p);
}

static void answered(void *ctx, enum status st, const struct outgoing_answer *answer,
                     const struct why *why)
{
    struct pending *p = ctx;
    struct http_request *http = p->http;

    if (st == ST_OK)
        send_answer(p, answer);
    else
        send_failure(p, st, why);
    serve_done(p->app, p->event);
    if (st == ST_OK && p->event)
        record_files_note(p->app, p->event);
    pending_free(p);
    http_resume(http);
}

/* ---- both ---- */

static bool takes_body(struct slice method)
{
    static const char *const with_body[] = {"POST", "PUT", "PATCH", NULL};

    return is_one_of(method, with_body);
}

static enum status start(const struct exchange *x, struct pending *p, struct why *why)
{
    auto_buf struct buf url = BUF_INIT(URL_MAX);
    auto_buf struct buf texts = BUF_INIT(URL_MAX);
    struct mock_field fields[FIELDS_MAX];
    struct outgoing_request r = {.method = mock_request_method(x->request),
                                 .headers = fields,
                                 .body = mock_request_body(x->request)};
    enum status st = make_url(x, &url, why);

    if (st == ST_OK)
        st = make_headers(x, &texts, fields, &r.header_count, why);
    if (st != ST_OK)
        return st;
    r.url = buf_slice(&url);
    p->url = slice_dup(r.url);
    r.has_body = r.body.len > 0 || takes_body(r.method);
    outgoing_start(x->app->outgoing, &r, answered, p);
    return ST_OK;
}

void proxy_request(const struct exchange *x)
{
    struct pending *p = malloc(sizeof *p);
    struct why why = {0};
    enum status st;

    http_defer(x->http);
    if (!p) {
        respond_exception(x->http, "out of memory");
        http_resume(x->http);
        return;
    }
    *p = (struct pending){.app = x->app,
                          .http = x->http,
                          .stub = stub_hold(x->stub),
                          .answer = x->answer,
                          .event = x->event ? event_hold(x->event) : NULL};
    st = start(x, p, &why);
    if (st != ST_OK)
        answered(p, st, NULL, &why);
}
