#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/match/diff.h"
#include "employees-mock/match/json_loose.h"

static void write_diff(const char *request, const char *url, struct buf *ret)
{
    auto_json json_t *json = NULL;
    auto_request_pattern struct request_pattern *p = NULL;
    struct mock_source source = {.method = SLICE("GET"), .url = slice_of(url)};
    auto_mock_request struct mock_request *r = mock_request_new(&source);
    struct diff_stub stub = {.name = "a stub"};

    assert_int_equal(json_loose_read(slice_of(request), &json, NULL), ST_OK);
    assert_int_equal(request_pattern_compile(json, "/request", &p, NULL), ST_OK);
    stub.pattern = p;
    diff_write(&stub, r, ret);
    assert_non_null(buf_text(ret));
}

static void differences_stand_beside_what_was_wanted(void **state)
{
    auto_buf struct buf text = BUF_INIT(1 << 16);

    (void)state;
    write_diff("{'url':'/a','headers':{'X':{'contains':'y'}}}", "/b", &text);
    assert_non_null(strstr(text.data, "a stub"));
    assert_non_null(
        strstr(text.data, "/a                                                         | /b       "
                          "                                           <<<<< URL does not match\n"));
    assert_non_null(strstr(text.data, "X [contains] : y"));
    assert_non_null(strstr(text.data, "<<<<< Header is not present\n"));
}

static void long_lines_are_wrapped(void **state)
{
    auto_buf struct buf text = BUF_INIT(1 << 16);
    char url[200] = "/";

    (void)state;
    memset(url + 1, 'x', 150);
    write_diff("{'url':'/a'}", url, &text);
    for (const char *at = text.data; *at; at += strcspn(at, "\n") + 1)
        assert_true(strcspn(at, "\n") <= 160);
}

static void an_empty_server_says_so(void **state)
{
    auto_buf struct buf text = BUF_INIT(1 << 10);

    (void)state;
    diff_write(NULL, NULL, &text);
    assert_string_equal(buf_text(&text), "No response could be served as there are no stub "
                                         "mappings in this WireMock instance.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_stand_beside_what_was_wanted),
        cmocka_unit_test(long_lines_are_wrapped),
        cmocka_unit_test(an_empty_server_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
