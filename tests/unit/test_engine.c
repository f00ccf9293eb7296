#include "tests/unit/engine_fixture.h"

#include "common/cleanup.h"
#include "common/file.h"
#include "interceptor/engine/base62.h"
#include "interceptor/engine/envelope.h"

#include <pthread.h>

static const struct plan_attribute attributes[] = {
    {"s", TYPE_STRING, NULL, NULL},   {"d", TYPE_DATE, NULL, NULL},
    {"n", TYPE_NUMBER, NULL, NULL},   {"b", TYPE_BOOLEAN, NULL, NULL},
    {"l[]", TYPE_STRING, NULL, NULL}, {"p.q", TYPE_STRING, NULL, NULL},
    {"p", TYPE_DATE, NULL, NULL},     {NULL, TYPE_STRING, NULL, NULL},
};
enum { S, D, N, B, L, P_Q, P, ATTRIBUTES };

static void init(struct fixture *f)
{
    fixture_init(f, attributes);
    f->call.restricted_text = SLICE("#");
}

/* ---- recorded answers ---- */

static const struct plan_attribute employee[] = {
    {"employees.employee[].firstName", TYPE_STRING, NULL, NULL},
    {"employees.employee[].lastName", TYPE_STRING, NULL, NULL},
    {"employees.employee[].DOB", TYPE_DATE, NULL, NULL},
    {NULL, TYPE_STRING, NULL, NULL},
};

static void read_case(const char *name, const char *file, struct buf *ret)
{
    char path[200];
    struct why why;

    snprintf(path, sizeof path, "tests/data/protect/%s/%s", name, file);
    if (file_read(path, ret, &why) != ST_OK)
        fail_msg("%s: %s", path, why.text);
}

/* The whole answer of a case's request; in `form`, ~ stands for a lower-case hex digit. */
static void assert_case(const char *name, const char *file)
{
    auto_fixture struct fixture f;
    auto_buf struct buf request = BUF_INIT(1 << 20), expected = BUF_INIT(1 << 20);
    auto_envelope struct envelope e = {0};

    fixture_init(&f, employee);
    read_case(name, "request.json", &request);
    read_case(name, file, &expected);
    assert_int_equal(envelope_read(request.data, request.len, false, &e, &f.why), ENVELOPE_FINE);
    f.call.job = e.job;
    f.call.restricted_text = e.restricted_text;
    f.call.protect_null_values = e.protect_null_values;
    f.call.preserve_string_length = e.preserve_string_length;
    assert_int_equal(engine_protect(f.engine, &f.call, e.data_set, &f.answer, NULL, &f.why), ST_OK);
    assert_int_equal(f.answer.len, expected.len);
    for (size_t i = 0; i < expected.len; i++) {
        if (expected.data[i] == '~' && strchr("0123456789abcdef", f.answer.data[i]))
            expected.data[i] = f.answer.data[i];
    }
    assert_memory_equal(f.answer.data, expected.data, expected.len);
}

static void answers_are_those_recorded(void **state)
{
    (void)state;
    assert_case("restrict_gb_it_recorded", "expected.json");
    assert_case("masking_gb_recorded", "expected.form");
}

/* ---- what is protected ---- */

static void leaves_below_a_path_are_of_their_own_type(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(
        &f, "{\"s\":{\"x\":[1,true,\"a\",null,{}]},\"p\":{\"q\":\"a\",\"r\":\"2020-01-01\"}}",
        "{\n  \"s\": {\n    \"x\": [\n      0,\n      false,\n      \"#\",\n      null,\n"
        "      {}\n    ]\n  },\n  \"p\": {\n    \"q\": \"#\",\n    \"r\": \"#\"\n  }\n}");
    assert_int_equal(f.counts[S].protected, 3);
    assert_int_equal(f.counts[S].kept, 1);
    assert_int_equal(f.counts[P_Q].protected, 1);
    assert_int_equal(f.counts[P].protected, 1);
}

