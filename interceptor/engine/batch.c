#include "interceptor/engine/batch.h"

#include "interceptor/engine/leaf_job.h"
#include "interceptor/engine/literal.h"
#include "interceptor/engine/splice.h"

#include <stdlib.h>

enum { INDEX_SLOTS = 2 * TOKEN_BATCH_MAX, FIRST_ROOM = 32, TEXT_MAX = 1 << 20 };

void batch_init(struct batch *b)
{
    *b = (struct batch){0};
    buf_init(&b->text, SIZE_MAX / 4);
    buf_init(&b->patch, SIZE_MAX / 4);
}

void batch_done(struct batch *b)
{
    free(b->holes);
    free(b->asks);
    free(b->index);
    buf_done(&b->text);
    buf_done(&b->patch);
    batch_init(b);
}

void batch_clear(struct batch *b)
{
    if (b->text.cap > TEXT_MAX || b->patch.cap > TEXT_MAX)
        batch_done(b);
    if (b->index && b->asked > 0)
        memset(b->index, 0, INDEX_SLOTS * sizeof *b->index);
    b->count = b->asked = 0;
    buf_clear(&b->text);
    buf_clear(&b->patch);
}

/* Room for one more item; false when memory is out. */
static bool grow(void **items, size_t count, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : FIRST_ROOM;
    void *bigger;

    if (count < *room)
        return true;
    bigger = realloc(*items, more * size);
    if (!bigger)
        return false;
    *items = bigger;
    *room = more;
    return true;
}

static enum status add_hole(struct run *run, const struct leaf *leaf, const struct hole *hole,
                            struct why *why)
{
    struct batch *b = &run->batch;
    void *holes = b->holes;

    if (!grow(&holes, b->count, &b->room, sizeof *b->holes))
        return fail_memory(why);
    b->holes = holes;
    b->holes[b->count] = *hole;
    b->holes[b->count].attribute = leaf->attribute;
    b->holes[b->count].direct = leaf->direct;
    b->count++;
    if (b->count == TOKEN_BATCH_MAX || b->text.len >= TEXT_MAX)
        return batch_flush(run, why);
    return ST_OK;
}

static enum status new_ask(struct run *run, const struct leaf *leaf, struct ask **ret,
                           struct why *why)
{
    struct batch *b = &run->batch;
    struct slice text = leaf->value.text;
    void *asks = b->asks;

    if (!grow(&asks, b->asked, &b->ask_room, sizeof *b->asks))
        return fail_memory(why);
    b->asks = asks;
    *ret = &b->asks[b->asked];
    **ret = (struct ask){.domain = run_attribute(run, leaf->attribute)->domain,
                         .text = b->text.len,
                         .text_len = text.len};
    buf_put_slice(&b->text, text);
    return buf_status(&b->text, why);
}

/* The slot of a lookup: of its request, or a free one. A lookup is as good as random. */
static uint16_t *find_slot(const struct batch *b, const struct domain *domain,
                           const uint8_t lookup[LOOKUP_SIZE])
{
    size_t at = (lookup[0] | (size_t)lookup[1] << 8) % INDEX_SLOTS;

    for (; b->index[at]; at = (at + 1) % INDEX_SLOTS) {
        const struct ask *ask = &b->asks[b->index[at] - 1];

        if (ask->domain == domain && memcmp(ask->lookup, lookup, LOOKUP_SIZE) == 0)
            break;
    }
    return &b->index[at];
}

static enum status seal_ask(struct run *run, const struct leaf *leaf, struct ask *ask,
                            struct why *why)
{
    struct buf *text = &run->batch.text;
    enum status st;

    ask->sealed = text->len;
    st = crypt_seal(run->crypt, ask->domain, leaf->value, text, why);
    ask->sealed_len = text->len - ask->sealed;
    return st == ST_OK ? buf_status(text, why) : st;
}

/* Equal values of a domain share a request. */
static enum status find_request(struct run *run, const struct leaf *leaf, size_t length,
                                uint32_t *ret, struct why *why)
{
    struct batch *b = &run->batch;
    const struct domain *domain = run_attribute(run, leaf->attribute)->domain;
    uint8_t lookup[LOOKUP_SIZE];
    enum status st;
    struct ask *ask;
    uint16_t *slot;

    if (!b->index)
        b->index = calloc(INDEX_SLOTS, sizeof *b->index);
    if (!b->index)
        return fail_memory(why);
    crypt_lookup(domain, leaf->value, lookup);
    slot = find_slot(b, domain, lookup);
    if (*slot == 0) {
        st = new_ask(run, leaf, &ask, why);
        if (st == ST_OK)
            st = seal_ask(run, leaf, ask, why);
        if (st != ST_OK)
            return st;
        memcpy(ask->lookup, lookup, LOOKUP_SIZE);
        ask->length = length;
        *slot = (uint16_t)++b->asked;
    }
    *ret = *slot - 1u;
    return ST_OK;
}

enum status batch_assign(struct run *run, const struct leaf *leaf, size_t offset, size_t length,
                         struct why *why)
{
    struct hole hole = {.offset = offset, .len = length};
    enum status st = find_request(run, leaf, length, &hole.ask, why);

    return st == ST_OK ? add_hole(run, leaf, &hole, why) : st;
}

