/* The pure parts of the plugin: messages, request bodies, paths, content and traces. */
#include "plugin/content.h"
#include "plugin/id_map.h"
#include "plugin/message.h"
#include "plugin/request_scan.h"
#include "plugin/route.h"
#include "plugin/text.h"
#include "plugin/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The host of test_filter is linked in but not started. */

static void assert_slice(struct slice found, const char *expected)
{
    assert_int_equal(found.len, strlen(expected));
    assert_memory_equal(found.data, expected, found.len);
}

static bool read_data_set(const char *text, char *copy, struct slice *ret)
{
    strcpy(copy, text);
    return message_read_data_set(copy, strlen(text), false, ret);
}

static void data_set_is_decoded_in_place(void **state)
{
    char copy[512];
    struct slice found;

    (void)state;
    assert_true(
        read_data_set("{\"dataSet\":\"{\\n  \\\"a\\\": \\\"\\\\\\u00e9\\ud83d\\ude00\\/\\\"\\n}\"}",
                      copy, &found));
    assert_slice(found, "{\n  \"a\": \"\\\xc3\xa9\xf0\x9f\x98\x80/\"\n}");
}

/* Each length around the eight bytes of a word, with an escape at each place. */
static void escapes_at_each_place_of_a_word_survive(void **state)
{
    (void)state;
    for (size_t len = 1; len < 40; len++) {
        for (size_t place = 0; place < len; place++) {
            auto_buf struct buf message = BUF_INIT(1024);
            char text[64] = "[";
            struct slice found;

            memset(text + 1, 'x', len);
            text[1 + place] = "\"\\\n\x01"[len % 4];
            buf_put_text(&message, "{\"dataSet\":\"");
            text_put_json(&message, slice_of(text));
            buf_put_text(&message, "\"}");
            assert_true(message_read_data_set(message.data, message.len, false, &found));
            assert_slice(found, text);
        }
    }
}

static void random_text_comes_back_as_it_was(void **state)
{
    uint32_t seed = 1;

    (void)state;
    for (int round = 0; round < 300; round++) {
        auto_buf struct buf text = BUF_INIT(1 << 16), message = BUF_INIT(1 << 20);
        struct slice found;

        buf_put_char(&text, '{');
        for (int i = 0; i < 3000; i++) {
            seed = seed * 1664525 + 1013904223;
            buf_put_char(&text, "\"\\\n\t abc\x02\x7f\xc3z"[(seed >> 16) % 12]);
        }
        buf_put_text(&message, "{\"dataSet\":\"");
        text_put_json(&message, buf_slice(&text));
        buf_put_text(&message, "\"}");
        assert_true(message_read_data_set(message.data, message.len, false, &found));
        assert_true(slice_equal(found, buf_slice(&text)));
    }
}

/* What text_put_json() promises, one character at a time. */
static void put_json_slowly(struct buf *out, struct slice text)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";

    for (size_t i = 0; i < text.len; i++) {
        const char *found = memchr(from, text.data[i], sizeof from - 1);

        if (found) {
            buf_put_char(out, '\\');
            buf_put_char(out, to[found - from]);
        } else if ((unsigned char)text.data[i] < 0x20) {
            buf_printf(out, "\\u%04x", (unsigned)text.data[i]);
        } else {
            buf_put_char(out, text.data[i]);
        }
    }
}

/* Of each length around the words and the stretches that are written at once, in a block of just
 * that length, so that the sanitizer sees what is read behind it. */
static void text_is_escaped_by_the_letter(void **state)
{
    static const size_t around[] = {20, 2048, 4096};
    uint32_t seed = 7;

    (void)state;
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        for (size_t len = around[i] - 20; len < around[i] + 20; len++) {
            auto_buf struct buf expected = BUF_INIT(1 << 16), found = BUF_INIT(1 << 16);
            char *text = malloc(len);

            assert_non_null(text);
            for (size_t at = 0; at < len; at++) {
                seed = seed * 1664525 + 1013904223;
                text[at] = (char)((seed >> 30) == 0 ? (seed >> 16) % 0x24 : (seed >> 16) & 0xff);
            }
            put_json_slowly(&expected, (struct slice){text, len});
            text_put_json(&found, (struct slice){text, len});
            assert_true(slice_equal(buf_slice(&found), buf_slice(&expected)));
            free(text);
        }
    }
}

