/* How fast the engine is, as ratios within one run: jansson (load, change, indented dump) on the
 * same text is the measure. Usage: bench_engine [ROUNDS] */
#include "interceptor/engine/engine.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { MIB = 1 << 20, MANY = 1000 };

/* Processor time of this thread, so that other work on the machine counts little. */
static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void put_employee(struct buf *text, unsigned i)
{
    buf_printf(text,
               "{\"id\":\"%u\",\"firstName\":\"Robert%u\",\"lastName\":\"Brownforest\","
               "\"fullName\":\"Robert Brownforest\",\"DOB\":\"18/12/1965\",\"age\":%u,"
               "\"email\":\"RB%u@exate.com\",\"active\":true,\"photo\":"
               "\"https://pbs.twimg.com/profile_images/735509975649378305/B81JwLT7.jpg\"}",
               i, i % 97, 20 + i % 50, i);
}

/* Every protected value is another one. */
static void put_stranger(struct buf *text, unsigned i)
{
    buf_printf(text,
               "{\"id\":\"%u\",\"firstName\":\"Robert%u\",\"lastName\":\"Brownforest%u\","
               "\"fullName\":\"Robert Brownforest\",\"DOB\":\"%02u/%02u/%u\",\"age\":%u,"
               "\"email\":\"RB%u@exate.com\",\"active\":true,\"photo\":"
               "\"https://pbs.twimg.com/profile_images/735509975649378305/B81JwLT7.jpg\"}",
               i, i, i, 1 + i % 28, 1 + i / 28 % 12, 1900 + i / 336 % 100, 20 + i % 50, i);
}

static void put_article(struct buf *text, unsigned i)
{
    buf_printf(text, "{\"firstName\":\"Ann%u\",\"text\":\"", i);
    for (int n = 0; n < 40; n++)
        buf_put_text(text,
                     "The quick brown fox jumps over the lazy dog, and then some more of it. ");
    buf_put_text(text, "\",\"more\":\"Z\xc3\xbcrich, K\xc3\xb8"
                       "benhavn, Troms\xc3\xb8\"}");
}

static struct buf make_text(size_t size, void (*put)(struct buf *, unsigned))
{
    struct buf text = BUF_INIT((size_t)1 << 31);
    unsigned i = 0;

    buf_put_text(&text, "{\"employees\":{\"employee\":[");
    for (; text.len < size - 4096; i++) {
        if (i)
            buf_put_char(&text, ',');
        put(&text, i);
    }
    buf_put_text(&text, "]}}");
    return text;
}

static struct plan *make_plan(size_t attributes)
{
    static const char *const real[] = {"employees.employee[].firstName",
                                       "employees.employee[].lastName", "employees.employee[].DOB"};
    struct plan_attribute *list = calloc(attributes, sizeof *list);
    char(*names)[64] = calloc(attributes, sizeof *names);
    struct ring_key key = {1, {1}};
    struct key_ring ring = {{2}, &key, 1};
    struct plan_spec spec = {SLICE("demo"), &ring, list, attributes, UNLISTED_PASS, NULL};
    struct plan *plan = NULL;
    struct why why;

    for (size_t i = 0; i < attributes; i++) {
        snprintf(names[i], sizeof names[i], "employees.employee[].other%zu", i);
        list[i] = (struct plan_attribute){i < 3 ? real[i] : names[i],
                                          i == 2 ? TYPE_DATE : TYPE_STRING, "d", NULL};
    }
    if (plan_new(&spec, &plan, &why) != ST_OK)
        exit(1);
    free(list);
    free(names);
    return plan;
}

/* The best of so many rounds, in seconds. */
static double time_engine(struct engine *e, const struct plan *plan, enum job job,
                          const struct buf *text, int rounds)
{
    struct engine_call call = {.plan = plan, .job = job, .restricted_text = SLICE("*********")};
    struct buf answer = BUF_INIT((size_t)1 << 31);
    double best = 1e9;

    for (int i = 0; i < rounds; i++) {
        double from = now_s();

        buf_clear(&answer);
        if (engine_protect(e, &call, buf_slice(text), &answer, NULL, NULL) != ST_OK)
            exit(1);
        if (now_s() - from < best)
            best = now_s() - from;
    }
    buf_done(&answer);
    return best;
}

/* What a byte of the large text costs, to one of the small: as many bytes of each, in turns, so that
 * the machine is as busy in both; memory is asked for anew each time, as in a call. */
