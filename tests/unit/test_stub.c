#include "tests/unit/check.h"

#include "tests/unit/stub_fixture.h"

static void assert_written(const char *text, const char *wanted)
{
    auto_stub struct stub *s = good_stub(text);
    auto_json json_t *want = NULL;
    struct why why = {0};

    assert_ok(json_loose_read(slice_of(wanted), &want, &why), &why);
    json_object_del(s->json, "id");
    json_object_del(s->json, "uuid");
    if (!json_loose_equal(s->json, want)) {
        auto_buf struct buf got = BUF_INIT(1 << 20);

        json_loose_write(s->json, JSON_LOOSE_COMPACT, &got);
        fail_msg("wanted %s, got %s", wanted, buf_text(&got));
    }
}

static void comes_back_as_wiremock_writes_it(void **state)
{
    (void)state;
    assert_written("{}", "{\"request\":{\"method\":\"ANY\"},\"response\":{\"status\":200}}");
    assert_written(
        "{\"name\":\"n\",\"priority\":\"3\",\"request\":{\"url\":\"/a\",\"method\":\"GET\"},"
        "\"response\":{\"status\":\"201\",\"body\":5}}",
        "{\"name\":\"n\",\"priority\":3,\"request\":{\"url\":\"/a\",\"method\":\"GET\"},"
        "\"response\":{\"status\":201,\"body\":\"5\"}}");
    assert_written(
        "{\"metadata\":{\"a\":[1,{\"b\":null}]},\"times\":2,\"ttlSeconds\":9,\"response\":null}",
        "{\"metadata\":{\"a\":[1,{}]},\"times\":2,\"ttlSeconds\":9,"
        "\"request\":{\"method\":\"ANY\"},\"response\":{\"status\":200}}");
    assert_written(
        "{\"response\":{\"jsonBody\":{\"z\":1.0,\"a\":12345678901234567890}}}",
        "{\"request\":{\"method\":\"ANY\"},"
        "\"response\":{\"status\":200,\"jsonBody\":{\"z\":1.0,\"a\":12345678901234567890}}}");
    assert_written(
        "{\"postServeActions\":{\"webhook\":{\"url\":\"http://x/\"}}}",
        "{\"request\":{\"method\":\"ANY\"},\"response\":{\"status\":200},\"postServeActions\":"
        "[{\"name\":\"webhook\",\"parameters\":{\"url\":\"http://x/\"}}]}");
}

static void refuses_and_points_at_the_member(void **state)
{
    static const struct {
        const char *text;
        const char *pointer;
    } cases[] = {
        {"[]", "/"},
        {"\"x\"", "/"},
        {"{\"bogus\":1}", "/bogus"},
        {"{\"request\":{\"bogus\":1}}", "/request/bogus"},
        {"{\"response\":{\"bogus\":1}}", "/response/bogus"},
        {"{\"id\":\"zzz\"}", "/id"},
        {"{\"priority\":\"x\"}", "/priority"},
        {"{\"priority\":99999999999}", "/priority"},
        {"{\"response\":{\"status\":\"x\"}}", "/response/status"},
        {"{\"response\":{\"status\":[]}}", "/response/status"},
        {"{\"response\":{\"fault\":\"X\"}}", "/response/fault"},
        {"{\"response\":{\"headers\":{\"A\":1}}}", "/response/headers"},
        {"{\"response\":{\"headers\":{\"A\":[]}}}", "/response/headers"},
        {"{\"response\":{\"base64Body\":\"!\"}}", "/response"},
        {"{\"response\":{\"body\":{}}}", "/response/body"},
        {"{\"response\":{\"delayDistribution\":{}}}", "/response/delayDistribution"},
        {"{\"response\":{\"delayDistribution\":{\"type\":\"fixed\",\"x\":1}}}",
         "/response/delayDistribution/x"},
        {"{\"response\":{\"chunkedDribbleDelay\":{\"x\":1}}}", "/response/chunkedDribbleDelay/x"},
        {"{\"response\":{\"transformers\":\"x\"}}", "/response/transformers"},
        {"{\"response\":{\"body\":\"{{#if a}}\",\"transformers\":[\"response-template\"]}}",
         "/response/body"},
        {"{\"response\":{\"weight\":2}}", "/response/weight"},
        {"{\"responses\":[]}", "/responses"},
        {"{\"responses\":[{\"weight\":-1}]}", "/responses/0/weight"},
        {"{\"responses\":[{}],\"response\":{}}", "/responses"},
        {"{\"times\":0}", "/times"},
        {"{\"ttlSeconds\":0}", "/ttlSeconds"},
        {"{\"metadata\":[]}", "/metadata"},
        {"{\"serveEventListeners\":[{\"bogus\":1}]}", "/serveEventListeners"},
        {"{\"serveEventListeners\":[{\"name\":\"webhook\",\"parameters\":{\"body\":\"{{#if a}}\"}}]}",
         "/serveEventListeners/0/parameters"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct match_fault fault = {0};
        struct stub *s = NULL;

        if (stub_from(cases[i].text, &s, &fault) == ST_OK)
            fail_msg("taken: %s", cases[i].text);
        if (strcmp(fault.pointer, cases[i].pointer) != 0)
            fail_msg("%s: pointer %s", cases[i].text, fault.pointer);
        assert_int_equal(fault.code, 10);
        assert_null(s);
    }
}

static void body_wins_over_other_bodies(void **state)
{
    auto_stub struct stub *s = good_stub("{\"response\":{\"body\":\"b\",\"jsonBody\":{},"
                                         "\"base64Body\":\"YQ==\"}}");

    (void)state;
    assert_string_equal(s->answers[0].body.text, "b");
    assert_int_equal(s->answers[0].kind, ANSWER_BYTES);
}

static void spent_after_its_times(void **state)
{
    auto_stub struct stub *s = good_stub("{\"times\":2}");

    (void)state;
    assert_true(stub_take_turn(s));
    assert_false(stub_is_spent(s, 0));
    assert_true(stub_take_turn(s));
    assert_true(stub_is_spent(s, 0));
    assert_false(stub_take_turn(s));
}

static void chooses_only_what_has_a_weight(void **state)
{
    auto_stub struct stub *s = good_stub("{\"responses\":[{\"weight\":0,\"status\":500},"
                                         "{\"weight\":1},{\"weight\":0,\"status\":500}]}");

    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(stub_choose_answer(s)->status, 200);
}

static void id_is_in_small_letters(void **state)
{
    auto_stub struct stub *s = good_stub("{\"id\":\"ABCDEF00-0000-4000-8000-00000000000F\"}");

    (void)state;
    assert_string_equal(s->id, "abcdef00-0000-4000-8000-00000000000f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_wiremock_writes_it),
        cmocka_unit_test(refuses_and_points_at_the_member),
        cmocka_unit_test(body_wins_over_other_bodies),
        cmocka_unit_test(spent_after_its_times),
        cmocka_unit_test(chooses_only_what_has_a_weight),
        cmocka_unit_test(id_is_in_small_letters),
    };

    return cmocka_run_group_tests_name("stub", tests, NULL, NULL);
}
