#include "interceptor/engine/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct date parse(const char *text)
{
    struct date d;

    if (!date_parse(slice_of(text), &d))
        fail_msg("no date: %s", text);
    return d;
}

static void assert_made(struct buf *made, const char *expected)
{
    assert_string_equal(buf_text(made), expected);
    buf_clear(made);
}

static void known_formats_have_their_neutral_form(void **state)
{
    static const char *const rows[][2] = {
        {"18/12/1965", "01/01/0001"},
        {"12/18/1965", "01/01/0001"},
        {"18-12-1965", "01-01-0001"},
        {"18.12.1965", "01.01.0001"},
        {"1965-12-18", "0001-01-01"},
        {"1965/12/18", "0001/01/01"},
        {"1965-12-18T10:11:12.345Z", "0001-01-01T00:00:00.000Z"},
        {"1965-12-18 10:11:12", "0001-01-01 00:00:00"},
        {"1965-12-18T10:11", "0001-01-01T00:00"},
        {"1965-12-18T23:59:60,123456789+05:30", "0001-01-01T00:00:00,000000000+05:30"},
        {"1965-12-18T10:11:12-0800", "0001-01-01T00:00:00-0800"},
        {"1965-12-18T10:11:12+01", "0001-01-01T00:00:00+01"},
        {"2000-02-29", "0001-01-01"},
        {"0001-01-01", "0001-01-01"},
        {"9999-12-31", "0001-01-01"},
    };
    struct buf made = BUF_INIT(1000);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct date d = parse(rows[i][0]);

        date_put_neutral(&d, &made);
        assert_made(&made, rows[i][1]);
    }
    buf_done(&made);
}

static void other_text_is_no_date(void **state)
{
    static const char *const texts[] = {"",
                                        "1",
                                        "18/12/65",
                                        "8/12/1965",
                                        "31/02/1965",
                                        "29/02/1900",
                                        "29/02/2001",
                                        "00/12/1965",
                                        "32/12/1965",
                                        "13/13/1965",
                                        "1965-13-01",
                                        "1965-00-01",
                                        "0000-01-01",
                                        "18/12-1965",
                                        "18 12 1965",
                                        "1965.12.18",
                                        "12-31-1965",
                                        "18/12/1965 ",
                                        " 18/12/1965",
                                        "18/12/1965T10:00:00",
                                        "1965-12-18T",
                                        "1965-12-18T10",
                                        "1965-12-18T24:00:00",
                                        "1965-12-18T10:60:00",
                                        "1965-12-18T10:00:61",
                                        "1965-12-18T10:00:00.",
                                        "1965-12-18T10:00:00.Z",
                                        "1965-12-18T10:00:00z",
                                        "1965-12-18t10:00:00",
                                        "1965-12-18T10:00:00+24:00",
                                        "1965-12-18T10:00:00+01:60",
                                        "1965-12-18T10:00:00+1",
                                        "1965-12-18T10:00:00+01:00x",
                                        "1965-12-18T1000",
                                        "19651218",
                                        "+1965-12-18",
                                        "1965-12-1a",
                                        "\xd9\xa1\xd9\xa8/12/1965"};
    struct date d;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (date_parse(slice_of(texts[i]), &d))
            fail_msg("taken: %s", texts[i]);
    }
}

static void years_keep_the_year(void **state)
{
    struct buf made = BUF_INIT(1000);
    struct date d = parse("18/12/1965");

    (void)state;
    date_put_year(&d, &made);
    assert_made(&made, "01/01/1965");
    d = parse("1965-12-18T10:11:12.5+02:00");
    date_put_year(&d, &made);
    assert_made(&made, "1965-01-01T00:00:00.0+02:00");
    buf_done(&made);
}

static void random_dates_are_others_that_exist(void **state)
{
    static const char *const texts[] = {
        "18/12/1965", "01/02/1930", "12/25/2010", "2010-12-25", "2010-12-25T10:11:12.345Z",
        "28.02.1900"};
    struct buf made = BUF_INIT(1000);
    uint8_t random[16];
    unsigned seed = 1;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        const char *text = texts[round % 6];
        struct date d = parse(text), again;

        for (size_t i = 0; i < sizeof random; i++)
            random[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 16);
        date_put_random(&d, random, &made);
        assert_int_equal(made.len, strlen(text));
        assert_true(date_parse(buf_slice(&made), &again));
        assert_false(slice_is(buf_slice(&made), text));
        assert_true(d.swappable <= again.swappable);
        assert_int_equal(again.year_at, d.year_at);
        buf_clear(&made);
    }
    buf_done(&made);
}

/* Against a count of days one by one. */
static void shifts_count_days(void **state)
{
    struct buf made = BUF_INIT(1000);
    struct date first = parse("1999-12-30");
    struct date d = first;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    (void)state;
    for (int days = 0; days < 1500; days++) {
        char expected[32];
        int month_days = lengths[d.day.month - 1] + (d.day.month == 2 && d.day.year % 4 == 0);

        snprintf(expected, sizeof expected, "%04d-%02d-%02d", d.day.year, d.day.month, d.day.day);
        assert_true(date_put_shifted(&first, days, &made));
        assert_made(&made, expected);
        if (++d.day.day > month_days) {
            d.day.day = 1;
            d.day.year += ++d.day.month > 12;
            d.day.month = d.day.month > 12 ? 1 : d.day.month;
        }
    }
    buf_done(&made);
}

static void shifts_go_there_and_back(void **state)
{
    struct buf made = BUF_INIT(1000), back = BUF_INIT(1000);
    char text[32];

    (void)state;
    for (int year = 1; year <= 9999; year += 7) {
        struct date d, moved;

        snprintf(text, sizeof text, "%04d-%02d-%02d", year, 1 + year % 12, 1 + year % 28);
        d = parse(text);
        if (date_put_shifted(&d, 365, &made)) {
            assert_true(date_parse(buf_slice(&made), &moved));
            assert_true(date_put_shifted(&moved, -365, &back));
            assert_made(&back, text);
        }
        buf_clear(&made);
    }
    buf_done(&made);
    buf_done(&back);
}

static void shifts_stay_within_the_years(void **state)
{
    struct buf made = BUF_INIT(1000);
    struct date low = parse("0001-01-10"), high = parse("9999-12-20");

    (void)state;
    assert_true(date_put_shifted(&low, -9, &made));
    assert_made(&made, "0001-01-01");
    assert_false(date_put_shifted(&low, -10, &made));
    assert_true(date_put_shifted(&high, 11, &made));
    assert_made(&made, "9999-12-31");
    assert_false(date_put_shifted(&high, 12, &made));
    assert_int_equal(made.len, 0);
    buf_done(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_formats_have_their_neutral_form),
        cmocka_unit_test(other_text_is_no_date),
        cmocka_unit_test(years_keep_the_year),
        cmocka_unit_test(random_dates_are_others_that_exist),
        cmocka_unit_test(shifts_count_days),
        cmocka_unit_test(shifts_go_there_and_back),
        cmocka_unit_test(shifts_stay_within_the_years),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
