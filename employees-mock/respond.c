#include "employees-mock/respond.h"

#include "common/utf8.h"
#include "employees-mock/cors.h"
#include "employees-mock/gzip.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/proxy.h"
#include "employees-mock/ready_answer.h"
#include "employees-mock/request_target.h"
#include "employees-mock/sending.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 256 << 20, GZIP_LEAST = 32 };

/* ---- body ---- */

/* A file whose content may be a template is text to WireMock: what is none becomes U+FFFD. */
static enum status fill_file(struct sending *s, struct slice content, struct buf *ret,
                             struct why *why)
{
    auto_buf struct buf decoded = BUF_INIT(BODY_MAX);
    auto_template struct template *parsed = NULL;
    struct answer_text text;
    enum status st;

    if (!utf8_valid(content)) {
        charset_decode(CHARSET_UTF_8, content, &decoded);
        st = buf_status(&decoded, why);
        if (st != ST_OK)
            return st;
        content = buf_slice(&decoded);
    }
    if (!memmem(content.data, content.len, "{{", 2)) {
        buf_put_slice(ret, content);
        return buf_status(ret, why);
    }
    st = template_parse(content, &parsed, why);
    text = (struct answer_text){(char *)(uintptr_t)content.data, content.len, parsed};
    return st == ST_OK ? sending_fill(s, &text, ret, why) : st;
}

static enum status read_file(struct sending *s, struct buf *ret, struct why *why)
{
    auto_buf struct buf name = BUF_INIT(4096);
    auto_buf struct buf content = BUF_INIT(BODY_MAX);
    enum status st = sending_fill(s, &s->answer->body, &name, why);

    if (st != ST_OK)
        return st;
    if (!buf_text(&name))
        return buf_status(&name, why);
    if (s->x->event && s->answer->body.filled && !s->answer->file_templated)
        event_set_file_name(s->x->event, buf_slice(&name));
    st = body_files_read(s->x->app->files, name.data, &content, why);
    if (st != ST_OK)
        return st;
    if (s->answer->file_templated)
        return fill_file(s, buf_slice(&content), ret, why);
    buf_put_slice(ret, buf_slice(&content));
    return buf_status(ret, why);
}

/* WireMock reads a filled jsonBody once more, and ends the request where it is no JSON. */
static enum status check_json(const struct sending *s, struct why *why)
{
    auto_buf struct buf words = BUF_INIT(8192);

    if (!s->answer->is_json || json_loose_is_whole(s->body))
        return ST_OK;
    json_loose_explain(s->body, &(struct json_fault){.words = &words});
    return fail(why, ST_BAD_INPUT,
                "wiremock.com.fasterxml.jackson.databind.JsonMappingException: %s",
                buf_text(&words) ? words.data : "");
}

/* Plain bytes of a stub are not copied: it is held until they have gone. */
static enum status make_body(struct sending *s, struct why *why)
{
    const struct answer_text *text = &s->answer->body;
    enum status st = ST_OK;

    if (s->answer->kind == ANSWER_BYTES && !text->filled) {
        s->body = (struct slice){text->text, text->len};
        return ST_OK;
    }
    http_reply_room(s->x->http, &s->made);
    if (s->answer->kind == ANSWER_FILE)
        st = read_file(s, &s->made, why);
    else if (s->answer->kind == ANSWER_BYTES)
        st = sending_fill(s, text, &s->made, why);
    s->body = buf_slice(&s->made);
    return st == ST_OK ? check_json(s, why) : st;
}

static enum status make_status(struct sending *s, unsigned *ret, struct why *why)
{
    auto_buf struct buf text = BUF_INIT(256);
    enum status st;

    *ret = s->answer->status;
    if (s->answer->status_text.filled) {
        st = sending_fill(s, &s->answer->status_text, &text, why);
        if (st != ST_OK)
            return st;
        *ret = buf_text(&text) ? (unsigned)strtoul(text.data, NULL, 10) : 0;
    }
    return *ret > 0 ? ST_OK : fail(why, ST_BAD_INPUT, "%s is no status", text.data);
}

