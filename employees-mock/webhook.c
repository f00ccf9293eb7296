#include "employees-mock/webhook.h"

#include "common/json.h"
#include "employees-mock/base64.h"
#include "employees-mock/event_json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/outgoing.h"
#include "employees-mock/request_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 64 << 20, FIELDS_MAX = 100 };

/* One webhook of one event, while it is made. */
struct hook {
    struct app *app;
    struct event *event;
    const json_t *parameters;
    const struct mock_request *request; /* the original one */
    struct buf texts;                   /* of header values */
    struct mock_field fields[FIELDS_MAX];
    struct outgoing_request out;
};

static enum status fill(struct hook *h, const json_t *text, struct buf *ret, struct why *why)
{
    auto_template struct template *parsed = NULL;
    struct template_name original = {.name = "originalRequest", .request = h->request};
    struct template_context context = {.settings = &h->app->templates,
                                       .request_id = slice_of(h->event->id),
                                       .parameters = h->parameters,
                                       .names = &original,
                                       .name_count = 1};
    enum status st;

    if (!json_is_string(text)) {
        if (text && json_loose_kind(text) < JSON_KIND_STRING && !json_is_null(text))
            json_loose_write(text, JSON_LOOSE_COMPACT, ret);
        return buf_status(ret, why);
    }
    st = template_parse((struct slice){json_string_value(text), json_string_length(text)}, &parsed,
                        why);
    return st == ST_OK ? template_render(parsed, &context, ret, why) : st;
}

static enum status add_header(struct hook *h, const char *name, const json_t *value,
                              struct why *why)
{
    auto_buf struct buf filled = BUF_INIT(1 << 16);
    enum status st = fill(h, value, &filled, why);

    if (st != ST_OK || h->out.header_count == FIELDS_MAX)
        return st;
    if (h->texts.len + filled.len > h->texts.cap)
        return fail(why, ST_TOO_LARGE, "headers are too large");
    buf_put_slice(&h->texts, buf_slice(&filled));
    h->fields[h->out.header_count++] = (struct mock_field){
        slice_of(name), {h->texts.data + h->texts.len - filled.len, filled.len}};
    return ST_OK;
}

static enum status make_headers(struct hook *h, struct why *why)
{
    const json_t *headers = json_object_get(h->parameters, "headers");
    const char *name;
    json_t *value;

    if (headers && !json_is_null(headers) && json_loose_kind(headers) != JSON_KIND_OBJECT)
        return fail(why, ST_BAD_INPUT, "headers is not a map");
    if (!buf_reserve(&h->texts, 64 << 10))
        return buf_status(&h->texts, why);
    json_object_foreach ((json_t *)headers, name, value) {
        enum status st = ST_OK;
        size_t i;
        json_t *one;

        if (strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0)
            continue; /* the body's own */
        if (json_is_null(value))
            continue;
        if (!json_is_array(value))
            st = add_header(h, name, value, why);
        json_array_foreach (value, i, one) {
            if (st == ST_OK)
                st = add_header(h, name, one, why);
        }
        if (st != ST_OK)
            return st;
    }
    h->out.headers = h->fields;
    return ST_OK;
}

static enum status make_body(struct hook *h, struct buf *ret, struct why *why)
{
    const json_t *base64 = json_object_get(h->parameters, "base64Body");
    const json_t *body = json_object_get(h->parameters, "body");

    if (!body && json_is_string(base64))
        return base64_decode(slice_of(json_string_value(base64)), ret, why);
    return fill(h, body, ret, why);
}

static enum status make_url(struct hook *h, struct buf *ret, struct why *why)
{
    const json_t *url = json_object_get(h->parameters, "url");
    enum status st;

    if (!h->parameters)
        return fail(why, ST_BAD_INPUT,
                    "Cannot invoke \"com.github.tomakehurst.wiremock.extension.Parameters."
                    "getString(String, String)\" because \"parameters\" is null");
    if (!url || json_is_null(url))
        return fail(why, ST_BAD_INPUT, "url' not present");
    if (!json_is_string(url))
        return fail(why, ST_BAD_INPUT, "url is not of type String");
    st = fill(h, url, ret, why);
    if (st == ST_OK && (!buf_text(ret) || !strstr(ret->data, "://")))
        return fail(why, ST_BAD_INPUT, "no protocol: %s", ret->data ? ret->data : "");
    return st == ST_OK ? request_target_read_uri(buf_slice(ret), why) : st;
}

/* ---- what becomes of it ---- */

/* A webhook that waits for its answer. */
struct pending {
    struct event *event;
    char what[]; /* "POST http://..." */
};

static struct pending *pending_new(const struct hook *h)
{
    size_t size = h->out.method.len + h->out.url.len + 2;
    struct pending *p = malloc(sizeof *p + size);

    if (!p)
        return NULL;
    p->event = event_hold(h->event);
    snprintf(p->what, size, "%.*s %.*s", (int)h->out.method.len, h->out.method.data,
             (int)h->out.url.len, h->out.url.data);
    return p;
}

