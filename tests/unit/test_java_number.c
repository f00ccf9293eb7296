/* Numbers as Java 17 prints them; the expected texts are its own. */
#include "tests/unit/check.h"

#include "employees-mock/template/big_decimal.h"
#include "employees-mock/template/decimal_format.h"
#include "employees-mock/template/java_number.h"
#include "employees-mock/template/string_format.h"

#include <float.h>
#include <math.h>

static void doubles_print_as_in_java(void **state)
{
    static const struct {
        double d;
        const char *text;
    } rows[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1, "1.0"},
        {1.5, "1.5"},
        {-2.25, "-2.25"},
        {100, "100.0"},
        {1234567, "1234567.0"},
        {9999999.5, "9999999.5"},
        {1e7, "1.0E7"},
        {12345678.9, "1.23456789E7"},
        {0.001, "0.001"},
        {0.00099, "9.9E-4"},
        {1e-5, "1.0E-5"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {2.0 / 3, "0.6666666666666666"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e21, "1.0E21"},
        {DBL_MAX, "1.7976931348623157E308"},
        {4.9e-324, "4.9E-324"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
        {NAN, "NaN"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(64);

        java_double_write(rows[i].d, &text);
        assert_string_equal(buf_text(&text), rows[i].text);
    }
}

static void whole_numbers_are_read_as_in_java(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        int32_t value;
    } rows[] = {
        {"0", true, 0},
        {"+5", true, 5},
        {"-5", true, -5},
        {"007", true, 7},
        {"2147483647", true, INT32_MAX},
        {"-2147483648", true, INT32_MIN},
        {"2147483648", false, 0},
        {"-2147483649", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+", false, 0},
        {" 1", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
        {"99999999999999999999", false, 0},
    };
    int64_t whole;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int32_t value = 0;

        assert_int_equal(java_parse_int(slice_of(rows[i].text), &value), rows[i].ok);
        if (rows[i].ok)
            assert_int_equal(value, rows[i].value);
    }
    assert_true(java_parse_long(SLICE("-9223372036854775808"), &whole));
    assert_true(whole == INT64_MIN);
    assert_false(java_parse_long(SLICE("9223372036854775808"), &whole));
}

static void doubles_are_read_as_in_java(void **state)
{
    static const char *const good[] = {"1",   "1.5", ".5", "5.",      "-1e3",
                                       " 2 ", "1d",  "1F", "Infinity"};
    static const char *const bad[] = {"", "x", "1,5", "0x10", "1e", "--1", "inf", "nan", "1 2"};
    double d;

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(java_parse_double(slice_of(good[i]), &d));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(java_parse_double(slice_of(bad[i]), &d));
}

static void patterns_format_as_decimal_format(void **state)
{
    static const struct {
        double d;
        const char *pattern;
        const char *text;
    } rows[] = {
        {1234.567, "#,##0.0", "1,234.6"},
        {1235.5, "#,##0", "1,236"},
        {0.125, "0.00", "0.12"},
        {0.135, "0.00", "0.14"},
        {5, "000", "005"},
        {12345678, "#,####", "1234,5678"},
        {0.5, "#.##", "0.5"},
        {0, "#.##", "0"},
        {-5, "0.0;(0.0)", "(5.0)"},
        {0.256, "0%", "26%"},
        {12345, "0.###E0", "1.234E4"},
        {12345, "##0.###E0", "12.345E3"},
        {5, "'#'0", "#5"},
        {1, "abc", "abc1"},
        {1.005, "0.00", "1.00"},
        {-0.001, "0.0", "-0.0"},
        {0.1, ".00", ".10"},
        {100, "#", "100"},
    };
    struct why why;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(400);
        struct decimal_format f;

        assert_ok(
            decimal_format_parse(slice_of(rows[i].pattern), number_locale_default(), &f, &why),
            &why);
        assert_ok(decimal_format_write(&f, value_double(rows[i].d), &text, &why), &why);
        assert_string_equal(buf_text(&text), rows[i].text);
    }
}

static void format_strings_are_javas(void **state)
{
    static const struct {
        const char *format;
        struct value arg;
        const char *text;
    } rows[] = {
        {"%.2f", {.kind = V_DOUBLE, .real = 1.005}, "1.01"},
        {"%.0f", {.kind = V_DOUBLE, .real = 2.5}, "3"},
        {"%e", {.kind = V_DOUBLE, .real = 12345.678}, "1.234568e+04"},
        {"%g", {.kind = V_DOUBLE, .real = 0.00012345}, "0.000123450"},
        {"%(.2f", {.kind = V_DOUBLE, .real = -1.5}, "(1.50)"},
        {"%05d", {.kind = V_INT, .integer = -3}, "-0003"},
        {"%,d", {.kind = V_INT, .integer = 1234567}, "1,234,567"},
        {"%x", {.kind = V_INT, .integer = -1}, "ffffffff"},
        {"%c", {.kind = V_INT, .integer = 65}, "A"},
        {"%%", {.kind = V_NULL}, "%"},
        {"%s", {.kind = V_NULL}, "null"},
    };
    struct why why;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(400);

        assert_ok(string_format(slice_of(rows[i].format), &rows[i].arg, 1, &text, &why), &why);
        assert_string_equal(buf_text(&text), rows[i].text);
    }
}

