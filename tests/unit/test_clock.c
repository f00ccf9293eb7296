#include "tests/unit/check.h"

#include "common/clock.h"

#include <time.h>

enum { US = 1000000, DAY_S = 86400 };

static void instants_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t us;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01t00:00:00z", 0},
        {"1970-01-01T00:00:00.1Z", 100000},
        {"1970-01-01T00:00:00.123456Z", 123456},
        {"1970-01-01T00:00:00.123456789Z", 123456},
        {"1970-01-01T00:00:00.000000999Z", 0},
        {"1969-12-31T23:59:59.999999Z", -1},
        {"1970-01-01T01:30:00+01:30", 0},
        {"1969-12-31T22:30:00-01:30", 0},
        {"1970-01-01T00:00:00-00:00", 0},
        {"1970-01-01T23:59:00+23:59", 0},
        {"2023-03-20T00:00:00Z", 1679270400LL * US},
        {"2000-02-29T12:00:00Z", 951825600LL * US},
        {"2038-01-19T03:14:08Z", 2147483648LL * US},
        {"0001-01-01T00:00:00Z", -62135596800LL * US},
        {"9999-12-31T23:59:59.999999Z", 253402300799LL * US + 999999},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct why why = {.place = ""};
        int64_t us = 42;

        snprintf(why.place, sizeof why.place, "%s", cases[i].text);
        assert_ok(clock_parse_iso(slice_of(cases[i].text), &us, &why), &why);
        assert_int_equal(us, cases[i].us);
    }
}

static void instants_are_read_to_the_nanosecond(void **state)
{
    static const struct {
        const char *text;
        struct instant instant;
    } cases[] = {
        {"1970-01-01T00:00:00Z", {0, 0}},
        {"1970-01-01T00:00:00.000000999Z", {0, 999}},
        {"1970-01-01T00:00:00.00000001Z", {0, 10}},
        {"1970-01-01T00:00:00.999999999Z", {999999, 999}},
        {"1969-12-31T23:59:59.999999999Z", {-1, 999}},
        {"9999-12-31T23:59:59.000000001-23:59", {(253402300799LL + 86340) * US, 1}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct instant instant = {0};
        struct why why = {0};

        assert_ok(clock_parse_instant(slice_of(cases[i].text), &instant, &why), &why);
        assert_int_equal(instant.us, cases[i].instant.us);
        assert_int_equal(instant.ns, cases[i].instant.ns);
        assert_false(instant_before(instant, cases[i].instant));
    }
    assert_true(instant_before((struct instant){-1, 999}, (struct instant){0, 0}));
    assert_true(instant_before((struct instant){0, 0}, (struct instant){0, 1}));
    assert_false(instant_before((struct instant){1, 0}, (struct instant){0, 999}));
}

static void everything_else_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "now",
        "2023-03-20",
        "2023-03-20T00:00:00",
        "2023-03-20T00:00Z",
        "20230320T000000Z",
        "2023-03-20T00:00:00.Z",
        "2023-03-20T00:00:00.1234567890Z",
        "2023-03-20T00:00:00,5Z",
        "2023-03-20T00:00:00ZZ",
        "2023-03-20T00:00:00Z ",
        " 2023-03-20T00:00:00Z",
        "2023-03-20_00:00:00Z",
        "2023-03-20 00:00:00Z",
        "2023-03-20T00:00:00+01",
        "2023-03-20T00:00:00+0100",
        "2023-03-20T00:00:00+24:00",
        "2023-03-20T00:00:00+00:60",
        ("2023-03-20T00:00:00\xe2\x88\x92"
         "01:00"),
        "2023-03-20T24:00:00Z",
        "2023-03-20T23:60:00Z",
        "2016-12-31T23:59:60Z",
        "2023-00-20T00:00:00Z",
        "2023-13-20T00:00:00Z",
        "2023-03-00T00:00:00Z",
        "2023-03-32T00:00:00Z",
        "2023-04-31T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "-2023-03-20T00:00:00Z",
        "+2023-03-20T00:00:00Z",
        "2023-3-20T00:00:00Z",
        "2o23-03-20T00:00:00Z",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        int64_t us = 42;
        enum status st = clock_parse_iso(slice_of(texts[i]), &us, NULL);

        if (st != ST_BAD_INPUT)
            print_error("taken: %s\n", texts[i]);
        assert_int_equal(st, ST_BAD_INPUT);
        assert_int_equal(us, 42);
    }
}

