#include "employees-mock/proxy.h"

#include "common/memory.h"
#include "employees-mock/event_answer.h"
#include "employees-mock/event_json.h"
#include "employees-mock/gzip.h"
#include "employees-mock/json_own.h"
#include "employees-mock/outgoing.h"
#include "employees-mock/proxy_headers.h"
#include "employees-mock/record_files.h"
#include "employees-mock/respond.h"
#include "employees-mock/serve.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { URL_MAX = 64 << 10, PACKED_MAX = 256 << 20, TYPE_MAX = 4096, ETAGS_MAX = 1 << 20 };

/* A request that waits for the other server. */
struct pending {
    struct app *app;
    struct http_request *http;
    struct stub *stub;
    const struct answer *answer;
    struct event *event;
    char *url;      /* where it went; NULL if it was not made */
    struct buf own; /* the values of the stub's headers, each with a NUL behind */
};

/* ---- the request ---- */

/* The base, and the request's path and query behind it as they stand without the prefix. */
static enum status make_url(const struct exchange *x, struct buf *ret, size_t *ret_base_len,
                            struct why *why)
{
    const char *prefix = x->answer->proxy_prefix;
    struct slice url = mock_request_url(x->request);
    enum status st = exchange_fill(x, &x->answer->proxy_base, ret, why);

    if (st != ST_OK)
        return st;
    *ret_base_len = ret->len;
    if (prefix && slice_starts(url, slice_of(prefix)))
        url = slice_from(url, strlen(prefix));
    buf_put_slice(ret, url);
    return buf_status(ret, why);
}

/* ---- the answer ---- */

static bool is_type(struct slice name)
{
    return slice_equal_nocase(name, SLICE("Content-Type"));
}

/* The charset that the servlet keeps of a type: what it says, or what is assumed of JSON. */
static struct slice charset_of(struct slice type)
{
    static const char *const json[] = {"application/json", "text/json", NULL};
    auto_free char *text = slice_dup(type);
    const char *at = text ? strcasestr(text, "charset=") : NULL;
    struct slice charset;
    const char *end;

    if (!at)
        return proxy_header_is_one_of(type, json) ? SLICE("utf-8") : SLICE("");
    end = type.data + type.len;
    charset = (struct slice){type.data + (at - text) + 8, 0};
    if (charset.data < end && *charset.data == '"')
        charset.data++;
    while (charset.data + charset.len < end && !strchr("\"; ", charset.data[charset.len]))
        charset.len++;
    return charset;
}

/* The servlet has one type, the last; where that names no charset, it keeps the one before. */
static void set_type(struct buf *type, struct slice value)
{
    auto_buf struct buf charset = BUF_INIT(TYPE_MAX);

    if (charset_of(value).len == 0)
        buf_put_slice(&charset, charset_of(buf_slice(type)));
    buf_clear(type);
    buf_put_slice(type, value);
    if (charset.len > 0)
        buf_put_text(type, ";charset=");
    for (size_t i = 0; i < charset.len; i++)
        buf_put_char(type, (char)tolower((unsigned char)charset.data[i]));
}

struct kept {
    struct mock_field fields[PROXY_FIELDS_MAX]; /* as the journal has them */
    size_t count;
    struct buf type;
    struct buf etags; /* held back until it is known whether the body is packed */
    long long length; /* that the other server gave; -1: none */
};

static void add_header(struct pending *p, struct mock_field field, struct kept *kept)
{
    auto_free char *name = slice_dup(field.name);
    auto_free char *value = slice_dup(field.value);
    bool type = is_type(field.name);
    bool etag = slice_equal_nocase(field.name, SLICE("ETag"));

    if (!name || !value || kept->count == PROXY_FIELDS_MAX)
        return;
    if (type)
        set_type(&kept->type, field.value);
    if (etag)
        buf_put(&kept->etags, value, strlen(value) + 1);
    if (type || etag || http_reply_header(p->http, name, value))
        kept->fields[kept->count++] = field;
}

/* The other server's headers but those of its connection, then the stub's own. */
static void add_headers(struct pending *p, const struct outgoing_answer *answer, struct kept *kept)
{
    static const char *const its_own[] = {"Connection", "Keep-Alive",        "Trailer",
                                          "Upgrade",    "Transfer-Encoding", NULL};
    const char *own = p->own.data;

    for (size_t i = 0; i < answer->header_count; i++) {
        struct mock_field field = answer->headers[i];

        if (slice_equal_nocase(field.name, SLICE("Content-Length"))) {
            kept->fields[kept->count++] = field; /* made anew, but journalled */
            kept->length = atoll(field.value.data);
        } else if (!proxy_header_is_one_of(field.name, its_own)) {
            add_header(p, field, kept);
        }
    }
    for (size_t i = 0; i < p->answer->header_count; i++, own += strlen(own) + 1)
        add_header(p, (struct mock_field){slice_of(p->answer->headers[i].name), slice_of(own)},
                   kept);
    if (buf_text(&kept->type) && kept->type.len > 0)
        http_reply_header(p->http, "Content-Type", buf_text(&kept->type));
}

