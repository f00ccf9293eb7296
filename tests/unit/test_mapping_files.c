#include "tests/unit/check.h"

#include "employees-mock/json_line.h"
#include "employees-mock/mapping_keep.h"
#include "employees-mock/proxy_targets.h"
#include "employees-mock/stub_store.h"
#include "employees-mock/yaml_json.h"
#include "tests/unit/stub_fixture.h"

static void assert_yaml(const char *yaml, const char *json)
{
    auto_json json_t *got = NULL;
    auto_json json_t *want = NULL;
    struct why why = {0};

    assert_ok(yaml_read(slice_of(yaml), &got, &why), &why);
    assert_ok(json_loose_read(slice_of(json), &want, &why), &why);
    if (!json_loose_equal(got, want))
        fail_msg("%s is not %s", yaml, json);
}

static void yaml_becomes_json(void **state)
{
    (void)state;
    assert_yaml("a: 1\nb: [x, 'y', \"z\"]\n", "{\"a\":1,\"b\":[\"x\",\"y\",\"z\"]}");
    assert_yaml("- 1.5\n- true\n- ~\n- '1'\n- -3\n- 1e3\n- 1.2.3\n",
                "[1.5,true,null,\"1\",-3,1000.0,\"1.2.3\"]");
    assert_yaml("t: |\n  one\n  two\n", "{\"t\":\"one\\ntwo\\n\"}");
    assert_yaml("", "{}");
}

static void yaml_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *place;
    } cases[] = {
        {"a: [", "line "},
        {"a: 1\na: 2\n", "line 2 column 1"},
        {"a: &x 1\nb: *x\n", "line 2"},
        {"[1]: 2\n", "line 1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *got = NULL;
        struct why why = {0};

        assert_status(ST_BAD_INPUT, yaml_read(slice_of(cases[i].text), &got, &why), &why);
        if (strncmp(why.place, cases[i].place, strlen(cases[i].place)) != 0)
            fail_msg("%s: place %s", cases[i].text, why.place);
    }
}

static void lines_of_members(void **state)
{
    static const char text[] =
        "{\n \"a\": 1,\n \"b\": {\n  \"c\": [\n   1,\n   {\"d\": 2}\n  ]\n }\n}";
    static const struct {
        const char *pointer;
        size_t line;
    } cases[] = {{"/a", 2}, {"/b", 3},      {"/b/c", 4},   {"/b/c/0", 5}, {"/b/c/1/d", 6},
                 {"/", 1},  {"/b/none", 3}, {"/b/c/9", 4}, {"", 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if (json_line_of(slice_of(text), cases[i].pointer, false) != cases[i].line)
            fail_msg("%s: %zu", cases[i].pointer,
                     json_line_of(slice_of(text), cases[i].pointer, false));
}

static void lines_of_broken_texts_stay_inside(void **state)
{
    static const char text[] = "{\"a\": [\"\\\", {";

    (void)state;
    for (size_t len = 0; len < sizeof text; len++)
        assert_int_equal(json_line_of((struct slice){text, len}, "/a/1/b", false), 1);
}

static struct stub *stub_of(const char *file, const char *json)
{
    struct stub *s = good_stub(json);

    s->file = strdup(file);
    return s;
}

static void unchanged_stubs_stay_themselves(void **state)
{
    static const char a[] = "{\"request\":{\"url\":\"/a\"}}";
    struct stub *old[] = {stub_of("f.json", a), stub_of("f.json", a), good_stub(a)};
    struct stub *fresh[] = {stub_of("f.json", "{\"request\":{\"url\":\"/b\"}}"),
                            stub_of("f.json", a), stub_of("g.json", a), stub_of("f.json", a),
                            stub_of("f.json", a)};
    struct stub *given[COUNT(fresh)];
    struct stub_list known = {.items = old, .count = COUNT(old)};
    struct stub_list list = {.items = fresh, .count = COUNT(fresh)};

    (void)state;
    memcpy(given, fresh, sizeof given);
    mapping_keep_old(&list, &known);
    assert_ptr_equal(fresh[0], given[0]); /* it says something else */
    assert_ptr_equal(fresh[1], old[0]);
    assert_ptr_equal(fresh[2], given[2]); /* it comes from another file */
    assert_ptr_equal(fresh[3], old[1]);   /* of two that say the same each stays once */
    assert_ptr_equal(fresh[4], given[4]);
    for (size_t i = 0; i < COUNT(fresh); i++)
        stub_drop(fresh[i]);
    for (size_t i = 0; i < COUNT(old); i++)
        stub_drop(old[i]);
}

static void order_of_members_is_a_change(void **state)
{
    struct stub *old =
        stub_of("f.json", "{\"request\":{},\"response\":{\"jsonBody\":{\"a\":1,\"b\":2}}}");
    struct stub *fresh =
        stub_of("f.json", "{\"request\":{},\"response\":{\"jsonBody\":{\"b\":2,\"a\":1}}}");
    struct stub_list known = {.items = &old, .count = 1};
    struct stub_list list = {.items = &fresh, .count = 1};

    (void)state;
    mapping_keep_old(&list, &known);
    assert_ptr_not_equal(fresh, old);
    stub_drop(fresh);
    stub_drop(old);
}

static void assert_allowed(const char *allow, const char *deny, const char *host, bool wanted)
{
    struct proxy_targets *t = NULL;
    struct why why = {0};

    assert_ok(proxy_targets_parse(allow, deny, &t, &why), &why);
    if (proxy_targets_allow(t, host) != wanted)
        fail_msg("allow %s deny %s: %s", allow ? allow : "all", deny ? deny : "none", host);
    proxy_targets_free(t);
}

static void targets_are_allowed_then_denied(void **state)
{
    (void)state;
    assert_allowed(NULL, NULL, "any.example", true);
    assert_allowed("*.example.com", NULL, "a.example.com", true);
    assert_allowed("*.example.com", NULL, "example.org", false);
    assert_allowed("10.0.0.1-10.0.0.9, 127.0.0.1", NULL, "10.0.0.5", true);
    assert_allowed("10.0.0.1-10.0.0.9", NULL, "10.0.1.5", false);
    assert_allowed(NULL, "127.0.0.1", "127.0.0.1", false);
    assert_allowed("127.0.0.1-127.0.0.9", "127.0.0.2", "127.0.0.2", false);
}

static void backward_range_is_refused(void **state)
{
    struct proxy_targets *t = NULL;
    struct why why = {0};

    (void)state;
    assert_status(ST_BAD_INPUT, proxy_targets_parse("10.0.0.9-10.0.0.1", NULL, &t, &why), &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_becomes_json),
        cmocka_unit_test(yaml_is_refused_with_its_line),
        cmocka_unit_test(lines_of_members),
        cmocka_unit_test(lines_of_broken_texts_stay_inside),
        cmocka_unit_test(unchanged_stubs_stay_themselves),
        cmocka_unit_test(order_of_members_is_a_change),
        cmocka_unit_test(targets_are_allowed_then_denied),
        cmocka_unit_test(backward_range_is_refused),
    };

    return cmocka_run_group_tests_name("mapping_files", tests, NULL, NULL);
}
