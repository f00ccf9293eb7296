#include "tests/unit/check.h"

#include "employees-mock/template/kv.h"

#include <pthread.h>

#define S SLICE("shop")

static struct kv *new_kv(const struct kv_limits *limits, const struct clock *clock)
{
    struct kv *kv = NULL;
    struct why why;

    assert_ok(kv_new(limits, clock, &kv, &why), &why);
    return kv;
}

static void assert_value(struct kv *kv, struct slice store, struct slice key, const char *want)
{
    auto_buf struct buf json = BUF_INIT(1 << 20);
    struct why why;

    assert_ok(kv_get(kv, store, key, &json, &why), &why);
    assert_string_equal(buf_text(&json), want);
}

static enum status get(struct kv *kv, struct slice store, struct slice key)
{
    auto_buf struct buf json = BUF_INIT(1 << 20);

    return kv_get(kv, store, key, &json, NULL);
}

static void put_gets_and_replaces(void **state)
{
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    struct why why;

    (void)state;
    assert_status(ST_NOT_FOUND, get(kv, S, SLICE("a")), NULL);
    assert_ok(kv_put(kv, S, SLICE("a"), SLICE("1"), 0, &why), &why);
    assert_ok(kv_put(kv, S, SLICE("a"), SLICE("\"two\""), 0, &why), &why);
    assert_value(kv, S, SLICE("a"), "\"two\"");
    assert_int_equal(kv_count(kv), 1);
}

static void stores_are_apart(void **state)
{
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    struct why why;

    (void)state;
    assert_ok(kv_put(kv, SLICE("x"), SLICE("yk"), SLICE("1"), 0, &why), &why);
    assert_ok(kv_put(kv, SLICE("xy"), SLICE("k"), SLICE("2"), 0, &why), &why);
    assert_value(kv, SLICE("x"), SLICE("yk"), "1");
    assert_value(kv, SLICE("xy"), SLICE("k"), "2");
    assert_int_equal(kv_clear(kv, SLICE("x")), 1);
    assert_status(ST_NOT_FOUND, get(kv, SLICE("x"), SLICE("yk")), NULL);
    assert_value(kv, SLICE("xy"), SLICE("k"), "2");
    assert_int_equal(kv_clear(kv, (struct slice){0}), 1);
    assert_int_equal(kv_count(kv), 0);
}

static void an_entry_ends_with_its_time(void **state)
{
    struct clock clock = {.fixed = true, .fixed_us = 1000000};
    auto_kv struct kv *kv = new_kv(NULL, &clock);
    struct why why;
    json_t *list = NULL;

    (void)state;
    assert_ok(kv_put(kv, S, SLICE("a"), SLICE("1"), 500, &why), &why);
    clock.fixed_us += 499999;
    assert_value(kv, S, SLICE("a"), "1");
    clock.fixed_us += 1;
    assert_ok(kv_list(kv, S, &list, &why), &why);
    assert_int_equal(json_object_size(list), 0);
    json_decref(list);
    assert_status(ST_NOT_FOUND, get(kv, S, SLICE("a")), NULL);
    assert_int_equal(kv_count(kv), 0);
}

static void add_counts(void **state)
{
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    struct why why;
    int64_t sum = 0;

    (void)state;
    assert_ok(kv_add(kv, S, SLICE("n"), 5, &sum, &why), &why);
    assert_ok(kv_add(kv, S, SLICE("n"), -7, &sum, &why), &why);
    assert_int_equal(sum, -2);
    assert_value(kv, S, SLICE("n"), "-2");
}

static void add_refuses_what_is_no_number(void **state)
{
    static const char *const values[] = {"\"x\"", "1.5", "null", "[]", "\"1\""};
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    struct why why;
    int64_t sum = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(values); i++) {
        assert_ok(kv_put(kv, S, SLICE("n"), slice_of(values[i]), 0, &why), &why);
        assert_status(ST_CONFLICT, kv_add(kv, S, SLICE("n"), 1, &sum, &why), &why);
    }
    assert_ok(kv_put(kv, S, SLICE("n"), SLICE("9223372036854775807"), 0, &why), &why);
    assert_status(ST_CONFLICT, kv_add(kv, S, SLICE("n"), 1, &sum, &why), &why);
    assert_int_equal(sum, 77);
}