/* To Jetty, GET and its like in small letters are others. */
static bool is_packed_for(const char *method)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(method, methods[i]) == 0)
            return true;
    return false;
}

bool respond_wants_gzip(const struct app *app, const struct http_request *req, unsigned status,
                        struct slice content_type, long long length)
{
    if (length >= 0 && length < GZIP_LEAST)
        return false;
    return !app->flags->disable_gzip && status / 100 == 2 && status != 204 && status != 205 &&
           is_packed_for(http_method(req)) &&
           gzip_is_accepted(http_header(req, "Accept-Encoding")) && gzip_fits_type(content_type);
}

/* What the answer says of its length before it is packed; -1: nothing, as it goes in chunks (which
 * WireMock does unless --use-chunked-encoding says otherwise). */
static long long length_of(const struct sending *s)
{
    enum chunking chunking = s->x->app->flags->chunking;
    bool told =
        chunking == CHUNK_NEVER || (chunking == CHUNK_FILES && s->answer->kind != ANSWER_FILE);

    return s->told_length >= 0 || !told ? s->told_length : (long long)s->body.len;
}

static bool pack_body(struct sending *s, unsigned status)
{
    struct buf packed = BUF_INIT(BODY_MAX);

    if (s->packed ||
        !respond_wants_gzip(s->x->app, s->x->http, status, s->content_type, length_of(s)) ||
        gzip_pack(s->body, &packed, NULL) != ST_OK) {
        buf_done(&packed);
        return false;
    }
    http_reply_header(s->x->http, "Content-Encoding", "gzip");
    buf_done(&s->made);
    s->made = packed;
    s->body = buf_slice(&packed);
    s->told_length = -1;
    return true;
}

/* Another form of the body has another tag: Jetty puts a word behind it, within its quotes. It has
 * one then. */
void respond_etags(struct http_request *req, const struct buf *etags, bool packed)
{
    size_t len;

    for (size_t at = 0; at < etags->len; at += len + 1) {
        const char *etag = etags->data + at;
        bool quoted;

        len = strlen(etag);
        quoted = len > 0 && etag[len - 1] == '"';
        if (!packed)
            http_reply_header(req, "ETag", etag);
        else if (at == 0)
            http_reply_headerf(req, "ETag", "%.*s--gzip%s", (int)(len - quoted), etag,
                               quoted ? "\"" : "");
    }
}

/* ---- all together ---- */

/* In ISO-8859-1; line breaks and what that has not become question marks, as Jetty has it. */
static void send_reason(struct sending *s, struct slice reason)
{
    auto_buf struct buf clean = BUF_INIT(4096);

    utf8_put_latin_1(reason, '?', &clean);
    for (size_t i = 0; i < clean.len; i++)
        if (clean.data[i] == '\r' || clean.data[i] == '\n')
            clean.data[i] = '?';
    if (buf_text(&clean))
        http_reply_reason(s->x->http, clean.data);
}

static void send_manner(struct sending *s)
{
    const struct answer *a = s->answer;
    bool file = a->kind == ANSWER_FILE;
    enum chunking chunking = s->x->app->flags->chunking;

    exchange_delay(s->x);
    if (a->pieces && s->body.len)
        http_reply_dribble(s->x->http, a->pieces, a->pieces_ms);
    else if (s->chunked || chunking == CHUNK_ALWAYS || (chunking == CHUNK_FILES && file))
        http_reply_chunked(s->x->http);
    if (a->reason)
        send_reason(s, slice_of(a->reason));
    if (a->fault)
        http_reply_fault(s->x->http, a->fault);
}

static void keep_in_journal(struct sending *s, unsigned status)
{
    const struct answer *a = s->answer;

    if (!s->x->event)
        return;
    s->x->event->status = status;
    if (a->templated || a->kind == ANSWER_FILE ||
        s->body.len > journal_body_max(s->x->app->journal))
        event_set_reply(s->x->event, status, s->headers, s->header_count, s->body,
                        journal_body_max(s->x->app->journal));
}

/* Jetty wants all bytes that were promised, and a 204 has none to give: with more promised than
 * the stub's body has, it ends in an empty 500. */