static void send_body(struct pending *p, const struct outgoing_answer *answer,
                      const struct kept *kept)
{
    auto_buf struct buf packed = BUF_INIT(PACKED_MAX);
    struct slice coding;
    size_t at = 0;
    bool coded = mock_fields_next((struct mock_fields){kept->fields, kept->count},
                                  SLICE("Content-Encoding"), true, &at, &coding);

    if (memory_failed()) { /* headers may be missing */
        http_reply_forget_headers(p->http);
        respond_exception(p->http, "out of memory");
        return;
    }
    if (answer->reason[0] != '\0')
        http_reply_reason(p->http, answer->reason);
    if (kept->length > 0 && strcmp(http_method(p->http), "HEAD") == 0)
        http_reply_length(p->http, (uint64_t)kept->length);
    if (coded ||
        !respond_wants_gzip(p->app, p->http, answer->status, buf_slice(&kept->type),
                            kept->length) ||
        gzip_pack(answer->body, &packed, NULL) != ST_OK) {
        respond_etags(p->http, &kept->etags, false);
        http_reply_copy(p->http, answer->status, NULL, answer->body);
        return;
    }
    respond_etags(p->http, &kept->etags, true);
    http_reply_header(p->http, "Content-Encoding", "gzip");
    http_reply(p->http, answer->status, NULL, &packed);
}

static void send_answer(struct pending *p, const struct outgoing_answer *answer)
{
    struct kept kept = {.type = BUF_INIT(TYPE_MAX), .etags = BUF_INIT(ETAGS_MAX), .length = -1};
    uint64_t delay_ms = settings_delay_ms(p->app->settings, p->answer);

    add_headers(p, answer, &kept);
    if (delay_ms)
        http_reply_delay(p->http, delay_ms);
    if (p->event) {
        p->event->added_delay_ms = delay_ms;
        event_set_reply(p->event, answer->status, kept.fields, kept.count, answer->body,
                        journal_body_max(p->app->journal));
    }
    send_body(p, answer, &kept);
    buf_done(&kept.type);
    buf_done(&kept.etags);
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
    buf_done(&p->own);
    free(p);
}

static void answered(void *ctx, enum status st, const struct outgoing_answer *answer,
                     const struct why *why)
{
    struct pending *p = ctx;
    struct http_request *http = p->http;

    memory_forget();
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

static bool takes_body(struct http_request *http)
{
    static const char *const with_body[] = {"POST", "PUT", "PATCH", NULL};

    return proxy_header_is_one_of(slice_of(http_method(http)), with_body) ||
           http_header(http, "Content-Length") || http_header(http, "Transfer-Encoding");
}

/* Before the request goes: what templates are filled from is gone when the answer comes. */
static enum status fill_own_headers(const struct exchange *x, struct buf *ret, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < x->answer->header_count && st == ST_OK; i++) {
        size_t from = ret->len;

        st = exchange_fill(x, &x->answer->headers[i].value, ret, why);
        for (; from < ret->len; from++)
            if (ret->data[from] == '\0')
                ret->data[from] = ' '; /* the value goes on behind it */
        buf_put_char(ret, '\0');
    }
    return st == ST_OK ? buf_status(ret, why) : st;
}

/* The stub's headers with the values that fill_own_headers() made. */
static json_t *own_headers_json(const struct exchange *x, const struct buf *values)
{
    auto_free struct mock_field *fields = calloc(x->answer->header_count + 1, sizeof *fields);
    const char *value = values->data;

    for (size_t i = 0; fields && i < x->answer->header_count; i++) {
        fields[i] = (struct mock_field){slice_of(x->answer->headers[i].name), slice_of(value)};
        value += fields[i].value.len + 1;
    }
    return fields ? fields_json(fields, x->answer->header_count, true) : NULL;
}

/* A body that is not sent is in the journal all the same, filled in. */
static enum status keep_body(const struct exchange *x, json_t *made, struct why *why)
{
    auto_buf struct buf body = BUF_INIT(PACKED_MAX);
    enum status st;

    if (x->answer->kind != ANSWER_BYTES || !x->answer->body.filled)
        return ST_OK;
    st = exchange_fill(x, &x->answer->body, &body, why);
    if (st == ST_OK)
        filled_body_json(made, x->answer, buf_slice(&body));
    return st;
}

/* What the journal shows of an answer that was filled in. added: of proxy_headers_make(). */
static enum status keep_definition(const struct exchange *x, struct slice base,
                                   const struct buf *own, struct mock_fields added, struct why *why)
{
    json_t *made = x->event && x->answer->templated ? json_own(x->answer->json) : NULL;

    if (!made)
        return ST_OK;
    json_object_set_new(made, "proxyBaseUrl", json_stringn(base.data, base.len));
    if (x->answer->header_count > 0)
        json_object_set_new(made, "headers", own_headers_json(x, own));
    if (added.count > 0)
        json_object_update_new(json_object_get(made, "additionalProxyRequestHeaders"),
                               fields_json(added.items, added.count, false));
    x->event->definition = made;
    return keep_body(x, made, why);
}

static enum status start(const struct exchange *x, struct pending *p, struct why *why)
{
    auto_buf struct buf url = BUF_INIT(URL_MAX);
    auto_buf struct buf texts = BUF_INIT(URL_MAX);
    struct mock_field fields[PROXY_FIELDS_MAX];
    struct mock_fields added = {0};
    size_t base_len = 0;
    struct outgoing_request r = {.method = mock_request_method(x->request),
                                 .headers = fields,
                                 .body = http_body(x->http)}; /* in gzip, if it came so */
    enum status st = make_url(x, &url, &base_len, why);

    if (st == ST_OK)
        st = proxy_headers_make(x, &texts, fields, &r.header_count, &added, why);
    if (st == ST_OK)
        st = fill_own_headers(x, &p->own, why);
    if (st == ST_OK)
        st = keep_definition(x, (struct slice){url.data, base_len}, &p->own, added, why);
    if (st != ST_OK)
        return st;
    r.url = buf_slice(&url);
    p->url = slice_dup(r.url);
    r.has_body = takes_body(x->http);
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
                          .own = BUF_INIT(1 << 20),
                          .event = x->event ? event_hold(x->event) : NULL};
    st = start(x, p, &why);
    if (st != ST_OK)
        answered(p, st, NULL, &why);
}
