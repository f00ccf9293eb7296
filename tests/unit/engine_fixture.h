/* A tenant with a manifest, an engine and a token store in memory: data set in, data set out. */
#ifndef UNIT_ENGINE_FIXTURE_H
#define UNIT_ENGINE_FIXTURE_H

#include "interceptor/engine/engine.h"
#include "interceptor/engine/unescape.h"
#include "tests/unit/token_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { FIXTURE_ATTRIBUTES_MAX = 40 };

struct fixture {
    struct ring_key keys[2];
    struct key_ring ring;
    struct plan_attribute attributes[FIXTURE_ATTRIBUTES_MAX];
    struct plan_spec spec;
    struct engine *engine;
    struct plan *plan;
    struct token_memory memory;
    struct token_store store;
    struct engine_call call;
    struct attribute_count counts[FIXTURE_ATTRIBUTES_MAX + 1];
    struct buf answer;
    struct slice text; /* the data set of the last answer, decoded */
    struct why why;
};

static inline void fixture_replan(struct fixture *f)
{
    plan_free(f->plan);
    f->plan = NULL;
    if (plan_new(&f->spec, &f->plan, &f->why) != ST_OK)
        fail_msg("no plan: %s: %s", f->why.place, f->why.text);
    f->call.plan = f->plan;
}

/* attributes: ended by a path of NULL; a domain of NULL is the path's own. */
static inline void fixture_init(struct fixture *f, const struct plan_attribute *attributes)
{
    *f = (struct fixture){.keys = {{7, {1}}, {3, {2}}}};
    f->ring = (struct key_ring){{3}, f->keys, 2};
    for (size_t i = 0; attributes[i].path; i++) {
        f->attributes[i] = attributes[i];
        if (!attributes[i].domain)
            f->attributes[i].domain = attributes[i].path;
        f->spec.count++;
    }
    f->spec.attributes = f->attributes;
    f->spec.tenant = SLICE("demo");
    f->spec.keys = &f->ring;
    f->spec.unlisted_domain = "unlisted";
    f->store = token_memory_store(&f->memory);
    f->call = (struct engine_call){.restricted_text = SLICE("*********"), .tokens = &f->store};
    buf_init(&f->answer, 1u << 30);
    assert_int_equal(engine_new(&f->engine, NULL), ST_OK);
    fixture_replan(f);
}

static inline void fixture_done(struct fixture *f)
{
    plan_free(f->plan);
    engine_free(f->engine);
    token_memory_done(&f->memory);
    buf_done(&f->answer);
}

#define auto_fixture __attribute__((cleanup(fixture_done)))

/* The data set of an answer, which must be just {"dataSet":"..."}. */
static inline struct slice fixture_data_set(struct buf *answer)
{
    static const char opening[] = "{\"dataSet\":\"";
    const char *fault = NULL;
    struct slice text;
    char *behind;

    assert_true(answer->len > sizeof opening);
    assert_memory_equal(answer->data, opening, sizeof opening - 1);
    behind = unescape_unchecked(answer->data + sizeof opening - 1, answer->data + answer->len,
                                &text, &fault);
    assert_non_null(behind);
    assert_ptr_equal(behind + 1, answer->data + answer->len);
    assert_int_equal(*behind, '}');
    return text;
}

/* Text that was given back is never read again: it becomes something else. */
static inline void fixture_scribble(void *ctx, const char *from, const char *to)
{
    char **unspent = ctx;

    if (from < *unspent) /* it comes again, with more behind it */
        from = *unspent;
    if (to > from)
        memset((char *)(uintptr_t)from, 'X', (size_t)(to - from));
    *unspent = (char *)(uintptr_t)to;
}

/* Each text is given back as it is read, as early as can be. */
static inline enum status fixture_try(struct fixture *f, struct slice data_set)
{
    struct engine_result result = {f->counts};
    char *text = malloc(data_set.len + 1), *unspent = text; /* a block that ends with the text */
    const struct engine_spending spending = {
        .release = fixture_scribble, .ctx = &unspent, .step = data_set.len / 64};
    struct engine_call call = f->call;
    enum status st;

    if (!text) /* a test that lets memory fail */
        return ST_NO_MEMORY;
    if (data_set.len > 0)
        memcpy(text + 1, data_set.data, data_set.len);
    call.spending = &spending;
    buf_clear(&f->answer);
    memset(f->counts, 0, sizeof f->counts);
    st = engine_protect(f->engine, &call, (struct slice){text + 1, data_set.len}, &f->answer,
                        &result, &f->why);
    free(text);
    if (st == ST_OK)
        f->text = fixture_data_set(&f->answer);
    else
        assert_int_equal(f->answer.len, 0);
    return st;
}

/* The protected data set; the fixture's until the next call. */
static inline struct slice fixture_protect(struct fixture *f, struct slice data_set)
{
    if (fixture_try(f, data_set) != ST_OK)
        fail_msg("%.*s: %s", (int)data_set.len, data_set.data, f->why.text);
    return f->text;
}

static inline void assert_text(struct slice text, const char *expected)
{
    if (!slice_is(text, expected))
        fail_msg("got\n%.*s\nnot\n%s", (int)text.len, text.data, expected);
}

static inline void assert_protects(struct fixture *f, const char *data_set, const char *expected)
{
    assert_text(fixture_protect(f, slice_of(data_set)), expected);
}

static inline void assert_refuses(struct fixture *f, const char *data_set)
{
    struct slice text = slice_of(data_set);

    if (fixture_try(f, text) != ST_BAD_INPUT)
        fail_msg("taken: %.*s", (int)text.len, text.data);
}

/* Protects and reverses: the text must come back as layout alone has it. */
static inline void assert_reverses(struct fixture *f, enum job job, enum job reverse,
                                   struct slice data_set)
{
    bool granted[FIXTURE_ATTRIBUTES_MAX];
    struct engine_call call = f->call;
    char *plain, *hidden;
    size_t hidden_len;

    memset(granted, true, sizeof granted);
    f->call.plan = NULL;
    plain = slice_dup(fixture_protect(f, data_set));
    f->call = call;
    f->call.job = job;
    hidden_len = fixture_protect(f, data_set).len;
    hidden = slice_dup(f->text);
    f->call.job = reverse;
    f->call.granted = granted;
    assert_text(fixture_protect(f, (struct slice){hidden, hidden_len}), plain);
    f->call = call;
    free(hidden);
    free(plain);
}

#endif
