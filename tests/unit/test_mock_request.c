#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/match/path_template.h"

#define TEXT(literal)                                                                              \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }

static const struct mock_field headers[] = {
    {TEXT("Cookie"), TEXT("a=1; b=\"two\"")},
    {TEXT("content-TYPE"), TEXT("application/x-www-form-urlencoded; charset=iso-8859-1")},
    {TEXT("X"), TEXT("1")},
    {TEXT("x"), TEXT("2")},
};

static struct mock_request *make(void)
{
    struct mock_source source = {
        .method = SLICE("POST"),
        .url = SLICE("/p/a?q=a+b&q=%C3%BC&d=2021-01-01T00:00:00+01:00&e"),
        .scheme = SLICE("http"),
        .host = SLICE("h"),
        .port = 81,
        .client_ip = SLICE("::1"),
        .headers = headers,
        .header_count = COUNT(headers),
        .body = SLICE("k=\xFC&l=%41"),
    };
    struct mock_request *r = mock_request_new(&source);

    assert_non_null(r);
    return r;
}

static void assert_fields(struct mock_fields fields, const char *name, bool any_case,
                          const char *first, const char *second)
{
    struct slice value;
    size_t at = 0;

    assert_true(mock_fields_next(fields, slice_of(name), any_case, &at, &value));
    assert_true(slice_is(value, first));
    assert_int_equal(mock_fields_next(fields, slice_of(name), any_case, &at, &value),
                     second != NULL);
    if (second)
        assert_true(slice_is(value, second));
}

static void parts_of_a_request_are_decoded(void **state)
{
    auto_mock_request struct mock_request *r = make();

    (void)state;
    assert_true(slice_is(mock_request_path(r), "/p/a"));
    assert_fields(mock_request_query_params(r), "q", false, "a b", "\xC3\xBC");
    assert_fields(mock_request_query_params(r), "d", false, "2021-01-01T00:00:00+01:00", NULL);
    assert_fields(mock_request_query_params(r), "e", false, "", NULL);
    assert_fields(mock_request_headers(r), "x", true, "1", "2");
    assert_fields(mock_request_cookies(r), "b", false, "two", NULL);
    assert_fields(mock_request_form_params(r), "k", false, "\xC3\xBC", NULL);
    assert_fields(mock_request_form_params(r), "l", false, "A", NULL);
    assert_true(slice_is(mock_request_absolute_url(r),
                         "http://h:81/p/a?q=a+b&q=%C3%BC&d=2021-01-01T00:00:00+01:00&e"));
    assert_null(mock_request_body_json(r));
}

static void empty_queries_are_dropped(void **state)
{
    struct mock_source source = {.method = SLICE("GET"), .url = SLICE("/a?")};
    auto_mock_request struct mock_request *r = mock_request_new(&source);

    (void)state;
    assert_true(slice_is(mock_request_url(r), "/a"));
    assert_int_equal(mock_request_query_params(r).count, 0);
}

static void logged_requests_are_read_back(void **state)
{
    auto_json json_t *logged = NULL;
    auto_mock_request struct mock_request *r = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(json_loose_read(SLICE("{'method':'PUT','absoluteUrl':'https://h:8443/a?b=c',"
                                    "'headers':{'X':['1','2'],'Y':'3'},'cookies':{'k':'v'},"
                                    "'bodyAsBase64':'eyJhIjoxfQ=='}"),
                              &logged, &why),
              &why);
    assert_ok(mock_request_from_json(logged, &r, &why), &why);
    assert_true(slice_is(mock_request_method(r), "PUT"));
    assert_true(slice_is(mock_request_url(r), "/a?b=c"));
    assert_true(slice_is(mock_request_host(r), "h"));
    assert_int_equal(mock_request_port(r), 8443);
    assert_fields(mock_request_headers(r), "x", true, "1", "2");
    assert_fields(mock_request_cookies(r), "k", false, "v", NULL);
    assert_int_equal(json_integer_value(json_object_get(mock_request_body_json(r), "a")), 1);
}

static void path_templates_name_their_parts(void **state)
{
    struct path_template *t = NULL;
    struct slice value;

    (void)state;
    assert_int_equal(path_template_compile(SLICE("/a/{b}/c/{d*}/**"), &t, NULL), ST_OK);
    assert_true(path_template_matches(t, SLICE("/a/1/c/2/x/y?z")));
    assert_false(path_template_matches(t, SLICE("/a//c/2/x")));
    assert_int_equal(path_template_count(t), 3);
    assert_true(slice_is(path_template_name(t, 1), "d"));
    assert_true(path_template_value(t, 1, SLICE("/a/1/c/2/x/y"), &value));
    assert_true(slice_is(value, "2"));
    assert_true(path_template_value(t, 2, SLICE("/a/1/c/2/x/y"), &value));
    assert_true(slice_is(value, "x/y"));
    assert_true(slice_is(path_template_prefix(t), "/a/"));
    path_template_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_request_are_decoded),
        cmocka_unit_test(empty_queries_are_dropped),
        cmocka_unit_test(logged_requests_are_read_back),
        cmocka_unit_test(path_templates_name_their_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