static void every_cut_text_is_refused(void **state)
{
    static const char text[] = "2023-03-20T10:20:30.123456+01:00";
    int64_t us;

    (void)state;
    for (size_t len = 0; len < sizeof text - 1; len++)
        assert_int_equal(clock_parse_iso((struct slice){text, len}, &us, NULL), ST_BAD_INPUT);
    assert_int_equal(clock_parse_iso((struct slice){text, sizeof text}, &us, NULL), ST_BAD_INPUT);
    assert_int_equal(clock_parse_iso(SLICE("2023-03-20T10:20:30\0Z"), &us, NULL), ST_BAD_INPUT);
}

static void refusals_do_not_quote_the_text(void **state)
{
    struct why why = {0};
    int64_t us;

    (void)state;
    assert_status(ST_BAD_INPUT, clock_parse_iso(SLICE("secret"), &us, &why), &why);
    assert_null(strstr(why.text, "secret"));
    assert_contains(why.text, "ISO 8601");
}

/* The C library counts the same days. */
static void agrees_with_the_c_library(int64_t day, int64_t second)
{
    char ours[CLOCK_ISO_SIZE], theirs[CLOCK_ISO_SIZE], plain[CLOCK_ISO_SIZE];
    time_t at = day * DAY_S + second;
    struct why why = {0};
    int64_t back = 0;
    struct tm tm;

    gmtime_r(&at, &tm);
    strftime(plain, sizeof plain, "-%m-%dT%H:%M:%S", &tm);
    snprintf(theirs, sizeof theirs, "%04d%.20s.007Z", tm.tm_year + 1900, plain);
    clock_format_iso((int64_t)at * US + 7999, ours);
    assert_string_equal(ours, theirs);
    assert_ok(clock_parse_iso(slice_of(ours), &back, &why), &why);
    assert_int_equal(back, (int64_t)at * US + 7000);
}

static void each_day_reads_back_as_itself(void **state)
{
    enum { FIRST = -719162, LAST = 2932896, FROM_1880 = -32872, TO_2120 = 54787 };

    (void)state;
    for (int64_t day = FROM_1880; day < TO_2120; day++)
        agrees_with_the_c_library(day, day % DAY_S < 0 ? 0 : day % DAY_S);
    for (int64_t day = FIRST; day <= LAST; day += 11)
        agrees_with_the_c_library(day, 86399);
    agrees_with_the_c_library(FIRST, 0);
    agrees_with_the_c_library(LAST, 86399);
}

static void instants_beyond_the_calendar_are_written_whole(void **state)
{
    char text[CLOCK_ISO_SIZE];

    (void)state;
    clock_format_iso(INT64_MAX, text);
    assert_string_equal(text, "294247-01-10T04:00:54.775Z");
    clock_format_iso(INT64_MIN, text);
    assert_string_equal(text, "-290308-12-21T19:59:05.224Z");
    clock_format_iso(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
}

static void a_fixed_clock_stands_still(void **state)
{
    const struct clock fixed = {.fixed = true, .fixed_us = 1679270400123456LL};
    const struct clock running = {.fixed = false, .fixed_us = 5};

    (void)state;
    assert_int_equal(clock_now_us(&fixed), 1679270400123456LL);
    assert_int_equal(clock_now_ms(&fixed), 1679270400123LL);
    assert_true(clock_now_us(&running) > 1679270400123456LL);
    assert_true(clock_now_us(NULL) > 1679270400123456LL);
}

static void monotonic_time_never_goes_back(void **state)
{
    uint64_t before = clock_monotonic_us();

    (void)state;
    for (int i = 0; i < 10000; i++) {
        uint64_t now = clock_monotonic_us();

        assert_true(now >= before);
        before = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(instants_are_read_to_the_nanosecond),
        cmocka_unit_test(everything_else_is_refused),
        cmocka_unit_test(every_cut_text_is_refused),
        cmocka_unit_test(refusals_do_not_quote_the_text),
        cmocka_unit_test(each_day_reads_back_as_itself),
        cmocka_unit_test(instants_beyond_the_calendar_are_written_whole),
        cmocka_unit_test(a_fixed_clock_stands_still),
        cmocka_unit_test(monotonic_time_never_goes_back),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
