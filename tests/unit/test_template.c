#include "tests/unit/template_fixture.h"

#include <pthread.h>

static void text_without_tags_is_plain(void **state)
{
    static const char *const texts[] = {"", "x", "{", "}}", "x {{ y", "}} {{", "{ { } }"};
    struct why why;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        auto_template struct template *t = NULL;

        assert_ok(template_parse(slice_of(texts[i]), &t, &why), &why);
        assert_true(template_is_plain(t));
        assert_renders(texts[i], texts[i]);
    }
}

static void faults_name_their_place(void **state)
{
    static const struct {
        const char *text;
        const char *place;
        const char *words;
    } rows[] = {
        {"{{#if x}}a", "line 1 column 9", "found: 'EOF', expected: '{{/'"},
        {"{{#if x}}a{{/each}}", "line 1 column 13", "found: 'each', expected: 'if'"},
        {"{{foo x}}", "line 1 column 2", "could not find helper: 'foo'"},
        {"{{{{raw}}}}{{foo x}}{{{{/raw}}}}", "line 1 column 13", "could not find helper: 'foo'"},
        {"{{{{raw x}}}}{{{{/raw}}}}", "line 1 column 4", "could not find helper: 'raw'"},
        {"{{#if x}}{{^y}}{{/if}}", "line 1 column 18", "found: 'if', expected: 'y'"},
        {"{{~#if x}}a{{^}}b{{/if}}", "line 1 column 11", "found: '{{^'"},
        {"a\n{{request.url}}\n  {{upper 'a' (bogus 1)}}", "line 2 column 15",
         "could not find helper: 'bogus'"},
        {"{{foo%}}", "line 1 column 5", "found: '%'"},
        {"{{request.port}}}", "line 1 column 14", "found: '}}}', expected: '}}'"},
        {"{{/if}}", "line 1 column 1", "found: '{{/'"},
        {"{{}}", "line 1 column 2", "found: '}}', expected: 'id'"},
        {"{{upper 'x}}", "line 1 column 8", "found: ''x', expected: '}}'"},
        {"{{> /x}}", "line 1 column 4", "partial shouldn't start with '/'"},
        {"{{*deco}}", "line 1 column 2", "could not find decorator"},
        {"{{!-- open }}", "line 1 column 1", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct template *t = NULL;
        struct why why = {0};

        assert_status(ST_BAD_INPUT, template_parse(slice_of(rows[i].text), &t, &why), &why);
        assert_null(t);
        assert_contains(why.text, rows[i].words);
        assert_string_equal(why.place, rows[i].place);
    }
}

static void repeat(struct buf *ret, const char *text, size_t times)
{
    while (times-- > 0)
        buf_put_text(ret, text);
}

static enum status parse_nested(const char *open, const char *close, size_t depth)
{
    auto_buf struct buf text = BUF_INIT(64 << 20);
    auto_template struct template *t = NULL;

    repeat(&text, open, depth);
    repeat(&text, close, depth);
    return template_parse(buf_slice(&text), &t, NULL);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(parse_nested("{{#if a}}", "{{/if}}", 60), ST_OK);
    assert_int_equal(parse_nested("{{#if a}}", "{{/if}}", 100000), ST_TOO_LARGE);
    assert_int_equal(parse_nested("{{^a}}", "{{/a}}", 100000), ST_TOO_LARGE);
    assert_int_equal(parse_nested("{{upper ", "}}", 1), ST_OK);
    {
        auto_buf struct buf text = BUF_INIT(64 << 20);
        auto_template struct template *t = NULL;

        buf_put_text(&text, "{{upper ");
        repeat(&text, "(upper ", 100000);
        buf_put_text(&text, "'a'");
        repeat(&text, ")", 100000);
        buf_put_text(&text, "}}");
        assert_int_equal(template_parse(buf_slice(&text), &t, NULL), ST_TOO_LARGE);
    }
}

static void rendering_is_bounded(void **state)
{
    static const char *const hostile[] = {
        "{{range 1 2000000000}}",
        "{{#each (range 1 90000)}}{{#each (range 1 90000)}}x{{/each}}{{/each}}",
        "{{#*inline 'p'}}{{> p}}{{/inline}}{{> p}}",
        "{{#*inline 'p'}}{{> p}}{{> p}}{{/inline}}{{> p}}",
        "{{randomValue length=2000000000}}",
        "{{center 'x' size=2000000000}}",
        "{{stringFormat '%2000000000d' 1}}",
        "{{#each (range 1 99999)}}{{#assign 'a'}}{{a}}{{a}}x{{/assign}}{{/each}}",
        "{{regexExtract 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' '(a|aa)+$'}}",
        "{{#each (range 1 99999)}}0123456789012345678901234567890123456789{{/each}}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(hostile); i++) {
        struct rendered got;

        fixture_render(&(struct rendering){.template = hostile[i]}, &got);
        assert_ok(got.parsed, &got.why);
        if (got.status != ST_TOO_LARGE && got.status != ST_TIMEOUT)
            fail_msg("%s: %s", hostile[i], status_word(got.status));
        assert_int_equal(got.text.len, 0);
        buf_done(&got.text);
    }
}

static void the_answers_ceiling_holds(void **state)
{
    struct rendered got;

    (void)state;
    fixture_render(&(struct rendering){.template = "before {{request.url}} behind", .max = 20},
                   &got);
    assert_status(ST_TOO_LARGE, got.status, &got.why);
    buf_done(&got.text);
}

static void a_fault_leaves_its_words_as_the_answer(void **state)
{
    struct rendered got;

    (void)state;
    fixture_render(&(struct rendering){.template = "before {{request.url}}\n {{size nope}} x"},
                   &got);
    assert_status(ST_BAD_INPUT, got.status, &got.why);
    assert_string_equal(buf_text(&got.text),
                        "2:3: java.lang.NullPointerException: Cannot invoke \"Object.getClass()\" "
                        "because \"context\" is null");
    assert_contains(got.why.text, "2:3: java.lang.NullPointerException");
    buf_done(&got.text);
}

static void further_names_stand_beside_the_request(void **state)
{
    struct mock_source source = {.method = SLICE("PUT"),
                                 .url = SLICE("/orig?x=1"),
                                 .scheme = SLICE("http"),
                                 .host = SLICE("h"),
                                 .port = 80};
    struct mock_request *original = mock_request_new(&source);
    json_t *response = json_pack("{s:i,s:{s:s}}", "status", 201, "headers", "X", "y");
    struct template_name names[] = {{.name = "originalRequest", .request = original},
                                    {.name = "originalResponse", .json = response}};
    struct rendered got;

    (void)state;
    fixture_render(&(struct rendering){.template = "{{originalRequest.method}} "
                                                   "{{originalRequest.query.x}} "
                                                   "{{originalResponse.status}} "
                                                   "{{originalResponse.headers.X}} "
                                                   "{{request.method}}",
                                       .names = names,
                                       .name_count = 2},
                   &got);
    assert_ok(got.status, &got.why);
    assert_string_equal(buf_text(&got.text), "PUT 1 201 y POST");
    buf_done(&got.text);
    json_decref(response);
    mock_request_free(original);
}

static void keep_log(void *context, const char *level, struct slice text)
{
    buf_printf(context, "%s:%.*s;", level, (int)text.len, text.data);
}

static void log_goes_to_the_caller(void **state)
{
    auto_buf struct buf log = BUF_INIT(1000);
    struct template_settings settings = {.log = keep_log, .log_context = &log};
    struct rendered got;

    (void)state;
    fixture_render(&(struct rendering){.template = "{{log 'a' 1}}{{#log level='warn'}} b "
                                                   "{{/log}}",
                                       .settings = &settings},
                   &got);
    assert_ok(got.status, &got.why);
    assert_int_equal(got.text.len, 0);
    assert_string_equal(buf_text(&log), "info:a 1;warn:b;");
    buf_done(&got.text);
}

static void a_fixed_clock_is_now(void **state)
{
    struct clock clock = {.fixed = true, .fixed_us = 1525515072000000};
    struct template_settings settings = {.clock = &clock};
    struct rendered got;

    (void)state;
    fixture_render(&(struct rendering){.template = "{{now}} {{now offset='1 days' format='d'}} "
                                                   "{{now format='epoch'}} {{date "
                                                   "timezone='Europe/Paris'}}",
                                       .settings = &settings},
                   &got);
    assert_string_equal(buf_text(&got.text),
                        "2018-05-05T10:11:12Z 6 1525515072000 2018-05-05T12:11:12+02:00");
    buf_done(&got.text);
}

static void system_values_need_permission(void **state)
{
    const char *const permitted[] = {"TEMPLATE_.*", NULL};
    struct template_settings settings = {.permitted_keys = permitted};
    struct rendered got;

    (void)state;
    setenv("TEMPLATE_X", "there", 1);
    fixture_render(&(struct rendering){.template = "{{systemValue key='template_x'}}|{{systemValue "
                                                   "key='TEMPLATE_X'}}|{{systemValue key='PATH'}}",
                                       .settings = &settings},
                   &got);
    assert_string_equal(buf_text(&got.text), "|there|[ERROR: Access to PATH is denied]");
    buf_done(&got.text);
}

static void bytes_that_are_no_utf8_do_no_harm(void **state)
{
    struct rendered got;

    (void)state;
    fixture_render(&(struct rendering){.template = "\xff{{upper '\xfe"
                                                   "a'}}\xc3{{size '\xff\xff'}}"
                                                   "{{substring '\xe2\x82' 0 1}}{{request.body}}",
                                       .body = "\xff\x80z"},
                   &got);
    assert_ok(got.status, &got.why);
    buf_done(&got.text);
}

/* A body is read by path until it was asked often, then as a whole: the answers are the same. */
static void a_body_answers_alike_however_often_it_is_asked(void **state)
{
    static const char *const bodies[] = {FIXTURE_BODY,
                                         "{'a':{'o':1e2,'o':{'p':[1.0,-0]}},'s':null} behind",
                                         "{a:{b:bare},s:1}",
                                         "{\"a\":1,\"s\":\"open",
                                         "[{\"a\":[{\"b\":2}]}]",
                                         "null",
                                         "text",
                                         " "};
    static const char *const paths[] = {
        "$.a", "$.a.b", "$.a.n",  "$.a.l", "$.a.l[1]", "$.a.l[3]", "$.a.o", "$.a.o.p",
        "$.s", "$.s.x", "$.none", "$[0]",  "$",        "$.a.o[0]", "$..b",  "$[0].a[0]"};
    enum { TIMES = 10 };

    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        for (size_t j = 0; j < COUNT(paths); j++) {
            auto_buf struct buf template = BUF_INIT(4096);
            struct rendered got;
            size_t each;

            for (int k = 0; k < TIMES; k++)
                buf_printf(&template, "{{jsonPath request.body '%s' default='d'}}|", paths[j]);
            fixture_render(&(struct rendering){.template = buf_text(&template), .body = bodies[i]},
                           &got);
            each = got.text.len / TIMES;
            for (size_t k = 1; got.status == ST_OK && k < TIMES; k++)
                assert_memory_equal(got.text.data, got.text.data + k * each, each);
            buf_done(&got.text);
        }
    }
}