static double large_to_small(struct engine *e, const struct plan *plan, const struct buf *small,
                             const struct buf *large, int rounds)
{
    const int repeats = (int)(large->len / small->len);
    double best_small = 1e9, best_large = 1e9;

    for (int i = 0; i < rounds; i++) {
        double from = now_s(), took;

        for (int n = 0; n < repeats; n++)
            time_engine(e, plan, JOB_RESTRICT, small, 1);
        took = (now_s() - from) / (double)(small->len * (size_t)repeats);
        best_small = took < best_small ? took : best_small;
        from = now_s();
        time_engine(e, plan, JOB_RESTRICT, large, 1);
        took = (now_s() - from) / (double)large->len;
        best_large = took < best_large ? took : best_large;
    }
    return best_large / best_small;
}

static void change(json_t *tree)
{
    json_t *list = json_object_get(json_object_get(tree, "employees"), "employee");
    json_t *item;
    size_t i;

    json_array_foreach (list, i, item) {
        json_object_set_new(item, "firstName", json_string("*********"));
        json_object_set_new(item, "lastName", json_string("*********"));
        json_object_set_new(item, "DOB", json_string("01/01/0001"));
    }
}

static double time_jansson(const struct buf *text, int rounds)
{
    double best = 1e9;

    for (int i = 0; i < rounds; i++) {
        double from = now_s();
        json_t *tree = json_loadb(text->data, text->len, 0, NULL);
        char *dump;

        change(tree);
        dump = json_dumps(tree, JSON_INDENT(2));
        json_decref(tree);
        free(dump);
        if (now_s() - from < best)
            best = now_s() - from;
    }
    return best;
}

static void report(const char *what, size_t bytes, double engine, double other)
{
    printf("%-44s %7.0f MB/s", what, (double)bytes / engine / 1e6);
    if (other > 0)
        printf("  %5.1f times", other / engine);
    printf("\n");
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 10;
    struct buf employees = make_text(4 * MIB, put_employee);
    struct buf strangers = make_text(4 * MIB, put_stranger);
    struct buf articles = make_text(4 * MIB, put_article);
    struct buf small = make_text(MIB, put_employee);
    struct buf large = make_text(32 * MIB, put_employee);
    struct plan *few = make_plan(3), *many = make_plan(MANY);
    struct engine *e = NULL;
    struct rusage usage;
    double jansson, one, all;

    if (engine_new(&e, NULL) != ST_OK)
        return 1;
    jansson = time_jansson(&employees, rounds / 2 + 1);
    report("jansson, records", employees.len, jansson, 0);
    report("Restrict, records, to jansson", employees.len,
           time_engine(e, few, JOB_RESTRICT, &employees, rounds), jansson);
    report("DataMasking, records, to jansson", employees.len,
           time_engine(e, few, JOB_DATA_MASKING, &employees, rounds), jansson);
    report("layout alone, records, to jansson", employees.len,
           time_engine(e, NULL, JOB_RESTRICT, &employees, rounds), jansson);
    jansson = time_jansson(&strangers, rounds / 2 + 1);
    report("jansson, no value twice", strangers.len, jansson, 0);
    report("Restrict, no value twice, to jansson", strangers.len,
           time_engine(e, few, JOB_RESTRICT, &strangers, rounds), jansson);
    report("DataMasking, no value twice, to jansson", strangers.len,
           time_engine(e, few, JOB_DATA_MASKING, &strangers, rounds), jansson);
    jansson = time_jansson(&articles, rounds / 2 + 1);
    report("jansson, long strings", articles.len, jansson, 0);
    report("Restrict, long strings, to jansson", articles.len,
           time_engine(e, few, JOB_RESTRICT, &articles, rounds), jansson);
    printf("a byte of 32 MiB costs %.2f times one of 1 MiB\n",
           large_to_small(e, few, &small, &large, rounds));
    one = time_engine(e, few, JOB_RESTRICT, &small, rounds * 8);
    all = time_engine(e, many, JOB_RESTRICT, &small, rounds * 8);
    printf("%d attributes cost %.2f times what 3 do\n", MANY, all / one);
    getrusage(RUSAGE_SELF, &usage);
    printf("peak memory of this program: %ld MiB\n", usage.ru_maxrss / 1024);
    engine_free(e);
    plan_free(few);
    plan_free(many);
    buf_done(&employees);
    buf_done(&strangers);
    buf_done(&articles);
    buf_done(&small);
    buf_done(&large);
    return 0;
}
