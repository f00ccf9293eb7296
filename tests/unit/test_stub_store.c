#include "tests/unit/check.h"

#include "employees-mock/stub_store.h"
#include "tests/unit/stub_fixture.h"

#include <pthread.h>

static struct stub_store *new_store(void)
{
    struct stub_store *store = NULL;
    struct why why = {0};

    assert_ok(stub_store_new(&store, &why), &why);
    return store;
}

static void add(struct stub_store *store, const char *text)
{
    auto_stub struct stub *s = good_stub(text);
    struct why why = {0};

    assert_ok(stub_store_add(store, s, &why), &why);
}

/* A stub for GET of `request`, named `name`, with more members. */
static void add_named(struct stub_store *store, const char *name, const char *request,
                      const char *more)
{
    char text[512];

    snprintf(text, sizeof text, "{\"name\":\"%s\",\"request\":{\"method\":\"GET\",%s}%s}", name,
             request, more);
    add(store, text);
}

static void assert_match(struct stub_store *store, const char *url, const char *name)
{
    struct mock_source source = source_of("GET", url);
    auto_mock_request struct mock_request *r = mock_request_new(&source);
    auto_stub struct stub *s = NULL;
    struct why why = {0};

    assert_ok(stub_store_match(store, r, &s, &why), &why);
    if (!name) {
        assert_null(s);
        return;
    }
    assert_non_null(s);
    assert_string_equal(s->name, name);
}

static void priority_then_newest(void **state)
{
    struct stub_store *store = new_store();

    (void)state;
    add_named(store, "old", "\"url\":\"/a\"", "");
    add_named(store, "new", "\"url\":\"/a\"", "");
    assert_match(store, "/a", "new");
    add_named(store, "low", "\"url\":\"/a\"", ",\"priority\":9");
    assert_match(store, "/a", "new");
    add_named(store, "high", "\"url\":\"/a\"", ",\"priority\":1");
    assert_match(store, "/a", "high");
    stub_store_free(store);
}

/* Literal paths, starts of URLs and patterns without any are filed apart, and tried together. */
static void kinds_of_urls_are_tried_in_one_order(void **state)
{
    static const char *const kinds[] = {
        "\"url\":\"/x/1?q=2\"",
        "\"urlPath\":\"/x/1\"",
        "\"urlPattern\":\"/x/.*\"",
        "\"urlPathPattern\":\"/x/[0-9]\"",
        "\"urlPathTemplate\":\"/x/{n}\"",
        "\"urlPattern\":\".*\"",
        "\"headers\":{}",
    };
    struct stub_store *store = new_store();

    (void)state;
    for (size_t turn = 0; turn < COUNT(kinds); turn++) {
        for (size_t i = 0; i < COUNT(kinds); i++) {
            size_t kind = (i + turn) % COUNT(kinds);
            char name[32];

            snprintf(name, sizeof name, "%zu-%zu", turn, kind);
            add_named(store, name, kinds[kind], "");
            assert_match(store, "/x/1?q=2", name);
        }
    }
    stub_store_free(store);
}

static void id_is_taken_once(void **state)
{
    static const char text[] = "{\"id\":\"11111111-1111-4111-8111-111111111111\"}";
    struct stub_store *store = new_store();
    auto_stub struct stub *again = good_stub(text);
    struct why why = {0};

    (void)state;
    add(store, text);
    assert_status(ST_CONFLICT, stub_store_add(store, again, &why), &why);
    assert_int_equal(stub_store_count(store), 1);
    stub_store_free(store);
}

static void replaced_stub_keeps_its_place(void **state)
{
    static const char one[] = "{\"id\":\"11111111-1111-4111-8111-111111111111\",\"name\":\"one\","
                              "\"request\":{\"url\":\"/a\"}}";
    struct stub_store *store = new_store();
    auto_stub struct stub *changed = good_stub(one);
    struct why why = {0};

    (void)state;
    add(store, one);
    add_named(store, "two", "\"url\":\"/a\"", "");
    assert_ok(stub_store_replace(store, changed, &why), &why);
    assert_match(store, "/a", "two");
    stub_store_free(store);
}

static void many_come_and_go(void **state)
{
    enum { MANY = 3000 };
    struct stub_store *store = new_store();

    (void)state;
    for (int i = 0; i < MANY; i++) {
        char text[160];

        snprintf(text, sizeof text,
                 "{\"id\":\"00000000-0000-4000-8000-%012d\",\"name\":\"n%d\",\"request\":{\"url\":"
                 "\"/s/%d\"}}",
                 i, i, i);
        add(store, text);
    }
    assert_match(store, "/s/0", "n0");
    assert_match(store, "/s/2999", "n2999");
    for (int i = 0; i < MANY; i += 2) {
        char id[UUID_SIZE];

        snprintf(id, sizeof id, "00000000-0000-4000-8000-%012d", i);
        stub_drop(stub_store_remove(store, id));
    }
    assert_int_equal(stub_store_count(store), MANY / 2);
    assert_match(store, "/s/0", NULL);
    assert_match(store, "/s/2999", "n2999");
    stub_store_free(store);
}