static void a_value_of_another_type_is_treated_by_its_own(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, "{\"s\":1,\"d\":2,\"n\":\"x\",\"b\":\"2020-01-01\",\"l\":[true,\"y\"]}",
                    "{\n  \"s\": 0,\n  \"d\": 0,\n  \"n\": \"#\",\n  \"b\": \"#\",\n  \"l\": [\n"
                    "    false,\n    \"#\"\n  ]\n}");
}

static void a_missing_path_is_no_error(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_protects(&f, "{\"x\":{\"s\":\"a\"},\"l\":{\"y\":\"a\"}}",
                    "{\n  \"x\": {\n    \"s\": \"a\"\n  },\n  \"l\": {\n    \"y\": \"a\"\n  }\n}");
    assert_protects(&f, "[{\"s\":\"a\"}]", "[\n  {\n    \"s\": \"a\"\n  }\n]");
}

static void granted_attributes_stay_clear(void **state)
{
    bool granted[ATTRIBUTES] = {[S] = true};
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.granted = granted;
    assert_protects(&f, "{\"s\":\"\\u0041\",\"n\":1}", "{\n  \"s\": \"A\",\n  \"n\": 0\n}");
    f.call.job = JOB_DATA_MASKING;
    assert_protects(&f, "{\"s\":\"A\"}", "{\n  \"s\": \"A\"\n}");
    assert_int_equal(f.counts[S].granted, 1);
    f.call.job = JOB_ENCRYPT;
    fixture_protect(&f, SLICE("{\"s\":\"A\"}"));
    assert_int_equal(f.counts[S].protected, 1);
}

static void silence_counts_and_changes_nothing(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.silent = true;
    f.call.preserve_string_length = true;
    for (f.call.job = JOB_RESTRICT; f.call.job <= JOB_DECRYPT; f.call.job++) {
        assert_protects(&f, "{'s':'abc','n':1}", "{\n  \"s\": \"abc\",\n  \"n\": 1\n}");
        assert_int_equal(f.counts[S].protected,
                         f.call.job != JOB_RECONSTRUCT && f.call.job != JOB_DECRYPT);
    }
    assert_int_equal(f.memory.count, 0);
}

static void unlisted_leaves_pass_are_protected_or_refused(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.spec.unlisted = UNLISTED_PROTECT;
    fixture_replan(&f);
    assert_protects(&f, "{\"x\":[\"a\",1,null],\"s\":\"a\"}",
                    "{\n  \"x\": [\n    \"#\",\n    0,\n    null\n  ],\n  \"s\": \"#\"\n}");
    assert_int_equal(f.counts[ATTRIBUTES].protected, 2);
    assert_int_equal(f.counts[ATTRIBUTES].kept, 1);
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, SLICE("{\"s\":[1,\"x\",true]}"));
    f.spec.unlisted = UNLISTED_REJECT;
    fixture_replan(&f);
    assert_refuses(&f, "{\"s\":\"a\",\"x\":1}");
    assert_protects(&f, "{\"s\":\"a\",\"x\":{}}", "{\n  \"s\": \"#\",\n  \"x\": {}\n}");
}

static void neutral_text_is_repeated_or_cut_by_code_points(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.preserve_string_length = true;
    f.call.restricted_text = SLICE("\xc3\xa9\"z");
    assert_protects(&f, "{\"s\":\"\\ud83d\\ude00b\\u0000d\"}",
                    "{\n  \"s\": \"\xc3\xa9\\\"z\xc3\xa9\"\n}");
    assert_protects(&f, "{\"s\":\"ab\"}", "{\n  \"s\": \"\xc3\xa9\\\"\"\n}");
    f.call.restricted_text = SLICE("");
    assert_protects(&f, "{\"s\":\"ab\"}", "{\n  \"s\": \"\"\n}");
    f.call.preserve_string_length = false;
    assert_protects(&f, "{\"s\":\"ab\"}", "{\n  \"s\": \"\"\n}");
}