enum status batch_resolve(struct run *run, const struct leaf *leaf, size_t offset, size_t prefix,
                          enum literal_style style, struct why *why)
{
    struct hole hole = {.offset = offset,
                        .len = sink_offset(&run->sink) - offset,
                        .style = style,
                        .prefix = prefix,
                        .ask = (uint32_t)run->batch.asked};
    struct ask *ask;
    enum status st = new_ask(run, leaf, &ask, why);

    if (st != ST_OK)
        return st;
    run->batch.asked++;
    return add_hole(run, leaf, &hole, why);
}

/* The new text of a hole is what `patch` got since `from`. */
static void set_patch(struct batch *b, struct hole *hole, size_t from)
{
    hole->patched = true;
    hole->patch_at = from;
    hole->patch_len = b->patch.len - from;
}

static enum status ask_assign(struct run *run, struct token_request *requests, char *room,
                              struct why *why)
{
    struct batch *b = &run->batch;
    const struct token_store *store = run->call->tokens;
    enum status st;

    for (size_t i = 0; i < b->asked; i++) {
        const struct ask *ask = &b->asks[i];
        struct token_request *r = &requests[i];

        *r = (struct token_request){.sealed = {b->text.data + ask->sealed, ask->sealed_len},
                                    .length = ask->length,
                                    .avoid = {b->text.data + ask->text, ask->text_len},
                                    .ret = room};
        memcpy(r->scope, domain_scope(ask->domain), SCOPE_SIZE);
        memcpy(r->lookup, ask->lookup, LOOKUP_SIZE);
        room += ask->length > TOKEN_LONG ? ask->length : TOKEN_LONG;
    }
    st = store->assign(store->context, requests, b->asked, why);
    for (size_t i = 0; st == ST_OK && i < b->count; i++) {
        const struct token_request *r = &requests[b->holes[i].ask];
        size_t from = b->patch.len;

        buf_put(&b->patch, r->ret, r->ret_len);
        set_patch(b, &b->holes[i], from);
    }
    return st;
}

static enum status flush_assign(struct run *run, struct why *why)
{
    struct batch *b = &run->batch;
    auto_free struct token_request *requests = calloc(b->asked, sizeof *requests);
    auto_free char *room = NULL;
    size_t chars = 0;

    for (size_t i = 0; i < b->asked; i++)
        chars += b->asks[i].length > TOKEN_LONG ? b->asks[i].length : TOKEN_LONG;
    room = malloc(chars);
    return requests && room ? ask_assign(run, requests, room, why) : fail_memory(why);
}

/* The pseudonym was known: what becomes of its original is written to `patch`. */
static enum status restore_hole(struct run *run, struct hole *hole, struct slice sealed,
                                struct why *why)
{
    struct batch *b = &run->batch;
    struct leaf leaf = {.attribute = hole->attribute, .direct = hole->direct};
    struct outcome outcome;
    struct value original;
    struct sink sink;
    size_t from = b->patch.len;
    enum status st;

    buf_clear(&run->opened);
    st = crypt_unseal(run->crypt, run_attribute(run, hole->attribute)->domain, sealed, &run->opened,
                      &original, why);
    if (st == ST_NOT_FOUND)
        return fail(why, ST_INTERNAL, "a pseudonym is kept that no key of the ring opens");
    if (st == ST_OK)
        st = leaf_restore(run, &leaf, original, &outcome, why);
    if (st != ST_OK || run->call->silent)
        return st;
    sink_open(&sink, &b->patch, outcome.value.text.len);
    if (literal_write(&sink, hole->style, &outcome.value)) {
        sink_sync(&sink);
        set_patch(b, hole, from);
    }
    if (outcome.value.kind == VALUE_STRING) {
        hole->offset += hole->prefix;
        hole->len -= hole->prefix;
    }
    return buf_status(&b->patch, why);
}

static enum status restore_all(struct run *run, const struct token_query *queries, struct why *why)
{
    struct batch *b = &run->batch;
    enum status st = ST_OK;

    for (size_t i = 0; st == ST_OK && i < b->count; i++) {
        const struct token_query *q = &queries[b->holes[i].ask];

        if (q->ret_found)
            st = restore_hole(run, &b->holes[i], q->ret_sealed, why);
        else
            run->counts[b->holes[i].attribute].kept++;
    }
    return st;
}

static enum status flush_resolve(struct run *run, struct why *why)
{
    struct batch *b = &run->batch;
    const struct token_store *store = run->call->tokens;
    auto_free struct token_query *queries = calloc(b->asked, sizeof *queries);
    enum status st;

    if (!queries)
        return fail_memory(why);
    for (size_t i = 0; i < b->asked; i++) {
        const struct ask *ask = &b->asks[i];

        queries[i].pseudonym = (struct slice){b->text.data + ask->text, ask->text_len};
        memcpy(queries[i].scope, domain_scope(ask->domain), SCOPE_SIZE);
    }
    st = store->resolve(store->context, queries, b->asked, why);
    if (st != ST_OK)
        return st;
    st = restore_all(run, queries, why);
    if (store->release)
        store->release(store->context, queries, b->asked);
    return st;
}

enum status batch_flush(struct run *run, struct why *why)
{
    struct batch *b = &run->batch;
    enum status st;

    if (b->count == 0)
        return ST_OK;
    st = run->call->job == JOB_PSEUDONYMISE ? flush_assign(run, why) : flush_resolve(run, why);
    if (st == ST_OK)
        st = buf_status(&b->patch, why);
    if (st == ST_OK)
        st = splice_holes(&run->sink, b, why);
    batch_clear(b);
    return st;
}
