#include "tests/unit/check.h"

#include "employees-mock/match/regex.h"

static void java_syntax_is_understood(void **state)
{
    static const struct {
        const char *pattern;
        const char *text;
        bool matches;
    } cases[] = {
        {"[a-z&&[^aeiou]]+", "bcd", true},
        {"[a-z&&[^aeiou]]+", "bad", false},
        {"[a-c[x-z]]+", "ax", true},
        {"\\p{Alpha}\\p{Digit}", "a1", true},
        {"\\Qa.b\\E+", "a.bb", true},
        {"\\Qa.b\\E", "axb", false},
        {"\\x{1F600}", "\xF0\x9F\x98\x80", true},
        {"\\u0041", "A", true},
        {"(?<y>a)\\k<y>", "aa", true},
        {"a{2,3}", "aaaa", false},
        {"[^\\]]", "a", true},
        {"a|b", "ab", false},
        {"\\041", "!", true},
        {"\\0101", "A", true},
        {".*(?<=a{1,3})b", "aaab", true},
        {".*(?<=a{1,3})b", "cb", false},
        {".*(?<!x|yz?)b", "yzb", false},
        {".*(?<!x|yz?)b", "zb", true},
        {"(?<=a*)b", "b", true},
        {"\\p{InCyrillic}", "\xD0\xB6", true},
        {"\\p{L1}", "\xE2\x82\xAC", false},
        {"(?i)\xC3\x89", "\xC3\xA9", false},
        {"(?iu)\xC3\x89", "\xC3\xA9", true},
        {"\\uD83D\\uDE00", "\xF0\x9F\x98\x80", true},
        {"(a)\\11", "aa1", true},
        {"[\\d-z]+", "1-z", true},
        {"(?<=(?<n;)a|bc)d", "d", false}, /* a group's name that does not end */
        {"(?<!a|(?<!bc|d(4))(b()", "d", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_regex struct regex *re = NULL;
        struct why why = {0};
        bool matched = false;

        if (regex_compile(slice_of(cases[i].pattern), REGEX_DOTALL, &re, &why) == ST_OK)
            assert_ok(regex_matches(re, slice_of(cases[i].text), &matched, &why), &why);
        if (matched != cases[i].matches)
            print_error("%s on %s\n", cases[i].pattern, cases[i].text);
        assert_int_equal(matched, cases[i].matches);
    }
}

static void catastrophic_patterns_end_in_an_error(void **state)
{
    auto_regex struct regex *re = NULL;
    auto_buf struct buf text = BUF_INIT(1024);
    struct why why = {0};
    bool matched;

    (void)state;
    for (int i = 0; i < 64; i++)
        buf_put_char(&text, 'a');
    buf_put_text(&text, "bc");
    assert_ok(regex_compile(SLICE("(a|aa)+c"), 0, &re, &why), &why);
    assert_status(ST_TIMEOUT, regex_matches(re, buf_slice(&text), &matched, &why), &why);
}

static void faults_are_told_in_javas_words(void **state)
{
    static const struct {
        const char *pattern;
        const char *words;
    } cases[] = {
        {"/x(", "Unclosed group near index 3\n/x("},
        {"[a", "Unclosed character class near index 1\n[a\n ^"},
        {"*", "Dangling meta character '*' near index 0\n*\n^"},
        {"a)", "Unmatched closing ')' near index 0\na)\n^"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct regex *re = NULL;
        struct why why = {0};

        assert_status(ST_BAD_INPUT, regex_compile(slice_of(cases[i].pattern), 0, &re, &why), &why);
        assert_string_equal(why.text, cases[i].words);
    }
}

static void prefixes_hold_for_every_match(void **state)
{
    static const struct {
        const char *pattern;
        const char *prefix;
    } cases[] = {{"/a/b.*", "/a/b"},   {"/ab?", "/a"},  {"/a|/b", ""},       {"(?i)/a", ""},
                 {"^/a\\.b$", "/a.b"}, {"/a\\d", "/a"}, {"/\xC3\xBC*", "/"}, {"/a{0}", "/"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_regex struct regex *re = NULL;
        struct slice prefix;

        assert_int_equal(regex_compile(slice_of(cases[i].pattern), 0, &re, NULL), ST_OK);
        prefix = regex_literal_prefix(re);
        assert_int_equal(prefix.len, strlen(cases[i].prefix));
        assert_memory_equal(prefix.data, cases[i].prefix, prefix.len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(java_syntax_is_understood),
        cmocka_unit_test(catastrophic_patterns_end_in_an_error),
        cmocka_unit_test(faults_are_told_in_javas_words),
        cmocka_unit_test(prefixes_hold_for_every_match),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