/* Is a string read that has this in it, so many bytes behind what makes whole words be decoded? */
static bool is_read_behind(int place, const char *part)
{
    char text[256];
    struct slice found;

    snprintf(text, sizeof text,
             "{\"dataSet\":\"[\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n%*s%sy\\n\\\"%24s\"}", place, "", part,
             "");
    return message_read_data_set(text, strlen(text), false, &found);
}

static void broken_string_is_refused_at_each_place(void **state)
{
    static const char *const good[] = {"\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\xff"};
    static const char *const faults[] = {"\037", "\037n", "\"", "\"n", "\\q", "\\u12g4", "\\ud800"};

    (void)state;
    for (int place = 0; place < 40; place++) {
        for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
            assert_true(is_read_behind(place, good[i]));
        for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
            assert_false(is_read_behind(place, faults[i]));
    }
}

static void form_is_percent_encoded(void **state)
{
    struct settings settings = {.client_id = SLICE("a b+c"),
                                .client_secret = SLICE("&=%'\xc3\xa9~")};
    auto_buf struct buf out = BUF_INIT(1024);

    (void)state;
    message_put_token_form(&settings, &out);
    assert_slice(buf_slice(&out), "grant_type=client_credentials&client_id=a%20b%2bc"
                                  "&client_secret=%26%3d%25%27%c3%a9~");
}

static struct slice scan_in_pieces(const char *body, size_t piece, struct request_scan *scan)
{
    *scan = (struct request_scan){0};
    for (size_t at = 0; at < strlen(body); at += piece) {
        size_t rest = strlen(body) - at;

        request_scan_feed(scan, (struct slice){body + at, rest < piece ? rest : piece});
    }
    return request_scan_code(scan, SCAN_COUNTRY);
}

static void code_is_found_however_the_body_is_cut(void **state)
{
    static const char body[] = "{\"a\":[1.5e-3,{\"countryCode\":\"X\"},\"\\u00e9\\\\\"],"
                               "\"\\u0063ountryCode\" : \"\\u0047B\",\"z\":null}";

    (void)state;
    for (size_t piece = 1; piece < sizeof body; piece++) {
        struct request_scan scan;

        assert_slice(scan_in_pieces(body, piece, &scan), "GB");
        request_scan_done(&scan);
    }
}

static void nesting_has_a_ceiling(void **state)
{
    struct request_scan scan = {0};

    (void)state;
    request_scan_feed(&scan, SLICE("{\"a\":"));
    for (int i = 0; i < REQUEST_SCAN_DEPTH_MAX + 1; i++)
        request_scan_feed(&scan, SLICE("["));
    assert_false(request_scan_wants_more(&scan));
    request_scan_done(&scan);
}

