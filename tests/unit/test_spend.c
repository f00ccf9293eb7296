/* The text of a data set is given back while the answer grows: at whatever moments that happens, all
 * must be as if it stayed. */
#include "tests/unit/engine_fixture.h"

#include "interceptor/engine/spend.h"
#include "tests/unit/check.h"

#include <stdlib.h>

static const struct plan_attribute attributes[] = {
    {"list[].name", TYPE_STRING, NULL, NULL}, {"list[].born", TYPE_DATE, NULL, "dateShift:id"},
    {"list.@mail", TYPE_STRING, NULL, NULL},  {"XX", TYPE_STRING, NULL, NULL},
    {"name", TYPE_STRING, NULL, NULL},        {NULL, TYPE_STRING, NULL, NULL},
};

static void init(struct fixture *f, enum data_set_type type)
{
    fixture_init(f, attributes);
    f->call.type = type;
    f->call.sql_type = SQL_POSTGRESQL;
    f->call.job = JOB_DATA_MASKING;
}

/* The text goes from when the answer has `after` bytes, at each `step` more. */
static enum status try_spending(struct fixture *f, struct slice data_set, size_t after, size_t step,
                                struct buf *answer, size_t *ret_spent)
{
    char *text = slice_dup(data_set), *unspent = text;
    const struct engine_spending spending = {
        .release = fixture_scribble, .ctx = &unspent, .after = after, .step = step};
    struct engine_call call = f->call;
    enum status st;

    assert_non_null(text);
    call.spending = &spending;
    buf_clear(answer);
    st =
        engine_protect(f->engine, &call, (struct slice){text, data_set.len}, answer, NULL, &f->why);
    *ret_spent = (size_t)(unspent - text);
    free(text);
    return st;
}

static void assert_same(struct fixture *f, const char *data_set, enum status expected)
{
    auto_buf struct buf kept = BUF_INIT(1 << 20), spent = BUF_INIT(1 << 20);
    struct slice text = slice_of(data_set);
    struct why why = {0};
    size_t gone;

    if (engine_protect(f->engine, &f->call, text, &kept, NULL, &why) != expected)
        fail_msg("%s: %s", data_set, why.text);
    assert_int_equal(try_spending(f, text, 0, 0, &spent, &gone), expected);
    assert_true(gone > 0);
    for (size_t after = 0; after < text.len; after++) {
        for (size_t step = 0; step < 12; step++) {
            if (try_spending(f, text, after, step * step, &spent, &gone) != expected ||
                !slice_equal(buf_slice(&spent), buf_slice(&kept)))
                fail_msg("after %zu, by %zu: %s\n%.*s", after, step * step, data_set,
                         (int)spent.len, spent.data);
            if (expected != ST_OK)
                assert_string_equal(f->why.text, why.text);
        }
    }
}

static void assert_all_same(enum data_set_type type, const char *const data_sets[], size_t count,
                            enum status expected)
{
    auto_fixture struct fixture f;

    init(&f, type);
    for (size_t i = 0; i < count; i++)
        assert_same(&f, data_sets[i], expected);
}

#define LONG "a text that is rather long, so that much is written between two names"
#define NAME "a name of more bytes than are remembered of the shape of a record"

static void names_of_open_objects_stay(void **state)
{
    static const char *const twice[] = {
        "{'d':'" LONG "','e':'" LONG "','\\u0064':1}",
        "{'\\u0064':'" LONG "','e':'" LONG "','d':1}",
        "{'" NAME "':'" LONG "','b':'" LONG "','" NAME "':1}",
        "{'a':{'b':'" LONG "','c':['" LONG "']},'\\u0061':1}",
        "[{'a':1,'b':'" LONG "'},{'a':1,'c':'" LONG "','d':'" LONG "','a':1}]",
        "[{'a':'" LONG "','b':1},{'a':'" LONG "','b':'" LONG "','c':'" LONG "','b':1}]",
        "[{'a':1,'b':2,'c':3},{'a':'" LONG "','b':'" LONG "','d':'" LONG "','\\u0062':1}]",
    };

    (void)state;
    assert_all_same(DATA_SET_JSON, twice, COUNT(twice), ST_BAD_INPUT);
}

/* Beyond those that a shape remembers, and in a table. */
static void many_names_stay(void **state)
{
    enum { MEMBERS = 100 };
    auto_buf struct buf text = BUF_INIT(1 << 20);
    auto_fixture struct fixture f;

    (void)state;
    init(&f, DATA_SET_JSON);
    buf_put_char(&text, '{');
    for (int i = 0; i < MEMBERS; i++)
        buf_printf(&text, "\"m%d\":%d,", i, i);
    buf_put_text(&text, "\"m90\":1}");
    assert_same(&f, buf_text(&text), ST_BAD_INPUT);
}

