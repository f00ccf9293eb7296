/* One request and one rendering of it, for the tests of templates. */
#ifndef TESTS_UNIT_TEMPLATE_FIXTURE_H
#define TESTS_UNIT_TEMPLATE_FIXTURE_H

#include "tests/unit/check.h"

#include "common/buf.h"
#include "common/file.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/match/path_template.h"
#include "employees-mock/template/kv.h"
#include "employees-mock/template/template.h"

#define FIXTURE_BODY                                                                               \
    "{\"a\":{\"b\":\"deep\",\"n\":1.50,\"l\":[1,2.0,\"x\",null,true],\"o\":{\"p\":\"q/r\"}},"      \
    "\"s\":\"h\xc3\xa9\"}"
#define FIXTURE_URL "/t/one/two%20x?q=why&q=2&z=3"

/* What a test may set; NULL: the usual. */
struct rendering {
    const char *template;
    size_t template_len; /* 0: its strlen */
    const char *method;
    const char *url;
    const char *body;
    const char *content_type; /* "": none */
    const json_t *parameters;
    const json_t *headers; /* further ones: name -> text */
    const char *path_template;
    const struct template_settings *settings;
    const struct template_name *names;
    size_t name_count;
    size_t max; /* ceiling of the answer; 0: 1 MiB */
};

struct rendered {
    enum status parsed;
    enum status status;
    struct why why;
    struct buf text;
};

static inline size_t fixture_headers(const struct rendering *in, struct mock_field field[16])
{
    size_t count = 0;
    const char *name;
    json_t *value;

    field[count++] = (struct mock_field){SLICE("Host"), SLICE("127.0.0.1:9471")};
    if (!in->content_type || in->content_type[0])
        field[count++] =
            (struct mock_field){SLICE("Content-Type"),
                                slice_of(in->content_type ? in->content_type : "application/json")};
    field[count++] = (struct mock_field){SLICE("X-Name"), SLICE("Val")};
    field[count++] = (struct mock_field){SLICE("Cookie"), SLICE("ck=cv; c2=v2")};
    json_object_foreach ((json_t *)(uintptr_t)in->headers, name, value)
        if (count < 16)
            field[count++] =
                (struct mock_field){slice_of(name), slice_of(json_string_value(value))};
    return count;
}

/* Parses and renders. The template lies in memory of just its size, for the sanitizers. */
static inline void fixture_render(const struct rendering *in, struct rendered *ret)
{
    struct mock_field headers[16];
    struct mock_source source = {.method = slice_of(in->method ? in->method : "POST"),
                                 .url = slice_of(in->url ? in->url : FIXTURE_URL),
                                 .scheme = SLICE("http"),
                                 .host = SLICE("127.0.0.1"),
                                 .port = 9471,
                                 .client_ip = SLICE("127.0.0.1"),
                                 .headers = headers,
                                 .header_count = fixture_headers(in, headers),
                                 .body = slice_of(in->body ? in->body : FIXTURE_BODY)};
    struct mock_request *request = mock_request_new(&source);
    struct path_template *path = NULL;
    struct template *t = NULL;
    struct template_context context = {.settings = in->settings,
                                       .request = request,
                                       .request_id = SLICE("6dc738ee-423b-4836-9d46-af723efbcba5"),
                                       .parameters = in->parameters,
                                       .names = in->names,
                                       .name_count = in->name_count};
    size_t len = in->template_len ? in->template_len : strlen(in->template);
    char *text = malloc(len ? len : 1);

    assert_non_null(request);
    assert_non_null(text);
    memcpy(text, in->template, len);
    *ret = (struct rendered){.text = BUF_INIT(in->max ? in->max : 1 << 20)};
    if (in->path_template)
        assert_ok(path_template_compile(slice_of(in->path_template), &path, &ret->why), &ret->why);
    context.path_template = path;
    ret->parsed = template_parse((struct slice){text, len}, &t, &ret->why);
    free(text);
    if (ret->parsed == ST_OK)
        ret->status = template_render(t, &context, &ret->text, &ret->why);
    template_free(t);
    path_template_free(path);
    mock_request_free(request);
}

/* The answer to a template that must render. */
static inline void assert_renders(const char *template, const char *expected)
{
    struct rendered got;

    fixture_render(&(struct rendering){.template = template}, &got);
    assert_ok(got.parsed, &got.why);
    assert_ok(got.status, &got.why);
    if (!slice_is(buf_slice(&got.text), expected))
        fail_msg("%s gives \"%.*s\", not \"%s\"", template, (int)got.text.len,
                 got.text.data ? got.text.data : "", expected);
    buf_done(&got.text);
}

#endif
