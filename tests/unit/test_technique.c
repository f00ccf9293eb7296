#include "tests/unit/engine_fixture.h"

#include "interceptor/engine/luhn.h"

static void names_and_arguments_are_read(void **state)
{
    struct technique t;

    (void)state;
    assert_int_equal(technique_parse("", &t, NULL), ST_OK);
    assert_int_equal(t.kind, TECHNIQUE_NONE);
    assert_int_equal(technique_parse("keepLast:4", &t, NULL), ST_OK);
    assert_int_equal(t.kind, TECHNIQUE_KEEP_LAST);
    assert_int_equal(t.count, 4);
    assert_int_equal(technique_parse("keepFirst:1000", &t, NULL), ST_OK);
    assert_int_equal(t.count, 1000);
    assert_int_equal(technique_parse("dateShift", &t, NULL), ST_OK);
    assert_null(t.text);
    assert_int_equal(technique_parse("dateShift:id", &t, NULL), ST_OK);
    assert_string_equal(t.text, "id");
    technique_done(&t);
    assert_int_equal(technique_parse("fixed:", &t, NULL), ST_OK);
    assert_string_equal(t.text, "");
    technique_done(&t);
    assert_int_equal(technique_parse("fixed:a:b", &t, NULL), ST_OK);
    assert_string_equal(t.text, "a:b");
    technique_done(&t);
}

static void refuses_what_is_no_technique(void **state)
{
    static const char *const texts[] = {
        "keep",        "KeepLast:4",    "keepLast",
        "keepLast:",   "keepLast:0",    "keepLast:x",
        "keepLast:4x", "keepLast:1001", "keepLast:99999999999999999999",
        "keepLast:-1", "email:x",       "email:",
        "null:",       "fixed",         "dateShift:",
        ":",           " email",        "fixed:\xff"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct technique t;
        struct why why;

        if (technique_parse(texts[i], &t, &why) != ST_BAD_INPUT)
            fail_msg("taken: %s", texts[i]);
    }
}

static void the_table_is_told(void **state)
{
    size_t count = 0;

    (void)state;
    for (; technique_usage_at(count); count++)
        assert_true(technique_help_at(count)[0] != '\0');
    assert_int_equal(count, TECHNIQUES - 1);
    assert_null(technique_help_at(count));
}

static void a_plan_names_the_path_of_a_bad_technique(void **state)
{
    struct ring_key key = {1, {1}};
    struct key_ring ring = {{2}, &key, 1};
    struct plan_attribute attribute = {"a.b", TYPE_STRING, "d", "nonsense"};
    struct plan_spec spec = {SLICE("t"), &ring, &attribute, 1, UNLISTED_PASS, NULL};
    struct plan *plan = NULL;
    struct why why;

    (void)state;
    assert_int_equal(plan_new(&spec, &plan, &why), ST_BAD_INPUT);
    assert_string_equal(why.place, "a.b");
    assert_string_equal(why.text, "there is no such technique");
    attribute = (struct plan_attribute){"a..b", TYPE_STRING, "d", NULL};
    assert_int_equal(plan_new(&spec, &plan, &why), ST_BAD_INPUT);
    assert_string_equal(why.place, "a..b");
}

static void init(struct fixture *f, const char *technique, enum value_type type)
{
    const struct plan_attribute attributes[] = {{"v", type, "v", technique},
                                                {NULL, TYPE_STRING, NULL, NULL}};

    fixture_init(f, attributes);
}

/* The string at "v". */
static struct slice protect_string(struct fixture *f, const char *text)
{
    char document[200];
    struct slice made;

    snprintf(document, sizeof document, "{\"v\":\"%s\"}", text);
    made = fixture_protect(f, slice_of(document));
    return (struct slice){made.data + 10, made.len - 13};
}

static void card_numbers_stay_card_numbers(void **state)
{
    static const char *const cards[] = {"4111111111111111", "4111 1111 1111 1111",
                                        "378282246310005", "5500-0000-0000-0004",
                                        "6011000000000004"};
    auto_fixture struct fixture f;

    (void)state;
    init(&f, "card", TYPE_STRING);
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++) {
        struct slice made = protect_string(&f, cards[i]);

        assert_true(luhn_is_card(made));
        assert_int_equal(made.len, strlen(cards[i]));
        assert_int_equal(made.data[0], cards[i][0]);
        assert_false(slice_is(made, cards[i]));
    }
    assert_text(protect_string(&f, "4111111111111112"), "*********");
    assert_text(protect_string(&f, "411111"), "*********");
}