static void ambiguous_paths_fit_no_route(void **state)
{
    static struct policy routes[] = {{.path_prefix = {"/customers", 10}}};
    const struct settings settings = {.routes = routes, .routes_count = 1};
    static const struct {
        const char *path;
        int route; /* 0: the first, 1: none, -1: refused */
    } cases[] = {
        {"/customers", 0},
        {"/customers/1?a=/../", 0},
        {"//customers", 0},
        {"/%63ustomers", 0},
        {"/x", 1},
        {"/custom", 1},
        {"/a.b/..c", 1},
        {"/", 1},
        {"/x/../customers", -1},
        {"/x/..", -1},
        {"/./customers", -1},
        {"/x/%2E%2e/y", -1},
        {"/x%2fy", -1},
        {"/x\\y", -1},
        {"/x/..;a=b/y", -1},
        {"/%", -1},
        {"/%zz", -1},
        {"/%2", -1},
        {"/%00", -1},
        {"/%25", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct policy *found = route_find(&settings, slice_of(cases[i].path));

        assert_ptr_equal(found, cases[i].route == 0   ? &routes[0]
                                : cases[i].route == 1 ? &settings.base
                                                      : NULL);
    }
}

static void beginnings_tell_what_a_body_is(void **state)
{
    static const struct {
        const char *text;
        enum look page; /* under text/html */
        enum look other;
    } cases[] = {
        {"", LOOK_BLANK, LOOK_BLANK},
        {" \n", LOOK_BLANK, LOOK_BLANK},
        {"\xef\xbb\xbf {", LOOK_JSON, LOOK_JSON},
        {"[", LOOK_TOO_SHORT, LOOK_TOO_SHORT},
        {"[ 1", LOOK_JSON, LOOK_JSON},
        {"[tru", LOOK_TOO_SHORT, LOOK_TOO_SHORT},
        {"[INFO]", LOOK_OTHER, LOOK_OTHER},
        {"<", LOOK_TOO_SHORT, LOOK_TOO_SHORT},
        {"<!-- a", LOOK_TOO_SHORT, LOOK_TOO_SHORT},
        {"<!-- a --><html>", LOOK_OTHER, LOOK_OTHER},
        {"<p>", LOOK_OTHER, LOOK_XML},
        {"<?xml version='1.0'?><p>", LOOK_XML, LOOK_XML},
        {"<!DOCTYPE html>", LOOK_OTHER, LOOK_OTHER},
        {"<!DOCTYPE data>", LOOK_XML, LOOK_XML},
        {"<data ", LOOK_XML, LOOK_XML},
        {"<3 you", LOOK_OTHER, LOOK_OTHER},
        {"text", LOOK_OTHER, LOOK_OTHER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(content_look(slice_of(cases[i].text), true), cases[i].page);
        assert_int_equal(content_look(slice_of(cases[i].text), false), cases[i].other);
    }
}

static void broken_traceparents_are_none(void **state)
{
    static const char good[] = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
    char text[64];

    (void)state;
    assert_true(trace_is_parent(slice_of(good)));
    for (size_t len = 0; len < sizeof good - 1; len++)
        assert_false(trace_is_parent((struct slice){good, len}));
    for (size_t i = 0; i < sizeof good - 1; i++) {
        strcpy(text, good);
        text[i] = 'g';
        assert_false(trace_is_parent(slice_of(text)));
    }
    assert_false(trace_is_parent(SLICE("00-00000000000000000000000000000000-0123456789abcdef-01")));
    assert_false(trace_is_parent(SLICE("ff-0123456789abcdef0123456789abcdef-0123456789abcdef-01")));
    assert_false(
        trace_is_parent(SLICE("00-0123456789abcdef0123456789abcdef-0123456789abcdef-01-x")));
    assert_true(
        trace_is_parent(SLICE("01-0123456789abcdef0123456789abcdef-0123456789abcdef-01-x")));
    assert_false(trace_is_parent(SLICE("00-0123456789abcdef0123456789abcdef-0123456789abcdef-0A")));
    assert_false(trace_is_parent(SLICE("FF-0123456789abcdef0123456789abcdef-0123456789abcdef-01")));
}

static void map_finds_what_is_left_after_many_removals(void **state)
{
    struct id_map map = {0};
    static int values[3000];

    (void)state;
    for (uint32_t id = 1; id < 3000; id++)
        assert_true(id_map_put(&map, id, &values[id]));
    for (uint32_t id = 1; id < 3000; id += 3)
        assert_ptr_equal(id_map_take(&map, id), &values[id]);
    for (uint32_t id = 1; id < 3000; id++)
        assert_ptr_equal(id_map_find(&map, id), id % 3 == 1 ? NULL : &values[id]);
    assert_null(id_map_find(&map, 0));
    id_map_done(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_set_is_decoded_in_place),
        cmocka_unit_test(escapes_at_each_place_of_a_word_survive),
        cmocka_unit_test(text_is_escaped_by_the_letter),
        cmocka_unit_test(broken_string_is_refused_at_each_place),
        cmocka_unit_test(random_text_comes_back_as_it_was),
        cmocka_unit_test(form_is_percent_encoded),
        cmocka_unit_test(code_is_found_however_the_body_is_cut),
        cmocka_unit_test(nesting_has_a_ceiling),
        cmocka_unit_test(ambiguous_paths_fit_no_route),
        cmocka_unit_test(beginnings_tell_what_a_body_is),
        cmocka_unit_test(broken_traceparents_are_none),
        cmocka_unit_test(map_finds_what_is_left_after_many_removals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
