/* Request patterns against what WireMock answered: tests/parity/matchers.json holds its recorded
 * verdicts; each case is compiled and asked here without a server in between. */
#include "tests/unit/check.h"

#include <math.h>

#include "common/file.h"
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/match.h"

enum { STUBS_MAX = 8, HEADERS_MAX = 32, FILE_MAX = 16 << 20 };

#define BOUNDARY "----a-boundary"

struct request_parts {
    struct mock_field headers[HEADERS_MAX];
    size_t header_count;
    struct buf body;
    const char *content_type;
};

static json_t *load(const char *file)
{
    struct why why = {0};
    auto_buf struct buf text = BUF_INIT(FILE_MAX);
    json_t *cases = NULL;

    assert_ok(file_read(file, &text, &why), &why);
    assert_ok(json_loose_read(buf_slice(&text), &cases, &why), &why);
    return cases;
}

/* ---- requests from steps, as tests/parity/replay.py sends them ---- */

static struct slice text_of(const json_t *text)
{
    return (struct slice){json_string_value(text), json_string_length(text)};
}

static void add_header(struct request_parts *p, const char *name, struct slice value)
{
    assert_true(p->header_count < HEADERS_MAX);
    if (strcasecmp(name, "Content-Type") == 0)
        p->content_type = value.data;
    p->headers[p->header_count++] = (struct mock_field){slice_of(name), value};
}

static void add_headers(struct request_parts *p, const json_t *headers)
{
    const char *name;
    json_t *value;
    json_t *item;
    size_t i;

    json_object_foreach ((json_t *)headers, name, value) {
        if (json_is_string(value))
            add_header(p, name, text_of(value));
        json_array_foreach (value, i, item) {
            add_header(p, name, text_of(item));
        }
    }
}

static void put_multipart(struct buf *body, const json_t *parts)
{
    json_t *part;
    json_t *value;
    const char *name;
    size_t i;

    json_array_foreach (parts, i, part) {
        const char *file = json_string_value(json_object_get(part, "filename"));

        buf_printf(body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"",
                   json_string_value(json_object_get(part, "name")));
        if (file)
            buf_printf(body, "; filename=\"%s\"", file);
        buf_put_text(body, "\r\n");
        json_object_foreach (json_object_get(part, "headers"), name, value) {
            buf_printf(body, "%s: %s\r\n", name, json_string_value(value));
        }
        buf_printf(body, "\r\n%s\r\n", json_string_value(json_object_get(part, "body")));
    }
    buf_put_text(body, "--" BOUNDARY "--\r\n");
}

static void fill(struct request_parts *p, const json_t *step)
{
    const json_t *json = json_object_get(step, "json");
    const json_t *multipart = json_object_get(step, "multipart");

    *p = (struct request_parts){.body = BUF_INIT(FILE_MAX)};
    add_headers(p, json_object_get(step, "headers"));
    if (json)
        json_loose_write(json, JSON_LOOSE_COMPACT, &p->body);
    else if (multipart)
        put_multipart(&p->body, multipart);
    else
        buf_put_slice(&p->body, text_of(json_object_get(step, "body")));
    if (!p->content_type && json)
        add_header(p, "Content-Type", SLICE("application/json"));
    if (!p->content_type && multipart)
        add_header(p, "Content-Type", SLICE("multipart/form-data; boundary=" BOUNDARY));
}

static struct mock_request *make_request(struct request_parts *p, const json_t *step)
{
    struct mock_source source = {
        .method = text_of(json_object_get(step, "method")),
        .url = text_of(json_object_get(step, "path")),
        .scheme = SLICE("http"),
        .host = SLICE("127.0.0.1"),
        .port = 80,
        .client_ip = SLICE("127.0.0.1"),
        .headers = p->headers,
        .header_count = p->header_count,
        .body = buf_slice(&p->body),
    };

    for (size_t i = 0; i < p->header_count; i++) {
        const char *colon;

        if (slice_is(p->headers[i].name, "X-Forwarded-For"))
            source.client_ip = p->headers[i].value;
        if (!slice_is(p->headers[i].name, "Host"))
            continue;
        source.host = p->headers[i].value;
        colon = memchr(source.host.data, ':', source.host.len);
        if (colon) {
            source.port = atoi(colon + 1);
            source.host.len = (size_t)(colon - source.host.data);
        }
    }
    return mock_request_new(&source);
}

/* ---- cases ---- */

static bool is_admin(const json_t *step)
{
    return strncmp(json_string_value(json_object_get(step, "path")), "/__admin/", 9) == 0;
}

