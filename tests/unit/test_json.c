#include "tests/unit/check.h"

#include "common/json.h"

#include <math.h>

/* ---- reading ---- */

static void values_of_every_kind_are_read_and_written(void **state)
{
    static const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "\"\"",
        "\"text\"",
        "[]",
        "{}",
        "[1,[2,[]],{}]",
        "{\"z\":1,\"a\":{\"m\":[null]},\"b\":\"\"}",
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001 \xc3\xa9 \xf0\x9f\x99\x82\"",
        "[1.1,0.1,1.0,-0.5,123456.789,1e+100,1.7976931348623157e+308,0.3333333333333333]",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        auto_buf struct buf b = BUF_INIT(1000);
        auto_json json_t *value = NULL;
        struct why why = {0};

        assert_ok(json_read(slice_of(texts[i]), &value, &why), &why);
        json_write(value, false, &b);
        assert_string_equal(buf_text(&b), texts[i]);
    }
}

static void pretty_text_has_two_blanks_a_level(void **state)
{
    auto_buf struct buf b = BUF_INIT(1000);
    auto_json json_t *value = NULL;

    (void)state;
    assert_ok(json_read(SLICE("{\"b\":[1,{\"c\":null}],\"a\":{},\"d\":[]}"), &value, NULL), NULL);
    json_write(value, true, &b);
    assert_string_equal(buf_text(&b), "{\n"
                                      "  \"b\": [\n"
                                      "    1,\n"
                                      "    {\n"
                                      "      \"c\": null\n"
                                      "    }\n"
                                      "  ],\n"
                                      "  \"a\": {},\n"
                                      "  \"d\": []\n"
                                      "}");
}

