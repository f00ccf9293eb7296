/* Every state of flow.h with every event, and every walk of them up to a length: whatever comes,
 * no byte of the original goes on unless the answer was found to be none that needs protection. */
#include "plugin/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { WALK = 6 };

static bool is_of_body(enum flow_event event)
{
    return event >= EV_MORE && event <= EV_EMPTY;
}

/* What the host would do with the answer's body, told from the actions alone. */
struct client {
    bool needs_protection; /* data was seen, or it can't be protected */
    bool is_replaced;      /* what would go on is the protected body, or our problem */
    bool got_original;
};

static void follow(struct client *client, enum flow_event event, enum flow_action action)
{
    if (event == EV_DATA || event == EV_UNKNOWN || event == EV_FOREIGN || event == EV_LOOKS_DATA)
        client->needs_protection = true;
    if (event == EV_DELIVERED || event == EV_OWN)
        client->is_replaced = true;
    if (action == DO_RELEASE || action == DO_RESUME ||
        (action == DO_CONTINUE && is_of_body(event) && event != EV_EMPTY))
        client->got_original |= client->needs_protection && !client->is_replaced;
}

/* The events that the rest of the plugin can give in a state: it delivers before it says so, and
 * sends a problem before that comes by. */
static bool can_happen(enum flow_state state, enum flow_event event)
{
    if (event == EV_DELIVERED)
        return state == FLOW_DELIVER;
    if (event == EV_OWN)
        return state == FLOW_REFUSED;
    return true;
}

static void walk(struct flow flow, struct client client, int depth, uint64_t *walks)
{
    if (depth == 0) {
        ++*walks;
        return;
    }
    for (int event = 0; event < FLOW_EVENTS; event++) {
        struct flow next = flow;
        struct client after = client;

        if (!can_happen(flow.state, (enum flow_event)event))
            continue;
        follow(&after, (enum flow_event)event, flow_on(&next, (enum flow_event)event));
        assert_false(after.got_original);
        walk(next, after, depth - 1, walks);
    }
}

static void no_walk_lets_the_original_out(void **state)
{
    uint64_t walks = 0;

    (void)state;
    walk((struct flow){FLOW_WAIT, false}, (struct client){0}, WALK, &walks);
    assert_true(walks > 1000000);
}

/* From any state: the body goes on only where it is none of ours, protected or our own problem. */
static void body_goes_on_in_five_states_only(void **state)
{
    (void)state;
    for (int from = 0; from < FLOW_STATES; from++) {
        for (int event = EV_MORE; event <= EV_EMPTY; event++) {
            struct flow flow = {(enum flow_state)from, false};
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
            struct flow flow = {(enum flow_state)from, false};
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
        struct flow flow = {(enum flow_state)from, false};

        assert_int_equal(flow_on(&flow, EV_FAILED), DO_REFUSE);
    }
}

static void failing_open_releases_only_a_held_answer(void **state)
{
    (void)state;
    for (int from = 0; from < FLOW_STATES; from++) {
        struct flow flow = {(enum flow_state)from, true};
        enum flow_action action = flow_on(&flow, EV_FAILED);
        bool holds = from >= FLOW_PEEK_PASS && from <= FLOW_DELIVER;

        assert_true(holds == (action == DO_RELEASE));
    }
}

static void a_second_401_is_final(void **state)
{
    struct flow flow = {FLOW_CALL, false};

    (void)state;
    assert_int_equal(flow_on(&flow, EV_SPOILED), DO_ASK_TOKEN);
    assert_int_equal(flow_on(&flow, EV_TOKEN), DO_SEND);
    assert_int_equal(flow_on(&flow, EV_SPOILED), DO_REFUSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_walk_lets_the_original_out),
        cmocka_unit_test(body_goes_on_in_five_states_only),
        cmocka_unit_test(only_a_delivered_body_is_resumed),
        cmocka_unit_test(a_failure_is_refused_wherever_an_answer_is_held),
        cmocka_unit_test(failing_open_releases_only_a_held_answer),
        cmocka_unit_test(a_second_401_is_final),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
