#include "tests/unit/check.h"

#include "interceptor/digits.h"

static void same_as_printf(int64_t value)
{
    char room[DIGITS_SIZE], expected[DIGITS_SIZE];
    auto_buf struct buf b = BUF_INIT(64);

    snprintf(expected, sizeof expected, "%lld", (long long)value);
    assert_string_equal(write_digits(value, room), expected);
    put_digits(&b, value);
    assert_string_equal(buf_text(&b), expected);
}

static void integers_are_written_as_printf_writes_them(void **state)
{
    (void)state;
    for (int64_t value = -1100; value <= 1100; value++)
        same_as_printf(value);
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10) {
        for (int64_t off = -1; off <= 1; off++) {
            same_as_printf(10 * power + off);
            same_as_printf(-10 * power + off);
        }
    }
    same_as_printf(INT64_MAX);
    same_as_printf(INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_are_written_as_printf_writes_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
