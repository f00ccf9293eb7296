#include "tests/unit/interceptor_fixture.h"

#include "interceptor/claims.h"

static const struct claim given[] = {
    {{"ADGroup", 7}, {"HR", 2}},
    {{"Role", 4}, {"Admin", 5}},
    {{"Role", 4}, {"User", 4}},
    {{"RÉGION", 7}, {"É", 2}},
};

static bool holds(const char *expression)
{
    auto_json json_t *object = parse(expression);
    auto_claims struct claims *claims = NULL;
    struct why why = {0};

    assert_ok(claims_parse(object, &claims, &why), &why);
    return claims_hold(claims, given, COUNT(given));
}

static void names_in_any_case_values_exactly(void **state)
{
    (void)state;
    assert_true(holds("{'claim':'adgroup','equals':'HR'}"));
    assert_true(holds("{'equals':'HR','claim':'ADGROUP'}"));
    assert_false(holds("{'claim':'ADGroup','equals':'hr'}"));
    assert_false(holds("{'claim':'ADGroup','equals':'HR2'}"));
    assert_false(holds("{'claim':'ADGrou','equals':'HR'}"));
    assert_true(holds("{'claim':'région','equals':'É'}"));
    assert_false(holds("{'not':{'claim':'Région','equals':'É'}}"));
    assert_false(holds("{'claim':'RÉGION','equals':'é'}"));
}

static void a_name_given_twice_has_both_values(void **state)
{
    (void)state;
    assert_true(holds("{'claim':'Role','equals':'Admin'}"));
    assert_true(holds("{'claim':'Role','equals':'User'}"));
    assert_false(holds("{'not':{'claim':'Role','equals':'User'}}"));
}

static void all_any_and_not_nest(void **state)
{
    (void)state;
#define YES "{'claim':'ADGroup','equals':'HR'}"
#define NO  "{'claim':'ADGroup','equals':'x'}"
    assert_true(holds("{'all':[" YES "," YES "]}"));
    assert_false(holds("{'all':[" YES "," NO "]}"));
    assert_true(holds("{'any':[" NO "," YES "]}"));
    assert_false(holds("{'any':[" NO "," NO "]}"));
    assert_true(holds("{'not':" NO "}"));
    assert_true(holds("{'all':[{'any':[" NO "," YES "]},{'not':{'all':[" YES "," NO "]}}]}"));
}

static void without_claims_only_not_holds(void **state)
{
    auto_json json_t *object = parse("{'not':" YES "}");
    auto_claims struct claims *claims = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(claims_parse(object, &claims, &why), &why);
    assert_true(claims_hold(claims, NULL, 0));
}

static void refuses(enum status want, const char *expression, const char *place)
{
    auto_json json_t *object = parse(expression);
    struct claims *claims = NULL;
    struct why why = {0};

    assert_status(want, claims_parse(object, &claims, &why), &why);
    assert_string_equal(why.place, place);
    assert_null(claims);
}

static void what_is_no_expression_is_refused_with_its_place(void **state)
{
    (void)state;
    refuses(ST_BAD_INPUT, "{}", "");
    refuses(ST_BAD_INPUT, "[]", "");
    refuses(ST_BAD_INPUT, "{'claim':'a'}", "equals");
    refuses(ST_BAD_INPUT, "{'claim':'','equals':'b'}", "claim");
    refuses(ST_BAD_INPUT, "{'claim':'a','equals':1}", "equals");
    refuses(ST_BAD_INPUT, "{'claim':'a','equals':'b','x':1}", "x");
    refuses(ST_BAD_INPUT, "{'any':[" YES "],'all':[" YES "]}", "");
    refuses(ST_BAD_INPUT, "{'all':{}}", "all");
    refuses(ST_TOO_LARGE, "{'all':[]}", "all");
    refuses(ST_BAD_INPUT, "{'any':[" YES ",{'not':{'all':[" YES ",{'claim':'a'}]}}]}",
            "any[1].not.all[1].equals");
}

static void nesting_has_a_ceiling(void **state)
{
    auto_buf struct buf text = BUF_INIT(4096);

    (void)state;
    for (int depth = 1; depth < CLAIMS_DEPTH_MAX; depth++)
        buf_put_text(&text, "{'not':");
    buf_put_text(&text, YES);
    for (int depth = 1; depth < CLAIMS_DEPTH_MAX; depth++)
        buf_put_text(&text, "}");
    (void)holds(buf_text(&text));

    auto_free char *deeper = NULL;
    auto_json json_t *object = NULL;
    struct claims *claims = NULL;
    struct why why = {0};

    assert_true(asprintf(&deeper, "{'not':%s}", buf_text(&text)) > 0);
    object = parse(deeper);
    assert_status(ST_TOO_LARGE, claims_parse(object, &claims, &why), &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_in_any_case_values_exactly),
        cmocka_unit_test(a_name_given_twice_has_both_values),
        cmocka_unit_test(all_any_and_not_nest),
        cmocka_unit_test(without_claims_only_not_holds),
        cmocka_unit_test(what_is_no_expression_is_refused_with_its_place),
        cmocka_unit_test(nesting_has_a_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