/* So many names that those close to each other are kept as one. */
static void a_list_beside_many_names_goes(void **state)
{
    enum { MEMBERS = 3000, ITEMS = 1000 };
    auto_buf struct buf text = BUF_INIT(1 << 20), kept = BUF_INIT(1 << 20),
                        spent = BUF_INIT(1 << 20);
    auto_fixture struct fixture f;
    size_t gone, names;

    (void)state;
    init(&f, DATA_SET_JSON);
    buf_put_char(&text, '{');
    for (int i = 0; i < MEMBERS; i++)
        buf_printf(&text, "\"m%d\":%d,", i, i);
    names = text.len;
    buf_put_text(&text, "\"list\":[1");
    for (int i = 0; i < ITEMS; i++)
        buf_put_text(&text, ",{\"name\":\"Ann\"}");
    buf_put_text(&text, "]}");
    assert_ok(engine_protect(f.engine, &f.call, buf_slice(&text), &kept, NULL, &f.why), &f.why);
    assert_ok(try_spending(&f, buf_slice(&text), 0, 64, &spent, &gone), &f.why);
    assert_true(slice_equal(buf_slice(&spent), buf_slice(&kept)));
    assert_in_range(gone, names + (text.len - names) / 2, text.len);
    buf_clear(&text);
    buf_put_char(&text, '{');
    for (int i = 0; i < MEMBERS; i++)
        buf_printf(&text, "\"m%d\":%d,", i, i);
    buf_put_text(&text, "\"list\":[[[[[[[[[[[1]]]]]]]]]]],\"m2900\":1}");
    assert_status(ST_BAD_INPUT, try_spending(&f, buf_slice(&text), 0, 64, &spent, &gone), &f.why);
    assert_non_null(strstr(f.why.text, "given twice"));
}

static void records_are_as_if_they_stayed(void **state)
{
    static const char *const texts[] = {
        "{'list':[{'name':'Ann','x':1,'born':'2020-01-31','id':'7'},{'name':'" LONG
        "','x':2,'born':'2020-01-31','id':'7'},{'x':3,'name':'Bob','id':'8','born':'2020-01-31'}]}",
        "{'list':[{'name':'it's','" NAME "':[{'a':1},{'a':2,'b':[]},{'a':{}}]},{'name':'\\n'},"
        "{'name':null,'list':[{'name':'Ann'},{'born':'x','name':'Bob'}]}]}",
        "[[{'a':'" LONG "'},{'a':1}],[{'a':2,'b':3}],{'a':[{'a':1}]}]",
    };

    (void)state;
    assert_all_same(DATA_SET_JSON, texts, COUNT(texts), ST_OK);
}

static void elements_are_as_if_they_stayed(void **state)
{
    static const char *const texts[] = {
        "<list mail='a@b.co' other='" LONG "'><!-- " LONG " --><name>Ann<!-- x -->, Bob</name>\n"
        "<name/><name a='1'> <![CDATA[" LONG "]]> </name><x>" LONG "</x>\n</list>\n",
        "<name>\n  &amp;&#65;<b>" LONG "</b>" LONG "<b/>" LONG "</name>",
    };

    (void)state;
    assert_all_same(DATA_SET_XML, texts, COUNT(texts), ST_OK);
}

/* A column called as what was given back reads would else be taken for the one before. */
static void columns_are_as_if_they_stayed(void **state)
{
    static const char *const texts[] = {
        "INSERT INTO t (id, name) VALUES (1,'Ann'),(2,'" LONG "'), (3, DATE '2020-01-31');\n"
        "INSERT INTO t (id, name) VALUES (4,'" LONG "');\n"
        "INSERT INTO t (XX, name) VALUES ('" LONG "', 'Ann');",
        "UPDATE t SET id = '" LONG "', name = 'Ann', x = f('" LONG "') WHERE name = '" LONG
        "' AND id IN ('1', '2'); UPDATE t SET t.name = '" LONG "'",
        "INSERT INTO t (name) VALUES ('" LONG "');;INSERT INTO t (\"id\") VALUES (-1 )",
    };
    auto_fixture struct fixture f;

    (void)state;
    assert_all_same(DATA_SET_SQL, texts, COUNT(texts), ST_OK);
    init(&f, DATA_SET_SQL);
    assert_same(&f, "UPDATE x SET XX = '" LONG "', name = '" LONG "', name.first = 'Ann'",
                ST_BAD_INPUT);
    assert_same(&f, "UPDATE name SET XX = '" LONG "', name = '" LONG "', name.name = 'Ann'", ST_OK);
}

