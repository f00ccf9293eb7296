/* Every state of flow.h with every event, in every order of whatever length: no byte of the
 * original goes on unless the answer was found to be none that needs protection. */
#include "plugin/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What is known of an answer besides the flow's state, as bits: so there is but a finite number of
 * situations, and all that can be reached are gone through. */
enum {
    HEADERS = 1,    /* have been seen */
    MAYBE = 2,      /* by them it passes unless it begins like data */
    PASSES = 4,     /* it was found to need no protection */
    DELIVERING = 8, /* DO_DELIVER was the last action */
    REPLACED = 16,  /* what would go on is the protected body, or our problem */
    REFUSED = 32,   /* a problem was sent */
    SOME = 64,      /* of its body has come */
    SITUATIONS = 128,
};

static bool is_of_body(enum flow_event event)
{
    return event >= EV_MORE && event <= EV_EMPTY;
}

/* The plugin delivers before it says so, and sends a problem before that comes by; nothing else
 * about the order of events is taken for granted. */
static bool can_happen(enum flow_state state, unsigned situation, enum flow_event event)
{
    if (event == EV_DELIVERED)
        return situation & DELIVERING;
    if (event == EV_OWN)
        return state == FLOW_REFUSED && situation & REFUSED;
    return true;
}

static unsigned learn(unsigned situation, enum flow_event event)
{
    if (event <= EV_FOREIGN && !(situation & HEADERS))
        situation |= HEADERS | (event == EV_BODILESS ? PASSES : event == EV_MAYBE ? MAYBE : 0);
    if (event == EV_MORE)
        situation |= SOME;
    if (event == EV_LOOKS_DATA)
        situation &= ~(unsigned)MAYBE;
    if (event == EV_LOOKS_OTHER && situation & MAYBE)
        situation |= PASSES;
    if (event == EV_DELIVERED || event == EV_OWN)
        situation |= REPLACED;
    return situation;
}

static unsigned follow(unsigned situation, enum flow_action action)
{
    situation &= ~(unsigned)DELIVERING;
    if (action == DO_DELIVER)
        situation |= DELIVERING;
    if (action == DO_REFUSE)
        situation |= REFUSED;
    return situation;
}

static bool goes_on(unsigned situation, enum flow_event event, enum flow_action action)
{
    return action == DO_RELEASE || action == DO_RESUME ||
           (action == DO_CONTINUE && is_of_body(event) && (event != EV_EMPTY || situation & SOME));
}

/* With fail_open, what DO_RELEASE has let go is the operator's wish. */
static void visit(bool seen[FLOW_STATES][SITUATIONS], struct flow flow, unsigned situation)
{
    if (seen[flow.state][situation])
        return;
    seen[flow.state][situation] = true;
    for (int event = 0; event < FLOW_EVENTS; event++) {
        struct flow next = flow;
        unsigned then = learn(situation, (enum flow_event)event);
        enum flow_action action;

        if (!can_happen(flow.state, situation, (enum flow_event)event))
            continue;
        action = flow_on(&next, (enum flow_event)event);
        if (goes_on(then, (enum flow_event)event, action) && !(then & (PASSES | REPLACED)))
            assert_true(flow.fail_open && next.state == FLOW_RELEASED);
        if (action == DO_DELIVER)
            assert_int_equal(event, EV_ANSWERED);
        visit(seen, next, follow(then, action));
    }
}

static void no_way_lets_the_original_out(void **state)
{
    (void)state;
    for (int open = 0; open < 2; open++) {
        bool seen[FLOW_STATES][SITUATIONS] = {0};

        visit(seen, (struct flow){.state = FLOW_WAIT, .fail_open = open}, 0);
        for (int i = 0; i < FLOW_STATES; i++) {
            bool reached = false;

            for (int situation = 0; situation < SITUATIONS; situation++)
                reached |= seen[i][situation];
            assert_int_equal(reached, open || i != FLOW_RELEASED);
        }
    }
}