static size_t ask(struct request_pattern *const stubs[], size_t count, const json_t *step,
                  const json_t *expect, const char *name, size_t number)
{
    struct request_parts parts;
    struct mock_request *r;
    struct why why = {0};
    bool matched = false;
    enum status st = ST_OK;
    long wanted = (long)json_integer_value(json_object_get(expect, "status"));

    if ((wanted != 200 && wanted != 404) || is_admin(step))
        return 0;
    fill(&parts, step);
    r = make_request(&parts, step);
    assert_non_null(r);
    for (size_t i = 0; i < count && !matched && st == ST_OK; i++) {
        double distance;

        st = request_pattern_matches(stubs[i], r, &matched, &why);
        distance = request_pattern_distance(stubs[i], r);
        assert_true(isnan(distance) || distance >= 0);
    }
    mock_request_free(r);
    buf_done(&parts.body);
    if (st == ST_OK && matched == (wanted == 200))
        return 0;
    print_error("%s, step %zu: WireMock %ld, here %s%s\n", name, number, wanted,
                st != ST_OK ? "a failure: "
                : matched   ? "yes"
                            : "no",
                st != ST_OK ? why.text : "");
    return 1;
}

static size_t run_served(const json_t *one, const char *name)
{
    const json_t *stubs = json_object_get(one, "stubs");
    const json_t *steps = json_object_get(one, "steps");
    struct request_pattern *patterns[STUBS_MAX] = {0};
    struct match_fault fault = {0};
    size_t count = json_array_size(stubs);
    size_t wrong = 0;

    assert_true(count <= STUBS_MAX);
    for (size_t i = 0; i < count; i++) {
        const json_t *request = json_object_get(json_array_get(stubs, i), "request");

        if (request_pattern_compile(request, "/request", &patterns[i], &fault) != ST_OK) {
            print_error("%s: refused at %s: %s\n", name, fault.pointer, fault.detail);
            wrong++;
        }
    }
    for (size_t i = 0; i < json_array_size(steps) && patterns[0]; i++)
        wrong += ask(patterns, count, json_array_get(steps, i),
                     json_array_get(json_object_get(one, "expect"), i), name, i);
    for (size_t i = 0; i < count; i++)
        request_pattern_free(patterns[i]);
    return wrong;
}

static size_t compare_fault(const json_t *expect, const struct match_fault *fault, const char *name)
{
    const json_t *answer = json_object_get(expect, "json");
    const char *pointer = json_string_value(json_object_get(answer, "errors.0.source.pointer"));
    const char *detail = json_string_value(json_object_get(answer, "errors.0.detail"));

    if (pointer && strcmp(pointer, fault->pointer) == 0 &&
        (!detail || strcmp(detail, fault->detail) == 0))
        return 0;
    print_error("%s: WireMock says %s: %s\n   here %s: %s\n", name, pointer ? pointer : "nothing",
                detail ? detail : "", fault->pointer, fault->detail);
    return 1;
}

static size_t compare_written(const json_t *expect, const struct request_pattern *p,
                              const char *name)
{
    auto_json json_t *here = request_pattern_json(p);
    auto_buf struct buf a = BUF_INIT(FILE_MAX);
    auto_buf struct buf b = BUF_INIT(FILE_MAX);

    json_loose_write(json_object_get(json_object_get(expect, "json"), "request"),
                     JSON_LOOSE_COMPACT, &a);
    json_loose_write(here, JSON_LOOSE_COMPACT, &b);
    if (slice_equal(buf_slice(&a), buf_slice(&b)))
        return 0;
    print_error("%s: written back\n  %s\n  %s\n", name, buf_text(&a), buf_text(&b));
    return 1;
}

/* A mapping sent to the admin API: refused as WireMock refuses it, or written back as it does. */
static size_t run_sent(const json_t *one, const char *name)
{
    const json_t *step = json_array_get(json_object_get(one, "steps"), 0);
    const json_t *expect = json_array_get(json_object_get(one, "expect"), 0);
    const json_t *request = json_object_get(json_object_get(step, "json"), "request");
    bool accepted = json_integer_value(json_object_get(expect, "status")) == 201;
    struct request_pattern *p = NULL;
    struct match_fault fault = {0};
    size_t wrong = 0;

    if (request_pattern_compile(request, "/request", &p, &fault) != ST_OK) {
        if (!accepted)
            return compare_fault(expect, &fault, name);
        print_error("%s: WireMock takes it, here %s: %s\n", name, fault.pointer, fault.detail);
        return 1;
    }
    if (!accepted) {
        print_error("%s: WireMock refuses it\n", name);
        wrong = 1;
    } else if (json_object_get(json_object_get(expect, "json"), "request")) {
        wrong = compare_written(expect, p, name);
    }
    request_pattern_free(p);
    return wrong;
}

static void patterns_answer_as_wiremock(void **state)
{
    auto_json json_t *cases = load("tests/parity/matchers.json");
    size_t wrong = 0;
    json_t *one;
    size_t i;

    (void)state;
    json_array_foreach (cases, i, one) {
        const json_t *first = json_array_get(json_object_get(one, "steps"), 0);
        char name[200];

        snprintf(name, sizeof name, "%s: %s", json_string_value(json_object_get(one, "group")),
                 json_string_value(json_object_get(one, "name")));
        wrong += is_admin(first) ? run_sent(one, name) : run_served(one, name);
    }
    assert_true(json_array_size(cases) > 500);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_answer_as_wiremock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