static bool is_broken_promise(const struct sending *s, unsigned status)
{
    return status == 204 && s->told_length >= 0 && (size_t)s->told_length > s->body.len;
}

static void send_body(struct sending *s, unsigned status)
{
    if (is_broken_promise(s, status)) {
        http_reply_forget_headers(s->x->http);
        http_reply_close(s->x->http);
        http_reply_static(s->x->http, 500, NULL, SLICE(""));
        return;
    }
    if (s->told_length >= 0 && (size_t)s->told_length < s->body.len)
        s->body.len = (size_t)s->told_length;
    else if (s->told_length >= 0 && !s->answer->pieces)
        http_reply_length(s->x->http, (uint64_t)s->told_length);
    if (!s->made.data) {
        http_reply_static(s->x->http, status, NULL, s->body);
        return;
    }
    s->made.len = s->body.len;
    http_reply(s->x->http, status, NULL, &s->made);
}

static enum status send_all(struct sending *s, struct why *why)
{
    unsigned status = 0;
    enum status st = make_status(s, &status, why);

    if (st == ST_OK && !delay_is_possible(&s->answer->delay))
        st = fail(why, ST_BAD_INPUT,
                  "java.lang.IllegalArgumentException: bound must be greater than origin");
    if (st == ST_OK && !s->answer->breaks_off)
        st = make_body(s, why);
    if (st == ST_OK)
        st = sending_headers(s, why);
    if (st != ST_OK)
        return st;
    sending_stub_headers(s);
    keep_in_journal(s, status);
    if (s->bad_length.text[0])
        return fail(why, ST_BAD_INPUT, "%s", s->bad_length.text);
    respond_etags(s->x->http, &s->etags, pack_body(s, status));
    send_manner(s);
    send_body(s, status);
    return ST_OK;
}

/* The words of a template that failed are the stub's answer; anything else is the server's. */
static void send_failure(struct sending *s, const struct why *why)
{
    http_reply_forget_headers(s->x->http);
    cors_add_stub_headers(s->x->http);
    if (!buf_text(&s->words) || s->words.len == 0) {
        respond_exception(s->x->http, why->text);
        return;
    }
    if (s->x->app->flags->stub_cors)
        http_reply_header(s->x->http, "Vary", "Origin");
    s->header_count = 0;
    sending_header(s, "Content-Type", SLICE("text/plain"));
    sending_stub_headers(s);
    if (s->x->event) {
        s->x->event->failed = true;
        s->x->event->status = 500;
        event_set_reply(s->x->event, 500, s->headers, s->header_count, buf_slice(&s->words),
                        SIZE_MAX);
        event_add_error(s->x->event, s->words.data);
    }
    http_reply(s->x->http, 500, NULL, &s->words);
}

enum status respond_check_model(const struct mock_request *r, struct why *why)
{
    const struct mock_part *parts;
    size_t count = mock_request_parts(r, &parts);
    enum status st = request_target_check_uri(mock_request_url(r), why);

    if (st != ST_OK)
        return st;
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (parts[i].name.len > 0 && slice_equal(parts[i].name, parts[k].name))
                return fail(why, ST_BAD_INPUT,
                            "java.lang.IllegalStateException: Duplicate key %.*s",
                            (int)parts[i].name.len, parts[i].name.data);
    return ST_OK;
}

enum responded respond(const struct exchange *x)
{
    struct sending s;
    struct why why = {0};
    enum responded responded = RESPONDED;

    if (x->answer->transformed && respond_check_model(x->request, &why) != ST_OK) {
        respond_exception(x->http, why.text);
        return RESPONDED_ERROR;
    }
    if (x->answer->proxy_base.text) {
        proxy_request(x);
        return RESPONDED_LATER;
    }
    if (ready_answer_send(x))
        return RESPONDED;
    if (sending_open(&s, x, &why) != ST_OK) {
        respond_exception(x->http, why.text);
        return RESPONDED_ERROR;
    }
    if (send_all(&s, &why) != ST_OK) {
        responded = s.words.len || s.bad_length.text[0] ? RESPONDED : RESPONDED_ERROR;
        send_failure(&s, &why);
    }
    sending_done(&s);
    return responded;
}
