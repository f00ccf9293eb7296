#include "tests/unit/check.h"

#include "common/buf.h"
#include "common/cleanup.h"

#include <inttypes.h>
#include <stdio.h>

/* Sanitizers end the process when so much is asked for at once; here it is asked for on purpose. */
const char *__asan_default_options(void);
const char *__tsan_default_options(void);

const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void slices_compare_by_bytes(void **state)
{
    (void)state;
    assert_true(slice_equal(SLICE("ab"), slice_of("ab")));
    assert_false(slice_equal(SLICE("ab"), SLICE("aB")));
    assert_false(slice_equal(SLICE("ab"), SLICE("abc")));
    assert_false(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    assert_true(slice_equal(slice_of(NULL), SLICE("")));
    assert_true(slice_equal_nocase(SLICE("Content-Type"), SLICE("content-tYPE")));
    assert_false(slice_equal_nocase(SLICE("a"), SLICE("b")));
    assert_true(slice_is(SLICE("x"), "x"));
    assert_true(slice_starts(SLICE("abc"), SLICE("ab")));
    assert_true(slice_starts(SLICE("abc"), SLICE("")));
    assert_false(slice_starts(SLICE("a"), SLICE("ab")));
}

static void trim_takes_blanks_off_both_ends(void **state)
{
    (void)state;
    assert_true(slice_is(slice_trim(SLICE(" \t\r\n a b \n")), "a b"));
    assert_int_equal(slice_trim(SLICE(" \t ")).len, 0);
    assert_int_equal(slice_trim(slice_of(NULL)).len, 0);
}

static void dup_makes_a_terminated_copy(void **state)
{
    auto_free char *copy = slice_dup((struct slice){"abcdef", 3});
    auto_free char *empty = slice_dup(slice_of(NULL));

    (void)state;
    assert_string_equal(copy, "abc");
    assert_string_equal(empty, "");
}

static void appends_add_up(void **state)
{
    auto_buf struct buf b = BUF_INIT(100);

    (void)state;
    buf_put(&b, "ab", 2);
    buf_put(&b, NULL, 0);
    buf_put_char(&b, 'c');
    buf_put_text(&b, "de");
    buf_put_slice(&b, SLICE("fg"));
    buf_printf(&b, "-%d-%s", 42, "x");
    assert_string_equal(buf_text(&b), "abcdefg-42-x");
    assert_int_equal(b.len, 12);
    assert_true(slice_is(buf_slice(&b), "abcdefg-42-x"));
    assert_ok(buf_status(&b, NULL), NULL);
}

static void numbers_are_put_in_decimal(void **state)
{
    static const struct {
        int64_t number;
        int digits;
        const char *text;
    } numbers[] = {{0, 1, "0"},
                   {0, 0, "0"},
                   {7, 3, "007"},
                   {-7, 3, "-007"},
                   {12345, 3, "12345"},
                   {1, 25, "0000000000000000000000001"},
                   {INT64_MAX, 1, "9223372036854775807"},
                   {INT64_MIN, 1, "-9223372036854775808"}};

    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        auto_buf struct buf b = BUF_INIT(100);

        buf_put_int(&b, numbers[i].number, numbers[i].digits);
        assert_string_equal(buf_text(&b), numbers[i].text);
    }
}

static void same_as_printf(int64_t number)
{
    char room[INT_TEXT_SIZE], expected[INT_TEXT_SIZE];

    snprintf(expected, sizeof expected, "%lld", (long long)number);
    assert_string_equal(int_text(number, room), expected);
}

static void integers_are_written_as_printf_writes_them(void **state)
{
    (void)state;
    for (int64_t number = -1100; number <= 1100; number++)
        same_as_printf(number);
    for (int64_t power = 1; power <= INT64_MAX / 10; power *= 10) {
        for (int64_t off = -1; off <= 1; off++) {
            same_as_printf(10 * power + off);
            same_as_printf(-10 * power + off);
        }
    }
    same_as_printf(INT64_MAX);
    same_as_printf(INT64_MIN);
}

static void long_formats_are_whole(void **state)
{
    auto_buf struct buf b = BUF_INIT(10000);
    char text[4000];

    (void)state;
    for (size_t len = 250; len < 262; len++) { /* around the size of the first try */
        memset(text, 'y', len);
        text[len] = '\0';
        buf_clear(&b);
        buf_printf(&b, "<%s>", text);
        assert_int_equal(b.len, len + 2);
        assert_int_equal(b.data[b.len - 1], '>');
    }
}

