#include "tests/unit/engine_fixture.h"

#include <jansson.h>

static const struct plan_attribute attributes[] = {
    {"a", TYPE_STRING, NULL, NULL},
    {"list[].b", TYPE_STRING, NULL, NULL},
    {NULL, TYPE_STRING, NULL, NULL},
};

static void init(struct fixture *f)
{
    fixture_init(f, attributes);
    f->call.restricted_text = SLICE("*");
}

static void lays_out_as_recorded(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, " {\"x\":[1 ,{\"y\":\"z\"},[],{}, [ ] , { } ],\t\"n\":null}\r\n",
                    "{\n  \"x\": [\n    1,\n    {\n      \"y\": \"z\"\n    },\n    [],\n    {},\n"
                    "    [],\n    {}\n  ],\n  \"n\": null\n}");
    assert_protects(&f, "[]", "[]");
    assert_protects(&f, "{}", "{}");
    assert_protects(&f, "[true]", "[\n  true\n]");
}

static void numbers_keep_their_digits(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, "[1.10,1E400,12345678901234567890,-0,-0.0e-00,1e+5]",
                    "[\n  1.10,\n  1E400,\n  12345678901234567890,\n  -0,\n  -0.0e-00,\n  1e+5\n]");
}

static void text_is_escaped_only_where_it_must(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(
        &f,
        "[\"\\/\\u0041\\u00e9\\ud83d\\ude00\xc3\xa9\\\"\\\\\\b\\t\\n\\f\\r\\u000b\\u001F"
        "\\u0000\x7f\",\"\\u2028\"]",
        "[\n  \"/A\xc3\xa9\xf0\x9f\x98\x80\xc3\xa9\\\"\\\\\\b\\t\\n\\f\\r\\u000b\\u001f"
        "\\u0000\x7f\",\n  \"\xe2\x80\xa8\"\n]");
    assert_protects(&f, "{\"\\u0078\\n\":1}", "{\n  \"x\\n\": 1\n}");
}

static void long_strings_come_out_whole(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf in = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);

    (void)state;
    init(&f);
    for (size_t len = 0; len < 9000; len += len < 70 ? 1 : 997) {
        buf_clear(&in);
        buf_clear(&out);
        buf_put_text(&in, "[\"");
        buf_put_text(&out, "[\n  \"");
        for (size_t i = 0; i < len; i++) {
            buf_put_text(&in, i % 7 ? "e" : "\\u000a\\/");
            buf_put_text(&out, i % 7 ? "e" : "\\n/");
        }
        buf_put_text(&in, "\"]");
        buf_put_text(&out, "\"\n]");
        assert_text(fixture_protect(&f, buf_slice(&in)), buf_text(&out));
    }
}

static void names_with_escapes_are_found(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, "{\"\\u0061\":\"x\"}", "{\n  \"a\": \"*\"\n}");
    assert_protects(&f, "{'list':[{'\\u0062':'x'}]}",
                    "{\n  \"list\": [\n    {\n      \"b\": \"*\"\n    }\n  ]\n}");
}

static void second_encoding_is_read_where_the_first_fails(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, "{'a':'O'Brien','x':'O'Brien'}",
                    "{\n  \"a\": \"*\",\n  \"x\": \"O'Brien\"\n}");
    assert_protects(&f, "{'x':'say \\'hi\\', \"you\"'}",
                    "{\n  \"x\": \"say \\\"hi\\\", \\\"you\\\"\"\n}");
    assert_protects(&f, "{'x':'\n\r\t\\n\\u0027\\\"'}", "{\n  \"x\": \"\\n\\r\\t\\n'\\\"\"\n}");
    assert_protects(&f, "[1,2,'x']", "[\n  1,\n  2,\n  \"x\"\n]");
    assert_protects(&f, "{\"x\":\"it's ','\"}", "{\n  \"x\": \"it's ','\"\n}");
}

