#include "common/metrics_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint64_t load(const atomic_uint_least64_t *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

/* `name{labels,le="0.1"} ` with what is empty left out. */
static void put_name(struct buf *b, const struct metric_family *f, const char *suffix,
                     const struct metric *m, const char *le)
{
    buf_printf(b, "%s%s", f->name, suffix);
    if (*m->labels || *le) {
        buf_printf(b, "{%s%s", m->labels, *m->labels && *le ? "," : "");
        if (*le)
            buf_printf(b, "le=\"%s\"", le);
        buf_put_char(b, '}');
    }
    buf_put_char(b, ' ');
}

/* A bound as the shortest number of seconds: 100 is 0.0001, 2500000 is 2.5. */
static void format_seconds(uint64_t us, char ret[32])
{
    size_t len;

    snprintf(ret, 32, "%" PRIu64 ".%06" PRIu64, us / 1000000, us % 1000000);
    len = strlen(ret);
    while (ret[len - 1] == '0')
        len--;
    if (ret[len - 1] == '.')
        len--;
    ret[len] = '\0';
}

/* The count is the sum of the buckets as they were read, so that both agree while others count. */
static void put_histogram(struct buf *b, const struct metric_family *f, const struct metric *m)
{
    char text[32];
    uint64_t total = 0;

    for (size_t i = 0; i < METRIC_BUCKETS; i++) {
        total += load(&m->buckets[i]);
        format_seconds(metric_bounds_us[i], text);
        put_name(b, f, "_bucket", m, text);
        buf_printf(b, "%" PRIu64 "\n", total);
    }
    total += load(&m->buckets[METRIC_BUCKETS]);
    put_name(b, f, "_bucket", m, "+Inf");
    buf_printf(b, "%" PRIu64 "\n", total);
    format_seconds(load(&m->sum_us), text);
    put_name(b, f, "_sum", m, "");
    buf_printf(b, "%s\n", text);
    put_name(b, f, "_count", m, "");
    buf_printf(b, "%" PRIu64 "\n", total);
}

static void put_counter(struct buf *b, const struct metric_family *f, const struct metric *m)
{
    put_name(b, f, "", m, "");
    buf_printf(b, "%" PRIu64 "\n", load(&m->value));
}

static void put_gauge(struct buf *b, const struct metric_family *f, const struct metric *m)
{
    put_name(b, f, "", m, "");
    buf_printf(b, "%" PRId64 "\n", (int64_t)load(&m->value));
}

static const struct {
    const char *word;
    void (*put)(struct buf *b, const struct metric_family *f, const struct metric *m);
} types[] = {
    [METRIC_COUNTER] = {"counter", put_counter},
    [METRIC_GAUGE] = {"gauge", put_gauge},
    [METRIC_HISTOGRAM] = {"histogram", put_histogram},
};

void metrics_write(struct metrics *m, struct buf *ret)
{
    pthread_mutex_lock(&m->lock);
    for (const struct metric_family *f = m->families; f; f = f->next) {
        buf_printf(ret, "# HELP %s %s\n# TYPE %s %s\n", f->name, f->help, f->name,
                   types[f->type].word);
        for (const struct metric *series = f->series; series; series = series->next)
            types[f->type].put(ret, f, series);
    }
    pthread_mutex_unlock(&m->lock);
}
