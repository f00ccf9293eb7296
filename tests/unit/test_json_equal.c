#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/match/json_equal.h"
#include "employees-mock/match/json_loose.h"

enum { ORDER = 1, EXTRA = 2 };

static const struct {
    const char *expected;
    const char *actual;
    int options;
    bool equal;
} cases[] = {
    {"{\"a\":1}", "{\"a\":1.0}", 0, true},
    {"{\"a\":1}", "{\"a\":\"1\"}", 0, false},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", 0, false},
    {"{\"a\":1}", "{\"a\":1,\"b\":2}", EXTRA, true},
    {"[1,2]", "[2,1]", 0, false},
    {"[1,2]", "[2,1]", ORDER, true},
    {"[1,1,2]", "[1,2,2]", ORDER, false},
    {"[1,2]", "[3,2,1]", ORDER, false},
    {"[1,2]", "[3,2,1]", ORDER | EXTRA, true},
    {"[\"${json-unit.any-number}\",1]", "[1,2]", ORDER, true},
    {"[[1,2],[3]]", "[[3],[2,1]]", ORDER, true},
    {"\"${json-unit.ignore}\"", "{\"any\":1}", 0, true},
    {"\"${json-unit.regex}[a-z]+\"", "\"abc\"", 0, true},
    {"\"${json-unit.regex}[a-z]+\"", "\"ABC\"", 0, false},
    {"{\"a\":\"${json-unit.ignore-element}\"}", "{}", 0, true},
    {"12345678901234567890", "12345678901234567891", 0, false},
};

static void documents_compare_as_json_unit_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_json json_t *expected = NULL;
        auto_json json_t *actual = NULL;
        struct json_equal_options options = {cases[i].options & ORDER, cases[i].options & EXTRA};
        struct why why = {0};
        bool equal = !cases[i].equal;
        double distance;

        assert_ok(json_loose_read(slice_of(cases[i].expected), &expected, &why), &why);
        assert_ok(json_loose_read(slice_of(cases[i].actual), &actual, &why), &why);
        assert_ok(json_equal_to_matches(expected, actual, &options, &equal, &why), &why);
        assert_int_equal(equal, cases[i].equal);
        assert_ok(json_equal_to_distance(expected, actual, &options, &distance, &why), &why);
        assert_int_equal(distance == 0, cases[i].equal);
    }
}

static json_t *long_array(int count)
{
    json_t *array = json_array();

    for (int i = 0; i < count; i++)
        json_array_append_new(array, json_integer(i));
    return array;
}

static void long_arrays_in_any_order_are_bounded(void **state)
{
    auto_json json_t *a = long_array(3000);
    auto_json json_t *b = long_array(3000);
    struct json_equal_options options = {.ignore_array_order = true};
    struct why why = {0};
    bool equal;

    (void)state;
    assert_status(ST_TIMEOUT, json_equal_to_matches(a, b, &options, &equal, &why), &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_compare_as_json_unit_does),
        cmocka_unit_test(long_arrays_in_any_order_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