static void content_fills_the_ceiling_exactly(void **state)
{
    (void)state;
    for (size_t max = 0; max < 300; max++) {
        auto_buf struct buf b = BUF_INIT(max);

        for (size_t i = 0; i < max; i++)
            buf_put_char(&b, 'x');
        assert_ok(buf_status(&b, NULL), NULL);
        assert_int_equal(strlen(buf_text(&b)), max);
        assert_true(b.cap <= max + 64);
        buf_put_char(&b, 'x');
        assert_int_equal(b.len, max);
        assert_int_equal(buf_status(&b, NULL), ST_TOO_LARGE);
    }
}

/* Any run of appends is what a plain array would hold, up to the first that does not fit. */
static void random_appends_stay_under_the_ceiling(void **state)
{
    unsigned seed = 12345;
    char model[500], piece[64];

    (void)state;
    for (int run = 0; run < 500; run++) {
        size_t max = (size_t)rand_r(&seed) % sizeof model;
        auto_buf struct buf b = BUF_INIT(max);
        size_t len = 0;
        bool full = false;

        for (int i = 0; i < 30; i++) {
            size_t n = (size_t)rand_r(&seed) % sizeof piece;

            memset(piece, 'a' + rand_r(&seed) % 26, n);
            buf_put(&b, piece, n);
            full = full || len + n > max;
            if (!full) {
                memcpy(model + len, piece, n);
                len += n;
            }
            assert_int_equal(b.len, len);
            assert_int_equal(b.failed, full ? ST_TOO_LARGE : ST_OK);
        }
        assert_true(len == 0 || memcmp(b.data, model, len) == 0);
    }
}

static void a_failure_sticks_until_cleared(void **state)
{
    auto_buf struct buf b = BUF_INIT(4);
    struct why why = {0};

    (void)state;
    buf_put_text(&b, "12345");
    buf_put_text(&b, "1");
    assert_int_equal(b.len, 0);
    assert_null(buf_text(&b));
    assert_null(buf_take(&b, NULL));
    assert_null(buf_reserve(&b, 0));
    assert_status(ST_TOO_LARGE, buf_status(&b, &why), &why);
    assert_string_equal(why.text, "more than 4 bytes");
    buf_clear(&b);
    buf_put_text(&b, "1234");
    assert_string_equal(buf_text(&b), "1234");
}

static void impossible_sizes_fail_as_memory(void **state)
{
    static const size_t sizes[] = {SIZE_MAX,     SIZE_MAX - 1,      SIZE_MAX / 2 + 1,
                                   SIZE_MAX / 2, SIZE_MAX / 4 - 10, (size_t)1 << 60};

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        auto_buf struct buf b = BUF_INIT(SIZE_MAX);
        struct why why = {0};

        assert_null(buf_reserve(&b, sizes[i]));
        assert_status(ST_NO_MEMORY, buf_status(&b, &why), &why);
        assert_string_equal(why.text, "out of memory");
    }
}

static void content_survives_memory_running_out(void **state)
{
    auto_buf struct buf b = BUF_INIT(SIZE_MAX);

    (void)state;
    buf_put_text(&b, "kept");
    assert_null(buf_reserve(&b, SIZE_MAX - 4));
    assert_true(slice_is(buf_slice(&b), "kept"));
    buf_clear(&b);
    buf_put_text(&b, "again");
    assert_string_equal(buf_text(&b), "again");
}

static void reserve_leaves_room_to_write(void **state)
{
    auto_buf struct buf b = BUF_INIT(1000);
    char *room = buf_reserve(&b, 500);

    (void)state;
    assert_non_null(room);
    memset(room, 'r', 500);
    assert_int_equal(b.len, 0);
    buf_advance(&b, 500);
    assert_int_equal(strlen(buf_text(&b)), 500);
}

static void take_hands_the_bytes_over(void **state)
{
    auto_buf struct buf b = BUF_INIT(10);
    auto_free char *bytes = NULL;
    auto_free char *none = NULL;
    size_t len = 0;

    (void)state;
    buf_put_text(&b, "abc");
    bytes = buf_take(&b, &len);
    assert_string_equal(bytes, "abc");
    assert_int_equal(len, 3);
    assert_int_equal(b.len, 0);
    assert_int_equal(b.max, 10);
    none = buf_take(&b, &len);
    assert_string_equal(none, "");
    assert_int_equal(len, 0);
}

