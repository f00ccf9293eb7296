#include "tests/unit/check.h"

#include "interceptor/engine/unescape.h"

#include <stdlib.h>

enum { ROUNDS = 20000, PIECES_MAX = 120, PIECE_MAX = 40, TEXT_MAX = PIECES_MAX * PIECE_MAX };

/* What may stand in a string, and what it means. */
static const struct {
    const char *written, *meant;
} pieces[] = {
    {"\\\"", "\""},
    {"\\\"", "\""},
    {"\\\"", "\""},
    {"\\\\", "\\"},
    {"\\n", "\n"},
    {"\\t", "\t"},
    {"\\/", "/"},
    {"\\u00e9", "\xc3\xa9"},
    {"\\ud83d\\ude42", "\xf0\x9f\x99\x82"},
    {"\\'", "'"},
    {"\n", "\n"},
    {"\r", "\r"},
    {"\t", "\t"},
    {"a", "a"},
    {"n", "n"},
    {"name", "name"},
    {"u0041", "u0041"},
    {"Z\xc3\xbcrich", "Z\xc3\xbcrich"},
    {"exactly sixteen.", "exactly sixteen."},
    {"between a step and a whole block", "between a step and a whole block"},
};

/* Most texts have few kinds of pieces, as those of callers have. */
static void make_text(struct buf *written, struct buf *meant)
{
    unsigned kinds = 1 + (unsigned)rand() % COUNT(pieces);
    int count = rand() % PIECES_MAX;

    for (int i = 0; i < count; i++) {
        unsigned kind = (unsigned)rand() % kinds;

        buf_put_text(written, pieces[kind].written);
        buf_put_text(meant, pieces[kind].meant);
    }
}

static void strings_mean_what_their_pieces_mean(void **state)
{
    (void)state;
    srand(1);
    for (int i = 0; i < ROUNDS; i++) {
        auto_buf struct buf written = BUF_INIT(TEXT_MAX);
        auto_buf struct buf meant = BUF_INIT(TEXT_MAX);
        struct slice text;
        const char *fault = NULL;
        char *behind;

        make_text(&written, &meant);
        buf_put_text(&written, "\",and more \\\" behind");
        behind = unescape_unchecked(written.data, written.data + written.len, &text, &fault);
        assert_non_null(behind);
        assert_true(slice_equal(text, buf_slice(&meant)));
        assert_memory_equal(behind, ",and", 4);
    }
}

/* Wherever it stands, behind text with and without escapes. */
static void faults_are_found(void **state)
{
    static const struct {
        const char *written, *fault;
    } cases[] = {
        {"\\x\"", "an escape is not well-formed"},
        {"\\u12g4\"", "an escape is not well-formed"},
        {"\x01\"", "a control character in a string"},
        {"\\", "an escape is not well-formed"},
        {"", "a string does not end"},
    };

    (void)state;
    for (size_t c = 0; c < COUNT(cases); c++) {
        for (size_t before = 0; before < 300; before++) {
            auto_buf struct buf b = BUF_INIT(TEXT_MAX);
            const char *fault = NULL;
            struct slice text;

            for (size_t i = 0; i < before; i++)
                buf_put_text(&b, i % 7 == 3 ? "\\\"" : "x");
            buf_put_text(&b, cases[c].written);
            assert_null(unescape_unchecked(b.data, b.data + b.len, &text, &fault));
            assert_string_equal(fault, cases[c].fault);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_mean_what_their_pieces_mean),
        cmocka_unit_test(faults_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