static void faults_are_named_by_line_and_column(void **state)
{
    const struct {
        struct slice text;
        const char *place, *words;
    } cases[] = {
        {SLICE(""), "line 1", "end of file"},
        {SLICE("{\n \"a\": 1,\n \"a\": 2}"), "line 3 column", "duplicate object key near '\"a\"'"},
        {SLICE("{\"a\":1,\"\\u0061\":2}"), "line 1", "duplicate"},
        {SLICE("[1,\n2,]"), "line 2 column 3", "unexpected token"},
        {SLICE("[1] 2"), "line 1 column 5", "end of file expected"},
        {SLICE("{\"a\":1"), "line 1 column 6", "'}' expected"},
        {SLICE("{a:1}"), "line 1 column 2", "string or '}' expected"},
        {SLICE("\"a\nb\""), "line 1", "unexpected newline"},
        {SLICE("\"\xff\""), "line 1", "unable to decode byte 0xff"},
        {SLICE("\"\\ud800\""), "line 1", "invalid Unicode"},
        {SLICE("12345678901234567890"), "line 1", "too big integer"},
        {SLICE("1e400"), "line 1", "real number overflow"},
        {SLICE("\"a\\u0000b\""), "line 1", "\\u0000"},
        {SLICE("[1]\0[2]"), "line 1", "end of file expected"},
        {SLICE("\xef\xbb\xbf[]"), "line 1", "invalid token"},
        {SLICE("01"), "line 1", "invalid token"},
        {SLICE("'a'"), "line 1", "invalid token"},
        {SLICE("NaN"), "line 1", "invalid token"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *value = NULL;
        struct why why = {0};

        assert_status(ST_BAD_INPUT, json_read(cases[i].text, &value, &why), &why);
        assert_null(value);
        assert_contains(why.place, cases[i].place);
        assert_contains(why.text, cases[i].words);
    }
}

static void words_do_not_quote_values(void **state)
{
    static const char *const texts[] = {
        "{\"a\": secret}", "[\"secret\" \"secret\"]",
        "\"secret \xff\"", "{\"a\":\"secret\" near 'secret'}",
        "[\"secret\"",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        json_t *value = NULL;
        struct why why = {0};

        assert_status(ST_BAD_INPUT, json_read(slice_of(texts[i]), &value, &why), &why);
        assert_null(strstr(why.text, "secret"));
    }
}

static void depth_has_a_ceiling(void **state)
{
    enum { HOSTILE = 1000000, FINE = 1000 };
    auto_buf struct buf b = BUF_INIT(HOSTILE + 1);
    auto_json json_t *value = NULL;
    struct why why = {0};

    (void)state;
    for (int i = 0; i < HOSTILE; i++)
        buf_put_char(&b, '[');
    assert_status(ST_BAD_INPUT, json_read(buf_slice(&b), &value, &why), &why);
    assert_contains(why.text, "depth");
    b.len = FINE;
    for (int i = 0; i < FINE; i++)
        buf_put_char(&b, ']');
    assert_ok(json_read(buf_slice(&b), &value, &why), &why);
}

static void only_an_object_is_an_object(void **state)
{
    auto_json json_t *value = NULL;
    struct why why = {0};

    (void)state;
    assert_status(ST_BAD_INPUT, json_read_object(SLICE("[]"), &value, &why), &why);
    assert_string_equal(why.text, "must be a JSON object");
    assert_status(ST_BAD_INPUT, json_read_object(SLICE("{"), &value, &why), &why);
    assert_ok(json_read_object(SLICE(" {} "), &value, &why), &why);
    assert_true(json_is_object(value));
}

static void nul_is_read_only_where_it_is_asked_for(void **state)
{
    auto_buf struct buf b = BUF_INIT(100);
    auto_json json_t *value = NULL;
    const char *text = "before";
    struct why why = {0};

    (void)state;
    assert_ok(json_read_nul(SLICE("{\"a\":\"x\\u0000y\"}"), &value, &why), &why);
    json_write(value, false, &b);
    assert_string_equal(buf_text(&b), "{\"a\":\"x\\u0000y\"}");
    assert_status(ST_BAD_INPUT, json_get_text(value, "a", &text, &why), &why);
    assert_string_equal(why.place, "a");
    assert_string_equal(text, "before");
    assert_null(json_text(json_object_get(value, "a")));
    assert_null(json_text(value));
    assert_null(json_text(NULL));
}

/* ---- files ---- */

static void a_file_is_read_up_to_its_ceiling(void **state)
{
    const char *path = temp_write(state, "a.json", "[1,2,3]", 7);
    auto_json json_t *value = NULL;
    struct why why = {0};

    assert_status(ST_TOO_LARGE, json_read_file(path, 6, &value, &why), &why);
    assert_string_equal(why.place, path);
    assert_string_equal(why.text, "has more than 6 bytes");
    assert_ok(json_read_file(path, 7, &value, &why), &why);
    assert_int_equal(json_array_size(value), 3);
}

static void a_broken_file_is_named_with_line_and_column(void **state)
{
    const char *path = temp_write(state, "b.json", "{\n  \"a\": tru\n}", 14);
    json_t *value = NULL;
    struct why why = {0};

    assert_status(ST_BAD_INPUT, json_read_file(path, 100, &value, &why), &why);
    assert_int_equal(strncmp(why.place, path, strlen(path)), 0);
    assert_string_equal(why.place + strlen(path), ":2:10");
    assert_string_equal(why.text, "invalid token");
}

static void a_long_file_name_keeps_its_end_and_the_line(void **state)
{
    char path[400] = "";
    json_t *value = NULL;
    struct why why = {0};
    struct temp *t = *state;

    temp_write(state, "c.json", "[", 1);
    while (strlen(path) < 200)
        strcat(path, "/.");
    memmove(path + strlen(t->folder), path, strlen(path) + 1);
    memcpy(path, t->folder, strlen(t->folder));
    strcat(path, "/c.json");
    assert_status(ST_BAD_INPUT, json_read_file(path, 100, &value, &why), &why);
    assert_contains(why.place, "/c.json:1:1");
}

static void files_that_can_not_be_read_are_named(void **state)
{
    struct temp *t = *state;
    json_t *value = NULL;
    struct why why = {0};

    assert_status(ST_NOT_FOUND, json_read_file(temp_path(state, "none"), 100, &value, &why), &why);
    assert_string_equal(why.place, t->path);
    assert_contains(why.text, "No such file");
    assert_status(ST_IO, json_read_file(t->folder, 100, &value, &why), &why);
    assert_contains(why.text, "directory");
}

static void a_large_file_is_whole(void **state)
{
    enum { ITEMS = 100000 };
    auto_buf struct buf b = BUF_INIT(1 << 20);
    auto_json json_t *value = NULL;
    struct why why = {0};
    const char *path;

    buf_put_char(&b, '[');
    for (int i = 0; i < ITEMS; i++)
        buf_printf(&b, "%s%d", i ? "," : "", i);
    buf_put_char(&b, ']');
    path = temp_write(state, "large.json", b.data, b.len);
    assert_ok(json_read_file(path, 1 << 20, &value, &why), &why);
    assert_int_equal(json_integer_value(json_array_get(value, ITEMS - 1)), ITEMS - 1);
}

/* ---- writing ---- */

static void reals_read_back_the_same(void **state)
{
    unsigned seed = 7;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        double number =
            ldexp(rand_r(&seed) - RAND_MAX / 2, rand_r(&seed) % 1000 - 500) + rand_r(&seed) / 1e9;
        auto_json json_t *value = json_real(number);
        auto_buf struct buf b = BUF_INIT(100);
        auto_json json_t *back = NULL;
        struct why why = {0};

        json_write(value, false, &b);
        assert_ok(json_read(buf_slice(&b), &back, &why), &why);
        assert_true(json_is_real(back));
        assert_true(json_real_value(back) == number);
    }
}

