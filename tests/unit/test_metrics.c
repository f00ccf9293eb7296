#include "tests/unit/check.h"

#include "common/cleanup.h"
#include "common/metrics.h"

#include <pthread.h>

DEFINE_CLEANUP(metrics, struct metrics *, metrics_free)
#define auto_metrics __attribute__((cleanup(cleanup_metrics)))

#define VALUES(...) ((const char *const[]){__VA_ARGS__})

static struct metrics *new_metrics(void)
{
    struct metrics *m = NULL;
    struct why why = {0};

    assert_ok(metrics_new(&m, &why), &why);
    return m;
}

static void assert_written(struct metrics *m, const char *wanted)
{
    auto_buf struct buf b = BUF_INIT(1 << 20);

    metrics_write(m, &b);
    assert_string_equal(buf_text(&b), wanted);
}

static void counters_and_gauges_are_written(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    struct metric_family *calls =
        metrics_family(m, METRIC_COUNTER, "calls_total", "Calls.", "path,status");
    struct metric_family *open = metrics_family(m, METRIC_GAUGE, "open", "Open ones.", "");

    (void)state;
    metric_add(metric_with(calls, VALUES("/token", "200")), 2);
    metric_add(metric_with(calls, VALUES("/token", "401")), 1);
    metric_add(metric_with(calls, VALUES("/token", "200")), 40);
    metric_set(metric_with(open, NULL), -3);
    assert_int_equal(metric_value(metric_with(calls, VALUES("/token", "200"))), 42);
    assert_written(m, "# HELP calls_total Calls.\n"
                      "# TYPE calls_total counter\n"
                      "calls_total{path=\"/token\",status=\"200\"} 42\n"
                      "calls_total{path=\"/token\",status=\"401\"} 1\n"
                      "# HELP open Open ones.\n"
                      "# TYPE open gauge\n"
                      "open -3\n");
}

static void a_gauge_goes_up_and_down(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    struct metric *open = metric_with(metrics_family(m, METRIC_GAUGE, "open", "Open.", ""), NULL);

    (void)state;
    metric_add(open, 2);
    metric_add(open, (uint64_t)-1);
    assert_int_equal(metric_value(open), 1);
    metric_add(open, (uint64_t)-3);
    assert_written(m, "# HELP open Open.\n# TYPE open gauge\nopen -2\n");
}

static void histograms_count_up_to_each_bound(void **state)
{
    static const uint64_t observed[] = {0, 100, 101, 2500000, 10000000, 10000001, 60000000};
    auto_metrics struct metrics *m = new_metrics();
    struct metric *s = metric_with(
        metrics_family(m, METRIC_HISTOGRAM, "call_seconds", "Time.", "job"), VALUES("Restrict"));

    (void)state;
    for (size_t i = 0; i < COUNT(observed); i++)
        metric_observe_us(s, observed[i]);
    assert_int_equal(metric_value(s), COUNT(observed));
    assert_written(m, "# HELP call_seconds Time.\n"
                      "# TYPE call_seconds histogram\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.0001\"} 2\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.00025\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.0005\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.001\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.0025\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.005\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.01\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.025\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.05\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.1\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.25\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"0.5\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"1\"} 3\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"2.5\"} 4\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"5\"} 4\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"10\"} 5\n"
                      "call_seconds_bucket{job=\"Restrict\",le=\"+Inf\"} 7\n"
                      "call_seconds_sum{job=\"Restrict\"} 82.500202\n"
                      "call_seconds_count{job=\"Restrict\"} 7\n");
}

static void a_histogram_without_labels_has_only_le(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    auto_buf struct buf b = BUF_INIT(10000);

    (void)state;
    metric_observe_us(metric_with(metrics_family(m, METRIC_HISTOGRAM, "t", "T.", ""), NULL), 1);
    metrics_write(m, &b);
    assert_contains(buf_text(&b), "t_bucket{le=\"0.0001\"} 1\n");
    assert_contains(buf_text(&b), "\nt_sum 0.000001\nt_count 1\n");
}

