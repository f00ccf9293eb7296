#include "plugin/flow.h"

#include <stdint.h>

struct step {
    uint8_t action; /* enum flow_action */
    uint8_t next;   /* enum flow_state */
};

/* clang-format off */

/* A row for each state. What is not named is {DO_REFUSE, FLOW_REFUSED}, as both are 0. */
static const struct step steps[FLOW_STATES][FLOW_EVENTS] = {
    [FLOW_WAIT] = {
        [EV_BODILESS] = {DO_CONTINUE, FLOW_PASSED},
        [EV_DATA] = {DO_HOLD, FLOW_COLLECT},
        [EV_MAYBE] = {DO_HOLD, FLOW_PEEK_PASS},
        [EV_UNKNOWN] = {DO_HOLD, FLOW_PEEK_REFUSE},
    },
    [FLOW_PEEK_PASS] = {
        [EV_MORE] = {DO_HOLD, FLOW_PEEK_PASS},
        [EV_LOOKS_DATA] = {DO_HOLD, FLOW_COLLECT},
        [EV_LOOKS_OTHER] = {DO_CONTINUE, FLOW_PASSED},
        [EV_EMPTY] = {DO_CONTINUE, FLOW_NOTHING},
    },
    [FLOW_PEEK_REFUSE] = {
        [EV_MORE] = {DO_HOLD, FLOW_PEEK_REFUSE},
        [EV_LOOKS_DATA] = {DO_HOLD, FLOW_COLLECT},
        [EV_EMPTY] = {DO_CONTINUE, FLOW_NOTHING},
    },
    [FLOW_COLLECT] = {
        [EV_MORE] = {DO_HOLD, FLOW_COLLECT},
        [EV_END] = {DO_ASK_TOKEN, FLOW_TOKEN},
        [EV_EMPTY] = {DO_CONTINUE, FLOW_NOTHING},
    },
    [FLOW_TOKEN] = {
        [EV_TOKEN] = {DO_SEND, FLOW_CALL},
    },
    [FLOW_CALL] = {
        [EV_ANSWERED] = {DO_DELIVER, FLOW_DELIVER},
        [EV_SPOILED] = {DO_ASK_TOKEN, FLOW_TOKEN_AGAIN},
    },
    [FLOW_TOKEN_AGAIN] = {
        [EV_TOKEN] = {DO_SEND, FLOW_CALL_AGAIN},
    },
    [FLOW_CALL_AGAIN] = {
        [EV_ANSWERED] = {DO_DELIVER, FLOW_DELIVER},
    },
    [FLOW_DELIVER] = {
        [EV_DELIVERED] = {DO_RESUME, FLOW_PROTECTED},
    },
    [FLOW_PROTECTED] = {
        [EV_MORE] = {DO_CONTINUE, FLOW_PROTECTED},
        [EV_END] = {DO_CONTINUE, FLOW_PROTECTED},
        [EV_EMPTY] = {DO_CONTINUE, FLOW_PROTECTED},
    },
    [FLOW_NOTHING] = {
        [EV_EMPTY] = {DO_CONTINUE, FLOW_NOTHING},
        [EV_FAILED] = {DO_NOTHING, FLOW_NOTHING},
    },
    [FLOW_PASSED] = {
        [EV_BODILESS] = {DO_CONTINUE, FLOW_PASSED},
        [EV_MORE] = {DO_CONTINUE, FLOW_PASSED},
        [EV_END] = {DO_CONTINUE, FLOW_PASSED},
        [EV_EMPTY] = {DO_CONTINUE, FLOW_PASSED},
        [EV_FAILED] = {DO_NOTHING, FLOW_PASSED},
    },
    [FLOW_RELEASED] = {
        [EV_MORE] = {DO_CONTINUE, FLOW_RELEASED},
        [EV_END] = {DO_CONTINUE, FLOW_RELEASED},
        [EV_EMPTY] = {DO_CONTINUE, FLOW_RELEASED},
    },
    /* After a refusal the host lets our own problem pass by us, as an answer with headers of its
     * own. A body without them is what is left of the original. */
    [FLOW_REFUSED] = {
        [EV_BODILESS] = {DO_HOLD, FLOW_REFUSED},
        [EV_DATA] = {DO_HOLD, FLOW_REFUSED},
        [EV_MAYBE] = {DO_HOLD, FLOW_REFUSED},
        [EV_UNKNOWN] = {DO_HOLD, FLOW_REFUSED},
        [EV_FOREIGN] = {DO_HOLD, FLOW_REFUSED},
        [EV_OWN] = {DO_CONTINUE, FLOW_PROBLEM},
        [EV_MORE] = {DO_HOLD, FLOW_REFUSED},
        [EV_LOOKS_DATA] = {DO_HOLD, FLOW_REFUSED},
        [EV_LOOKS_OTHER] = {DO_HOLD, FLOW_REFUSED},
        [EV_END] = {DO_HOLD, FLOW_REFUSED},
        [EV_EMPTY] = {DO_HOLD, FLOW_REFUSED},
        [EV_TOKEN] = {DO_NOTHING, FLOW_REFUSED},
        [EV_ANSWERED] = {DO_NOTHING, FLOW_REFUSED},
        [EV_SPOILED] = {DO_NOTHING, FLOW_REFUSED},
        [EV_DELIVERED] = {DO_NOTHING, FLOW_REFUSED},
        [EV_FAILED] = {DO_NOTHING, FLOW_REFUSED},
    },
    [FLOW_PROBLEM] = {
        [EV_MORE] = {DO_CONTINUE, FLOW_PROBLEM},
        [EV_END] = {DO_CONTINUE, FLOW_PROBLEM},
        [EV_EMPTY] = {DO_CONTINUE, FLOW_PROBLEM},
        [EV_FAILED] = {DO_NOTHING, FLOW_PROBLEM},
    },
};

/* clang-format on */

/* Is there an answer of the backend that has not gone to the client? */
static bool holds_answer(enum flow_state state, enum flow_event event)
{
    return (state >= FLOW_PEEK_PASS && state <= FLOW_DELIVER) ||
           (state == FLOW_WAIT && event == EV_FOREIGN);
}

enum flow_action flow_on(struct flow *flow, enum flow_event event)
{
    struct step step = steps[flow->state][event];

    if (event == EV_EMPTY && flow->has_bytes && holds_answer(flow->state, event))
        step = (struct step){DO_REFUSE, FLOW_REFUSED};
    flow->has_bytes |= event == EV_MORE;
    if (step.action == DO_REFUSE && flow->fail_open && holds_answer(flow->state, event))
        step = (struct step){DO_RELEASE, FLOW_RELEASED};
    flow->state = (enum flow_state)step.next;
    return (enum flow_action)step.action;
}