/* Where an apostrophe ends a string: only where JSON could go on. */
static void an_apostrophe_ends_a_string_where_json_goes_on(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"{'':''}", "{\n  \"\": \"\"\n}"},
        {"['',' ']", "[\n  \"\",\n  \" \"\n]"},
        {"{'x' : 'y' , 'z' : 1 }", "{\n  \"x\": \"y\",\n  \"z\": 1\n}"},
        {"{'it's':1}", "{\n  \"it's\": 1\n}"},
        {"{'x':'a}' b'}", "{\n  \"x\": \"a}' b\"\n}"},
        {"{'x':'a']'}", "{\n  \"x\": \"a']\"\n}"},
        {"['a'}']", "[\n  \"a'}\"\n]"},
        {"{'x':'a',b'}", "{\n  \"x\": \"a',b\"\n}"},
        {"{'x':'a',1'}", "{\n  \"x\": \"a',1\"\n}"},
        {"['Rock 'n', Roll','b']", "[\n  \"Rock 'n', Roll\",\n  \"b\"\n]"},
        {"['a', 5 of them','b']", "[\n  \"a', 5 of them\",\n  \"b\"\n]"},
        {"['a', 5 ,'b']", "[\n  \"a\",\n  5,\n  \"b\"\n]"},
        {"['a', null]", "[\n  \"a\",\n  null\n]"},
        {"['a', nullable','b']", "[\n  \"a', nullable\",\n  \"b\"\n]"},
        {"['a', {'x':1}, ['b'], {}, []]",
         "[\n  \"a\",\n  {\n    \"x\": 1\n  },\n  [\n    \"b\"\n  ],\n"
         "  {},\n  []\n]"},
        {"['a', {b','c']", "[\n  \"a', {b\",\n  \"c\"\n]"},
        {"['a', [not b','c']", "[\n  \"a', [not b\",\n  \"c\"\n]"},
        {"['a', [ [true, 1]], 'b']",
         "[\n  \"a\",\n  [\n    [\n      true,\n      1\n    ]\n  ],\n  \"b\"\n]"},
        {"[''']", "[\n  \"'\"\n]"},
        {"['a''b']", "[\n  \"a''b\"\n]"},
    };
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_protects(&f, rows[i].text, rows[i].expected);
}

static void refuses_what_is_no_data_set(void **state)
{
    static const char *const texts[] = {"",
                                        " ",
                                        "1",
                                        "\"a\"",
                                        "'a'",
                                        "null",
                                        "{",
                                        "[",
                                        "}",
                                        "]",
                                        "[1",
                                        "[1,",
                                        "[1,]",
                                        "[,1]",
                                        "[1 2]",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "{\"a\":1,}",
                                        "{\"a\" 1}",
                                        "{a:1}",
                                        "{1:1}",
                                        "[}",
                                        "{]",
                                        "[1}",
                                        "[]x",
                                        "[][]",
                                        "[01]",
                                        "[1.]",
                                        "[.5]",
                                        "[-]",
                                        "[+1]",
                                        "[1e]",
                                        "[1e+]",
                                        "[0x1]",
                                        "[tru]",
                                        "[nul]",
                                        "[True]",
                                        "[NaN]",
                                        "[\"a]",
                                        "[\"\\x\"]",
                                        "[\"\\u00g0\"]",
                                        "[\"\\u00\"]",
                                        "[\"a\nb\"]",
                                        "[\"\t\"]",
                                        "[\"\x01\"]",
                                        "[\"\\'\"]",
                                        "[\"a\", 'b']",
                                        "['a', \"b\"]",
                                        "{'a':1,\"b\":2}",
                                        "['a]",
                                        "['a\x01']",
                                        "['\\x']",
                                        "{'a':'b'",
                                        "['a'",
                                        "[\"a\"'b']",
                                        "\xef\xbb\xbf[]",
                                        "[1]\x01",
                                        "// x\n[]",
                                        "[1,/**/2]"};
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_refuses(&f, texts[i]);
    assert_int_equal(fixture_try(&f, (struct slice){"[\"\0\"]", 5}), ST_BAD_INPUT);
    assert_int_equal(fixture_try(&f, (struct slice){"[]\0", 3}), ST_BAD_INPUT);
    assert_int_equal(fixture_try(&f, (struct slice){"{\0a\0:1}", 7}), ST_BAD_INPUT);
    assert_int_equal(fixture_try(&f, (struct slice){"{\0\0:'d'}", 8}), ST_BAD_INPUT);
}

static void refuses_text_that_is_not_utf8(void **state)
{
    static const char *const bad[] = {
        "\x80",          "\xc3",         "\xc0\xaf",         "\xc1\x81",
        "\xe0\x80\x80",  "\xed\xa0\x80", "\xed\xbf\xbf",     "\xe2\x82",
        "\xf5\x80\x80",  "\xff",         "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
        "\\ud800",       "\\udc00",      "\\ud800\\u0041",   "\\ud83dx",
        "\\ud800\\ud800"};
    auto_fixture struct fixture f;
    char text[64];

    (void)state;
    init(&f);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "[\"0123456789abcdef%s\"]", bad[i]);
        assert_refuses(&f, text);
        snprintf(text, sizeof text, "['%s0123456789abcdef']", bad[i]);
        assert_refuses(&f, text);
        snprintf(text, sizeof text, "{\"%s\":1}", bad[i]);
        assert_refuses(&f, text);
    }
    assert_protects(&f, "[\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"]",
                    "[\n  \"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\"\n]");
}

