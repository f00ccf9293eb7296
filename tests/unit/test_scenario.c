#include "tests/unit/check.h"

#include "employees-mock/java_hash.h"
#include "employees-mock/scenario.h"

static bool agree(void *ctx)
{
    (void)ctx;
    return true;
}

static bool refuse_and_count(void *ctx)
{
    ++*(int *)ctx;
    return false;
}

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
    int asked = 0;

    (void)state;
    assert_state(all, "s", "Started");
    assert_false(scenario_pass(all, s, "two", "three", agree, NULL));
    assert_state(all, "s", "Started");
    assert_false(scenario_pass(all, s, "two", "three", refuse_and_count, &asked));
    assert_int_equal(asked, 0);
    assert_false(scenario_pass(all, s, "Started", "two", refuse_and_count, &asked));
    assert_int_equal(asked, 1);
    assert_true(scenario_pass(all, s, "Started", "two", agree, NULL));
    assert_true(scenario_pass(all, s, NULL, NULL, agree, NULL));
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
    assert_true(scenario_pass(all, one, NULL, "moved", agree, NULL));
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
    const char *units[] = {"\xC3\xA9", "x"}; /* String.hashCode() is of UTF-16: 233 and 120 */

    (void)state;
    java_set_sort(states, COUNT(states));
    assert_string_equal(states[0], "Started");
    assert_string_equal(states[1], "two");
    assert_string_equal(states[2], "three");
    java_set_sort(names, COUNT(names));
    assert_string_equal(names[0], "p");
    java_set_sort(units, COUNT(units));
    assert_string_equal(units[0], "x");
}

static bool append(void *ctx, const char *name, const char *state)
{
    buf_printf(ctx, "%s=%s ", name, state);
    return true;
}

static void are_listed_as_a_java_set_with_their_states(void **state)
{
    static const char *const names[] = {"q", "a", "p", "Q"}; /* q and a share a bucket */
    auto_buf struct buf text = BUF_INIT(1024);
    struct scenarios *all = new_scenarios();
    struct scenario *held[COUNT(names)];

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        held[i] = scenario_hold(all, names[i]);
    assert_true(scenario_pass(all, held[1], NULL, "x", agree, NULL));
    scenarios_each(all, append, &text);
    assert_string_equal(buf_text(&text), "p=Started q=Started a=x Q=Started ");
    for (size_t i = 0; i < COUNT(names); i++)
        scenario_drop(all, held[i]);
    buf_clear(&text);
    scenarios_each(all, append, &text);
    assert_int_equal(text.len, 0);
    scenarios_free(all);
}

static void many_are_found_again(void **state)
{
    enum { MANY = 1000 };
    struct scenarios *all = new_scenarios();
    struct scenario *held[MANY];
    char name[16];

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "s%zu", i * 7 % MANY);
        held[i] = scenario_hold(all, name);
    }
    for (size_t i = 0; i < MANY; i += 2)
        scenario_drop(all, held[i]);
    for (size_t i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "s%zu", i * 7 % MANY);
        assert_state(all, name, i % 2 ? "Started" : NULL);
    }
    for (size_t i = 1; i < MANY; i += 2)
        scenario_drop(all, held[i]);
    scenarios_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_in_started_and_passes),
        cmocka_unit_test(ends_with_its_last_holder),
        cmocka_unit_test(is_set_by_name),
        cmocka_unit_test(texts_are_sorted_as_java_lists_a_set),
        cmocka_unit_test(are_listed_as_a_java_set_with_their_states),
        cmocka_unit_test(many_are_found_again),
    };

    return cmocka_run_group_tests_name("scenario", tests, NULL, NULL);
}