static void limits_hold(void **state)
{
    struct kv_limits limits = {.entries = 2, .bytes = 40, .value_bytes = 10};
    auto_kv struct kv *kv = new_kv(&limits, NULL);
    struct why why;

    (void)state;
    assert_status(ST_TOO_LARGE, kv_put(kv, S, SLICE("a"), SLICE("12345678901"), 0, &why), &why);
    assert_ok(kv_put(kv, S, SLICE("a"), SLICE("1"), 0, &why), &why);
    assert_ok(kv_put(kv, S, SLICE("b"), SLICE("1"), 0, &why), &why);
    assert_status(ST_TOO_LARGE, kv_put(kv, S, SLICE("c"), SLICE("1"), 0, &why), &why);
    assert_ok(kv_put(kv, S, SLICE("a"), SLICE("1234567890"), 0, &why), &why);
    assert_ok(kv_put(kv, S, SLICE("b"), SLICE("1234567890"), 0, &why), &why);
    limits.bytes = 20;
    assert_int_equal(kv_count(kv), 2);
}

static void ended_entries_make_room(void **state)
{
    struct clock clock = {.fixed = true};
    struct kv_limits limits = {.entries = 1};
    auto_kv struct kv *kv = new_kv(&limits, &clock);
    struct why why;

    (void)state;
    assert_ok(kv_put(kv, S, SLICE("a"), SLICE("1"), 10, &why), &why);
    assert_status(ST_TOO_LARGE, kv_put(kv, S, SLICE("b"), SLICE("1"), 0, &why), &why);
    clock.fixed_us = 10000;
    assert_ok(kv_put(kv, S, SLICE("b"), SLICE("1"), 0, &why), &why);
}

static void names_are_checked(void **state)
{
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    char name[KV_NAME_MAX + 1];
    struct slice longest = {name, KV_NAME_MAX};
    struct slice longer = {name, KV_NAME_MAX + 1};
    struct why why;

    (void)state;
    memset(name, 'n', sizeof name);
    assert_status(ST_BAD_INPUT, kv_put(kv, S, SLICE(""), SLICE("1"), 0, &why), &why);
    assert_string_equal(why.place, "key");
    assert_status(ST_BAD_INPUT, kv_put(kv, SLICE(""), S, SLICE("1"), 0, &why), &why);
    assert_string_equal(why.place, "store");
    assert_status(ST_BAD_INPUT, kv_put(kv, S, longer, SLICE("1"), 0, &why), &why);
    assert_ok(kv_put(kv, S, longest, SLICE("1"), 0, &why), &why);
}

static void delete_tells_whether_there_was_one(void **state)
{
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    struct why why;

    (void)state;
    assert_status(ST_NOT_FOUND, kv_delete(kv, S, SLICE("a"), &why), &why);
    assert_ok(kv_put(kv, S, SLICE("a"), SLICE("1"), 0, &why), &why);
    assert_ok(kv_delete(kv, S, SLICE("a"), &why), &why);
    assert_status(ST_NOT_FOUND, kv_delete(kv, S, SLICE("a"), &why), &why);
}

static void lists_are_sorted(void **state)
{
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    struct why why;
    json_t *list = NULL;
    char *text;

    (void)state;
    assert_ok(kv_put(kv, SLICE("b"), SLICE("y"), SLICE("[1]"), 0, &why), &why);
    assert_ok(kv_put(kv, SLICE("b"), SLICE("x"), SLICE("{\"k\":null}"), 0, &why), &why);
    assert_ok(kv_put(kv, SLICE("a"), SLICE("z"), SLICE("true"), 0, &why), &why);
    assert_ok(kv_list(kv, SLICE("b"), &list, &why), &why);
    text = json_dumps(list, JSON_COMPACT);
    assert_string_equal(text, "{\"x\":{\"k\":null},\"y\":[1]}");
    free(text);
    json_decref(list);
    assert_ok(kv_list_stores(kv, &list, &why), &why);
    text = json_dumps(list, JSON_COMPACT);
    assert_string_equal(text, "[\"a\",\"b\"]");
    free(text);
    json_decref(list);
}

enum { THREADS = 4, ROUNDS = 2000 };

static void *count_up(void *argument)
{
    struct kv *kv = argument;
    int64_t sum;

    for (int i = 0; i < ROUNDS; i++)
        if (kv_add(kv, S, SLICE("n"), 1, &sum, NULL) != ST_OK)
            return argument;
    return NULL;
}

static void many_threads_lose_no_count(void **state)
{
    auto_kv struct kv *kv = new_kv(NULL, NULL);
    pthread_t threads[THREADS];
    void *failed;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, kv), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_value(kv, S, SLICE("n"), "8000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_gets_and_replaces),
        cmocka_unit_test(stores_are_apart),
        cmocka_unit_test(an_entry_ends_with_its_time),
        cmocka_unit_test(add_counts),
        cmocka_unit_test(add_refuses_what_is_no_number),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(ended_entries_make_room),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(delete_tells_whether_there_was_one),
        cmocka_unit_test(lists_are_sorted),
        cmocka_unit_test(many_threads_lose_no_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
