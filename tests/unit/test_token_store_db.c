#include "tests/unit/interceptor_fixture.h"

#include "interceptor/token_store_db.h"

#include <pthread.h>

struct kept {
    struct store *store;
    struct token_store_db *db;
    const struct token_store *tokens;
};

static int kept_setup(void **state)
{
    struct kept *k = calloc(1, sizeof *k);
    struct why why = {0};

    assert_ok(store_open(":memory:", &k->store, &why), &why);
    assert_ok(token_store_db_new(k->store, &k->db, &why), &why);
    k->tokens = token_store_db_interface(k->db);
    *state = k;
    return 0;
}

static int kept_teardown(void **state)
{
    struct kept *k = *state;

    token_store_db_free(k->db);
    store_close(k->store);
    free(k);
    return 0;
}

struct wanted {
    struct token_request request;
    char room[TOKEN_LONG + 10];
};

/* A value is told by its first two bytes; sealed is "s" and its number. */
static void want(struct wanted *w, uint8_t scope, uint16_t value, size_t length, char *sealed)
{
    *w = (struct wanted){.request = {.length = length, .avoid = SLICE("clear")}};
    w->request.scope[0] = scope;
    w->request.lookup[0] = (uint8_t)(value >> 8);
    w->request.lookup[1] = (uint8_t)value;
    snprintf(sealed, 8, "s%u", value);
    w->request.sealed = slice_of(sealed);
    w->request.ret = w->room;
}

static void assign_one(struct kept *k, struct wanted *w)
{
    struct why why = {0};

    assert_ok(k->tokens->assign(k->tokens->context, &w->request, 1, &why), &why);
}

static void a_value_keeps_its_pseudonym(void **state)
{
    struct wanted first, again;
    char sealed[8];

    want(&first, 1, 1, 6, sealed);
    assign_one(*state, &first);
    want(&again, 1, 1, 6, sealed);
    assign_one(*state, &again);
    assert_int_equal(first.request.ret_len, 6);
    assert_memory_equal(first.room, again.room, 6);
}

static void pseudonyms_lead_back_to_what_was_sealed_in_their_scope_only(void **state)
{
    struct kept *k = *state;
    struct token_query queries[3] = {0};
    struct wanted w;
    char sealed[8];
    struct why why = {0};

    want(&w, 1, 77, 6, sealed);
    assign_one(k, &w);
    for (size_t i = 0; i < COUNT(queries); i++) {
        queries[i].scope[0] = i == 1 ? 2 : 1;
        queries[i].pseudonym = i == 2 ? SLICE("nobody") : (struct slice){w.room, 6};
    }
    assert_ok(k->tokens->resolve(k->tokens->context, queries, COUNT(queries), &why), &why);
    assert_true(queries[0].ret_found);
    assert_true(slice_is(queries[0].ret_sealed, "s77"));
    assert_false(queries[1].ret_found || queries[2].ret_found);
    k->tokens->release(k->tokens->context, queries, COUNT(queries));
}

static void one_character_runs_out_and_long_ones_follow(void **state)
{
    size_t short_ones = 0;

    for (uint16_t value = 0; value < 100; value++) {
        struct wanted w;
        char sealed[8];

        want(&w, 3, value, 1, sealed);
        assign_one(*state, &w);
        assert_true(w.request.ret_len == 1 || w.request.ret_len == TOKEN_LONG);
        short_ones += w.request.ret_len == 1;
    }
    assert_int_equal(short_ones, 62);
}

enum { THREADS = 4, VALUES = 200 };

struct worker {
    struct kept *kept;
    char pseudonyms[VALUES][TOKEN_LONG];
};

/* All workers ask for the same values, in other orders. */
static void *ask_for_all(void *ctx)
{
    struct worker *worker = ctx;
    size_t step =
        1 + ((uintptr_t)worker / sizeof *worker) % 2 * 6; /* both have no part of VALUES */

    for (size_t i = 0, value = 0; i < VALUES; i++, value = (value + step) % VALUES) {
        struct wanted w;
        char sealed[8];

        want(&w, 9, (uint16_t)value, 8, sealed);
        assign_one(worker->kept, &w);
        memcpy(worker->pseudonyms[value], w.room, 8);
    }
    return NULL;
}

static void callers_at_once_get_the_same_pseudonyms(void **state)
{
    struct worker *workers = calloc(THREADS, sizeof *workers);
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++) {
        workers[i].kept = *state;
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_all, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 1; i < THREADS; i++)
        for (size_t value = 0; value < VALUES; value++)
            assert_memory_equal(workers[i].pseudonyms[value], workers[0].pseudonyms[value], 8);
    free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_value_keeps_its_pseudonym, kept_setup, kept_teardown),
        cmocka_unit_test_setup_teardown(pseudonyms_lead_back_to_what_was_sealed_in_their_scope_only,
                                        kept_setup, kept_teardown),
        cmocka_unit_test_setup_teardown(one_character_runs_out_and_long_ones_follow, kept_setup,
                                        kept_teardown),
        cmocka_unit_test_setup_teardown(callers_at_once_get_the_same_pseudonyms, kept_setup,
                                        kept_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