static void the_values_of_a_condition_go(void **state)
{
    enum { VALUES = 1000 };
    auto_buf struct buf text = BUF_INIT(1 << 20), spent = BUF_INIT(1 << 20);
    auto_fixture struct fixture f;
    size_t gone;

    (void)state;
    init(&f, DATA_SET_SQL);
    buf_put_text(&text, "UPDATE t SET id = 1 WHERE name IN ('Ann'");
    for (int i = 0; i < VALUES; i++)
        buf_put_text(&text, ",'Bob'");
    buf_put_text(&text, ") AND t.name = 'Ann'");
    assert_ok(try_spending(&f, buf_slice(&text), 0, 64, &spent, &gone), &f.why);
    assert_in_range(gone, text.len / 2, text.len);
}

struct ranges {
    size_t count;
    struct slice list[8];
};

static void note(void *ctx, const char *from, const char *to)
{
    struct ranges *r = ctx;

    assert_true(r->count < COUNT(r->list));
    r->list[r->count++] = (struct slice){from, (size_t)(to - from)};
}

static void what_is_kept_parts_what_goes(void **state)
{
    static const char text[] = "0123456789 the rest";
    struct ranges ranges = {0};
    const struct engine_spending how = {
        .release = note, .ctx = &ranges, .room_end = text + sizeof text};
    struct spend s;
    struct spend_kept kept = {0};

    (void)state;
    spend_open(&s, &how, (struct slice){text, 10});
    spend(&s, &kept);
    assert_int_equal(ranges.count, 1); /* what stands behind the text */
    assert_ptr_equal(ranges.list[0].data, text + 10);
    assert_int_equal(ranges.list[0].len, sizeof text - 10);
    s.done = text + 8;
    assert_true(spend_keep(&kept, (struct slice){text + 9, 1}));
    assert_true(spend_keep(&kept, (struct slice){text + 5, 1}));
    assert_true(spend_keep(&kept, (struct slice){text + 2, 1}));
    spend(&s, &kept);
    assert_int_equal(ranges.count, 4);
    assert_true(slice_is(ranges.list[1], "01"));
    assert_true(slice_is(ranges.list[2], "34"));
    assert_true(slice_is(ranges.list[3], "67"));
    s.done = text + 9;
    spend(&s, &kept);
    assert_int_equal(ranges.count, 5);
    assert_true(slice_is(ranges.list[4], "678"));
}

static void too_much_that_is_kept_is_told(void **state)
{
    enum { PAGE = 4096 };
    static char text[(SPEND_KEPT_MAX + 2) * PAGE];
    struct spend_kept kept;
    size_t joined = 0;

    (void)state;
    spend_keep_none(&kept);
    for (size_t i = 0; i < SPEND_KEPT_MAX; i++)
        assert_true(spend_keep(&kept, (struct slice){text + i * (PAGE + 1), 1}));
    assert_int_equal(kept.count, SPEND_KEPT_MAX);
    assert_false(spend_keep(&kept, (struct slice){text, 1}));
    while (spend_keep(&kept, kept.list[SPEND_KEPT_MAX - 1]))
        assert_true(++joined < 1000000); /* it ends */
}

static void parts_beyond_the_first_are_joined(void **state)
{
    static char text[2 * SPEND_APART_MAX + 10000];
    struct spend_kept kept;
    struct slice *last = &kept.list[SPEND_APART_MAX - 1];

    (void)state;
    spend_keep_none(&kept);
    for (size_t i = 0; i < SPEND_APART_MAX; i++)
        assert_true(spend_keep(&kept, (struct slice){text + 2 * i, 1}));
    assert_int_equal(kept.count, SPEND_APART_MAX);
    assert_true(spend_keep(&kept, (struct slice){last->data + 10, 5}));
    assert_true(spend_keep(&kept, (struct slice){last->data + 2, 5}));
    assert_int_equal(last->len, 15);
    assert_true(spend_keep(&kept, (struct slice){last->data + 15 + 4096, 1}));
    assert_true(spend_keep(&kept, (struct slice){text, 1}));
    assert_int_equal(kept.count, SPEND_APART_MAX + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_open_objects_stay),
        cmocka_unit_test(many_names_stay),
        cmocka_unit_test(a_list_beside_many_names_goes),
        cmocka_unit_test(records_are_as_if_they_stayed),
        cmocka_unit_test(elements_are_as_if_they_stayed),
        cmocka_unit_test(columns_are_as_if_they_stayed),
        cmocka_unit_test(the_values_of_a_condition_go),
        cmocka_unit_test(what_is_kept_parts_what_goes),
        cmocka_unit_test(parts_beyond_the_first_are_joined),
        cmocka_unit_test(too_much_that_is_kept_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