static void the_ceiling_of_the_buffer_counts(void **state)
{
    auto_json json_t *o = NULL;
    auto_buf struct buf whole = BUF_INIT(10000);

    (void)state;
    assert_ok(
        json_read(SLICE("{\"a\":[1,2.5,null,true,false,\"t\\n\"],\"b\":{\"c\":[]}}"), &o, NULL),
        NULL);
    json_write(o, true, &whole);
    for (size_t max = 0; max < whole.len; max++) {
        auto_buf struct buf b = BUF_INIT(max);

        json_write(o, true, &b);
        assert_int_equal(buf_status(&b, NULL), ST_TOO_LARGE);
    }
}

static void a_value_in_itself_ends(void **state)
{
    auto_buf struct buf b = BUF_INIT(1 << 20);
    auto_json json_t *outer = json_array();
    json_t *inner = json_array();

    (void)state;
    json_array_append_new(outer, inner);
    json_array_append(inner, outer);
    json_write(outer, false, &b);
    assert_int_equal(buf_status(&b, NULL), ST_TOO_LARGE);
    json_array_clear(inner); /* or it would never be released */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_every_kind_are_read_and_written),
        cmocka_unit_test(pretty_text_has_two_blanks_a_level),
        cmocka_unit_test(faults_are_named_by_line_and_column),
        cmocka_unit_test(words_do_not_quote_values),
        cmocka_unit_test(depth_has_a_ceiling),
        cmocka_unit_test(only_an_object_is_an_object),
        cmocka_unit_test(nul_is_read_only_where_it_is_asked_for),
        cmocka_unit_test_setup_teardown(a_file_is_read_up_to_its_ceiling, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_broken_file_is_named_with_line_and_column, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_long_file_name_keeps_its_end_and_the_line, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(files_that_can_not_be_read_are_named, temp_setup,
                                        temp_teardown),
        cmocka_unit_test_setup_teardown(a_large_file_is_whole, temp_setup, temp_teardown),
        cmocka_unit_test(reals_read_back_the_same),
        cmocka_unit_test(the_ceiling_of_the_buffer_counts),
        cmocka_unit_test(a_value_in_itself_ends),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
