#include "tests/unit/check.h"

#include "common/json.h"

static json_t *members(void)
{
    json_t *value = NULL;

    assert_ok(
        json_read(SLICE("{\"text\":\"t\",\"empty\":\"\",\"null\":null,\"yes\":true,\"no\":false,"
                        "\"seven\":7,\"real\":7.0,\"list\":[1],\"thing\":{\"x\":1}}"),
                  &value, NULL),
        NULL);
    return value;
}

static void getters_write_what_is_there(void **state)
{
    auto_json json_t *o = members();
    const char *text = NULL;
    const json_t *part = NULL;
    long long number = 0;
    bool on = false;

    (void)state;
    assert_ok(json_get_text(o, "text", &text, NULL), NULL);
    assert_string_equal(text, "t");
    assert_ok(json_need_text(o, "text", &text, NULL), NULL);
    assert_ok(json_get_text(o, "empty", &text, NULL), NULL);
    assert_string_equal(text, "");
    assert_ok(json_get_bool(o, "yes", &on, NULL), NULL);
    assert_true(on);
    assert_ok(json_get_bool(o, "no", &on, NULL), NULL);
    assert_false(on);
    assert_ok(json_get_int(o, "seven", 7, 7, &number, NULL), NULL);
    assert_int_equal(number, 7);
    assert_ok(json_get_array(o, "list", &part, NULL), NULL);
    assert_int_equal(json_array_size(part), 1);
    assert_ok(json_get_object(o, "thing", &part, NULL), NULL);
    assert_int_equal(json_object_size(part), 1);
}

static void absent_and_null_leave_the_default(void **state)
{
    static const char *const names[] = {"absent", "null"};
    auto_json json_t *o = members();

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *text = "default";
        const json_t *part = o;
        long long number = 5;
        bool on = true;

        assert_ok(json_get_text(o, names[i], &text, NULL), NULL);
        assert_string_equal(text, "default");
        assert_ok(json_get_bool(o, names[i], &on, NULL), NULL);
        assert_true(on);
        assert_ok(json_get_int(o, names[i], 0, 1, &number, NULL), NULL);
        assert_int_equal(number, 5);
        assert_ok(json_get_array(o, names[i], &part, NULL), NULL);
        assert_ok(json_get_object(o, names[i], &part, NULL), NULL);
        assert_ptr_equal(part, o);
    }
}

static void other_types_are_refused_by_name(void **state)
{
    auto_json json_t *o = members();
    const char *text = "kept";
    const json_t *part = NULL;
    long long number = 5;
    bool on = true;
    struct why why = {0};

    (void)state;
    assert_status(ST_BAD_INPUT, json_get_text(o, "seven", &text, &why), &why);
    assert_string_equal(why.place, "seven");
    assert_string_equal(why.text, "must be a string");
    assert_status(ST_BAD_INPUT, json_get_bool(o, "text", &on, &why), &why);
    assert_string_equal(why.text, "must be true or false");
    assert_status(ST_BAD_INPUT, json_get_int(o, "real", 0, 10, &number, &why), &why);
    assert_string_equal(why.text, "must be an integer from 0 to 10");
    assert_status(ST_BAD_INPUT, json_get_int(o, "seven", 0, 6, &number, &why), &why);
    assert_status(ST_BAD_INPUT, json_get_int(o, "seven", 8, 10, &number, &why), &why);
    assert_status(ST_BAD_INPUT, json_get_array(o, "thing", &part, &why), &why);
    assert_string_equal(why.text, "must be an array");
    assert_status(ST_BAD_INPUT, json_get_object(o, "list", &part, &why), &why);
    assert_string_equal(why.place, "list");
    assert_string_equal(text, "kept");
    assert_int_equal(number, 5);
    assert_true(on);
    assert_null(part);
}

static void needed_text_must_be_there(void **state)
{
    auto_json json_t *o = members();
    const char *text = "kept";
    struct why why = {0};

    (void)state;
    assert_status(ST_BAD_INPUT, json_need_text(o, "absent", &text, &why), &why);
    assert_string_equal(why.text, "is missing");
    assert_status(ST_BAD_INPUT, json_need_text(o, "null", &text, &why), &why);
    assert_string_equal(why.text, "is missing");
    assert_status(ST_BAD_INPUT, json_need_text(o, "empty", &text, &why), &why);
    assert_string_equal(why.text, "must not be empty");
    assert_status(ST_BAD_INPUT, json_need_text(o, "list", &text, &why), &why);
    assert_string_equal(text, "kept");
}

static void unknown_members_are_refused_by_name(void **state)
{
    static const char *const all[] = {"a", "b", NULL};
    static const char *const one[] = {"a", NULL};
    static const char *const none[] = {NULL};
    auto_json json_t *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(json_read(SLICE("{\"a\":1,\"b\":2}"), &o, NULL), NULL);
    assert_ok(json_only(o, all, &why), &why);
    assert_status(ST_BAD_INPUT, json_only(o, one, &why), &why);
    assert_string_equal(why.place, "b");
    assert_status(ST_BAD_INPUT, json_only(o, none, &why), &why);
    assert_string_equal(why.place, "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(getters_write_what_is_there),
        cmocka_unit_test(absent_and_null_leave_the_default),
        cmocka_unit_test(other_types_are_refused_by_name),
        cmocka_unit_test(needed_text_must_be_there),
        cmocka_unit_test(unknown_members_are_refused_by_name),
    };

    return cmocka_run_group_tests_name("json_members", tests, NULL, NULL);
}
