#include "tests/unit/interceptor_fixture.h"

#include "interceptor/faults.h"

static struct faults *with(const char *document)
{
    auto_json json_t *value = parse(document);
    struct faults *faults = NULL;
    struct why why = {0};

    assert_ok(faults_new(&faults, &why), &why);
    assert_ok(faults_set(faults, value, &why), &why);
    return faults;
}

static void nothing_set_meets_nobody(void **state)
{
    auto_faults struct faults *faults = with("[]");
    struct fault_effect effect;

    (void)state;
    assert_false(faults_pick(faults, "dataset", "demo", &effect));
}

static void path_and_tenant_select(void **state)
{
    auto_faults struct faults *faults =
        with("[{'path':'token','status':500},{'tenant':'demo','delayMs':7}]");
    struct fault_effect effect;

    (void)state;
    assert_true(faults_pick(faults, "token", NULL, &effect));
    assert_int_equal(effect.status, 500);
    assert_false(faults_pick(faults, "dataset", "other", &effect));
    assert_false(faults_pick(faults, "dataset", NULL, &effect));
    assert_true(faults_pick(faults, "dataset", "demo", &effect));
    assert_int_equal(effect.delay_ms, 7);
}

static void a_count_is_used_up_and_the_next_fault_follows(void **state)
{
    auto_faults struct faults *faults =
        with("{'faults':[{'status':503,'times':2},{'reset':true,'times':1}]}");
    struct fault_effect effect;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(faults_pick(faults, "dataset", "demo", &effect));
        assert_int_equal(effect.status, 503);
    }
    assert_true(faults_pick(faults, "dataset", "demo", &effect));
    assert_true(effect.reset);
    assert_false(faults_pick(faults, "dataset", "demo", &effect));
}

static void probability_0_never_meets_and_1_always(void **state)
{
    auto_faults struct faults *never = with("{'status':500,'probability':0}");
    auto_faults struct faults *always = with("{'status':500,'probability':1}");
    struct fault_effect effect;

    (void)state;
    for (int i = 0; i < 100; i++) {
        assert_false(faults_pick(never, "token", NULL, &effect));
        assert_true(faults_pick(always, "token", NULL, &effect));
    }
}

static void a_wrong_document_changes_nothing(void **state)
{
    static const char *const wrong[] = {"1",
                                        "{}",
                                        "[{'status':1}]",
                                        "[{'status':500},{}]",
                                        "{'faults':[],'x':1}",
                                        "{'path':'/x','reset':true}",
                                        "{'status':500,'times':0}",
                                        "{'delayMs':-1}"};
    auto_faults struct faults *faults = with("{'status':503}");
    struct fault_effect effect;
    struct why why = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        auto_json json_t *value = parse(wrong[i]);

        assert_status(ST_BAD_INPUT, faults_set(faults, value, &why), &why);
    }
    assert_true(faults_pick(faults, "token", NULL, &effect));
    assert_int_equal(effect.status, 503);
    faults_clear(faults);
    assert_false(faults_pick(faults, "token", NULL, &effect));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_set_meets_nobody),
        cmocka_unit_test(path_and_tenant_select),
        cmocka_unit_test(a_count_is_used_up_and_the_next_fault_follows),
        cmocka_unit_test(probability_0_never_meets_and_1_always),
        cmocka_unit_test(a_wrong_document_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
