#include "tests/unit/check.h"

#include "employees-mock/match/datetime.h"

static void put(const struct datetime *t, char ret[64])
{
    snprintf(ret, 64, "%04lld-%02d-%02dT%02d:%02d:%02d.%03d%s%d", (long long)t->year, t->month,
             t->day, t->hour, t->minute, t->second, t->nano / 1000000, t->zoned ? "z" : "l",
             t->offset_s);
}

static void patterns_read_as_java_does(void **state)
{
    static const struct {
        const char *pattern; /* NULL: datetime_parse() */
        const char *text;
        const char *result; /* NULL: refused */
    } cases[] = {
        {NULL, "2021-06-14T15:15:15Z", "2021-06-14T15:15:15.000z0"},
        {NULL, "2021-06-14T15:15:15.5+01:30", "2021-06-14T15:15:15.500z5400"},
        {NULL, "2021-06-14T15:15", "2021-06-14T15:15:00.000l0"},
        {NULL, "2021-06-14", "2021-06-14T00:00:00.000l0"},
        {NULL, "2021", "2021-01-01T00:00:00.000l0"},
        {NULL, "Mon, 14 Jun 2021 15:15:15 GMT", "2021-06-14T15:15:15.000z0"},
        {NULL, "Tue, 14 Jun 2021 15:15:15 GMT", NULL},
        {NULL, "Mon Jun 14 15:15:15 2021", "2021-06-14T15:15:15.000z0"},
        {NULL, "2021-02-29", NULL},
        {NULL, "", NULL},
        {"dd/MM/yyyy", "14/06/2021", "2021-06-14T00:00:00.000l0"},
        {"yyyyMMdd", "20210614", "2021-06-14T00:00:00.000l0"},
        {"dd/MM/yyyy", "31/02/2021", "2021-02-28T00:00:00.000l0"},
        {"MM/dd/yy hh:mm a", "06/14/21 12:05 AM", "2021-06-14T00:05:00.000l0"},
        {"yyyy-MM-dd'T'HH:mm:ssXXX", "2021-06-14T00:00:00-02:00", "2021-06-14T00:00:00.000z-7200"},
        {"yyyy-MM-dd[ HH:mm]", "2021-06-14 10:30", "2021-06-14T10:30:00.000l0"},
        {"unix", "86400", "1970-01-02T00:00:00.000z0"},
        {"epoch", "-1", "1969-12-31T23:59:59.999z0"},
        {"dd", "14", NULL},
        {"foo", "14", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct datetime t = {0};
        char text[64] = "refused";
        enum status st = cases[i].pattern
                             ? datetime_parse_pattern(slice_of(cases[i].text),
                                                      slice_of(cases[i].pattern), &t, NULL)
                             : datetime_parse(slice_of(cases[i].text), &t, NULL);

        if (st == ST_OK)
            put(&t, text);
        assert_string_equal(text, cases[i].result ? cases[i].result : "refused");
    }
}

static struct datetime moment(const char *text)
{
    struct datetime t = {0};

    assert_int_equal(datetime_parse(slice_of(text), &t, NULL), ST_OK);
    return t;
}

static void offsets_keep_within_the_month(void **state)
{
    static const struct {
        const char *from;
        int64_t amount;
        enum datetime_unit unit;
        const char *to;
    } cases[] = {
        {"2021-01-31T00:00:00Z", 1, UNIT_MONTHS, "2021-02-28T00:00:00Z"},
        {"2020-02-29T00:00:00Z", 1, UNIT_YEARS, "2021-02-28T00:00:00Z"},
        {"2021-01-01T00:00:00Z", -1, UNIT_SECONDS, "2020-12-31T23:59:59Z"},
        {"2021-01-01T00:00:00Z", -13, UNIT_MONTHS, "2019-12-01T00:00:00Z"},
        {"1970-01-01T00:00:00Z", -719528, UNIT_DAYS, "0000-01-01T00:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct datetime t = moment(cases[i].from);
        struct datetime wanted = moment(cases[i].to);

        assert_int_equal(datetime_add(&t, cases[i].amount, cases[i].unit, NULL), ST_OK);
        assert_int_equal(datetime_compare(&t, &wanted), 0);
    }
}

static void far_offsets_are_refused(void **state)
{
    struct datetime t = moment("2021-01-01T00:00:00Z");

    (void)state;
    assert_int_equal(datetime_add(&t, INT64_MAX, UNIT_DAYS, NULL), ST_BAD_INPUT);
    assert_int_equal(datetime_add(&t, INT64_C(1) << 39, UNIT_YEARS, NULL), ST_BAD_INPUT);
    assert_int_equal(t.year, 2021);
}

static void numbers_beyond_64_bits_are_refused(void **state)
{
    struct datetime t;

    (void)state;
    assert_int_equal(datetime_parse_pattern(SLICE("27777777777000777770"),
                                            SLICE("KKKKKKKKKKKKKKKKKKKK"), &t, NULL),
                     ST_BAD_INPUT);
}

static void truncations_reach_their_days(void **state)
{
    static const struct {
        const char *name;
        const char *to;
    } cases[] = {
        {"first second of minute", "2020-02-10T15:16:00Z"},
        {"first hour of day", "2020-02-10T00:00:00Z"},
        {"last day of month", "2020-02-29T00:00:00Z"},
        {"FIRST_DAY_OF_NEXT_MONTH", "2020-03-01T00:00:00Z"},
        {"first day of next year", "2021-01-01T00:00:00Z"},
        {"last day of year", "2020-12-31T00:00:00Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct datetime t = moment("2020-02-10T15:16:17.5Z");
        struct datetime wanted = moment(cases[i].to);

        assert_int_equal(datetime_truncate(&t, slice_of(cases[i].name), NULL), ST_OK);
        assert_int_equal(datetime_compare(&t, &wanted), 0);
    }
}

static void microseconds_go_there_and_back(void **state)
{
    static const int64_t moments[] = {0, -1, 951782400000000, -62135596800000000,
                                      253402300799999999};

    (void)state;
    for (size_t i = 0; i < COUNT(moments); i++) {
        struct datetime t;

        datetime_from_us(moments[i], 3600, &t);
        assert_int_equal(datetime_to_us(&t, 0), moments[i]);
    }
}

static void microseconds_end_where_64_bits_do(void **state)
{
    const struct datetime far = {.year = 999999999, .month = 12, .day = 31};
    const struct datetime long_ago = {.year = -999999999, .month = 1, .day = 1};
    const struct datetime near = {.year = 290000, .month = 1, .day = 1};

    (void)state;
    assert_true(datetime_to_us(&far, 0) > datetime_to_us(&near, 0));
    assert_true(datetime_to_us(&long_ago, 0) < 0);
    assert_int_equal(datetime_to_us(&long_ago, 0), -datetime_to_us(&far, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_read_as_java_does),
        cmocka_unit_test(offsets_keep_within_the_month),
        cmocka_unit_test(far_offsets_are_refused),
        cmocka_unit_test(numbers_beyond_64_bits_are_refused),
        cmocka_unit_test(truncations_reach_their_days),
        cmocka_unit_test(microseconds_go_there_and_back),
        cmocka_unit_test(microseconds_end_where_64_bits_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