static void nulls_follow_the_flag_in_every_job(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (f.call.job = JOB_RESTRICT; f.call.job <= JOB_DECRYPT; f.call.job++)
        assert_protects(&f, "{\"s\":null,\"n\":null}", "{\n  \"s\": null,\n  \"n\": null\n}");
    f.call.protect_null_values = true;
    f.call.preserve_string_length = true;
    f.call.job = JOB_RESTRICT;
    f.call.restricted_text = SLICE("*********");
    assert_protects(&f, "{\"s\":null,\"d\":null,\"n\":null,\"b\":null}",
                    "{\n  \"s\": \"*********\",\n  \"d\": \"*********\",\n  \"n\": 0,\n  \"b\": "
                    "false\n}");
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT,
                    SLICE("{\"s\":null,\"d\":null,\"n\":null,\"b\":null}"));
    f.call.job = JOB_RECONSTRUCT;
    assert_protects(&f, "{\"s\":null,\"n\":null}", "{\n  \"s\": null,\n  \"n\": null\n}");
}

static void masks_depend_on_value_attribute_and_tenant(void **state)
{
    auto_fixture struct fixture f, g;
    auto_free char *first = NULL;

    (void)state;
    init(&f);
    init(&g);
    f.call.job = g.call.job = JOB_DATA_MASKING;
    first = slice_dup(fixture_protect(&f, SLICE("{\"s\":\"Bob\"}")));
    assert_text(fixture_protect(&g, SLICE("{'s':'Bob'}")), first);
    assert_false(slice_is(fixture_protect(&g, SLICE("{\"s\":\"Bop\"}")), first));
    g.attributes[0].domain = "another";
    fixture_replan(&g);
    assert_false(slice_is(fixture_protect(&g, SLICE("{\"s\":\"Bob\"}")), first));
    g.attributes[0].domain = "s";
    g.spec.tenant = SLICE("other");
    fixture_replan(&g);
    assert_false(slice_is(fixture_protect(&g, SLICE("{\"s\":\"Bob\"}")), first));
    g.spec.tenant = SLICE("demo");
    g.ring.count = 1;
    g.keys[0].bytes[0] = 99;
    fixture_replan(&g);
    assert_text(fixture_protect(&g, SLICE("{\"s\":\"Bob\"}")), first);
}

static void masks_are_never_the_value(void **state)
{
    auto_fixture struct fixture f;
    char text[32];

    (void)state;
    init(&f);
    f.call.job = JOB_DATA_MASKING;
    f.call.preserve_string_length = true;
    for (unsigned i = 0; i < 16 + 256; i++) {
        snprintf(text, sizeof text, "{\n  \"s\": \"%0*x\"\n}", i < 16 ? 1 : 2, i < 16 ? i : i - 16);
        assert_false(slice_is(fixture_protect(&f, slice_of(text)), text));
    }
    assert_protects(&f, "{\"s\":\"\"}", "{\n  \"s\": \"\"\n}");
}

static void number_masks_replace_every_digit_but_the_exponent(void **state)
{
    auto_fixture struct fixture f;
    char text[100];

    (void)state;
    init(&f);
    f.call.job = JOB_DATA_MASKING;
    for (int i = 0; i < 200; i++) {
        int len = snprintf(text, sizeof text, "{\"n\":-%d0.%d%dE+10}", i + 1, i, i * 7);
        struct slice made = fixture_protect(&f, (struct slice){text, (size_t)len});
        const char *from = text + 6, *to = made.data + strlen("{\n  \"n\": -");

        assert_int_equal(made.len, len + 5); /* the layout's line breaks and blanks */
        for (; *from != 'E'; from++, to++) {
            assert_int_equal(*from == '.', *to == '.');
            assert_true(*from == '.' || (*to >= '1' && *to <= '9' && *to != *from));
        }
        assert_memory_equal(to, "E+10\n}", 6);
    }
}

/* ---- tokens ---- */

static char *hide(struct fixture *f, enum job job, struct slice data_set)
{
    struct engine_call call = f->call;
    char *hidden;

    f->call.job = job;
    hidden = slice_dup(fixture_protect(f, data_set));
    f->call = call;
    return hidden;
}

