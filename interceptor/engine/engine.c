#include "interceptor/engine/engine.h"

#include "interceptor/engine/json_stream.h"
#include "interceptor/engine/literal.h"
#include "interceptor/engine/run.h"
#include "interceptor/engine/sql_stream.h"
#include "interceptor/engine/xml_stream.h"

#include <pthread.h>
#include <stdlib.h>

enum { SCRATCH_KEPT = 1 << 20 };

/* All that one call at a time needs, kept for the next. */
struct worker {
    struct worker *next;
    struct json_work *json;
    struct crypt *crypt;
    struct digest_memo memo;
    struct batch batch;
    struct buf characters, restricted, opened, made;
    struct attribute_count *counts;
    size_t count_room;
};

struct engine {
    pthread_mutex_t lock;
    struct worker *idle;
};

static const char *const data_set_types[DATA_SET_TYPES] = {
    [DATA_SET_JSON] = "JSON", [DATA_SET_XML] = "XML", [DATA_SET_SQL] = "SQL"};
static const char *const sql_types[SQL_TYPES] = {
    [SQL_ORACLE] = "Oracle",       [SQL_MYSQL] = "MySQL", [SQL_POSTGRESQL] = "PostgreSQL",
    [SQL_SQLSERVER] = "SqlServer", [SQL_H2] = "H2",       [SQL_DREMIO] = "Dremio"};

/* The index of the word, or -1. */
static int find_word(const char *const words[], int count, struct slice text)
{
    for (int i = 0; i < count; i++) {
        if (slice_equal_nocase(text, slice_of(words[i])))
            return i;
    }
    return -1;
}

bool data_set_type_parse(struct slice text, enum data_set_type *ret)
{
    int found = find_word(data_set_types, DATA_SET_TYPES, text);

    if (found >= 0)
        *ret = (enum data_set_type)found;
    return found >= 0;
}

bool sql_type_parse(struct slice text, enum sql_type *ret)
{
    int found = find_word(sql_types, SQL_TYPES, text);

    if (found >= 0)
        *ret = (enum sql_type)found;
    return found >= 0;
}

static void worker_free(struct worker *w)
{
    if (!w)
        return;
    json_work_free(w->json);
    crypt_free(w->crypt);
    batch_done(&w->batch);
    buf_done(&w->characters);
    buf_done(&w->restricted);
    buf_done(&w->opened);
    buf_done(&w->made);
    free(w->counts);
    free(w);
}

DEFINE_CLEANUP(worker, struct worker *, worker_free)
#define auto_worker __attribute__((cleanup(cleanup_worker)))

static enum status worker_new(struct worker **ret, struct why *why)
{
    auto_worker struct worker *w = calloc(1, sizeof *w);
    enum status st;

    if (!w)
        return fail_memory(why);
    batch_init(&w->batch);
    buf_init(&w->characters, SIZE_MAX / 4);
    buf_init(&w->restricted, SIZE_MAX / 4);
    buf_init(&w->opened, SIZE_MAX / 4);
    buf_init(&w->made, SIZE_MAX / 4);
    st = json_work_new(&w->json, why);
    if (st == ST_OK)
        st = crypt_new(&w->crypt, why);
    if (st == ST_OK)
        *ret = take(w);
    return st;
}

enum status engine_new(struct engine **ret, struct why *why)
{
    struct engine *e = calloc(1, sizeof *e);

    if (!e)
        return fail_memory(why);
    if (pthread_mutex_init(&e->lock, NULL) != 0) {
        free(e);
        return fail(why, ST_INTERNAL, "no lock can be made");
    }
    *ret = e;
    return ST_OK;
}

void engine_free(struct engine *e)
{
    if (!e)
        return;
    while (e->idle) {
        struct worker *next = e->idle->next;

        worker_free(e->idle);
        e->idle = next;
    }
    pthread_mutex_destroy(&e->lock);
    free(e);
}

static enum status take_worker(struct engine *e, struct worker **ret, struct why *why)
{
    struct worker *w;

    pthread_mutex_lock(&e->lock);
    w = e->idle;
    if (w)
        e->idle = w->next;
    pthread_mutex_unlock(&e->lock);
    if (!w)
        return worker_new(ret, why);
    *ret = w;
    return ST_OK;
}

static void trim(struct buf *b)
{
    buf_clear(b);
    if (b->cap > SCRATCH_KEPT)
        buf_done(b);
}

