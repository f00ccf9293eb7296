#include "common/metrics_internal.h"

#include "common/utf8.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LABELS_MAX_BYTES = 2048, /* of one series */
    VALUE_MAX_BYTES = 200,   /* of one label's value; what is longer is cut */
};

enum status metrics_new(struct metrics **ret, struct why *why)
{
    struct metrics *m = calloc(1, sizeof *m);

    if (!m || pthread_mutex_init(&m->lock, NULL) != 0) {
        free(m);
        return fail_memory(why);
    }
    m->last = &m->families;
    *ret = m;
    return ST_OK;
}

static void free_series(struct metric *series)
{
    while (series) {
        struct metric *next = series->next;

        free(series->labels);
        free(series);
        series = next;
    }
}

void metrics_free(struct metrics *m)
{
    struct metric_family *next;

    if (!m)
        return;
    for (struct metric_family *f = m->families; f; f = next) {
        next = f->next;
        free_series(f->series);
        free(f);
    }
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static struct metric_family *new_family(struct metrics *m, enum metric_type type, const char *name,
                                        const char *help, const char *labels)
{
    struct metric_family *f = calloc(1, sizeof *f);

    if (!f)
        return NULL;
    f->owner = m;
    f->type = type;
    f->name = name;
    f->help = help;
    f->labels = labels;
    f->last = &f->series;
    return f;
}

struct metric_family *metrics_family(struct metrics *m, enum metric_type type, const char *name,
                                     const char *help, const char *labels)
{
    struct metric_family *f = new_family(m, type, name, help, labels);

    if (!f)
        return NULL;
    pthread_mutex_lock(&m->lock);
    *m->last = f;
    m->last = &f->next;
    pthread_mutex_unlock(&m->lock);
    return f;
}

/* ---- label values ---- */

/* Backslash, quote and line break are escaped; what is no UTF-8 would spoil the whole page. */
static void put_character(struct buf *b, struct slice character)
{
    static const char special[] = "\\\"\n";
    static const char *const escaped[] = {"\\\\", "\\\"", "\\n"};
    const char *at = memchr(special, character.data[0], sizeof special - 1);

    if (at)
        buf_put_text(b, escaped[at - special]);
    else
        buf_put_slice(b, character);
}

static void put_label_value(struct buf *b, const char *text)
{
    struct slice rest = {text, strnlen(text, VALUE_MAX_BYTES)};

    while (rest.len > 0) {
        uint32_t code;
        size_t step = utf8_step(rest, &code);

        if (step > 0)
            put_character(b, (struct slice){rest.data, step});
        else
            buf_put_char(b, '?');
        rest.data += step > 0 ? step : 1;
        rest.len -= step > 0 ? step : 1;
    }
}

/* `name="value",name="value"`: how it is written, and what a series is found by. */
static void put_labels(struct buf *b, const char *names, const char *const values[])
{
    for (size_t i = 0; *names; i++) {
        size_t len = strcspn(names, ",");

        buf_put_text(b, i > 0 ? "," : "");
        buf_put(b, names, len);
        buf_put_text(b, "=\"");
        put_label_value(b, values[i] ? values[i] : "");
        buf_put_char(b, '"');
        names += len + (names[len] == ',');
    }
}

/* ---- series ---- */

/* FNV-1a; the ceiling of series keeps chains short whatever the values are. */
static size_t slot_of(const char *labels)
{
    uint32_t hash = 2166136261U;

    for (; *labels; labels++)
        hash = (hash ^ (unsigned char)*labels) * 16777619U;
    return hash % METRIC_SLOTS;
}

static struct metric *find(struct metric_family *f, const char *labels)
{
    struct metric *m = f->slots[slot_of(labels)];

    while (m && strcmp(m->labels, labels) != 0)
        m = m->in_slot;
    return m;
}

static struct metric *append(struct metric_family *f, const char *labels)
{
    struct metric *m = f->count < METRIC_SERIES_MAX ? calloc(1, sizeof *m) : NULL;
    struct metric **slot = &f->slots[slot_of(labels)];

    if (m)
        m->labels = strdup(labels);
    if (!m || !m->labels) {
        free(m);
        return NULL;
    }
    m->type = f->type;
    m->in_slot = *slot;
    *slot = m;
    *f->last = m;
    f->last = &m->next;
    f->count++;
    return m;
}

struct metric *metric_with(struct metric_family *family, const char *const values[])
{
    auto_buf struct buf key = BUF_INIT(LABELS_MAX_BYTES);
    struct metric *m;
    const char *labels;

    if (!family)
        return NULL;
    put_labels(&key, family->labels, values);
    labels = buf_text(&key);
    if (!labels)
        return NULL;
    pthread_mutex_lock(&family->owner->lock);
    m = find(family, labels);
    if (!m)
        m = append(family, labels);
    pthread_mutex_unlock(&family->owner->lock);
    return m;
}

/* ---- counting ---- */

const uint64_t metric_bounds_us[METRIC_BUCKETS] = {
    100,   250,    500,    1000,   2500,    5000,    10000,   25000,
    50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000,
};

static void count(atomic_uint_least64_t *where, uint64_t n)
{
    atomic_fetch_add_explicit(where, n, memory_order_relaxed);
}

void metric_add(struct metric *metric, uint64_t n)
{
    if (metric)
        count(&metric->value, n);
}

void metric_set(struct metric *metric, int64_t value)
{
    if (metric)
        atomic_store_explicit(&metric->value, (uint64_t)value, memory_order_relaxed);
}

void metric_observe_us(struct metric *metric, uint64_t us)
{
    size_t bucket = 0;

    if (!metric)
        return;
    while (bucket < METRIC_BUCKETS && us > metric_bounds_us[bucket])
        bucket++;
    count(&metric->buckets[bucket], 1);
    count(&metric->sum_us, us);
    count(&metric->value, 1);
}

uint64_t metric_value(const struct metric *metric)
{
    return metric ? atomic_load_explicit(&metric->value, memory_order_relaxed) : 0;
}