/* Changes each character of the token in turn: none of them is a token any more. */
static void assert_altered_is_none(struct fixture *f, enum job job, enum job reverse)
{
    const size_t from = strlen("{\n  \"s\": \"");
    auto_free char *hidden = hide(f, job, SLICE("{\"s\":\"Bob\"}"));
    size_t end = strlen(hidden) - strlen("\"\n}");

    f->call.job = reverse;
    assert_protects(f, hidden, "{\n  \"s\": \"#\"\n}");
    for (size_t i = from; i < end; i++) {
        char old = hidden[i];

        for (const char *c = "A9z0-"; *c; c++) {
            hidden[i] = *c;
            if (*c != old)
                assert_text(fixture_protect(f, slice_of(hidden)), hidden);
        }
        hidden[i] = old;
    }
}

static void altered_tokens_stay_as_they_are(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    assert_altered_is_none(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT);
    assert_altered_is_none(&f, JOB_ENCRYPT, JOB_DECRYPT);
}

static void tokens_of_others_stay_as_they_are(void **state)
{
    bool granted[ATTRIBUTES] = {true, true, true, true, true, true, true};
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.granted = granted;
    for (int i = 0; i < 3; i++) {
        static const enum job jobs[][2] = {{JOB_PSEUDONYMISE, JOB_RECONSTRUCT},
                                           {JOB_PSEUDONYMISE, JOB_RECONSTRUCT},
                                           {JOB_ENCRYPT, JOB_DECRYPT}};
        auto_free char *hidden = NULL;

        f.call.preserve_string_length = i == 1;
        hidden = hide(&f, jobs[i][0], SLICE("{\"s\":\"somebody\"}"));
        f.call.job = jobs[i][1];
        f.spec.tenant = SLICE("other");
        fixture_replan(&f);
        assert_protects(&f, hidden, hidden);
        f.spec.tenant = SLICE("demo");
        f.attributes[0].domain = "another";
        fixture_replan(&f);
        assert_protects(&f, hidden, hidden);
        f.attributes[0].domain = "s";
        fixture_replan(&f);
        assert_protects(&f, hidden, "{\n  \"s\": \"somebody\"\n}");
    }
}

static void old_keys_open_and_the_newest_encrypts(void **state)
{
    struct ring_key newer[2] = {{9, {42}}, {7, {1}}};
    bool granted[ATTRIBUTES] = {true};
    auto_fixture struct fixture f;
    auto_free char *old = NULL;

    (void)state;
    init(&f);
    old = hide(&f, JOB_ENCRYPT, SLICE("{\"s\":\"Bob\"}"));
    f.ring.keys = newer;
    fixture_replan(&f);
    f.call.granted = granted;
    f.call.job = JOB_DECRYPT;
    assert_protects(&f, old, "{\n  \"s\": \"Bob\"\n}");
    f.ring.count = 1;
    fixture_replan(&f);
    assert_protects(&f, old, old);
}

static void pseudonyms_with_length_are_kept_and_unlike_the_value(void **state)
{
    auto_fixture struct fixture f;
    auto_free char *first = NULL;

    (void)state;
    init(&f);
    f.call.job = JOB_PSEUDONYMISE;
    f.call.preserve_string_length = true;
    first = slice_dup(fixture_protect(&f, SLICE("{\"s\":\"Z\xc3\xabta!\",\"d\":\"2020-01-01\"}")));
    assert_int_equal(strlen(first), strlen("{\n  \"s\": \"12345\",\n  \"d\": \"1234567890\"\n}"));
    assert_text(fixture_protect(&f, SLICE("{\"s\":\"Z\xc3\xabta!\",\"d\":\"2020-01-01\"}")), first);
    assert_int_equal(f.memory.count, 2);
    assert_int_equal(f.memory.calls, 2);
}

/* 62 letters and digits: each of the 62 values has one that it is not itself; then no more. */
static void an_exhausted_length_gives_22_characters(void **state)
{
    bool granted[ATTRIBUTES] = {true, true, true, true, true};
    auto_fixture struct fixture f;
    auto_buf struct buf text = BUF_INIT(1 << 20);
    size_t longs = 0;

    (void)state;
    init(&f);
    buf_put_text(&text, "{\"l\":[");
    for (int i = 0; i < 70; i++)
        buf_printf(&text, "%s\"%s\"", i ? "," : "", (char[]){(char)('!' + i + (i > 0)), '\0'});
    buf_put_text(&text, "]}");
    for (char *p = text.data; p < text.data + text.len; p++) {
        if (*p == '\\')
            *p = '\x7f'; /* a backslash would need an escape */
    }
    f.call.job = JOB_PSEUDONYMISE;
    f.call.preserve_string_length = true;
    fixture_protect(&f, buf_slice(&text));
    for (size_t i = 0; i < f.memory.count; i++) {
        assert_true(f.memory.rows[i].pseudonym_len == 1 || f.memory.rows[i].pseudonym_len == 22);
        longs += f.memory.rows[i].pseudonym_len == 22;
    }
    assert_in_range(longs, 8, 9);
    f.call.granted = granted;
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, buf_slice(&text));
}

