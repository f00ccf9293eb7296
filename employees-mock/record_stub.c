#include "employees-mock/record_stub.h"

#include "common/utf8.h"
#include "employees-mock/body_type.h"
#include "employees-mock/event_json.h"
#include "employees-mock/gzip.h"
#include "employees-mock/json_own.h"
#include "employees-mock/mapping_name.h"
#include "employees-mock/match/charset.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 200, FIELDS_MAX = 128, BODY_MAX = 256 << 20 };

static struct slice field_of(const struct mock_field *fields, size_t count, const char *name)
{
    struct slice value = {"", 0};
    size_t at = 0;

    if (!mock_fields_next((struct mock_fields){fields, count}, slice_of(name), true, &at, &value))
        return (struct slice){"", 0};
    return value;
}

/* ---- the name ---- */

/* What a letter of Latin-1 is without its accent; 0: it has none, and is left out. */
static char without_accent(uint32_t code)
{
    static const char letters[] =
        "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y";

    if (code < 0xC0 || code > 0xFF || letters[code - 0xC0] == '.')
        return 0;
    return letters[code - 0xC0];
}

/* The character that stands in the name for this one; 0: none does. */
static char name_char(uint32_t code)
{
    if (code >= 'A' && code <= 'Z')
        return (char)(code - 'A' + 'a');
    if (code == '/')
        return '_';
    if (code < 0x80 && isspace((int)code))
        return '-';
    if (code < 0x80)
        return isalnum((int)code) || strchr("-._", (int)code) ? (char)code : 0;
    return without_accent(code);
}

static void put_decoded(struct slice text, struct buf *ret)
{
    for (size_t i = 0; i < text.len; i++) {
        char digits[3] = {0};

        if (text.data[i] == '%' && i + 2 < text.len)
            memcpy(digits, text.data + i + 1, 2);
        if (isxdigit((unsigned char)digits[0]) && isxdigit((unsigned char)digits[1])) {
            buf_put_char(ret, (char)strtol(digits, NULL, 16));
            i += 2;
        } else {
            buf_put_char(ret, text.data[i]);
        }
    }
}

/* The path, decoded, in small letters: its slashes as "_", blanks as "-", accents and what else is
 * odd left out. */
static void make_name(struct slice path, char ret[NAME_MAX_BYTES + 1])
{
    auto_buf struct buf plain = BUF_INIT(path.len + 64);
    size_t len = 0;

    put_decoded(path, &plain);
    for (size_t i = 0; i < plain.len && len < NAME_MAX_BYTES;) {
        uint32_t code = 0;
        size_t step = utf8_step(slice_from(buf_slice(&plain), i), &code);
        char c = step && code ? name_char(code) : 0;

        if (c && !(c == '_' && len == 0))
            ret[len++] = c;
        i += step ? step : 1;
    }
    while (len > 0 && ret[len - 1] == '_')
        len--;
    ret[len] = '\0';
}

void record_stub_put_path(const json_t *request, struct buf *ret)
{
    const json_t *url = json_object_get(request, "url");
    const char *text = json_string_value(url ? url : json_object_get(request, "urlPath"));
    auto_buf struct buf bytes = BUF_INIT(1 << 20);
    auto_buf struct buf path = BUF_INIT(4 << 20);

    if (text)
        put_decoded((struct slice){text, strcspn(text, "?")}, &bytes);
    charset_decode(CHARSET_UTF_8, buf_slice(&bytes), &path);
    for (size_t i = 0; i < path.len; i++) {
        bool begins = path.data[i] != '/' && (i == 0 || path.data[i - 1] == '/');

        if (begins && ret->len > 0)
            buf_put_char(ret, '-');
        if (path.data[i] != '/')
            buf_put_char(ret, path.data[i]);
    }
}

/* ---- the request ---- */

