#include "tests/unit/check.h"

#include "common/router.h"

static const struct route routes[] = {
    {.method = "GET", .path = "/"},
    {.method = "GET", .path = "/items"},
    {.method = "POST", .path = "/items"},
    {.method = "GET", .path = "/items/first"},
    {.method = "GET", .path = "/items/{id}"},
    {.method = "PUT", .path = "/items/{id}"},
    {.method = "DELETE", .path = "/items/{id}/parts/{part}"},
    {.method = "*", .path = "/any/{rest...}"},
    {.method = "HEAD", .path = "/head"},
    {.method = "GET", .path = "/head"},
    {.method = "GET", .path = "/deep/{a}/{b}/{c}/{d}/{e}"},
};

static struct route_match find(const char *method, const char *path)
{
    return router_find(routes, COUNT(routes), method, slice_of(path));
}

static void assert_row(const char *method, const char *path, int row)
{
    struct route_match match = find(method, path);

    if (row < 0)
        assert_null(match.route);
    else
        assert_ptr_equal(match.route, &routes[row]);
}

static void first_row_of_path_and_method_wins(void **state)
{
    (void)state;
    assert_row("GET", "/", 0);
    assert_row("GET", "/items", 1);
    assert_row("POST", "/items", 2);
    assert_row("GET", "/items/first", 3);
    assert_row("GET", "/items/other", 4);
    assert_row("GET", "/items/{id}", 4);
    assert_row("GET", "/items/{", 4);
    assert_row("PUT", "/items/first", 5);
    assert_row("DELETE", "/items/1/parts/2", 6);
}

static void get_row_serves_head(void **state)
{
    (void)state;
    assert_row("HEAD", "/items", 1);
    assert_row("HEAD", "/head", 8);
    assert_row("HEAD", "/items/1/parts/2", -1);
}

static void star_row_takes_any_method(void **state)
{
    (void)state;
    assert_row("PROPFIND", "/any/x", 7);
    assert_row("x!~", "/any/x", 7);
}

static void methods_are_compared_by_case(void **state)
{
    (void)state;
    assert_row("get", "/items", -1);
}

static void paths_match_as_a_whole(void **state)
{
    (void)state;
    assert_row("GET", "/items/", -1);
    assert_row("GET", "/item", -1);
    assert_row("GET", "/itemsx", -1);
    assert_row("GET", "//items", -1);
    assert_row("GET", "/items//", -1);
    assert_row("GET", "/ITEMS", -1);
    assert_row("DELETE", "/items//parts/2", -1);
    assert_row("GET", "", -1);
    assert_row("GET", "*", -1);
    assert_row("GET", "items", -1);
}

static void known_path_is_told_from_unknown(void **state)
{
    (void)state;
    assert_true(find("PATCH", "/items").path_known);
    assert_false(find("PATCH", "/none").path_known);
    assert_int_equal(find("PATCH", "/items/7").param_count, 0);
}

static void params_are_borrowed_from_the_path(void **state)
{
    struct route_match match = find("DELETE", "/items/a%2Fb/parts/7");

    (void)state;
    assert_int_equal(match.param_count, 2);
    assert_true(slice_is(match.param_names[0], "id"));
    assert_true(slice_is(match.param_values[0], "a%2Fb"));
    assert_true(slice_is(match.param_names[1], "part"));
    assert_true(slice_is(match.param_values[1], "7"));
}

static void rest_takes_all_segments_or_none(void **state)
{
    (void)state;
    assert_true(slice_is(find("GET", "/any/a/b//c").param_values[0], "a/b//c"));
    assert_true(slice_is(find("GET", "/any/a").param_names[0], "rest"));
    assert_int_equal(find("GET", "/any/").param_values[0].len, 0);
    assert_row("GET", "/any/", 7);
    assert_row("GET", "/any", 7);
    assert_int_equal(find("GET", "/any").param_values[0].len, 0);
    assert_row("GET", "/anyway", -1);
}

static void params_beyond_the_ceiling_are_left_out(void **state)
{
    (void)state;
    assert_int_equal(find("GET", "/deep/1/2/3/4/5").param_count, ROUTE_PARAMS_MAX);
}

static void assert_allow(const char *path, const char *wanted)
{
    auto_buf struct buf allow = BUF_INIT(256);

    router_allow(routes, COUNT(routes), slice_of(path), &allow);
    assert_string_equal(buf_text(&allow), wanted);
}

static void allow_lists_each_method_once(void **state)
{
    (void)state;
    assert_allow("/items", "GET, HEAD, POST");
    assert_allow("/items/first", "GET, HEAD, PUT");
    assert_allow("/head", "HEAD, GET");
    assert_allow("/items/1/parts/2", "DELETE");
    assert_allow("/none", "");
    assert_allow("", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_row_of_path_and_method_wins),
        cmocka_unit_test(get_row_serves_head),
        cmocka_unit_test(star_row_takes_any_method),
        cmocka_unit_test(methods_are_compared_by_case),
        cmocka_unit_test(paths_match_as_a_whole),
        cmocka_unit_test(known_path_is_told_from_unknown),
        cmocka_unit_test(params_are_borrowed_from_the_path),
        cmocka_unit_test(rest_takes_all_segments_or_none),
        cmocka_unit_test(params_beyond_the_ceiling_are_left_out),
        cmocka_unit_test(allow_lists_each_method_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