static void format_strings_are_bounded(void **state)
{
    static const char *const hostile[] = {"%999999999d", "%.999999999f", "%",   "%5",
                                          "%1$",         "%q",           "%2$d"};
    struct value one = value_int(1);
    struct why why;

    (void)state;
    for (size_t i = 0; i < COUNT(hostile); i++) {
        auto_buf struct buf text = BUF_INIT(1 << 20);

        assert_true(string_format(slice_of(hostile[i]), &one, 1, &text, &why) != ST_OK);
    }
}

static void decimals_compute_exactly(void **state)
{
    static const struct {
        const char *a;
        char operator;
        const char *b;
        double result;
        int scale;
    } rows[] = {
        {"0.1", '+', "0.2", 0.3, 1},       {"1.50", '*', "2", 3.0, 2}, {"7", '/', "2", 4, 0},
        {"-7", '/', "2", -4, 0},           {"10.0", '/', "4", 2.5, 1}, {"5.5", '%', "2", 1.5, 1},
        {"-7", '%', "3", -1, 0},           {"100", '%', "2.5", 0, 0},  {"1e2", '+', "1", 101, 0},
        {"999", '+', "1", 1000, 0},        {"1000", '-', "1", 999, 0}, {"1", '-', "1000", -999, 0},
        {"0.00001", '*', "1", 0.00001, 5},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct big_decimal a;
        struct big_decimal b;
        struct big_decimal result;

        assert_true(big_decimal_parse(slice_of(rows[i].a), &a));
        assert_true(big_decimal_parse(slice_of(rows[i].b), &b));
        if (rows[i].operator== '/')
            big_decimal_divide(&a, &b, &result);
        else if (rows[i].operator== '%')
            big_decimal_remainder(&a, &b, &result);
        else if (rows[i].operator== '*')
            big_decimal_multiply(&a, &b, &result);
        else
            big_decimal_add(&a, &b, rows[i].operator== '-', &result);
        assert_true(big_decimal_double(&result) == rows[i].result);
        assert_int_equal(result.scale, rows[i].scale);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles_print_as_in_java),
        cmocka_unit_test(whole_numbers_are_read_as_in_java),
        cmocka_unit_test(doubles_are_read_as_in_java),
        cmocka_unit_test(patterns_format_as_decimal_format),
        cmocka_unit_test(format_strings_are_javas),
        cmocka_unit_test(format_strings_are_bounded),
        cmocka_unit_test(decimals_compute_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