static void large_data_sets_ask_the_store_in_batches(void **state)
{
    auto_fixture struct fixture f;
    auto_buf struct buf text = BUF_INIT(1 << 24);

    (void)state;
    init(&f);
    buf_put_text(&text, "{\"l\":[");
    for (int i = 0; i < 10000; i++)
        buf_printf(&text, "%s\"name %d\"", i ? "," : "", i % 500);
    buf_put_text(&text, "]}");
    f.call.preserve_string_length = true;
    assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, buf_slice(&text));
    assert_int_equal(f.memory.count, 500);
    assert_int_equal(f.memory.calls, 6);
    assert_in_range(f.memory.largest, 1, TOKEN_BATCH_MAX);
}

static void a_failed_store_fails_the_call(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.memory.broken = true;
    f.call.preserve_string_length = true;
    f.call.job = JOB_PSEUDONYMISE;
    assert_int_equal(fixture_try(&f, SLICE("{\"s\":\"Bob\"}")), ST_IO);
    f.call.job = JOB_RECONSTRUCT;
    assert_int_equal(fixture_try(&f, SLICE("{\"s\":\"Bob\"}")), ST_IO);
    f.call.tokens = NULL;
    assert_int_equal(fixture_try(&f, SLICE("{\"s\":\"Bob\"}")), ST_OK);
    f.call.job = JOB_PSEUDONYMISE;
    assert_int_equal(fixture_try(&f, SLICE("{\"s\":\"Bob\"}")), ST_UNSUPPORTED);
}

static void tokens_are_restored_in_their_json_type(void **state)
{
    static const char text[] =
        "{\"s\":\"a\\\"\\u0000\\\\\",\"d\":\"01.02.2003\",\"n\":-1.10E+5,\"b\":true,\"l\":[12345678901234"
        "567890,\"x\",[false]],\"p\":{\"q\":\"\"}}";
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    for (int flags = 0; flags < 2; flags++) {
        f.call.preserve_string_length = flags;
        assert_reverses(&f, JOB_PSEUDONYMISE, JOB_RECONSTRUCT, slice_of(text));
        assert_reverses(&f, JOB_ENCRYPT, JOB_DECRYPT, slice_of(text));
    }
}

static void a_token_not_granted_becomes_its_neutral_value(void **state)
{
    static const char text[] = "{\"s\":\"Bob\",\"d\":\"18/12/1965\",\"n\":5,\"b\":true}";
    static const char neutral[] = "{\n  \"s\": \"###\",\n  \"d\": \"01/01/0001\",\n  \"n\": 0,\n"
                                  "  \"b\": false\n}";
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.preserve_string_length = true;
    for (int i = 0; i < 2; i++) {
        auto_free char *hidden = hide(&f, i ? JOB_ENCRYPT : JOB_PSEUDONYMISE, slice_of(text));

        f.call.job = i ? JOB_DECRYPT : JOB_RECONSTRUCT;
        assert_protects(&f, hidden, neutral);
        assert_int_equal(f.counts[S].protected, 1);
    }
}

/* ---- dateShift with a subject ---- */

static int days_of(struct slice text, const char *name)
{
    char key[64];
    const char *p;
    int year, month, day;

    snprintf(key, sizeof key, "\"%s\": \"", name);
    p = memmem(text.data, text.len, key, strlen(key));
    assert_non_null(p);
    assert_int_equal(sscanf(p + strlen(key), "%d-%d-%d", &year, &month, &day), 3);
    return year * 372 + month * 31 + day;
}