static void give_worker(struct engine *e, struct worker *w)
{
    trim(&w->characters);
    trim(&w->restricted);
    trim(&w->opened);
    trim(&w->made);
    batch_clear(&w->batch);
    digest_memo_clear(&w->memo);
    pthread_mutex_lock(&e->lock);
    w->next = e->idle;
    e->idle = w;
    pthread_mutex_unlock(&e->lock);
}

/* A plan's counts go somewhere even when nobody wants them. */
static enum status own_counts(struct worker *w, const struct plan *plan, struct why *why)
{
    size_t need = plan ? plan->count + 1 : 1;
    struct attribute_count *counts;

    if (need <= w->count_room)
        return ST_OK;
    counts = realloc(w->counts, need * sizeof *counts);
    if (!counts)
        return fail_memory(why);
    memset(counts, 0, need * sizeof *counts);
    w->counts = counts;
    w->count_room = need;
    return ST_OK;
}

static enum status protect_text(struct run *run, struct worker *w, struct slice text,
                                struct why *why)
{
    switch (run->call->type) {
    case DATA_SET_XML:
        return xml_protect(run, text, why);
    case DATA_SET_SQL:
        return sql_protect(run, text, why);
    default:
        return json_protect(run, w->json, text, why);
    }
}

static enum status write_answer(struct run *run, struct worker *w, struct slice text,
                                struct why *why)
{
    static const char opening[] = "{\"dataSet\":\"", closing[] = "\"}";
    enum status st;

    if (!sink_room(&run->sink, sizeof opening))
        return buf_status(run->sink.out, why);
    sink_put(&run->sink, opening, sizeof opening - 1);
    st = protect_text(run, w, text, why);
    sink_no_relief(&run->sink); /* the reader is gone */
    if (st == ST_OK)
        st = batch_flush(run, why);
    if (st != ST_OK)
        return st;
    if (!sink_room(&run->sink, sizeof closing))
        return buf_status(run->sink.out, why);
    sink_put(&run->sink, closing, sizeof closing - 1);
    sink_sync(&run->sink);
    return ST_OK;
}

/* What takes the place of most strings is escaped once. */
static enum status prepare_restricted(struct run *run, struct why *why)
{
    const struct value restricted = {VALUE_STRING, run->call->restricted_text};
    struct sink s;

    sink_open(&s, &run->restricted, run->call->restricted_text.len + SINK_SLACK);
    if (literal_write(&s, LITERAL_JSON, &restricted))
        sink_sync(&s);
    return buf_status(&run->restricted, why);
}

/* The buffers are the worker's, lent to the run. */
static enum status run_call(struct worker *w, const struct engine_call *call, const bool *granted,
                            struct slice text, struct buf *ret, struct attribute_count *counts,
                            struct why *why)
{
    struct run run = {.call = call,
                      .plan = call->plan,
                      .granted = granted,
                      .crypt = w->crypt,
                      .memo = &w->memo,
                      .counts = counts,
                      .batch = w->batch,
                      .characters = w->characters,
                      .restricted = w->restricted,
                      .opened = w->opened,
                      .made = w->made};
    enum status st;

    if (!text.data)
        text = SLICE("");
    sink_open(&run.sink, ret, 2 * text.len + 256);
    spend_open(&run.spend, call->spending, text);
    st = prepare_restricted(&run, why);
    if (st == ST_OK)
        st = write_answer(&run, w, text, why);
    w->batch = run.batch;
    w->characters = run.characters;
    w->restricted = run.restricted;
    w->opened = run.opened;
    w->made = run.made;
    return st;
}

static enum status joint_grants(const struct engine_call *call, bool **ret, struct why *why)
{
    const struct plan *p = call->plan;

    return twins_grant(call->type == DATA_SET_XML ? &p->xml_twins : &p->sql_twins, call->granted,
                       ret, why);
}

enum status engine_protect(struct engine *e, const struct engine_call *call, struct slice data_set,
                           struct buf *ret, struct engine_result *result, struct why *why)
{
    size_t before = ret->len;
    struct worker *w = NULL;
    auto_free bool *joint = NULL;
    enum status st;

    if (call->job >= JOB_DEFAULT)
        return fail(why, ST_INTERNAL, "the job was not chosen");
    st = take_worker(e, &w, why);
    if (st != ST_OK)
        return st;
    st = own_counts(w, call->plan, why);
    if (st == ST_OK && call->type != DATA_SET_JSON && call->plan)
        st = joint_grants(call, &joint, why);
    if (st == ST_OK)
        st = run_call(w, call, joint ? joint : call->granted, data_set, ret,
                      result && result->counts ? result->counts : w->counts, why);
    give_worker(e, w);
    if (st != ST_OK)
        ret->len = before;
    return st;
}
