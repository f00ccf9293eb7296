#include "employees-mock/event_json.h"

#include "common/clock.h"
#include "common/memory.h"
#include "common/utf8.h"
#include "employees-mock/base64.h"
#include "employees-mock/event_answer.h"
#include "employees-mock/json_own.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512 << 20, PORT_UNKNOWN = -1 };

/* NULL: memory is out. */
static json_t *whole_text(struct buf *text)
{
    return buf_text(text) ? json_stringn(text->data, text->len) : NULL;
}

json_t *text_json(struct slice bytes)
{
    auto_buf struct buf text = BUF_INIT(TEXT_MAX);
    json_t *whole = json_stringn(bytes.data ? bytes.data : "", bytes.len);

    if (whole)
        return whole;
    for (size_t i = 0; i < bytes.len;) {
        uint32_t code;
        size_t len = utf8_step(slice_from(bytes, i), &code);

        if (len == 0)
            buf_put_text(&text, "\xef\xbf\xbd");
        else
            buf_put(&text, bytes.data + i, len);
        i += len ? len : 1;
    }
    return whole_text(&text);
}

json_t *base64_json(struct slice bytes)
{
    auto_buf struct buf text = BUF_INIT(TEXT_MAX);

    base64_encode(bytes, &text);
    return whole_text(&text);
}

static bool same_name(struct slice a, struct slice b, bool any_case)
{
    return any_case ? slice_equal_nocase(a, b) : slice_equal(a, b);
}

static bool is_first(const struct mock_field *fields, size_t at, bool any_case)
{
    for (size_t i = 0; i < at; i++)
        if (same_name(fields[i].name, fields[at].name, any_case))
            return false;
    return true;
}

static json_t *values_of(const struct mock_field *fields, size_t count, size_t at, bool any_case)
{
    json_t *values = json_array();

    for (size_t i = at; i < count; i++)
        if (same_name(fields[i].name, fields[at].name, any_case))
            json_array_append_new(values, text_json(fields[i].value));
    return values;
}

static void set_named(json_t *object, struct slice name, json_t *value)
{
    json_t *key = text_json(name);

    json_object_set_new_nocheck(object, json_string_value(key), value);
    json_decref(key);
}

json_t *fields_json(const struct mock_field *fields, size_t count, bool any_case)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++) {
        json_t *values;

        if (!is_first(fields, i, any_case))
            continue;
        values = values_of(fields, count, i, any_case);
        if (json_array_size(values) == 1) {
            json_t *one = json_incref(json_array_get(values, 0));

            json_decref(values);
            values = one;
        }
        set_named(object, fields[i].name, values);
    }
    return object;
}

/* {"q":{"key":"q","values":["1"]}} */
static json_t *params_json(struct mock_fields fields)
{
    json_t *object = json_object();

    for (size_t i = 0; i < fields.count; i++) {
        if (!is_first(fields.items, i, false))
            continue;
        set_named(object, fields.items[i].name,
                  json_pack("{s:o,s:o}", "key", text_json(fields.items[i].name), "values",
                            values_of(fields.items, fields.count, i, false)));
    }
    return object;
}

/* "10:00:00.120Z" is "10:00:00.12Z", "10:00:00.000Z" is "10:00:00Z". */
static void leave_zeros_out(char *iso)
{
    char *end = strchr(iso, 'Z');

    while (end > iso && end[-1] == '0' && strchr(iso, '.'))
        end--;
    if (end > iso && end[-1] == '.')
        end--;
    if (end)
        memcpy(end, "Z", 2);
}

static void set_text(json_t *object, const char *name, struct slice text)
{
    json_object_set_new(object, name, text_json(text));
}

static void set_log_date_text(json_t *object, int64_t logged_at_ms)
{
    char iso[CLOCK_ISO_SIZE];

    clock_format_iso(logged_at_ms * 1000, iso);
    leave_zeros_out(iso);
    json_object_set_new(object, "loggedDateString", json_string(iso));
}

