#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/match/json_loose.h"

/* What is read is written so. */
static const struct {
    const char *text;
    const char *compact;
} written[] = {
    {"1", "1"},
    {"-0", "0"},
    {"1.10", "1.10"},
    {"1.0", "1.0"},
    {"-0.0", "-0.0"},
    {"0.00", "0.00"},
    {"0.05", "0.05"},
    {"0.0005", "0.0005"},
    {"9999999.25", "9999999.25"},
    {"12345678.5", "12345678.5"},
    {"1234567.12345678", "1234567.12345678"},
    {"1234567.1234567890", "1234567.1234567890"},
    {"1e2", "100"},
    {"1.5E-3", "0.0015"},
    {"-1.50e1", "-15.0"},
    {"1e400", "1e400"},
    {"12345678901234567890", "12345678901234567890"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775809", "-9223372036854775809"},
    {"{'a':'b'}", "{\"a\":\"b\"}"},
    {"/* c */ [1, // d\n 2]", "[1,2]"},
    {"{\"a\":1,\"a\":2}", "{\"a\":2}"},
    {"\"\\ud83d\\ude00\\ud83d\"", "\"\xF0\x9F\x98\x80?\""},
    {"\"a\\u0000b\"", "\"a\\u0000b\""},
    {"true false", "true"},
};

static void numbers_and_texts_are_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(written); i++) {
        auto_json json_t *value = NULL;
        auto_buf struct buf text = BUF_INIT(4096);
        struct why why = {0};

        assert_ok(json_loose_read(slice_of(written[i].text), &value, &why), &why);
        json_loose_write(value, JSON_LOOSE_COMPACT, &text);
        if (strcmp(written[i].text, "1e400") != 0)
            assert_string_equal(buf_text(&text), written[i].compact);
        else
            assert_int_equal(text.len, 401);
    }
}

static void faults_are_told_in_jacksons_words(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } faults[] = {
        {"", "No content to map due to end-of-input"},
        {"{bad", "Unexpected character ('b' (code 98)): was expecting double-quote to start field "
                 "name\n at [Source: (String)\"{bad\"; line: 1, column: 2]"},
        {"[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate Array "
                  "entries\n at [Source: (String)\"[1 2]\"; line: 1, column: 4]"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        json_t *value = NULL;
        struct why why = {0};

        assert_status(ST_BAD_INPUT, json_loose_read(slice_of(faults[i].text), &value, &why), &why);
        assert_string_equal(why.text, faults[i].words);
    }
}

static void doubles_are_written_as_java_does(void **state)
{
    static const struct {
        double value;
        const char *text;
    } doubles[] = {{0, "0.0"},
                   {1, "1.0"},
                   {-1.5, "-1.5"},
                   {100, "100.0"},
                   {1e7, "1.0E7"},
                   {1234567, "1234567.0"},
                   {0.001, "0.001"},
                   {0.0001, "1.0E-4"},
                   {1.25e-10, "1.25E-10"},
                   {4.9e-324, "4.9E-324"}};

    (void)state;
    for (size_t i = 0; i < COUNT(doubles); i++) {
        auto_buf struct buf text = BUF_INIT(64);

        json_loose_write_double(doubles[i].value, &text);
        assert_string_equal(buf_text(&text), doubles[i].text);
    }
}

static void numbers_compare_exactly(void **state)
{
    static const struct {
        const char *a;
        const char *b;
        int order;
    } pairs[] = {
        {"1", "1.0", 0},
        {"1.10", "1.1", 0},
        {"100", "1e2", 0},
        {"0", "-0.0", 0},
        {"2", "10", -1},
        {"-2", "1", -1},
        {"-2", "-10", 1},
        {"1e400", "1e401", -1},
        {"0.1", "0.10000000000000000001", -1},
        {"12345678901234567890", "12345678901234567891", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        auto_json json_t *a = NULL;
        auto_json json_t *b = NULL;

        assert_int_equal(json_loose_read(slice_of(pairs[i].a), &a, NULL), ST_OK);
        assert_int_equal(json_loose_read(slice_of(pairs[i].b), &b, NULL), ST_OK);
        assert_int_equal(json_loose_compare_numbers(a, b), pairs[i].order);
        assert_int_equal(json_loose_compare_numbers(b, a), -pairs[i].order);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_texts_are_kept),
        cmocka_unit_test(faults_are_told_in_jacksons_words),
        cmocka_unit_test(doubles_are_written_as_java_does),
        cmocka_unit_test(numbers_compare_exactly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
