/* Names guessed from the record before: an answer must never tell whether one was. */
#include "tests/unit/engine_fixture.h"

static const struct plan_attribute attributes[] = {
    {"list[].b", TYPE_STRING, NULL, NULL},   {"list[].in.b", TYPE_NUMBER, NULL, NULL},
    {"list[][].c", TYPE_STRING, NULL, NULL}, {"**.in[].d", TYPE_DATE, NULL, NULL},
    {NULL, TYPE_STRING, NULL, NULL},
};

enum { ROUNDS = 400, RECORDS_MAX = 12, NAMES = 9, DEPTH_MAX = 3 };

static uint32_t random_below(uint32_t *seed, uint32_t limit)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % limit;
}

static void put_record(struct buf *ret, uint32_t *seed, int depth);

static void put_value(struct buf *ret, uint32_t *seed, int depth)
{
    static const char *const scalars[] = {"1",
                                          "\"x\"",
                                          "null",
                                          "\"18/12/1965\"",
                                          "\"\xc3\xa9, \\u0041\\n\"",
                                          "\"\"",
                                          "true",
                                          "[]",
                                          "\"a text of more than sixteen bytes, with ' in it\""};
    uint32_t kind = random_below(seed, 12);

    if (depth < DEPTH_MAX && kind == 0) {
        put_record(ret, seed, depth + 1);
    } else if (depth < DEPTH_MAX && kind == 1) {
        buf_put_char(ret, '[');
        put_record(ret, seed, depth + 1);
        buf_put_text(ret, " ,");
        put_record(ret, seed, depth + 1);
        buf_put_char(ret, ']');
    } else {
        buf_put_text(ret, scalars[random_below(seed, sizeof scalars / sizeof *scalars)]);
    }
}

/* Mostly the same names in the same order, each once. */
static void put_record(struct buf *ret, uint32_t *seed, int depth)
{
    static const char *const names[NAMES] = {
        "a", "b", "in", "c", "\\u0064", "d", "", "\xc3\xa9", "a name that is longer than others"};
    const char *comma = "";
    uint32_t first = random_below(seed, 8) == 0 ? random_below(seed, NAMES) : 0;

    buf_put_char(ret, '{');
    for (uint32_t i = 0; i < NAMES; i++) {
        uint32_t name = (first + i) % NAMES;

        if (random_below(seed, 10) == 0 || (name == 4 && random_below(seed, 2)) ||
            (name == 5 && random_below(seed, 6)))
            continue;
        buf_printf(ret, "%s\"%s\"%s", comma, names[name], random_below(seed, 9) ? ": " : "\t:\n");
        put_value(ret, seed, depth);
        comma = ",";
    }
    buf_put_char(ret, '}');
}

/* Both spellings of the name d may be in a record; then it is refused, whatever came before. */
static void each_record_comes_out_as_alone(void **state)
{
    static const char head[] = "{\n  \"list\": [\n    ", tail[] = "\n  ]\n}";
    auto_fixture struct fixture f;
    auto_buf struct buf record = BUF_INIT(1 << 20), list = BUF_INIT(1 << 20),
                        whole = BUF_INIT(1 << 20);
    uint32_t seed = 1;

    (void)state;
    fixture_init(&f, attributes);
    f.call.job = JOB_DATA_MASKING;
    for (int round = 0; round < ROUNDS; round++) {
        bool fine = true;

        buf_clear(&list);
        buf_clear(&whole);
        buf_put_text(&list, "{\"list\":[");
        buf_put_text(&whole, head);
        for (int i = 0; fine && i < RECORDS_MAX; i++) {
            buf_clear(&record);
            buf_put_text(&record, "{\"list\":[");
            put_record(&record, &seed, 0);
            if (i > 0)
                buf_put_char(&list, ',');
            buf_put(&list, record.data + 9, record.len - 9);
            buf_put_text(&record, "]}");
            fine = fixture_try(&f, buf_slice(&record)) == ST_OK;
            if (!fine)
                break;
            if (i > 0)
                buf_put_text(&whole, ",\n    ");
            buf_put(&whole, f.text.data + strlen(head), f.text.len - strlen(head) - strlen(tail));
        }
        buf_put_text(&list, "]}");
        buf_put_text(&whole, tail);
        if (fine)
            assert_text(fixture_protect(&f, buf_slice(&list)), buf_text(&whole));
        else
            assert_int_equal(fixture_try(&f, buf_slice(&list)), ST_BAD_INPUT);
    }
}

static void assert_twice(struct fixture *f, const char *text, const char *fault)
{
    assert_int_equal(fixture_try(f, slice_of(text)), ST_BAD_INPUT);
    if (!strstr(f->why.text, fault))
        fail_msg("%s: %s, not %s", text, f->why.text, fault);
}

static void a_name_given_twice_is_seen_behind_guesses(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    fixture_init(&f, attributes);
    assert_twice(&f, "[{\"x\":1,\"y\":2},{\"x\":1,\"y\":2,\"x\":3}]", "byte 28 ");
    assert_twice(&f, "[{\"x\":1,\"y\":2},{\"x\":1,\"x\":2}]", "byte 22 ");
    assert_twice(&f, "[{\"x\":1,\"y\":2},{\"x\":1,\"\\u0078\":2}]", "byte 22 ");
    assert_twice(&f, "[{\"\\u0078\":1,\"y\":2},{\"x\":1,\"y\":1,\"\\u0078\":2}]", "byte 33 ");
    assert_twice(&f, "[{'x':1,'y':2},{'x':1,'y':2,'x':3}]", "byte 28 ");
}

static void apostrophes_in_names_are_read_to_their_end(void **state)
{
    auto_fixture struct fixture f;

    (void)state;
    fixture_init(&f, attributes);
    assert_text(fixture_protect(&f, SLICE("[{'x':1,'y':2},{'x' y':3,'y' :4},{'x':5}]")),
                "[\n  {\n    \"x\": 1,\n    \"y\": 2\n  },\n  {\n    \"x' y\": 3,\n    \"y\": 4\n"
                "  },\n  {\n    \"x\": 5\n  }\n]");
}

/* More names, and more places for objects, than are remembered. */
static void large_records_are_read_to_their_end(void **state)
{
    enum { MEMBERS = 150, TIMES = 3 };
    auto_fixture struct fixture f;
    auto_buf struct buf in = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);

    (void)state;
    fixture_init(&f, attributes);
    buf_put_char(&in, '[');
    buf_put_text(&out, "[");
    for (int n = 0; n < TIMES; n++) {
        buf_put_text(&in, n ? ",{" : "{");
        buf_put_text(&out, n ? ",\n  {" : "\n  {");
        for (int i = 0; i < MEMBERS; i++) {
            buf_printf(&in, "%s\"m%d\":{\"n\":%d}", i ? "," : "", i, n);
            buf_printf(&out, "%s\n    \"m%d\": {\n      \"n\": %d\n    }", i ? "," : "", i, n);
        }
        buf_put_text(&in, "}");
        buf_put_text(&out, "\n  }");
    }
    buf_put_text(&out, "\n]");
    buf_put_text(&in, "]");
    assert_text(fixture_protect(&f, buf_slice(&in)), buf_text(&out));
    in.len -= 2;
    buf_put_text(&in, ",\"m7\":1}]");
    assert_int_equal(fixture_try(&f, buf_slice(&in)), ST_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_comes_out_as_alone),
        cmocka_unit_test(a_name_given_twice_is_seen_behind_guesses),
        cmocka_unit_test(apostrophes_in_names_are_read_to_their_end),
        cmocka_unit_test(large_records_are_read_to_their_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
