#include "tests/unit/check.h"

#include "employees-mock/scenario.h"

static struct scenarios *new_scenarios(void)
{
    struct scenarios *all = NULL;
    struct why why = {0};

    assert_ok(scenarios_new(&all, &why), &why);
    return all;
}

static void assert_state(struct scenarios *all, const char *name, const char *wanted)
{
    char *state = scenario_state_of(all, name);

    if (wanted) {
        assert_non_null(state);
        assert_string_equal(state, wanted);
    } else {
        assert_null(state);
    }
    free(state);
}

static void begins_in_started_and_passes(void **state)
{
    struct scenarios *all = new_scenarios();
    struct scenario *s = scenario_hold(all, "s");

    (void)state;
    assert_state(all, "s", "Started");
    assert_false(scenario_pass(all, s, "two", "three"));
    assert_state(all, "s", "Started");
    assert_true(scenario_pass(all, s, "Started", "two"));
    assert_true(scenario_pass(all, s, NULL, NULL));
    assert_state(all, "s", "two");
    scenario_drop(all, s);
    scenarios_free(all);
}

static void ends_with_its_last_holder(void **state)
{
    struct scenarios *all = new_scenarios();
    struct scenario *one = scenario_hold(all, "s");
    struct scenario *two = scenario_hold(all, "s");

    (void)state;
    assert_ptr_equal(one, two);
    assert_true(scenario_pass(all, one, NULL, "moved"));
    scenario_drop(all, one);
    assert_state(all, "s", "moved");
    scenario_drop(all, two);
    assert_state(all, "s", NULL);
    scenarios_free(all);
}

static void is_set_by_name(void **state)
{
    struct scenarios *all = new_scenarios();
    struct scenario *s = scenario_hold(all, "s");
    struct why why = {0};

    (void)state;
    assert_ok(scenario_set(all, "s", "x", &why), &why);
    assert_state(all, "s", "x");
    assert_ok(scenario_set(all, "s", NULL, &why), &why);
    assert_state(all, "s", "Started");
    assert_status(ST_NOT_FOUND, scenario_set(all, "none", "x", &why), &why);
    scenario_drop(all, s);
    scenarios_free(all);
}

/* Orders seen in answers of WireMock 3.13.2; those of one bucket stay as they came. */
static void texts_are_sorted_as_java_lists_a_set(void **state)
{
    const char *states[] = {"two", "three", "Started"};
    const char *names[] = {"o", "p"};

    (void)state;
    java_set_sort(states, COUNT(states));
    assert_string_equal(states[0], "Started");
    assert_string_equal(states[1], "two");
    assert_string_equal(states[2], "three");
    java_set_sort(names, COUNT(names));
    assert_string_equal(names[0], "p");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_in_started_and_passes),
        cmocka_unit_test(ends_with_its_last_holder),
        cmocka_unit_test(is_set_by_name),
        cmocka_unit_test(texts_are_sorted_as_java_lists_a_set),
    };

    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