json_t *event_request_json(const struct event *e)
{
    auto_mock_request struct mock_request *r = mock_request_new(&e->request);
    json_t *object = json_object();

    if (!r || !object) {
        json_decref(object);
        return NULL;
    }
    set_text(object, "url", mock_request_url(r));
    set_text(object, "absoluteUrl", mock_request_absolute_url(r));
    set_text(object, "method", mock_request_method(r));
    set_text(object, "clientIp", mock_request_client_ip(r));
    json_object_set_new(object, "headers",
                        fields_json(e->request.headers, e->request.header_count, true));
    json_object_set_new(
        object, "cookies",
        fields_json(mock_request_cookies(r).items, mock_request_cookies(r).count, false));
    json_object_set_new(object, "browserProxyRequest", json_false());
    json_object_set_new(object, "loggedDate", json_integer(e->logged_at_ms));
    json_object_set_new(object, "bodyAsBase64", base64_json(mock_request_body(r)));
    set_text(object, "body", mock_request_body_text(r));
    json_object_set_new(object, "protocol", json_string("HTTP/1.1"));
    set_text(object, "scheme", mock_request_scheme(r));
    set_text(object, "host", mock_request_host(r));
    json_object_set_new(object, "port", json_integer(mock_request_port(r)));
    set_log_date_text(object, e->logged_at_ms);
    json_object_set_new(object, "queryParams", params_json(mock_request_matched_params(r)));
    json_object_set_new(object, "formParams", params_json(mock_request_form_params(r)));
    return object;
}

/* As they were given; else those of the URL, where there is a request to have one. */
static json_t *given_params_json(const json_t *given, const char *name,
                                 const struct mock_request *r)
{
    const json_t *params = json_object_get(given, name);

    if (json_is_object(params))
        return json_without_nulls(params);
    return r ? params_json(mock_request_matched_params(r)) : json_object();
}

json_t *request_json(const struct mock_request *r, const json_t *given)
{
    static const char *const kept[] = {"url",     "absoluteUrl", "method", "clientIp",
                                       "headers", "cookies",     NULL};
    json_t *object = json_object();
    const json_t *date = json_object_get(given, "loggedDate");
    const json_t *base64 = json_object_get(given, "bodyAsBase64");
    json_t *protocol = json_object_get(given, "protocol");

    for (const char *const *name = kept; *name; name++)
        if (json_object_get(given, *name) && !json_is_null(json_object_get(given, *name)))
            json_object_set(object, *name, json_object_get(given, *name));
    if (json_object_get(object, "headers") && !json_is_object(json_object_get(object, "headers")))
        json_object_set_new(object, "headers", json_object());
    json_object_set_new(object, "browserProxyRequest",
                        json_boolean(json_is_true(json_object_get(given, "browserProxyRequest"))));
    if (json_is_integer(date))
        json_object_set_new(object, "loggedDate", json_integer(json_integer_value(date)));
    if (json_is_string(base64)) {
        json_object_set_new(object, "bodyAsBase64", base64_json(mock_request_body(r)));
        set_text(object, "body", mock_request_body(r));
    }
    if (protocol && !json_is_null(protocol))
        json_object_set(object, "protocol", protocol);
    if (mock_request_scheme(r).data)
        set_text(object, "scheme", mock_request_scheme(r));
    if (mock_request_host(r).data)
        set_text(object, "host", mock_request_host(r));
    json_object_set_new(object, "port",
                        json_integer(json_object_get(given, "port") || mock_request_port(r)
                                         ? mock_request_port(r)
                                         : PORT_UNKNOWN));
    if (json_is_integer(date))
        set_log_date_text(object, json_integer_value(date));
    json_object_set_new(object, "queryParams", given_params_json(given, "queryParams", r));
    json_object_set_new(object, "formParams", given_params_json(given, "formParams", NULL));
    return object;
}

/* The bytes of the text before the first of `stops`. */
static size_t span_until(struct slice text, const char *stops)
{
    size_t len = 0;

    while (len < text.len && !strchr(stops, text.data[len]))
        len++;
    return len;
}

static struct slice after_scheme(struct slice url, struct slice *ret_scheme)
{
    const char *end = url.len ? memmem(url.data, url.len, "://", 3) : NULL;