/* What the plugin can't say in a state is no reason to let anything go. */
static void out_of_place_is_refused(void **state)
{
    (void)state;
    for (int from = 0; from < FLOW_STATES; from++) {
        struct flow own = {.state = (enum flow_state)from}, delivered = own, failed = own;

        if (from != FLOW_REFUSED) {
            assert_int_equal(flow_on(&own, EV_OWN), DO_REFUSE);
            assert_int_equal(own.state, FLOW_REFUSED);
        }
        if (from != FLOW_DELIVER)
            assert_true(flow_on(&delivered, EV_DELIVERED) != DO_RESUME);
        assert_true(delivered.state == FLOW_REFUSED || from == FLOW_DELIVER);
        if (from == FLOW_RELEASED)
            assert_int_equal(flow_on(&failed, EV_FAILED), DO_REFUSE);
    }
}

/* From any state: the body goes on only where it is none of ours, protected or our own problem. */
static void body_goes_on_in_five_states_only(void **state)
{
    (void)state;
    for (int from = 0; from < FLOW_STATES; from++) {
        for (int event = EV_MORE; event <= EV_EMPTY; event++) {
            struct flow flow = {.state = (enum flow_state)from};
            bool goes = flow_on(&flow, (enum flow_event)event) == DO_CONTINUE;
            bool may = from == FLOW_PASSED || from == FLOW_RELEASED || from == FLOW_PROTECTED ||
                       from == FLOW_PROBLEM || event == EV_EMPTY ||
                       (from == FLOW_PEEK_PASS && event == EV_LOOKS_OTHER);

            assert_true(!goes || may);
        }
    }
}

static void only_a_delivered_body_is_resumed(void **state)
{
    (void)state;
    for (int from = 0; from < FLOW_STATES; from++) {
        for (int event = 0; event < FLOW_EVENTS; event++) {
            struct flow flow = {.state = (enum flow_state)from};
            enum flow_action action = flow_on(&flow, (enum flow_event)event);

            assert_int_not_equal(action, DO_RELEASE);
            if (action == DO_RESUME)
                assert_true(from == FLOW_DELIVER && event == EV_DELIVERED);
            if (action == DO_REFUSE)
                assert_int_equal(flow.state, FLOW_REFUSED);
        }
    }
}

static void a_failure_is_refused_wherever_an_answer_is_held(void **state)
{
    (void)state;
    for (int from = FLOW_WAIT; from <= FLOW_DELIVER; from++) {
        struct flow flow = {.state = (enum flow_state)from};

        assert_int_equal(flow_on(&flow, EV_FAILED), DO_REFUSE);
    }
}

static void failing_open_releases_only_a_held_answer(void **state)
{
    (void)state;
    for (int from = 0; from < FLOW_STATES; from++) {
        struct flow flow = {.state = (enum flow_state)from, .fail_open = true};
        enum flow_action action = flow_on(&flow, EV_FAILED);
        bool holds = from >= FLOW_PEEK_PASS && from <= FLOW_DELIVER;

        assert_true(holds == (action == DO_RELEASE));
    }
}

static void a_second_401_is_final(void **state)
{
    struct flow flow = {.state = FLOW_CALL};

    (void)state;
    assert_int_equal(flow_on(&flow, EV_SPOILED), DO_ASK_TOKEN);
    assert_int_equal(flow_on(&flow, EV_TOKEN), DO_SEND);
    assert_int_equal(flow_on(&flow, EV_SPOILED), DO_REFUSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_way_lets_the_original_out),
        cmocka_unit_test(out_of_place_is_refused),
        cmocka_unit_test(body_goes_on_in_five_states_only),
        cmocka_unit_test(only_a_delivered_body_is_resumed),
        cmocka_unit_test(a_failure_is_refused_wherever_an_answer_is_held),
        cmocka_unit_test(failing_open_releases_only_a_held_answer),
        cmocka_unit_test(a_second_401_is_final),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