static void shapes_keep_classes(void **state)
{
    static const char text[] = "Abc-09 zZ/\xc3\x89\xc3\xa9!";
    auto_fixture struct fixture f;
    struct slice made;

    (void)state;
    init(&f, "shape", TYPE_STRING);
    made = protect_string(&f, text);
    assert_int_equal(made.len, strlen(text) - 2);
    for (size_t i = 0; i < 10; i++) {
        char from = text[i], to = made.data[i];

        assert_int_equal(from >= 'A' && from <= 'Z', to >= 'A' && to <= 'Z');
        assert_int_equal(from >= 'a' && from <= 'z', to >= 'a' && to <= 'z');
        assert_int_equal(from >= '0' && from <= '9', to >= '0' && to <= '9');
        assert_int_equal(strchr("-/ ", from) != NULL, from == to);
    }
    assert_int_equal(made.data[12], '!');
    for (char one[] = "a"; one[0] <= 'z'; one[0]++)
        assert_false(slice_is(protect_string(&f, one), one));
}

static void mail_keeps_its_domain_and_maybe_its_length(void **state)
{
    auto_fixture struct fixture f;
    struct slice made;

    (void)state;
    init(&f, "email", TYPE_STRING);
    made = protect_string(&f, "bob.b@x@example.com");
    assert_true(made.len == 22 && memcmp(made.data + 10, "@example.com", 12) == 0);
    f.call.preserve_string_length = true;
    for (char one[] = "a@x.com"; one[0] <= 'f'; one[0]++)
        assert_false(slice_is(protect_string(&f, one), one));
    made = protect_string(&f, "b\xc3\xb6"
                              "b@x.co");
    assert_true(made.len == 8 && memcmp(made.data + 3, "@x.co", 5) == 0);
    assert_text(protect_string(&f, "@x"), "**");
    assert_text(protect_string(&f, "x@"), "**");
    f.call.preserve_string_length = false;
    assert_text(protect_string(&f, "call @ Bob Smith"), "*********");
    assert_text(protect_string(&f, "x@Bob Smith, 5 High Street"), "*********");
    assert_text(protect_string(&f, "Bob <b@x.com>"), "*********");
    made = protect_string(&f, "bob@[127.0.0.1]");
    assert_true(made.len == 22 && memcmp(made.data + 10, "@[127.0.0.1]", 12) == 0);
    made = protect_string(&f, "bob@b\xc3\xbc-1.de");
    assert_true(made.len == 19 && memcmp(made.data + 10, "@b\xc3\xbc-1.de", 9) == 0);
}

static void intervals_stay(void **state)
{
    auto_fixture struct fixture f;
    struct slice made;
    int first, second;

    (void)state;
    init(&f, "dateShift", TYPE_DATE);
    made = protect_string(&f, "2021-03-10");
    assert_int_equal(sscanf(made.data + 8, "%2d", &first), 1);
    made = protect_string(&f, "2021-03-11");
    assert_int_equal(sscanf(made.data + 8, "%2d", &second), 1);
    assert_true(second == first + 1 || second == 1);
}

static void granted_values_and_tokens_do_not_mind(void **state)
{
    bool granted = true;
    auto_fixture struct fixture f;

    (void)state;
    init(&f, "fixed:x", TYPE_STRING);
    assert_reverses(&f, JOB_ENCRYPT, JOB_DECRYPT, SLICE("{\"v\":\"abc\"}"));
    f.call.granted = &granted;
    assert_text(protect_string(&f, "abc"), "abc");
    f.call.granted = NULL;
    assert_text(protect_string(&f, "abc"), "x");
    f.call.job = JOB_DATA_MASKING;
    assert_text(protect_string(&f, "abc"), "x");
}

/* The neutral value of a token is the one that Restrict gives for its original. */
static void tokens_not_granted_follow_the_technique(void **state)
{
    auto_fixture struct fixture f;
    char token[200];
    struct slice made;

    (void)state;
    init(&f, "keepLast:2", TYPE_STRING);
    f.call.job = JOB_ENCRYPT;
    made = protect_string(&f, "abcd");
    snprintf(token, sizeof token, "%.*s", (int)made.len, made.data);
    f.call.job = JOB_DECRYPT;
    assert_text(protect_string(&f, token), "**cd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_arguments_are_read),
        cmocka_unit_test(refuses_what_is_no_technique),
        cmocka_unit_test(the_table_is_told),
        cmocka_unit_test(a_plan_names_the_path_of_a_bad_technique),
        cmocka_unit_test(card_numbers_stay_card_numbers),
        cmocka_unit_test(shapes_keep_classes),
        cmocka_unit_test(mail_keeps_its_domain_and_maybe_its_length),
        cmocka_unit_test(intervals_stay),
        cmocka_unit_test(granted_values_and_tokens_do_not_mind),
        cmocka_unit_test(tokens_not_granted_follow_the_technique),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