static void faults_tell_their_place(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_refuses(&f, "{\"secret\":\"secret\" x}");
    assert_string_equal(f.why.text, "byte 19 of the data set: a comma or the end of the object or "
                                    "array is expected");
}

static void refuses_duplicates(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf text = BUF_INIT(1 << 24);

    (void)state;
    init(&f);
    assert_refuses(&f, "{\"x\":1,\"y\":2,\"x\":3}");
    assert_refuses(&f, "{\"x\":1,\"\\u0078\":3}");
    assert_refuses(&f, "{\"o\":{\"x\":{\"q\":1},\"x\":1}}");
    assert_refuses(&f, "{'x':1,'x':3}");
    assert_int_equal(fixture_try(&f, SLICE("{\"x\":{\"x\":1},\"y\":[{\"x\":1},{\"x\":1}]}")),
                     ST_OK);
    for (int n = 1; n < 3000; n = n * 2 + 1) {
        for (int twice = 0; twice < 2; twice++) {
            buf_clear(&text);
            for (int i = 0; i < n; i++)
                buf_printf(&text, "%c\"name%d\":{\"name%d\":%d}", i ? ',' : '{', i, i, i);
            buf_printf(&text, ",\"%s\":1}", twice ? "nam\\u00650" : "other");
            assert_int_equal(fixture_try(&f, buf_slice(&text)), twice ? ST_BAD_INPUT : ST_OK);
        }
    }
}

static void nesting_ends_at_512(void **state)
{
    auto_fixture struct fixture f;
    char text[4 * 513 + 1];

    (void)state;
    init(&f);
    for (size_t levels = 511; levels <= 513; levels++) {
        memset(text, '[', levels);
        memset(text + levels, ']', levels);
        assert_int_equal(fixture_try(&f, (struct slice){text, 2 * levels}),
                         levels <= 512 ? ST_OK : ST_BAD_INPUT);
    }
    assert_refuses(&f, "[[[[[[[[");
}

static void a_full_answer_is_told_as_such(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (size_t max = 0; max < 400; max++) {
        struct buf small = BUF_INIT(max);
        struct why why;
        enum status st = engine_protect(f.engine, &f.call,
                                        SLICE("{\"a\":\"\\u0001\\u0002\",\"b\":[1,{\"c\":\"d\"}]}"),
                                        &small, NULL, &why);

        assert_true(st == ST_TOO_LARGE || (st == ST_OK && max > 80));
        assert_true(small.len <= max);
        assert_true(st == ST_OK || small.len == 0);
        buf_done(&small);
        if (max == 399)
            assert_int_equal(st, ST_OK);
    }
}

/* Every prefix is refused, and no byte behind it is read (the sanitizers watch). */
static void every_prefix_is_refused(void **state)
{
    static const char *const texts[] = {
        "{\"a\":\"x\\u00e9\\ud83d\\ude00\xc3\xa9\",\"list\":[{\"b\":-1.5e+3},true,false,null,[]]}",
        "{'a':'x\\u00e9\xc3\xa9','list':[{'b':-1.5e+3},'it's',12, {} ]}"};
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (size_t t = 0; t < 2; t++) {
        for (size_t len = 0; len < strlen(texts[t]); len++) {
            char *copy = malloc(len ? len : 1);

            memcpy(copy, texts[t], len);
            assert_int_equal(fixture_try(&f, (struct slice){copy, len}), ST_BAD_INPUT);
            free(copy);
        }
    }
}

/* ---- random documents ---- */

static unsigned next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33);
}

static void random_string(uint64_t *seed, struct buf *ret)
{
    static const char *const parts[] = {
        "a",      "Bob",  " ",       "\xc3\xa9", "\xf0\x9f\x98\x80", "\\n",
        "\\\"",   "\\\\", "\\u001f", "'",        "0123456789abcdef", "/",
        "\\u00e9"};

    buf_put_char(ret, '"');
    for (unsigned n = next_random(seed) % 6; n > 0; n--)
        buf_put_text(ret, parts[next_random(seed) % (sizeof parts / sizeof *parts)]);
    buf_put_char(ret, '"');
}