    if (!end)
        return url;
    ret_scheme->len = (size_t)(end - url.data);
    return (struct slice){end + 3, url.len - ret_scheme->len - 3};
}

/* Of ":8080"; 80 where there is none. */
static int port_of(struct slice text)
{
    int port = 0;

    for (size_t i = 1; i < text.len && isdigit((unsigned char)text.data[i]) && port < 65536; i++)
        port = port * 10 + (text.data[i] - '0');
    return text.len > 1 ? port : 80;
}

json_t *sent_request_json(struct slice method, struct slice url, const struct mock_field *headers,
                          size_t header_count, struct slice body)
{
    struct slice scheme = {url.data, 0};
    struct slice rest = after_scheme(url, &scheme);
    size_t place_len = span_until(rest, "/?");
    size_t host_len = span_until((struct slice){rest.data, place_len}, ":");
    struct slice path = {rest.data + place_len, rest.len - place_len};
    struct mock_source source = {
        .method = method,
        .url = path.len ? path : SLICE("/"),
        .scheme = scheme,
        .host = {rest.data, host_len},
        .port = port_of((struct slice){rest.data + host_len, place_len - host_len}),
    };
    auto_mock_request struct mock_request *r = mock_request_new(&source);
    json_t *object = json_object();
    int64_t now_ms = clock_now_ms(NULL);

    set_text(object, "url", source.url);
    set_text(object, "absoluteUrl", url);
    set_text(object, "method", method);
    json_object_set_new(object, "headers", fields_json(headers, header_count, true));
    json_object_set_new(object, "browserProxyRequest", json_false());
    json_object_set_new(object, "loggedDate", json_integer(now_ms));
    if (body.data) {
        json_object_set_new(object, "bodyAsBase64", base64_json(body));
        set_text(object, "body", body);
    }
    set_text(object, "scheme", source.scheme);
    set_text(object, "host", source.host);
    json_object_set_new(object, "port", json_integer(source.port));
    set_log_date_text(object, now_ms);
    json_object_set_new(object, "queryParams",
                        r ? params_json(mock_request_matched_params(r)) : json_object());
    json_object_set_new(object, "formParams", json_object());
    return object;
}

/* ---- all of it ---- */

static json_t *timing_json(struct event *e)
{
    json_int_t process_ms = (json_int_t)(atomic_load(&e->processed_us) / 1000);
    json_int_t sent_ms = (json_int_t)(atomic_load(&e->sent_us) / 1000);
    json_int_t send_ms = sent_ms > process_ms ? sent_ms - process_ms : 0;

    return json_pack("{s:I,s:I,s:I,s:I,s:I}", "addedDelay", (json_int_t)e->added_delay_ms,
                     "processTime", process_ms, "responseSendTime", send_ms, "serveTime",
                     process_ms + send_ms, "totalTime",
                     process_ms + send_ms + (json_int_t)e->added_delay_ms);
}

static json_t *notes_json(struct event *e)
{
    json_t *notes;

    pthread_mutex_lock(&e->lock);
    notes = e->sub_events ? json_own(e->sub_events) : json_array();
    pthread_mutex_unlock(&e->lock);
    return notes;
}

static json_t *no_stub_json(json_t *definition)
{
    char id[UUID_SIZE];

    uuid_make(id);
    return json_pack("{s:s,s:{s:s},s:O,s:s}", "id", id, "request", "method", "ANY", "response",
                     definition, "uuid", id);
}

json_t *event_json(struct event *e)
{
    json_t *object = json_object();
    json_t *definition = event_definition_json(e);

    json_object_set_new(object, "id", json_string(e->id));
    json_object_set_new(object, "request", event_request_json(e));
    json_object_set(object, "responseDefinition", definition);
    json_object_set_new(object, "response", event_response_json(e));
    json_object_set_new(object, "wasMatched", json_boolean(e->stub != NULL));
    json_object_set_new(object, "timing", timing_json(e));
    json_object_set_new(object, "subEvents", notes_json(e));
    json_object_set_new(object, "stubMapping",
                        e->stub ? stub_json_copy(e->stub) : no_stub_json(definition));
    json_decref(definition);
    return object;
}
