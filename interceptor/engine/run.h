/* One call under way: what the readers of JSON, XML and SQL share. */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "interceptor/engine/batch.h"
#include "interceptor/engine/crypt.h"
#include "interceptor/engine/digest_memo.h"
#include "interceptor/engine/engine.h"
#include "interceptor/engine/plan_inside.h"
#include "interceptor/engine/sink.h"
#include "interceptor/engine/spend.h"
#include "interceptor/engine/value.h"

/* A value that the plan holds. */
struct leaf {
    struct value value;
    size_t attribute; /* plan_count(): one that no path holds */
    bool direct;      /* the path ends at this very value, not above it */
    bool restored;    /* it stood in a token, so that the record around it is not known */
};

enum outcome_kind {
    OUTCOME_KEEP,       /* it stays as it is */
    OUTCOME_VALUE,      /* it becomes `value` */
    OUTCOME_RESTRICTED, /* the same, and `value` is the whole restricted text */
    OUTCOME_ASSIGN,     /* a pseudonym of `length` characters comes from the token store */
    OUTCOME_RESOLVE,    /* it stays, unless the token store knows it */
    OUTCOME_SHIFT,      /* a date as long as it, when the subject is known */
};

struct outcome {
    enum outcome_kind kind;
    struct value value; /* borrowed: from the run until the next leaf, or from the call */
    size_t length;
};

struct run {
    const struct engine_call *call;
    const struct plan *plan; /* NULL: nothing is protected */
    const bool *granted;     /* the call's, or less where paths mean one place */
    struct crypt *crypt;
    struct digest_memo *memo;
    struct sink sink;
    struct spend spend; /* of the data set */
    struct batch batch;
    struct attribute_count *counts; /* never NULL with a plan */
    struct buf characters;          /* the decoded text of the leaf */
    struct buf restricted;          /* the restricted text as a JSON string of the answer */
    struct buf opened;              /* the text of a token's original */
    struct buf made;                /* the text of the outcome */
};

static inline bool run_granted(const struct run *run, size_t attribute)
{
    return run->granted && attribute < run->plan->count && run->granted[attribute];
}

/* Lets a reader give the text back, if the call does. */
static inline void run_relieve(struct run *run, void (*relief)(void *ctx), void *ctx)
{
    const struct engine_spending *how = run->spend.how;

    if (how)
        sink_relieve(&run->sink, relief, ctx, how->after, how->step);
}

static inline const struct planned *run_attribute(const struct run *run, size_t attribute)
{
    return &run->plan->attributes[attribute];
}

#endif