static void set_url(json_t *request, const struct mock_request *r)
{
    struct mock_fields params = mock_request_query_params(r);
    json_t *all;

    if (params.count == 0) {
        json_object_set_new(request, "url", text_json(mock_request_url(r)));
        return;
    }
    json_object_set_new(request, "urlPath", text_json(mock_request_path(r)));
    all = json_object();
    for (size_t i = 0; i < params.count; i++) {
        json_t *name = text_json(params.items[i].name);
        json_t *values =
            json_object_get(json_object_get(all, json_string_value(name)), "hasExactly");

        if (!values) {
            values = json_array();
            json_object_set_new(all, json_string_value(name),
                                json_pack("{s:o}", "hasExactly", values));
        }
        json_array_append_new(values,
                              json_pack("{s:o}", "equalTo", text_json(params.items[i].value)));
        json_decref(name);
    }
    json_object_set_new(request, "queryParameters", all);
}

static void set_headers(json_t *request, const struct mock_request *r,
                        const struct record_spec *spec)
{
    json_t *headers = json_object();
    const char *name;
    json_t *how;

    json_object_foreach ((json_t *)spec->capture, name, how) {
        struct slice value = mock_request_header(r, name);
        json_t *matcher;

        if (!value.data)
            continue;
        matcher = json_pack("{s:o}", "equalTo", text_json(value));
        if (json_is_boolean(json_object_get(how, "caseInsensitive")))
            json_object_set(matcher, "caseInsensitive", json_object_get(how, "caseInsensitive"));
        json_object_set_new(headers, name, matcher);
    }
    if (json_object_size(headers) > 0)
        json_object_set(request, "headers", headers);
    json_decref(headers);
}

static json_t *matcher_of(const char *name, struct slice body, const json_t *flags)
{
    json_t *matcher = json_pack("{s:o}", name, text_json(body));

    json_object_update(matcher, (json_t *)flags);
    return matcher;
}

static bool has(struct slice text, const char *part)
{
    return text.data && memmem(text.data, text.len, part, strlen(part));
}

/* What "auto" chooses by the content type. */
static const char *matcher_for(struct slice type)
{
    if (has(type, "json"))
        return "equalToJson";
    if (has(type, "xml"))
        return "equalToXml";
    if (has(type, "multipart/form-data"))
        return "anything";
    return type.len && !body_type_is_text(type) ? "binaryEqualTo" : "equalTo";
}

static json_t *body_pattern(const struct mock_request *r, const struct record_spec *spec)
{
    const char *name = spec->body_matcher;

    if (name && strcmp(name, "auto") == 0)
        name = matcher_for(mock_request_header(r, "Content-Type"));
    if (!name)
        return NULL;
    if (strcmp(name, "binaryEqualTo") == 0)
        return json_pack("{s:o}", name, base64_json(mock_request_body(r)));
    if (strcmp(name, "anything") == 0)
        return json_pack("{s:s}", name, name);
    if (strcmp(name, "equalToJson") == 0)
        return matcher_of(name, mock_request_body_text(r), spec->json_flags);
    if (strcmp(name, "equalTo") == 0)
        return matcher_of(name, mock_request_body_text(r), spec->text_flags);
    return matcher_of(name, mock_request_body_text(r), NULL);
}

static json_t *request_of(const struct mock_request *r, const struct record_spec *spec)
{
    json_t *request = json_object();
    json_t *pattern = mock_request_body(r).len ? body_pattern(r, spec) : NULL;

    set_url(request, r);
    json_object_set_new(request, "method", text_json(mock_request_method(r)));
    set_headers(request, r, spec);
    json_put_last(request, "queryParameters"); /* where WireMock has them */
    if (pattern)
        json_object_set_new(request, "bodyPatterns", json_pack("[o]", pattern));
    return request;
}

/* ---- the response ---- */

static bool is_left_out(struct slice name)
{
    static const char *const names[] = {"Content-Encoding", "Content-Length", "Transfer-Encoding",
                                        "Connection"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_equal_nocase(name, slice_of(names[i])))
            return true;
    return false;
}

static json_t *headers_of(const struct event_reply *reply)
{
    struct mock_field kept[FIELDS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < reply->header_count && count < FIELDS_MAX; i++)
        if (!is_left_out(reply->headers[i].name))
            kept[count++] = reply->headers[i];
    return fields_json(kept, count, true);
}

