/* The answer's way through the plugin, as a pure state machine: an event comes in, an action and
 * a state come out. It decides all that may let a byte go to the client, and nothing else; it
 * knows no host, no clock and no bytes.
 *
 * Fails closed by construction: whatever the table in flow.c does not name is REFUSE. */
#ifndef PLUGIN_FLOW_H
#define PLUGIN_FLOW_H

#include <stdbool.h>

enum flow_state {
    FLOW_REFUSED,     /* a problem was sent in the answer's place; its headers were not seen yet */
    FLOW_WAIT,        /* no answer yet */
    FLOW_PEEK_PASS,   /* the first bytes tell whether it is data; else it passes */
    FLOW_PEEK_REFUSE, /* the same; else it is refused */
    FLOW_COLLECT,     /* data, held back until it is whole */
    FLOW_TOKEN,       /* whole; waits for an access token */
    FLOW_CALL,        /* the interceptor has it */
    FLOW_TOKEN_AGAIN, /* the interceptor refused the token */
    FLOW_CALL_AGAIN,
    FLOW_DELIVER,   /* protected; takes the place of the original */
    FLOW_PROTECTED, /* from here on the answer has gone */
    FLOW_PASSED,    /* not to be protected */
    FLOW_RELEASED,  /* let through by onFailure, if it can be marked */
    FLOW_NOTHING,   /* it ended without a byte; none may come now */
    FLOW_PROBLEM,   /* our own problem goes by */
    FLOW_STATES,
};

enum flow_event {
    /* headers of an answer */
    EV_BODILESS, /* nothing will follow, or the route is not intercepted */
    EV_DATA,     /* of a kind that is protected */
    EV_MAYBE,    /* of a kind that passes unless it begins like data */
    EV_UNKNOWN,  /* of a kind that is refused unless it begins like data */
    EV_FOREIGN,  /* can't be protected */
    EV_OWN,      /* of the problem that took the answer's place */
    /* its body */
    EV_MORE, /* some of it, one byte or more */
    EV_LOOKS_DATA,
    EV_LOOKS_OTHER,
    EV_END,   /* all of it, one byte or more */
    EV_EMPTY, /* it ended without any; behind EV_MORE that is not believed */
    /* what became of our own doings */
    EV_TOKEN,     /* there is a token */
    EV_ANSWERED,  /* the interceptor protected it */
    EV_SPOILED,   /* the interceptor answered 401 */
    EV_DELIVERED, /* the protected body is in its place */
    EV_FAILED,    /* anything else */
    FLOW_EVENTS,
};

enum flow_action {
    DO_REFUSE,    /* send a problem, drop the body; from a callback: pause */
    DO_HOLD,      /* let nothing go on: pause */
    DO_CONTINUE,  /* let this part go on */
    DO_ASK_TOKEN, /* pause; EV_TOKEN or EV_FAILED follows */
    DO_SEND,      /* pause; EV_ANSWERED, EV_SPOILED or EV_FAILED follows */
    DO_DELIVER,   /* put the protected body in place; EV_DELIVERED or EV_FAILED follows */
    DO_RESUME,    /* let what is in place go on */
    DO_RELEASE,   /* let the original go, marked as unprotected: only with fail_open; EV_FAILED
                     follows where it can't be marked */
    DO_NOTHING,
    FLOW_ACTIONS,
};

struct flow {
    enum flow_state state;
    bool fail_open; /* the operator wants unprotected answers rather than none */
    bool has_bytes; /* some of the answer's body has come */
};

enum flow_action flow_on(struct flow *flow, enum flow_event event);

#endif