static void import_is_one_step(void **state)
{
    struct stub_store *store = new_store();
    struct stub *list[2];
    struct why why = {0};

    (void)state;
    add_named(store, "gone", "\"url\":\"/gone\"", "");
    list[0] = good_stub("{\"name\":\"first\",\"request\":{\"url\":\"/a\"}}");
    list[1] = good_stub("{\"name\":\"second\",\"request\":{\"url\":\"/a\"}}");
    assert_ok(
        stub_store_import(store, list, 2, (struct stub_import){.delete_all_others = true}, &why),
        &why);
    assert_match(store, "/a", "first");
    assert_match(store, "/gone", NULL);
    stub_drop(list[0]);
    stub_drop(list[1]);
    stub_store_free(store);
}

static void import_leaves_what_came_from_no_file(void **state)
{
    struct stub_store *store = new_store();
    struct stub *of_file = good_stub("{\"name\":\"gone\",\"request\":{\"url\":\"/gone\"}}");
    struct stub *fresh = good_stub("{\"name\":\"new\",\"request\":{\"url\":\"/a\"}}");
    struct why why = {0};

    (void)state;
    of_file->file = strdup("f.json");
    assert_ok(stub_store_add(store, of_file, &why), &why);
    add_named(store, "stays", "\"url\":\"/stays\"", "");
    assert_ok(stub_store_import(store, &fresh, 1,
                                (struct stub_import){.delete_others_of_files = true}, &why),
              &why);
    assert_match(store, "/a", "new");
    assert_match(store, "/stays", "stays");
    assert_match(store, "/gone", NULL);
    stub_drop(of_file);
    stub_drop(fresh);
    stub_store_free(store);
}

static void scenario_moves_with_the_stub_that_answers(void **state)
{
    struct stub_store *store = new_store();

    (void)state;
    add_named(store, "one", "\"url\":\"/s\"",
              ",\"scenarioName\":\"s\",\"requiredScenarioState\":\"Started\",\"newScenarioState\":"
              "\"two\"");
    add_named(store, "two", "\"url\":\"/s\"",
              ",\"scenarioName\":\"s\",\"requiredScenarioState\":\"two\"");
    assert_match(store, "/other", NULL);
    assert_match(store, "/s", "one");
    assert_match(store, "/s", "two");
    assert_match(store, "/s", "two");
    scenarios_reset(stub_store_scenarios(store));
    assert_match(store, "/s", "one");
    stub_store_free(store);
}

static void times_run_out(void **state)
{
    struct stub_store *store = new_store();

    (void)state;
    add_named(store, "once", "\"url\":\"/t\"", ",\"times\":1");
    assert_match(store, "/t", "once");
    assert_match(store, "/t", NULL);
    assert_int_equal(stub_store_count(store), 0);
    stub_store_free(store);
}

/* ---- several threads ---- */

enum { THREADS = 4, ROUNDS = 400 };

static void *stub_and_ask(void *ctx)
{
    struct stub_store *store = ctx;
    struct mock_source source = source_of("GET", "/shared");

    for (int i = 0; i < ROUNDS; i++) {
        struct mock_request *r = mock_request_new(&source);
        struct stub *made = good_stub("{\"request\":{\"url\":\"/shared\"},\"scenarioName\":\"s\","
                                      "\"newScenarioState\":\"x\",\"times\":3}");
        struct stub *s = NULL;

        if (stub_store_add(store, made, NULL) == ST_OK &&
            stub_store_match(store, r, &s, NULL) == ST_OK)
            stub_drop(s);
        stub_drop(stub_store_remove(store, made->id));
        stub_drop(made);
        mock_request_free(r);
    }
    return NULL;
}

static void threads_stub_and_ask_at_once(void **state)
{
    struct stub_store *store = new_store();
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, stub_and_ask, store), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(stub_store_count(store), 0);
    stub_store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priority_then_newest),
        cmocka_unit_test(kinds_of_urls_are_tried_in_one_order),
        cmocka_unit_test(id_is_taken_once),
        cmocka_unit_test(replaced_stub_keeps_its_place),
        cmocka_unit_test(many_come_and_go),
        cmocka_unit_test(import_is_one_step),
        cmocka_unit_test(import_leaves_what_came_from_no_file),
        cmocka_unit_test(scenario_moves_with_the_stub_that_answers),
        cmocka_unit_test(times_run_out),
        cmocka_unit_test(threads_stub_and_ask_at_once),
    };

    return cmocka_run_group_tests_name("stub_store", tests, NULL, NULL);
}
