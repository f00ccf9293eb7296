#include "tests/unit/check.h"

#include "interceptor/digits.h"

static void digits_are_read_up_to_a_number(void **state)
{
    static const char *const wrong[] = {"", "-1", "+1", " 1", "1 ", "1x", "0x1", "100", "1e1"};
    int64_t value = 7;

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(read_digits(wrong[i], 99, &value));
        assert_int_equal(value, 7);
    }
    assert_true(read_digits("0099", 99, &value));
    assert_int_equal(value, 99);
    assert_true(read_digits("9223372036854775807", INT64_MAX, &value));
    assert_int_equal(value, INT64_MAX);
    assert_false(read_digits("9223372036854775808", INT64_MAX, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_read_up_to_a_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
