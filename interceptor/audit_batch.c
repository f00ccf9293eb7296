#include "interceptor/audit_batch.h"

#include <sched.h>
#include <string.h>

enum {
    BATCH_MAX = 5000,
    GROUP = 64,            /* rows that go to the store at once */
    MEMORY_KEPT = 1 << 20, /* of a buffer, for the rows to come */
};

/* What stands before a row's texts: the tenant and the record, each with a NUL. */
struct head {
    int64_t at_us;
    size_t tenant_size;
    size_t record_size;
};

enum status audit_row_pack(struct buf *rows, int64_t at_us, struct slice tenant,
                           struct slice record, struct why *why)
{
    const struct head head = {at_us, tenant.len + 1, record.len + 1};

    if (!buf_reserve(rows, sizeof head + head.tenant_size + head.record_size)) {
        rows->failed = ST_OK;
        return fail_memory(why);
    }
    buf_put(rows, &head, sizeof head);
    buf_put_slice(rows, tenant);
    buf_put_char(rows, '\0');
    buf_put_slice(rows, record);
    buf_put_char(rows, '\0');
    return ST_OK;
}

/* The row at *at, which moves on to the next one; texts are borrowed. */
static struct audit_row unpack(const struct audit_batch *batch, size_t *at)
{
    const char *text = batch->bytes.data + *at + sizeof(struct head);
    struct head head;

    memcpy(&head, batch->bytes.data + *at, sizeof head);
    *at += sizeof head + head.tenant_size + head.record_size;
    return (struct audit_row){
        .at_us = head.at_us, .tenant = text, .record = text + head.tenant_size};
}

/* What a transaction works on. */
struct work {
    const struct audit_batch *batch;
    struct audit_chain *chain;
    struct store *store;
    size_t at; /* behind the batch's rows that are added */
};

/* The next rows, as many as go at once, become links of the chain and rows of the store. */
static enum status add_group(struct work *w, size_t *count, struct why *why)
{
    struct audit_row rows[GROUP];
    size_t n = 0;

    while (n < GROUP && w->at < w->batch->bytes.len) {
        rows[n] = unpack(w->batch, &w->at);
        audit_chain_next(w->chain, &rows[n++]);
    }
    *count += n;
    return store_add_audit(w->store, rows, n, why);
}

/* A long batch on one core keeps those from it whose calls fill the next one, and the server's thread
 * then has nothing to do: so they go first between two groups. */
static enum status add_rows(struct work *w, size_t *ret_added, struct why *why)
{
    enum status st = audit_chain_refresh(w->chain, w->store, why);

    while (st == ST_OK && w->at < w->batch->bytes.len && *ret_added < BATCH_MAX) {
        st = add_group(w, ret_added, why);
        sched_yield();
    }
    return st == ST_OK ? audit_chain_save(w->chain, w->store, why) : st;
}

static enum status change_rows(struct work *w, const struct audit_trim *trim,
                               struct audit_done *ret, struct why *why)
{
    enum status st = add_rows(w, &ret->added, why);

    if (st != ST_OK || !trim)
        return st;
    return audit_chain_trim(w->chain, w->store, trim->before_us, trim->keep, &ret->removed, why);
}

enum status audit_batch_write(struct audit_batch *batch, struct audit_chain *chain,
                              struct store *store, const struct audit_trim *trim,
                              struct audit_done *ret, struct why *why)
{
    struct work work = {batch, chain, store, batch->at};
    enum status st = store_begin(store, why);

    *ret = (struct audit_done){0};
    if (st != ST_OK)
        return st;
    st = change_rows(&work, trim, ret, why);
    if (st != ST_OK || ret->added + (size_t)ret->removed == 0) {
        store_rollback(store);
        return st;
    }
    st = store_commit(store, why);
    if (st == ST_OK)
        batch->at = work.at;
    return st;
}

void audit_batch_empty(struct audit_batch *batch)
{
    if (batch->at < batch->bytes.len)
        return;
    batch->at = 0;
    buf_clear(&batch->bytes);
    if (batch->bytes.cap > MEMORY_KEPT)
        buf_free(&batch->bytes);
}