void record_file_done(struct record_file *f)
{
    buf_done(&f->unpacked);
}

/* The body as it was before gzip: stubs pack anew for those who ask. */
static struct slice plain_body(const struct event_reply *reply, struct record_file *file)
{
    struct slice coding = field_of(reply->headers, reply->header_count, "Content-Encoding");

    buf_init(&file->unpacked, BODY_MAX);
    if (slice_equal_nocase(coding, SLICE("gzip")) &&
        gzip_unpack(reply->body, &file->unpacked, NULL) == ST_OK)
        return buf_slice(&file->unpacked);
    return reply->body;
}

/* The body's file, named as the mapping's own, but for how it ends. */
static void set_file(const struct mock_request *r, struct slice type, const char *name,
                     const char *id, struct slice body, struct record_file *ret)
{
    auto_buf struct buf made = BUF_INIT(sizeof ret->name - 1);
    auto_free char *method = slice_dup(mock_request_method(r));

    mapping_name_put(name, method ? method : "", "", id,
                     body_type_extension(type, mock_request_path(r), body), &made);
    if (buf_text(&made))
        snprintf(ret->name, sizeof ret->name, "%s", made.data);
    ret->content = body;
}

static json_t *response_of(const struct mock_request *r, const struct event_reply *reply,
                           const struct record_spec *spec, const char *name, const char *id,
                           struct record_file *file)
{
    struct slice type = field_of(reply->headers, reply->header_count, "Content-Type");
    bool text = body_type_is_text(type);
    json_t *response = json_pack("{s:i}", "status", (int)reply->status);
    json_t *headers = headers_of(reply);
    struct slice body = plain_body(reply, file);

    file->name[0] = '\0';
    if (body.len > (text ? spec->text_threshold : spec->binary_threshold)) {
        set_file(r, type, name, id, body, file);
        json_object_set_new(response, "bodyFileName", json_string(file->name));
    } else if (body.len > 0) {
        json_object_set_new(response, text ? "body" : "base64Body",
                            text ? text_json(body) : base64_json(body));
    }
    if (json_object_size(headers) > 0)
        json_object_set(response, "headers", headers);
    json_decref(headers);
    return response;
}

/* The answer of a stub that stands in no event of its own; fields has room for FIELDS_MAX. */
static void reply_of_answer(const struct event *e, struct mock_field *fields,
                            struct event_reply *ret)
{
    const struct answer *a = e->answer;

    ret->status = e->status;
    ret->headers = fields;
    if (!a)
        return;
    for (size_t i = 0; i < a->header_count && ret->header_count < FIELDS_MAX - 2; i++)
        fields[ret->header_count++] = (struct mock_field){
            slice_of(a->headers[i].name), {a->headers[i].value.text, a->headers[i].value.len}};
    fields[ret->header_count++] =
        (struct mock_field){SLICE("Matched-Stub-Id"), slice_of(e->stub->id)};
    if (e->stub->name_sent)
        fields[ret->header_count++] =
            (struct mock_field){SLICE("Matched-Stub-Name"), slice_of(e->stub->name_sent)};
    if (a->kind == ANSWER_BYTES)
        ret->body = (struct slice){a->body.text, a->body.len};
}

json_t *record_stub_json(const struct event *e, const struct record_spec *spec,
                         struct record_file *ret_file)
{
    auto_mock_request struct mock_request *r = mock_request_new(&e->request);
    struct mock_field fields[FIELDS_MAX];
    struct event_reply plain = {0};
    char name[NAME_MAX_BYTES + 1];
    char id[UUID_SIZE];

    if (!r)
        return NULL;
    if (!e->reply)
        reply_of_answer(e, fields, &plain);
    make_name(mock_request_path(r), name);
    uuid_make(id);
    return json_pack(
        "{s:s,s:s,s:o,s:o,s:s}", "id", id, "name", name, "request", request_of(r, spec), "response",
        response_of(r, e->reply ? e->reply : &plain, spec, name, id, ret_file), "uuid", id);
}