/* ---- one template, many threads ---- */

enum { THREADS = 4, ROUNDS = 300 };

static void *render_often(void *argument)
{
    const struct template *t = argument;

    for (int i = 0; i < ROUNDS; i++) {
        struct mock_source source = {
            .method = SLICE("GET"), .url = SLICE("/x?a=1"), .body = SLICE("{\"a\":{\"b\":[1,2]}}")};
        struct mock_request *request = mock_request_new(&source);
        struct template_context context = {.request = request};
        auto_buf struct buf text = BUF_INIT(1000);
        bool same = template_render(t, &context, &text, NULL) == ST_OK &&
                    slice_is(buf_slice(&text), "[1,2] 1 05 yes");

        mock_request_free(request);
        if (!same)
            return argument;
    }
    return NULL;
}

static void threads_share_a_template(void **state)
{
    auto_template struct template *t = NULL;
    pthread_t threads[THREADS];
    struct why why;
    void *failed;

    (void)state;
    assert_ok(template_parse(SLICE("{{jsonPath request.body '$.a.b'}} {{request.query.a}} {{date "
                                   "(parseDate '2018-05-05T10:11:12Z') format='MM' "
                                   "timezone='Europe/Paris'}} {{#matches 'abc' 'a.c'}}yes"
                                   "{{/matches}}"),
                             &t, &why),
              &why);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, render_often, t), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_without_tags_is_plain),
        cmocka_unit_test(faults_name_their_place),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(rendering_is_bounded),
        cmocka_unit_test(the_answers_ceiling_holds),
        cmocka_unit_test(a_fault_leaves_its_words_as_the_answer),
        cmocka_unit_test(further_names_stand_beside_the_request),
        cmocka_unit_test(log_goes_to_the_caller),
        cmocka_unit_test(a_fixed_clock_is_now),
        cmocka_unit_test(system_values_need_permission),
        cmocka_unit_test(bytes_that_are_no_utf8_do_no_harm),
        cmocka_unit_test(a_body_answers_alike_however_often_it_is_asked),
        cmocka_unit_test(threads_share_a_template),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