static const struct plan_attribute shifted[] = {
    {"list[].born", TYPE_DATE, NULL, "dateShift:id"},
    {"list[].visits[].at", TYPE_DATE, NULL, "dateShift:id"},
    {NULL, TYPE_STRING, NULL, NULL},
};

static void dates_of_a_subject_move_together(void **state)
{
    auto_fixture struct fixture f;
    auto_free char *first = NULL;

    (void)state;
    fixture_init(&f, shifted);
    first = slice_dup(fixture_protect(
        &f,
        SLICE(
            "{\"list\":[{\"born\":\"2020-01-10\",\"visits\":[{\"at\":\"2020-01-10\"}],\"id\":7}]}")));
    assert_true(days_of(slice_of(first), "born") != 2020 * 372 + 31 + 10);
    assert_int_equal(days_of(slice_of(first), "born"), days_of(slice_of(first), "at"));
    fixture_protect(&f, SLICE("{\"list\":[{\"id\":7,\"visits\":[{\"at\":\"2020-01-10\"}],"
                              "\"born\":\"2020-01-10\"}]}"));
    assert_int_equal(days_of(f.text, "born"), days_of(slice_of(first), "at"));
    fixture_protect(&f, SLICE("{\"list\":[{\"id\":8,\"born\":\"2020-01-10\"},{\"born\":"
                              "\"2020-01-10\"}]}"));
    assert_true(days_of(f.text, "born") != days_of(slice_of(first), "at"));
    assert_non_null(memmem(f.text.data, f.text.len, "\"born\": \"0001-01-01\"", 20));
}

static void a_subject_counts_for_its_own_object_alone(void **state)
{
    static const char *const texts[] = {
        "{\"list\":[{\"id\":7},{\"born\":\"2020-01-10\"}]}",
        "{\"list\":[{\"id\":7,\"x\":1},{\"visits\":[{\"id\":8},{}],\"born\":\"2020-01-10\"}]}",
        "{\"list\":[{\"x\":{\"id\":7}},{\"visits\":[{\"id\":8}]},{\"y\":[],\"born\":\"2020-01-10\"}]}",
    };
    auto_fixture struct fixture f;

    (void)state;
    fixture_init(&f, shifted);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_protect(&f, slice_of(texts[i]));
        assert_non_null(memmem(f.text.data, f.text.len, "\"born\": \"0001-01-01\"", 20));
    }
}

static void a_subject_is_the_same_however_it_is_written(void **state)
{
    static const char *const texts[] = {
        "{\"list\":[{\"id\":\"\\u00e9\\/\\\"\",\"born\":\"2020-01-10\"}]}",
        "{\"list\":[{\"\\u0069d\":\"\xc3\xa9/\\u0022\",\"born\":\"2020\\u002d01-10\"}]}",
        "{'list':[{'born':'2020-01-10','id':'\xc3\xa9\\/\\''}]}",
        "{'list':[{'born':'2020-01-10','\\u0069d':'\xc3\xa9/\"'}]}",
    };
    auto_fixture struct fixture f;
    int days;

    (void)state;
    fixture_init(&f, shifted);
    fixture_protect(&f, SLICE("{\"list\":[{\"id\":\"\xc3\xa9/\\\"\",\"born\":\"2020-01-10\"}]}"));
    days = days_of(f.text, "born");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fixture_protect(&f, slice_of(texts[i]));
        assert_int_equal(days_of(f.text, "born"), days);
    }
    fixture_protect(&f, SLICE("{\"list\":[{\"id\":1,\"born\":\"2020-01-10\"}]}"));
    days = days_of(f.text, "born");
    fixture_protect(&f, SLICE("{\"list\":[{\"id\":\"1\",\"born\":\"2020-01-10\"}]}"));
    assert_int_not_equal(days_of(f.text, "born"), days);
}

/* ---- threads ---- */

enum { THREADS = 4, CALLS = 200 };

