/* An engine with a plan and a token store in memory, for fuzz targets. The first byte of the input
 * chooses job and flags, the rest is the data set. */
#ifndef FUZZ_ENGINE_FUZZ_H
#define FUZZ_ENGINE_FUZZ_H

#include "interceptor/engine/engine.h"
#include "interceptor/engine/unescape.h"
#include "tests/fuzz/target.h"
#include "tests/unit/token_memory.h"

#include <stdlib.h>

static struct plan *fuzz_plan(enum unlisted unlisted)
{
    static const struct plan_attribute attributes[] = {
        {"a", TYPE_STRING, "a", NULL},       {"b[]", TYPE_DATE, "b", "dateShift:id"},
        {"c.d", TYPE_NUMBER, "c", NULL},     {"c", TYPE_BOOLEAN, "c", "shape"},
        {"**.e", TYPE_STRING, "e", "email"}, {"a.@f", TYPE_STRING, "f", "keepLast:2"},
    };
    struct ring_key key = {1, {1}};
    struct key_ring ring = {{2}, &key, 1};
    struct plan_spec spec = {SLICE("t"), &ring, attributes, 6, unlisted, "u"};
    struct plan *plan = NULL;

    if (plan_new(&spec, &plan, NULL) != ST_OK)
        abort();
    return plan;
}

/* Whether it was taken; then the answer's data set is in *ret, which is `room`'s. */
static bool fuzz_protect(struct engine_call *call, struct slice text, struct buf *room,
                         struct slice *ret)
{
    static struct engine *engine;
    static const size_t opening = sizeof "{\"dataSet\":\"" - 1;
    const char *fault;
    enum status st;
    struct why why;

    if (!engine && engine_new(&engine, NULL) != ST_OK)
        abort();
    buf_clear(room);
    st = engine_protect(engine, call, text, room, NULL, &why);
    if (st == ST_TOO_LARGE || st == ST_BAD_INPUT)
        return false;
    if (st != ST_OK)
        abort();
    if (!unescape_unchecked(room->data + opening, room->data + room->len, ret, &fault))
        abort();
    return true;
}

static void fuzz_scribble(void *ctx, const char *from, const char *to)
{
    (void)ctx;
    memset((char *)(uintptr_t)from, 'X', (size_t)(to - from));
}

/* A text that is given back as it is read makes the answer that it makes when it stays; tokens are
 * fresh each time, but as long. */
static void fuzz_spend(const struct engine_call *call, struct slice text, const struct buf *kept,
                       bool taken)
{
    struct buf spent = BUF_INIT(1 << 22);
    char *copy = slice_dup(text);
    const struct engine_spending spending = {.release = fuzz_scribble, .step = text.len % 7};
    struct engine_call spender = *call;
    struct slice once;

    spender.spending = &spending;
    if (!copy || fuzz_protect(&spender, (struct slice){copy, text.len}, &spent, &once) != taken)
        abort();
    if (taken && (spent.len != kept->len ||
                  (call->job != JOB_ENCRYPT && !slice_equal(buf_slice(&spent), buf_slice(kept)))))
        abort();
    buf_done(&spent);
    free(copy);
}

/* What was taken once is taken again, as it came out; layout of layout changes nothing. */
static void fuzz_data_set(enum data_set_type type, enum sql_type sql, uint8_t choice,
                          struct slice text)
{
    static struct plan *plans[2];
    struct plan **plan = &plans[(choice & 32) != 0];
    struct token_memory memory = {0};
    struct token_store store = token_memory_store(&memory);
    struct buf first = BUF_INIT(1 << 22), second = BUF_INIT(1 << 22);
    struct slice once, twice;
    bool taken;
    struct engine_call call = {.type = type, .sql_type = sql, .tokens = &store};

    if (!*plan)
        *plan = fuzz_plan(choice & 32 ? UNLISTED_PROTECT : UNLISTED_PASS);
    call.plan = *plan;
    call.job = (enum job)(choice % JOB_DEFAULT);
    call.restricted_text = SLICE("\xc3\xa9\"<'\\*");
    call.protect_null_values = choice & 64;
    call.preserve_string_length = choice & 128;
    taken = fuzz_protect(&call, text, &first, &once);
    fuzz_spend(&call, text, &first, taken);
    if (taken) {
        call.plan = NULL;
        if (!fuzz_protect(&call, once, &second, &twice) || !slice_equal(once, twice))
            abort();
    }
    buf_done(&first);
    buf_done(&second);
    token_memory_done(&memory);
}

#endif