static void label_values_are_escaped(void **state)
{
    static const struct {
        const char *value, *written;
    } cases[] = {
        {"", ""},
        {"a\\b\"c\nd", "a\\\\b\\\"c\\nd"},
        {"{a=b,c}", "{a=b,c}"},
        {"\xc3\xa9\xf0\x9f\x99\x82", "\xc3\xa9\xf0\x9f\x99\x82"},
        {"\xff\xc3", "??"},
        {"\r\t", "\r\t"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_metrics struct metrics *m = new_metrics();
        struct metric_family *f = metrics_family(m, METRIC_COUNTER, "c", "C.", "v");
        char wanted[200];

        metric_add(metric_with(f, VALUES(cases[i].value)), 1);
        snprintf(wanted, sizeof wanted, "# HELP c C.\n# TYPE c counter\nc{v=\"%s\"} 1\n",
                 cases[i].written);
        assert_written(m, wanted);
    }
}

static void a_null_value_is_empty(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    struct metric_family *f = metrics_family(m, METRIC_COUNTER, "c", "C.", "v");

    (void)state;
    assert_non_null(metric_with(f, VALUES(NULL)));
    assert_ptr_equal(metric_with(f, VALUES(NULL)), metric_with(f, VALUES("")));
}

static void huge_values_are_cut(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    struct metric_family *f = metrics_family(m, METRIC_COUNTER, "c", "C.", "v");
    auto_buf struct buf b = BUF_INIT(10000);
    char value[5000];

    (void)state;
    memset(value, 'v', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    metric_add(metric_with(f, VALUES(value)), 1);
    metrics_write(m, &b);
    assert_int_equal(strspn(strstr(buf_text(&b), "vvv"), "v"), 200);
}

static void same_values_are_one_series(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    struct metric_family *f = metrics_family(m, METRIC_COUNTER, "c", "C.", "a,b");
    struct metric_family *g = metrics_family(m, METRIC_COUNTER, "d", "D.", "a,b");
    struct metric *one = metric_with(f, VALUES("x", "y"));

    (void)state;
    assert_ptr_equal(one, metric_with(f, VALUES("x", "y")));
    assert_ptr_not_equal(one, metric_with(f, VALUES("y", "x")));
    assert_ptr_not_equal(one, metric_with(f, VALUES("x\",b=\"y", "")));
    assert_ptr_not_equal(one, metric_with(g, VALUES("x", "y")));
}

static void a_family_has_a_ceiling_of_series(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    struct metric_family *f = metrics_family(m, METRIC_COUNTER, "c", "C.", "v");
    struct metric *first = NULL;
    char value[20];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        snprintf(value, sizeof value, "%d", i);
        assert_non_null(metric_with(f, VALUES(value)));
        first = first ? first : metric_with(f, VALUES("0"));
    }
    assert_null(metric_with(f, VALUES("one more")));
    assert_ptr_equal(metric_with(f, VALUES("0")), first);
}

static void counting_on_nothing_does_nothing(void **state)
{
    (void)state;
    assert_null(metric_with(NULL, VALUES("x")));
    metric_add(NULL, 1);
    metric_set(NULL, 1);
    metric_observe_us(NULL, 1);
    assert_int_equal(metric_value(NULL), 0);
    metrics_free(NULL);
}

static void families_without_series_are_announced(void **state)
{
    auto_metrics struct metrics *m = new_metrics();

    (void)state;
    assert_written(m, "");
    metrics_family(m, METRIC_GAUGE, "g", "G.", "a");
    assert_written(m, "# HELP g G.\n# TYPE g gauge\n");
}

/* ---- threads ---- */

enum { THREADS = 3, ROUNDS = 3000 };

struct shared {
    struct metrics *m;
    struct metric_family *counter, *histogram;
};

static void *count_much(void *ctx)
{
    struct shared *s = ctx;

    for (int i = 0; i < ROUNDS; i++) {
        char value[20];

        snprintf(value, sizeof value, "%d", i % 50);
        metric_add(metric_with(s->counter, VALUES(value)), 1);
        metric_observe_us(metric_with(s->histogram, NULL), (uint64_t)i);
    }
    return NULL;
}

/* The number behind `what` in the text. */
static unsigned long number_after(const char *text, const char *what)
{
    const char *at = strstr(text, what);

    return at ? strtoul(at + strlen(what), NULL, 10) : 0;
}

static void assert_consistent(struct metrics *m)
{
    auto_buf struct buf b = BUF_INIT(1 << 20);
    const char *text;

    metrics_write(m, &b);
    text = buf_text(&b);
    assert_int_equal(number_after(text, "h_bucket{le=\"+Inf\"} "), number_after(text, "h_count "));
}

static void threads_lose_no_count(void **state)
{
    auto_metrics struct metrics *m = new_metrics();
    struct shared s = {m, metrics_family(m, METRIC_COUNTER, "c", "C.", "v"),
                       metrics_family(m, METRIC_HISTOGRAM, "h", "H.", "")};
    pthread_t threads[THREADS];
    uint64_t total = 0;

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_much, &s), 0);
    for (int i = 0; i < 50; i++)
        assert_consistent(m);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 50; i++) {
        char value[20];

        snprintf(value, sizeof value, "%d", i);
        total += metric_value(metric_with(s.counter, VALUES(value)));
    }
    assert_int_equal(total, THREADS * ROUNDS);
    assert_int_equal(metric_value(metric_with(s.histogram, NULL)), THREADS * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_and_gauges_are_written),
        cmocka_unit_test(a_gauge_goes_up_and_down),
        cmocka_unit_test(histograms_count_up_to_each_bound),
        cmocka_unit_test(a_histogram_without_labels_has_only_le),
        cmocka_unit_test(label_values_are_escaped),
        cmocka_unit_test(a_null_value_is_empty),
        cmocka_unit_test(huge_values_are_cut),
        cmocka_unit_test(same_values_are_one_series),
        cmocka_unit_test(a_family_has_a_ceiling_of_series),
        cmocka_unit_test(counting_on_nothing_does_nothing),
        cmocka_unit_test(families_without_series_are_announced),
        cmocka_unit_test(threads_lose_no_count),
    };

    return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
