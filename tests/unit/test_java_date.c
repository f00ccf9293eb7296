/* Dates as Java 17 prints and reads them; the expected texts are its own. */
#include "tests/unit/check.h"

#include "employees-mock/template/civil.h"
#include "employees-mock/template/date_locale.h"
#include "employees-mock/template/java_date.h"

enum { MAY_5 = 1525515072 }; /* 2018-05-05T10:11:12Z */

static const struct java_zone *zone_of(const char *name)
{
    const struct java_zone *zone = NULL;
    struct why why;

    assert_ok(java_zone_find(slice_of(name), &zone, &why), &why);
    return zone;
}

static struct java_pattern *pattern_of(const char *text)
{
    struct java_pattern *p = NULL;
    struct why why;

    assert_ok(java_pattern_compile(slice_of(text), &p, &why), &why);
    return p;
}

static void simple_patterns_print_as_in_java(void **state)
{
    static const struct {
        const char *pattern;
        const char *text;
    } rows[] = {
        {"yy y yyy yyyyy", "18 2018 2018 02018"},
        {"M MM MMM MMMM", "5 05 May May"},
        {"d dd D DDD", "5 05 125 125"},
        {"E EEE EEEE u", "Sat Sat Saturday 6"},
        {"a H HH k kk K KK h hh", "AM 10 10 10 10 10 10 10 10"},
        {"m mm s ss S SSS SSSSSS", "11 11 12 12 345 345 000345"},
        {"z Z X XX XXX", "UTC +0000 Z Z Z"},
        {"w W F G", "18 1 1 AD"},
        {"yyyy-MM-dd'T'HH:mm:ss", "2018-05-05T10:11:12"},
        {"'' 'o''clock'", "' o'clock"},
        {"", ""},
    };
    struct why why;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(400);
        struct java_pattern *p = pattern_of(rows[i].pattern);

        assert_ok(java_date_format_simple(p, MAY_5 * 1000LL + 345, java_zone_utc(), &text, &why),
                  &why);
        assert_string_equal(buf_text(&text), rows[i].text);
        java_pattern_free(p);
    }
}

