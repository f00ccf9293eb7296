#include "tests/unit/check.h"

#include "common/utf8.h"

static size_t encode(uint32_t code, char ret[4])
{
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = len; i-- > 1; code >>= 6)
        ret[i] = (char)(0x80 | (code & 0x3f));
    ret[0] = (char)(leads[len] | code);
    return len;
}

static void every_code_point_is_read_back(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char bytes[4];
        uint32_t got = ~code;
        size_t len = encode(code, bytes);

        if (code >= 0xd800 && code <= 0xdfff) {
            assert_int_equal(utf8_step((struct slice){bytes, len}, &got), 0);
            continue;
        }
        assert_int_equal(utf8_step((struct slice){bytes, len}, &got), len);
        assert_int_equal(got, code);
        assert_int_equal(utf8_step((struct slice){bytes, len - 1}, &got), 0);
    }
}

static void what_is_no_utf8_is_refused(void **state)
{
    const struct slice texts[] = {
        SLICE("\x80"),
        SLICE("\xbf"),
        SLICE("\xc0\x80"),
        SLICE("\xc1\xbf"),
        SLICE("\xe0\x80\x80"),
        SLICE("\xe0\x9f\xbf"),
        SLICE("\xed\xa0\x80"),
        SLICE("\xed\xbf\xbf"),
        SLICE("\xf0\x80\x80\x80"),
        SLICE("\xf0\x8f\xbf\xbf"),
        SLICE("\xf4\x90\x80\x80"),
        SLICE("\xf5\x80\x80\x80"),
        SLICE("\xf8\x88\x80\x80"),
        SLICE("\xfe"),
        SLICE("\xff"),
        SLICE("\xc3("),
        SLICE("\xe2\x28\xa1"),
        SLICE("\xe2\x82("),
        SLICE("\xc3"),
        SLICE("\xe2\x82"),
        SLICE("\xf0\x9f\x99"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint32_t code = 42;

        assert_int_equal(utf8_step(texts[i], &code), 0);
        assert_int_equal(code, 42);
        assert_false(utf8_valid(texts[i]));
    }
}

static void texts_are_valid_as_a_whole(void **state)
{
    uint32_t code;

    (void)state;
    assert_true(utf8_valid(SLICE("")));
    assert_true(utf8_valid(slice_of(NULL)));
    assert_true(utf8_valid(SLICE("a\0\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82")));
    assert_false(utf8_valid(SLICE("good, then bad: \xff")));
    assert_int_equal(utf8_step(SLICE(""), &code), 0);
}

static void a_cut_parts_no_code_point(void **state)
{
    struct slice text = SLICE("a\xc3\xa9\xf0\x9f\x99\x82z");
    static const size_t kept[] = {0, 1, 1, 3, 3, 3, 3, 7, 8, 8};

    (void)state;
    for (size_t max = 0; max < COUNT(kept); max++)
        assert_int_equal(utf8_cut(text, max).len, kept[max]);
    assert_int_equal(utf8_cut((struct slice){NULL, 0}, 5).len, 0);
}

/* Eight bytes are looked at together where all are ASCII. */
static void a_bad_byte_is_found_at_each_place(void **state)
{
    char text[32];

    (void)state;
    for (size_t len = 1; len <= sizeof text; len++) {
        memset(text, 'x', sizeof text);
        assert_true(utf8_valid((struct slice){text, len}));
        assert_true(utf8_is_ascii((struct slice){text, len}));
        for (size_t at = 0; at < len; at++) {
            text[at] = '\x80';
            assert_false(utf8_valid((struct slice){text, len}));
            assert_false(utf8_is_ascii((struct slice){text, len}));
            text[at] = 'x';
        }
    }
}

static void letters_are_the_same_in_any_case(void **state)
{
    static const char *const same[][2] = {
        {"", ""},
        {"PrÉnom", "pRéNOM"},
        {"ŽŁÓDŹ ŸÆØ×Þ", "žłódź ÿæø×þ"},
        {"TÊN ĐƯỜNG", "tên đường"},
        {"ΌΝΟΜΑ ΏΡΑ", "όνομα ώρα"},
        {"ФАМИЛИЯ ЁЇЉ Ґ", "фамилия ёїљ ґ"},
        {"ԱՆՈՒՆ", "անուն"},
        {"Ｎａｍｅ", "ｎＡＭＥ"},
    };
    static const char *const other[][2] = {
        {"é", "e"}, {"É", "éé"}, {"×", "÷"}, {"prénom", "pränom"}, {"名", "前"}, {"a", "é"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(same); i++) {
        assert_true(utf8_equal_nocase(slice_of(same[i][0]), slice_of(same[i][1])));
        assert_true(utf8_hash_nocase(slice_of(same[i][0]), 7) ==
                    utf8_hash_nocase(slice_of(same[i][1]), 7));
    }
    for (size_t i = 0; i < COUNT(other); i++) {
        assert_false(utf8_equal_nocase(slice_of(other[i][0]), slice_of(other[i][1])));
        assert_false(utf8_equal_nocase(slice_of(other[i][1]), slice_of(other[i][0])));
    }
    assert_false(utf8_equal_nocase(SLICE("\xc3\x89"), SLICE("\xc3")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_is_read_back),
        cmocka_unit_test(what_is_no_utf8_is_refused),
        cmocka_unit_test(texts_are_valid_as_a_whole),
        cmocka_unit_test(a_bad_byte_is_found_at_each_place),
        cmocka_unit_test(a_cut_parts_no_code_point),
        cmocka_unit_test(letters_are_the_same_in_any_case),
    };

    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