static void done_leaves_a_usable_buffer(void **state)
{
    auto_buf struct buf b = BUF_INIT(10);

    (void)state;
    buf_put_text(&b, "abc");
    buf_done(&b);
    assert_null(b.data);
    buf_put_text(&b, "0123456789");
    assert_string_equal(buf_text(&b), "0123456789");
}

static void json_strings_escape_what_must_be(void **state)
{
    const struct {
        struct slice text;
        const char *literal;
    } cases[] = {
        {SLICE(""), "\"\""},
        {SLICE("plain / \xc3\xa9 \xf0\x9f\x99\x82 \x7f"),
         "\"plain / \xc3\xa9 \xf0\x9f\x99\x82 \x7f\""},
        {SLICE("\"\\"), "\"\\\"\\\\\""},
        {SLICE("\b\t\n\f\r"), "\"\\b\\t\\n\\f\\r\""},
        {SLICE("\0\x01\x0b\x1f"), "\"\\u0000\\u0001\\u000b\\u001f\""},
        {SLICE("a\nb"), "\"a\\nb\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_buf struct buf b = BUF_INIT(100);

        buf_put_json_string(&b, cases[i].text);
        assert_string_equal(buf_text(&b), cases[i].literal);
    }
}

/* Eight bytes are looked at in one go: each byte in each place of such a group, and behind the last. */
static void json_strings_escape_wherever_the_byte_stands(void **state)
{
    enum { LEN = 20 };

    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        for (size_t at = 0; at < LEN; at++) {
            auto_buf struct buf b = BUF_INIT(100);
            bool escaped = c < 0x20 || c == '"' || c == '\\';
            char text[LEN];

            memset(text, 'x', LEN);
            text[at] = (char)c;
            buf_put_json_string(&b, (struct slice){text, LEN});
            assert_int_equal(b.data[at + 1], escaped ? '\\' : text[at]);
            assert_true(escaped == (b.len > LEN + 2));
            if (at + 1 < LEN)
                assert_int_equal(b.data[b.len - 2], 'x');
            assert_int_equal(b.data[b.len - 1], '"');
        }
    }
}

/* Whether one line of the process's mappings has both addresses. */
static bool in_one_mapping(const char *first, const char *last)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    uintptr_t from, to;
    char line[4096];
    bool found = false;

    assert_non_null(maps);
    while (!found && fgets(line, sizeof line, maps))
        found = sscanf(line, "%" SCNxPTR "-%" SCNxPTR, &from, &to) == 2 &&
                from <= (uintptr_t)first && (uintptr_t)last < to;
    fclose(maps);
    return found;
}

/* Asking for large pages must not cut a block's mapping in two: realloc could not move it then, and
 * would copy it whenever it grows. */
static void a_large_block_stays_one_mapping(void **state)
{
    auto_buf struct buf b = BUF_INIT(64 << 20);

    (void)state;
    for (size_t size = 1 << 20; size <= 32 << 20; size *= 2) {
        assert_non_null(buf_reserve(&b, size));
        assert_true(in_one_mapping(b.data, b.data + b.cap - 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_compare_by_bytes),
        cmocka_unit_test(trim_takes_blanks_off_both_ends),
        cmocka_unit_test(dup_makes_a_terminated_copy),
        cmocka_unit_test(appends_add_up),
        cmocka_unit_test(numbers_are_put_in_decimal),
        cmocka_unit_test(integers_are_written_as_printf_writes_them),
        cmocka_unit_test(long_formats_are_whole),
        cmocka_unit_test(content_fills_the_ceiling_exactly),
        cmocka_unit_test(random_appends_stay_under_the_ceiling),
        cmocka_unit_test(a_failure_sticks_until_cleared),
        cmocka_unit_test(impossible_sizes_fail_as_memory),
        cmocka_unit_test(content_survives_memory_running_out),
        cmocka_unit_test(reserve_leaves_room_to_write),
        cmocka_unit_test(take_hands_the_bytes_over),
        cmocka_unit_test(done_leaves_a_usable_buffer),
        cmocka_unit_test(json_strings_escape_what_must_be),
        cmocka_unit_test(json_strings_escape_wherever_the_byte_stands),
        cmocka_unit_test(a_large_block_stays_one_mapping),
    };

    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