static void random_value(uint64_t *seed, int depth, struct buf *ret)
{
    static const char *const scalars[] = {"0", "-17", "1.5", "true", "false", "null", "[]", "{}"};
    unsigned kind = next_random(seed) % (depth > 4 ? 4 : 8);
    unsigned n = next_random(seed) % 5;

    if (kind < 2) {
        random_string(seed, ret);
    } else if (kind < 4) {
        buf_put_text(ret, scalars[next_random(seed) % 8]);
    } else {
        buf_put_char(ret, kind < 6 ? '[' : '{');
        for (unsigned i = 0; i < n; i++) {
            if (kind >= 6)
                buf_printf(ret, "\"%c%u\" :", "ab"[i % 2], i / 2);
            random_value(seed, depth + 1, ret);
            if (i + 1 < n)
                buf_put_text(ret, " , ");
        }
        buf_put_char(ret, kind < 6 ? ']' : '}');
    }
}

static void random_document(uint64_t *seed, struct buf *ret)
{
    buf_clear(ret);
    buf_put_text(ret, "{\"a\":");
    random_value(seed, 0, ret);
    buf_put_text(ret, ",\"list\":[{\"b\":");
    random_value(seed, 0, ret);
    buf_put_text(ret, "},{\"b\":");
    random_string(seed, ret);
    buf_put_text(ret, "}],\"z\":");
    random_value(seed, 0, ret);
    buf_put_text(ret, "}");
}

/* jansson writes reals in its own way and \u00xx in capitals; the documents have neither. */
static void layout_is_that_of_an_indented_dump(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf text = BUF_INIT(1 << 24);
    uint64_t seed = 4;

    (void)state;
    init(&f);
    f.call.plan = NULL;
    for (int i = 0; i < 500; i++) {
        json_t *tree;
        char *dump;

        random_document(&seed, &text);
        tree = json_loadb(text.data, text.len, 0, NULL);
        assert_non_null(tree);
        dump = json_dumps(tree, JSON_INDENT(2));
        for (char *p = dump; (p = strstr(p, "\\u001F")); p += 6)
            p[5] = 'f';
        assert_text(fixture_protect(&f, buf_slice(&text)), dump);
        free(dump);
        json_decref(tree);
    }
}

static void what_was_protected_comes_back(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf text = BUF_INIT(1 << 24);
    uint64_t seed = 5;

    (void)state;
    init(&f);
    for (int i = 0; i < 100; i++) {
        random_document(&seed, &text);
        f.call.protect_null_values = i % 2;
        f.call.preserve_string_length = i % 4 < 2;
        assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, buf_slice(&text));
        assert_reverses(&f, JOB_ENCRYPT, JOB_DECRYPT, buf_slice(&text));
    }
}

/* The member "z" is in no path: it must be, byte for byte, what layout alone makes of it. */
static void the_rest_is_untouched(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf text = BUF_INIT(1 << 24);
    uint64_t seed = 6;

    (void)state;
    init(&f);
    for (int i = 0; i < 200; i++) {
        auto_free char *plain = NULL;
        const char *rest;

        random_document(&seed, &text);
        f.call.plan = NULL;
        plain = slice_dup(fixture_protect(&f, buf_slice(&text)));
        rest = strstr(plain, "\n  \"z\": ");
        f.call.plan = f.plan;
        f.call.job = i % 2 ? JOB_DATA_MASKING : JOB_RESTRICT;
        fixture_protect(&f, buf_slice(&text));
        assert_true(f.text.len > strlen(rest));
        assert_memory_equal(f.text.data + f.text.len - strlen(rest), rest, strlen(rest));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lays_out_as_recorded),
        cmocka_unit_test(numbers_keep_their_digits),
        cmocka_unit_test(text_is_escaped_only_where_it_must),
        cmocka_unit_test(long_strings_come_out_whole),
        cmocka_unit_test(names_with_escapes_are_found),
        cmocka_unit_test(second_encoding_is_read_where_the_first_fails),
        cmocka_unit_test(an_apostrophe_ends_a_string_where_json_goes_on),
        cmocka_unit_test(refuses_what_is_no_data_set),
        cmocka_unit_test(refuses_text_that_is_not_utf8),
        cmocka_unit_test(faults_tell_their_place),
        cmocka_unit_test(refuses_duplicates),
        cmocka_unit_test(nesting_ends_at_512),
        cmocka_unit_test(a_full_answer_is_told_as_such),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(layout_is_that_of_an_indented_dump),
        cmocka_unit_test(what_was_protected_comes_back),
        cmocka_unit_test(the_rest_is_untouched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