static void note_unanswered(const struct pending *p, const struct why *why)
{
    auto_buf struct buf words = BUF_INIT(1 << 20);

    buf_printf(&words, "Failed to fire webhook %s: %s", p->what, why->text);
    event_add_error(p->event, buf_text(&words) ? words.data : why->text);
}

static void note_answer(struct event *event, const struct outgoing_answer *answer)
{
    json_t *data =
        json_pack("{s:i,s:o,s:o,s:o}", "status", (int)answer->status, "headers",
                  fields_json(answer->headers, answer->header_count, true), "bodyAsBase64",
                  base64_json(answer->body), "body", text_json(answer->body));
    event_add_note(event, "WEBHOOK_RESPONSE", data);
}

static void answered(void *ctx, enum status st, const struct outgoing_answer *answer,
                     const struct why *why)
{
    struct pending *p = ctx;

    if (st == ST_OK)
        note_answer(p->event, answer);
    else
        note_unanswered(p, why);
    event_drop(p->event);
    free(p);
}

static void note_request(struct hook *h)
{
    event_add_note(
        h->event, "WEBHOOK_REQUEST",
        sent_request_json(h->out.method, h->out.url, h->fields, h->out.header_count, h->out.body));
}

/* Those of WireMock's client that carry a body; the body of others is left out. */
static bool takes_body(struct slice method)
{
    return slice_equal_nocase(method, SLICE("POST")) || slice_equal_nocase(method, SLICE("PUT")) ||
           slice_equal_nocase(method, SLICE("PATCH"));
}

static bool has_body(const struct hook *h)
{
    return json_is_string(json_object_get(h->parameters, "body")) ||
           json_object_get(h->parameters, "base64Body");
}

static enum status read_delay(const json_t *parameters, struct delay *ret, struct why *why)
{
    const json_t *given = json_object_get(parameters, "delay");
    struct match_fault fault = {0};

    if (given && !json_is_null(given) && json_loose_kind(given) != JSON_KIND_OBJECT)
        return fail(why, ST_BAD_INPUT, "delay is not a map");
    if (delay_parse(given, "", ret, &fault) == ST_OK)
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "%.200s", fault.detail);
}

static enum status send_hook(struct hook *h, struct why *why)
{
    struct pending *pending;
    auto_buf struct buf method = BUF_INIT(256);
    auto_buf struct buf url = BUF_INIT(64 << 10);
    auto_buf struct buf body = BUF_INIT(TEXT_MAX);
    struct delay delay = {0};
    enum status st = fill(h, json_object_get(h->parameters, "method"), &method, why);

    if (st == ST_OK)
        st = make_url(h, &url, why);
    if (st == ST_OK)
        st = make_headers(h, why);
    if (st == ST_OK)
        st = make_body(h, &body, why);
    if (st == ST_OK)
        st = read_delay(h->parameters, &delay, why);
    if (st != ST_OK)
        return st;
    h->out.method = method.len ? buf_slice(&method) : SLICE("GET");
    h->out.url = buf_slice(&url);
    h->out.has_body = takes_body(h->out.method);
    if (h->out.has_body && has_body(h))
        h->out.body = body.len ? buf_slice(&body) : SLICE("");
    h->out.delay_ms = h->event->added_delay_ms + delay_draw(&delay);
    pending = pending_new(h);
    if (!pending)
        return fail_memory(why);
    note_request(h);
    outgoing_start(h->app->outgoing, &h->out, answered, pending);
    return ST_OK;
}

/* Of a webhook that was never sent. */
static void note_failure(struct event *event, const struct why *why)
{
    char words[sizeof why->text + 64];

    snprintf(words, sizeof words, "Exception thrown while configuring webhook: %s", why->text);
    event_add_error(event, words);
}

/* Webhooks belong to the phase after the answer; one that names others only does nothing. */
static bool fires_after(const json_t *listener)
{
    const json_t *phases = json_object_get(listener, "requestPhases");
    size_t i;
    json_t *phase;

    json_array_foreach ((json_t *)phases, i, phase) {
        if (json_is_string(phase) && strcmp(json_string_value(phase), "AFTER_COMPLETE") == 0)
            return true;
    }
    return !json_is_array(phases);
}

void webhook_fire(struct app *app, struct event *event)
{
    auto_mock_request struct mock_request *r = mock_request_new(&event->request);
    size_t i;
    json_t *one;

    json_array_foreach (event->stub->listeners, i, one) {
        const char *name = json_string_value(json_object_get(one, "name"));
        struct hook h = {.app = app,
                         .event = event,
                         .parameters = json_object_get(one, "parameters"),
                         .request = r,
                         .texts = BUF_INIT(1 << 20)};
        struct why why = {0};

        if (r && name && strcmp(name, "webhook") == 0 && fires_after(one) &&
            send_hook(&h, &why) != ST_OK)
            note_failure(event, &why);
        buf_done(&h.texts);
    }
}
