#include "common/utf8.h"
#include "tests/unit/check.h"

static void fail_writes_words_and_returns_the_status(void **state)
{
    struct why why = {.place = "field"};

    (void)state;
    assert_int_equal(fail(&why, ST_DENIED, "no %s for %d", "entry", 7), ST_DENIED);
    assert_string_equal(why.text, "no entry for 7");
    assert_string_equal(why.place, "field");
}

static void fail_at_names_the_place(void **state)
{
    struct why why = {.place = "old"};

    (void)state;
    assert_int_equal(fail_at(&why, ST_IO, "file.json:3:1", "broken"), ST_IO);
    assert_string_equal(why.place, "file.json:3:1");
    assert_int_equal(fail_at(&why, ST_IO, NULL, "broken"), ST_IO);
    assert_string_equal(why.place, "");
}

static void fail_without_why_only_returns(void **state)
{
    (void)state;
    assert_int_equal(fail(NULL, ST_BUSY, "%s", "x"), ST_BUSY);
    assert_int_equal(fail_at(NULL, ST_BUSY, "x", "y"), ST_BUSY);
    assert_int_equal(fail_memory(NULL), ST_NO_MEMORY);
}

static void words_may_be_wrapped_in_themselves(void **state)
{
    struct why why = {.text = "line 3", .place = "rules"};

    (void)state;
    fail(&why, ST_BAD_INPUT, "%s: %s", why.place, why.text);
    assert_string_equal(why.text, "rules: line 3");
    fail_at(&why, ST_BAD_INPUT, why.place + 1, "%s", why.text);
    assert_string_equal(why.place, "ules");
}

static void long_words_are_cut(void **state)
{
    char text[1000];
    struct why why = {0};

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    fail_at(&why, ST_BAD_INPUT, text, "%s", text);
    assert_int_equal(strlen(why.text), sizeof why.text - 1);
    assert_int_equal(strlen(why.place), sizeof why.place - 1);
}

static void long_words_are_cut_between_characters(void **state)
{
    char text[1000];
    struct why why = {0};

    (void)state;
    for (size_t at = 0; at < 4; at++) { /* characters of three bytes, begun at each offset */
        memset(text, 'x', at);
        for (size_t i = at; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\u20ac", 4);
        fail_at(&why, ST_BAD_INPUT, text, "%s", text);
        assert_true(utf8_valid(slice_of(why.text)) && utf8_valid(slice_of(why.place)));
        assert_true(strlen(why.text) > sizeof why.text - 4);
        assert_true(strlen(why.place) > sizeof why.place - 4);
    }
}

static void every_status_has_a_word(void **state)
{
    (void)state;
    for (int st = ST_OK; st <= ST_INTERNAL; st++) {
        assert_non_null(status_word((enum status)st));
        assert_string_not_equal(status_word((enum status)st), "unknown status");
    }
    assert_string_equal(status_word((enum status)(ST_INTERNAL + 1)), "unknown status");
    assert_string_equal(status_word((enum status) - 1), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_writes_words_and_returns_the_status),
        cmocka_unit_test(fail_at_names_the_place),
        cmocka_unit_test(fail_without_why_only_returns),
        cmocka_unit_test(words_may_be_wrapped_in_themselves),
        cmocka_unit_test(long_words_are_cut),
        cmocka_unit_test(long_words_are_cut_between_characters),
        cmocka_unit_test(every_status_has_a_word),
    };

    return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