/* Each thread has its own answer; engine and plan are shared. */
static void *protect_often(void *ctx)
{
    const struct fixture *f = ctx;
    struct buf answer = BUF_INIT(1 << 20);
    size_t wrong = 0;

    for (int i = 0; i < CALLS; i++) {
        struct engine_call call = f->call;

        call.job = i % 2 ? JOB_ENCRYPT : JOB_DATA_MASKING;
        buf_clear(&answer);
        wrong += engine_protect(f->engine, &call, SLICE("{\"s\":\"Bob\",\"n\":-1.5}"), &answer,
                                NULL, NULL) != ST_OK;
        wrong +=
            call.job == JOB_DATA_MASKING && !slice_equal(buf_slice(&answer), buf_slice(&f->answer));
    }
    buf_done(&answer);
    return (void *)wrong;
}

static void threads_share_an_engine(void **state)
{
    pthread_t threads[THREADS];
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.job = JOB_DATA_MASKING;
    assert_int_equal(engine_protect(f.engine, &f.call, SLICE("{\"s\":\"Bob\",\"n\":-1.5}"),
                                    &f.answer, NULL, NULL),
                     ST_OK);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, protect_often, &f), 0);
    for (int i = 0; i < THREADS; i++) {
        void *wrong;

        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
}

static void a_job_that_was_not_chosen_is_refused(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    init(&f);
    f.call.job = JOB_DEFAULT;
    assert_int_equal(fixture_try(&f, SLICE("{}")), ST_INTERNAL);
}

static void jobs_and_types_are_known_in_any_case(void **state)
{
    enum data_set_type type;
    enum sql_type sql;
    enum job job;

    (void)state;
    for (int i = 0; i < JOBS; i++) {
        assert_true(job_parse(slice_of(job_name((enum job)i)), &job));
        assert_int_equal(job, i);
    }
    assert_true(job_parse(SLICE("dATAmASKING"), &job));
    assert_int_equal(job, JOB_DATA_MASKING);
    assert_false(job_parse(SLICE("Restrict "), &job));
    assert_true(data_set_type_parse(SLICE("xml"), &type));
    assert_int_equal(type, DATA_SET_XML);
    assert_false(data_set_type_parse(SLICE("CSV"), &type));
    assert_true(sql_type_parse(SLICE("SQLSERVER"), &sql));
    assert_int_equal(sql, SQL_SQLSERVER);
    assert_false(sql_type_parse(SLICE(""), &sql));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_recorded),
        cmocka_unit_test(leaves_below_a_path_are_of_their_own_type),
        cmocka_unit_test(a_value_of_another_type_is_treated_by_its_own),
        cmocka_unit_test(a_missing_path_is_no_error),
        cmocka_unit_test(granted_attributes_stay_clear),
        cmocka_unit_test(silence_counts_and_changes_nothing),
        cmocka_unit_test(unlisted_leaves_pass_are_protected_or_refused),
        cmocka_unit_test(neutral_text_is_repeated_or_cut_by_code_points),
        cmocka_unit_test(nulls_follow_the_flag_in_every_job),
        cmocka_unit_test(masks_depend_on_value_attribute_and_tenant),
        cmocka_unit_test(masks_are_never_the_value),
        cmocka_unit_test(number_masks_replace_every_digit_but_the_exponent),
        cmocka_unit_test(altered_tokens_stay_as_they_are),
        cmocka_unit_test(tokens_of_others_stay_as_they_are),
        cmocka_unit_test(old_keys_open_and_the_newest_encrypts),
        cmocka_unit_test(pseudonyms_with_length_are_kept_and_unlike_the_value),
        cmocka_unit_test(an_exhausted_length_gives_22_characters),
        cmocka_unit_test(large_data_sets_ask_the_store_in_batches),
        cmocka_unit_test(a_failed_store_fails_the_call),
        cmocka_unit_test(tokens_are_restored_in_their_json_type),
        cmocka_unit_test(a_token_not_granted_becomes_its_neutral_value),
        cmocka_unit_test(dates_of_a_subject_move_together),
        cmocka_unit_test(a_subject_counts_for_its_own_object_alone),
        cmocka_unit_test(a_subject_is_the_same_however_it_is_written),
        cmocka_unit_test(threads_share_an_engine),
        cmocka_unit_test(a_job_that_was_not_chosen_is_refused),
        cmocka_unit_test(jobs_and_types_are_known_in_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
