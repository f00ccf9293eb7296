#include "tests/unit/check.h"

#include "interceptor/engine/scan.h"
#include "interceptor/engine/short_text.h"

enum { LONGEST = 70 };

/* Exactly as long as asked for, so that a sanitizer sees a byte read beyond it. */
static char *letters(size_t len)
{
    char *text = malloc(len ? len : 1);

    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)('a' + i % 26);
    return text;
}

static void finds_one_byte(const char *text, size_t len, size_t at, char c)
{
    const char *end = text + len;
    bool no_ascii = (unsigned char)c >= 0x80;

    assert_ptr_equal(scan_plain(text, end, '"', '\''), text + at);
    assert_ptr_equal(scan_special(text, end), no_ascii || c == '\'' ? end : text + at);
}

static void scans_find_each_byte_at_each_place(void **state)
{
    static const char odd[] = {'"', '\'', '\\', '\0', '\n', '\x1f', '\x80', '\xff'};

    (void)state;
    for (size_t len = 0; len < LONGEST; len++) {
        char *text = letters(len);

        assert_ptr_equal(scan_plain(text, text + len, '"', '\''), text + len);
        assert_ptr_equal(scan_special(text, text + len), text + len);
        for (size_t at = 0; at < len; at++) {
            char kept = text[at];

            for (size_t i = 0; i < sizeof odd; i++) {
                text[at] = odd[i];
                finds_one_byte(text, len, at, odd[i]);
            }
            text[at] = kept;
        }
        free(text);
    }
}

static void short_texts_are_copied_and_compared_whole(void **state)
{
    (void)state;
    for (size_t len = 0; len < LONGEST; len++) {
        char *text = letters(len), *copy = letters(len);

        memset(copy, 0, len);
        short_copy(copy, text, len);
        assert_true(short_equal(copy, text, len));
        for (size_t at = 0; at < len; at++) {
            copy[at] ^= 1;
            assert_false(short_equal(copy, text, len));
            copy[at] ^= 1;
        }
        free(text);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scans_find_each_byte_at_each_place),
        cmocka_unit_test(short_texts_are_copied_and_compared_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
