#include "employees-mock/event_answer.h"

#include "common/memory.h"
#include "employees-mock/event_json.h"
#include "employees-mock/json_own.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512 << 20 };

static json_t *answer_headers_json(const struct event *e)
{
    const struct answer *a = e->answer;
    auto_free struct mock_field *fields = memory_zeroed(a->header_count + 2, sizeof *fields);
    size_t count = 0;

    if (!fields)
        return NULL;
    for (size_t i = 0; i < a->header_count; i++) {
        fields[count].name = slice_of(a->headers[i].name);
        fields[count++].value = (struct slice){a->headers[i].value.text, a->headers[i].value.len};
    }
    fields[count++] = (struct mock_field){SLICE("Matched-Stub-Id"), slice_of(e->stub->id)};
    if (e->stub->name_sent)
        fields[count++] =
            (struct mock_field){SLICE("Matched-Stub-Name"), slice_of(e->stub->name_sent)};
    return fields_json(fields, count, true);
}

static bool is_ours(struct slice name)
{
    return slice_equal_nocase(name, SLICE("Matched-Stub-Id")) ||
           slice_equal_nocase(name, SLICE("Matched-Stub-Name"));
}

/* Where WireMock has bodies: behind the status, before all else of the answer's JSON. */
static void put_body(json_t *made, const json_t *answer, json_t *body)
{
    const char *name;
    json_t *value;

    json_object_del(made, "jsonBody");
    json_object_set_new(made, "body", body);
    json_object_foreach ((json_t *)answer, name, value) {
        if (strncmp(name, "status", 6) != 0 && strcmp(name, "body") != 0)
            json_put_last(made, name);
    }
}

void filled_body_json(json_t *made, const struct answer *a, struct slice body)
{
    json_t *json = NULL;

    if (json_object_get(made, "base64Body"))
        return;
    if (a->is_json && json_loose_read(body, &json, NULL) == ST_OK) {
        json_object_set_new(made, "jsonBody", json);
        return;
    }
    put_body(made, a->json, text_json(body));
}

/* Of an answer that was filled in, WireMock shows what it was filled in to. */
static json_t *filled_definition_json(const struct event *e)
{
    json_t *made = json_own(e->answer->json);
    auto_free struct mock_field *own = memory_zeroed(e->reply->header_count + 1, sizeof *own);
    size_t count = 0;

    for (size_t i = 0; own && i < e->reply->header_count; i++)
        if (!is_ours(e->reply->headers[i].name))
            own[count++] = e->reply->headers[i];
    if (count > 0)
        json_object_set_new(made, "headers", fields_json(own, count, true));
    if (e->answer->kind == ANSWER_BYTES) {
        filled_body_json(made, e->answer, e->reply->body);
    } else if (e->answer->kind == ANSWER_FILE && e->answer->file_templated) {
        put_body(made, e->answer->json, text_json(e->reply->body));
    } else if (e->file_name) {
        json_object_set_new(made, "bodyFileName", json_own(e->file_name));
    }
    return made;
}

static json_t *failed_definition_json(const struct event *e)
{
    return json_pack("{s:i,s:o,s:{s:s}}", "status", e->status, "body", text_json(e->reply->body),
                     "headers", "Content-Type", "text/plain");
}

static bool is_filled(const struct answer *a)
{
    return !a->proxy_base.text && (a->templated || (a->kind == ANSWER_FILE && a->file_templated));
}

json_t *event_definition_json(const struct event *e)
{
    if (e->failed && e->reply)
        return failed_definition_json(e);
    if (!e->answer)
        return json_pack("{s:i,s:b}", "status", 404, "fromConfiguredStub", 0);
    if (e->definition)
        return json_own(e->definition);
    if (is_filled(e->answer) && e->reply)
        return filled_definition_json(e);
    return json_own(e->answer->json);
}

/* The first one, out of headers as JSON. */
static struct slice content_type_of(const json_t *headers)
{
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)headers, name, value) {
        if (slice_equal_nocase(slice_of(name), SLICE("Content-Type"))) {
            const json_t *first = json_is_array(value) ? json_array_get(value, 0) : value;

            return (struct slice){json_string_value(first), json_string_length(first)};
        }
    }
    return (struct slice){NULL, 0};
}

json_t *event_response_json(const struct event *e)
{
    auto_buf struct buf text = BUF_INIT(TEXT_MAX);
    json_t *object = json_object();
    struct slice body = {"", 0};
    json_t *headers = NULL;

    json_object_set_new(object, "status", json_integer(e->status));
    if (e->reply) {
        headers = fields_json(e->reply->headers, e->reply->header_count, true);
        body = e->reply->body;
    } else if (e->answer) {
        headers = answer_headers_json(e);
        if (e->answer->kind == ANSWER_BYTES)
            body = (struct slice){e->answer->body.text, e->answer->body.len};
    }
    if (headers && json_object_size(headers) > 0)
        json_object_set(object, "headers", headers);
    charset_decode(charset_of_content_type(content_type_of(headers)), body, &text);
    json_decref(headers);
    json_object_set_new(object, "bodyAsBase64", base64_json(body));
    if (e->answer && e->answer->fault)
        json_object_set_new(object, "fault", json_string(answer_fault_word(e->answer->fault)));
    json_object_set_new(object, "body", text_json(buf_slice(&text)));
    return object;
}