static void unknown_letters_are_refused_by_name(void **state)
{
    static const struct {
        const char *pattern;
        const char *simple;    /* NULL: taken */
        const char *formatter; /* NULL: taken */
    } rows[] = {
        {"yyyy b", "Illegal pattern character 'b'", "Unknown pattern letter: b"},
        {"dddd", NULL, "Too many pattern letters: d"},
        {"XXXX", "invalid ISO 8601 format: length=4", NULL},
        {"V", "Illegal pattern character 'V'", "Pattern letter count must be 2: V"},
        {"e", "Illegal pattern character 'e'", NULL},
        {"u", NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(400);
        struct java_pattern *p = pattern_of(rows[i].pattern);
        struct why why = {0};

        assert_status(rows[i].simple ? ST_BAD_INPUT : ST_OK,
                      java_date_format_simple(p, 0, java_zone_utc(), &text, &why), &why);
        if (rows[i].simple)
            assert_contains(why.text, rows[i].simple);
        assert_status(rows[i].formatter ? ST_BAD_INPUT : ST_OK,
                      java_date_format(p, 0, java_zone_utc(), date_locale_find(SLICE(""))->names,
                                       &text, &why),
                      &why);
        if (rows[i].formatter)
            assert_contains(why.text, rows[i].formatter);
        java_pattern_free(p);
    }
}

static void zones_shift_the_clock(void **state)
{
    static const struct {
        const char *zone;
        int64_t seconds;
        const char *text;
    } rows[] = {
        {"UTC", MAY_5, "2018-05-05T10:11:12Z"},
        {"+05:30", MAY_5, "2018-05-05T15:41:12+05:30"},
        {"UTC+1", MAY_5, "2018-05-05T11:11:12+01:00"},
        {"Europe/Paris", MAY_5, "2018-05-05T12:11:12+02:00"},
        {"Europe/Paris", 1514764800, "2018-01-01T01:00:00+01:00"},
        {"America/New_York", MAY_5, "2018-05-05T06:11:12-04:00"},
        {"Australia/Sydney", 1514764800, "2018-01-01T11:00:00+11:00"},
        /* behind the table of the data base, by its rule */
        {"Europe/Paris", 4118083200, "2100-07-01T02:00:00+02:00"},
        {"Australia/Sydney", 4102444800, "2100-01-01T11:00:00+11:00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(64);

        java_date_write_iso(rows[i].seconds * 1000, zone_of(rows[i].zone), &text);
        assert_string_equal(buf_text(&text), rows[i].text);
    }
}

static void local_times_in_gaps_and_overlaps_resolve_as_in_java(void **state)
{
    const struct java_zone *paris = zone_of("Europe/Paris");

    (void)state;
    /* 2018-03-25: 02:30 does not exist and becomes 03:30+02:00 */
    assert_int_equal(java_zone_to_utc(paris, 1521945000), 1521941400);
    /* 2018-10-28: 02:30 comes twice; the first, summer, counts */
    assert_int_equal(java_zone_to_utc(paris, 1540693800), 1540686600);
    assert_int_equal(java_zone_to_utc(paris, 1540701000), 1540697400);
}

static void unknown_zones_are_refused(void **state)
{
    static const char *const names[] = {
        "bogus",  "Foo/Bar",      "",       "../etc/passwd",
        "/etc/x", "+25:00",       "GMT+99", "Europe/../Europe/Paris",
        "a b",    "posixrules\n", "+1:2"};
    const struct java_zone *zone;
    struct why why;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        assert_status(ST_BAD_INPUT, java_zone_find(slice_of(names[i]), &zone, &why), &why);
}

static void known_formats_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: it is not read */
    } rows[] = {
        {"2018-05-05T10:11:12Z", MAY_5 * 1000LL},
        {"2018-05-05T10:11:12.345Z", MAY_5 * 1000LL + 345},
        {"2018-05-05T12:11:12+02:00", MAY_5 * 1000LL},
        {"2018-05-05T12:11:12+02:00[Europe/Paris]", MAY_5 * 1000LL},
        {"2018-05-05T10:11Z", (MAY_5 - 12) * 1000LL},
        {"Sat, 5 May 2018 10:11:12 GMT", MAY_5 * 1000LL},
        {"Sat May 05 10:11:12 2018", MAY_5 * 1000LL},
        {"2018-05-05", -1},
        {"2018-05-05T10:11:12", -1},
        {"2018-13-05T10:11:12Z", -1},
        {"2018-05-05T25:11:12Z", -1},
        {"2018-05-05T10:11:12Zx", -1},
        {"", -1},
        {"x", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct java_moment m = {-1, NULL};
        enum status st = java_date_parse_known(slice_of(rows[i].text), &m);

        assert_int_equal(st, rows[i].ms == -1 ? ST_NOT_FOUND : ST_OK);
        assert_true(m.ms == rows[i].ms);
    }
}

static void patterns_read_what_they_print(void **state)
{
    static const struct {
        const char *text;
        const char *pattern;
        const char *iso; /* NULL: it does not fit */
    } rows[] = {
        {"01/02/2003", "dd/MM/yyyy", "2003-02-01T00:00:00Z"},
        {"2003", "yyyy", "2003-01-01T00:00:00Z"},
        {"2003-05", "yyyy-MM", "2003-05-01T00:00:00Z"},
        {"20030201", "yyyyMMdd", "2003-02-01T00:00:00Z"},
        {"1 February 2003 5:06 PM", "d MMMM yyyy h:mm a", "2003-02-01T17:06:00Z"},
        {"31/02/2003", "dd/MM/yyyy", "2003-02-28T00:00:00Z"},
        {"32/02/2003", "dd/MM/yyyy", NULL},
        {"1/2/2003", "dd/MM/yyyy", NULL},
        {"01/02/2003 05:06:07 +0100", "dd/MM/yyyy HH:mm:ss Z", "2003-02-01T05:06:07+01:00"},
        {"2003-02-01T05:06", "yyyy-MM-dd'T'HH:mm[:ss]", "2003-02-01T05:06:00Z"},
        {"2003-02-01T05:06:07", "yyyy-MM-dd'T'HH:mm[:ss]", "2003-02-01T05:06:07Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(64);
        struct java_pattern *p = pattern_of(rows[i].pattern);
        struct java_moment m;
        struct why why;

        assert_status(rows[i].iso ? ST_OK : ST_NOT_FOUND,
                      java_date_parse(p, slice_of(rows[i].text), &m, &why), &why);
        if (rows[i].iso) {
            java_date_write_iso(m.ms, m.zone, &text);
            assert_string_equal(buf_text(&text), rows[i].iso);
        }
        java_pattern_free(p);
    }
}

static void offsets_move_in_the_calendar(void **state)
{
    static const struct {
        const char *from;
        const char *offset;
        const char *to; /* NULL: refused */
    } rows[] = {
        {"2018-01-31T10:11:12Z", "1 months", "2018-02-28T10:11:12Z"},
        {"2018-01-31T10:11:12Z", "now +1 years", "2019-01-31T10:11:12Z"},
        {"2020-02-29T10:11:12Z", "-1 YEARS", "2019-02-28T10:11:12Z"},
        {"2018-01-31T10:11:12Z", "-24 seconds", "2018-01-31T10:10:48Z"},
        {"2018-01-31T10:11:12Z", "now", "2018-01-31T10:11:12Z"},
        {"2018-01-31T10:11:12Z", "-13 months", "2016-12-31T10:11:12Z"},
        {"2018-01-31T10:11:12Z", "5 weeks", NULL},
        {"2018-01-31T10:11:12Z", "5", NULL},
        {"2018-01-31T10:11:12Z", "", NULL},
        {"2018-01-31T10:11:12Z", "x days", NULL},
        {"2018-01-31T10:11:12Z", "1 2 3 days", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(64);
        struct java_moment m;
        struct why why;

        assert_int_equal(java_date_parse_known(slice_of(rows[i].from), &m), ST_OK);
        assert_status(rows[i].to ? ST_OK : ST_BAD_INPUT,
                      java_date_shift(&m.ms, slice_of(rows[i].offset), &why), &why);
        if (!rows[i].to)
            continue;
        java_date_write_iso(m.ms, NULL, &text);
        assert_string_equal(buf_text(&text), rows[i].to);
    }
}

static void days_and_dates_agree(void **state)
{
    (void)state;
    for (int64_t day = -800000; day < 800000; day += 37) {
        struct civil c;

        civil_from_seconds(day * 86400 + 86399, &c);
        assert_true(civil_to_days(c.year, c.month, c.day) == day);
        assert_true(civil_to_seconds(&c) == day * 86400 + 86399);
        assert_true(c.day >= 1 && c.day <= civil_month_length(c.year, c.month));
    }
    assert_int_equal(civil_weekday(0), 4); /* a Thursday */
    assert_int_equal(civil_weekday(-1), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_patterns_print_as_in_java),
        cmocka_unit_test(unknown_letters_are_refused_by_name),
        cmocka_unit_test(zones_shift_the_clock),
        cmocka_unit_test(local_times_in_gaps_and_overlaps_resolve_as_in_java),
        cmocka_unit_test(unknown_zones_are_refused),
        cmocka_unit_test(known_formats_are_read),
        cmocka_unit_test(patterns_read_what_they_print),
        cmocka_unit_test(offsets_move_in_the_calendar),
        cmocka_unit_test(days_and_dates_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
