#include "tests/unit/check.h"

#include "employees-mock/byte_ranges.h"

enum { SIZE = 200, MOST = 3 };

static void ranges_are_read_as_jetty_does(void **state)
{
    static const struct {
        const char *value;
        size_t count;
        struct byte_range items[MOST];
    } rows[] = {
        {"bytes=0-3", 1, {{0, 3}}},
        {"bytes=0-", 1, {{0, 199}}},
        {"bytes=-5", 1, {{195, 199}}},
        {"bytes=-500", 1, {{0, 199}}},
        {"bytes=5-99999999999999999999999", 1, {{5, 199}}},
        {" bytes= 0 - 3 ", 1, {{0, 3}}},
        {"bytes=0-0,5-6", 2, {{0, 0}, {5, 6}}},
        {"bytes=0-3,4-6", 2, {{0, 3}, {4, 6}}}, /* side by side they stay two */
        {"bytes=0-3,2-6", 1, {{0, 6}}},
        {"bytes=0-1,4-5,1-4", 1, {{0, 5}}},
        {"bytes=200-,0-1", 1, {{0, 1}}},
        {"bytes=5-3", 0, {{0, 0}}},
        {"bytes=-0", 0, {{0, 0}}},
        {"bytes=-", 0, {{0, 0}}},
        {"bytes=a-b", 0, {{0, 0}}},
        {"bytes=0-3;q", 0, {{0, 0}}},
        {"bytes=,,", 0, {{0, 0}}},
        {"bytes=", 0, {{0, 0}}},
        {"lines=0-3", 0, {{0, 0}}},
        {"", 0, {{0, 0}}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct byte_ranges r = {0};

        byte_ranges_add(&r, slice_of(rows[i].value), SIZE);
        assert_true(r.asked);
        assert_int_equal(r.count, rows[i].count);
        for (size_t k = 0; k < r.count; k++) {
            assert_int_equal(r.items[k].first, rows[i].items[k].first);
            assert_int_equal(r.items[k].last, rows[i].items[k].last);
        }
    }
}

static void nothing_has_no_ranges(void **state)
{
    struct byte_ranges r = {0};

    (void)state;
    byte_ranges_add(&r, SLICE("bytes=0-3,-1"), 0);
    assert_int_equal(r.count, 0);
}

static void many_are_bounded(void **state)
{
    auto_buf struct buf value = BUF_INIT(64 << 10);
    struct byte_ranges r = {0};

    (void)state;
    buf_put_text(&value, "bytes=");
    for (size_t i = 0; i < 1000; i++)
        buf_printf(&value, "%zu-%zu,", 2 * i, 2 * i);
    byte_ranges_add(&r, buf_slice(&value), 10000);
    assert_int_equal(r.count, BYTE_RANGES_MAX);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_read_as_jetty_does),
        cmocka_unit_test(nothing_has_no_ranges),
        cmocka_unit_test(many_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
