/* The token cache as two workers of one process have it: a cache each, shared data between them. */
#include "plugin/token_cache.h"
#include "tests/plugin/fake_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct settings settings = {
    .cluster = {"i", 1},
    .authority = {"a", 1},
    .client_id = {"c", 1},
    .base = {.timeout_ms = 1000},
};

struct workers {
    struct token_cache *one, *two;
};

/* Each test has credentials of its own, and so a place of its own in the shared data. */
static struct workers start(const char *key)
{
    settings.api_key = slice_of(key);
    fake_now_ms = 1000000;
    return (struct workers){token_cache_new(&settings), token_cache_new(&settings)};
}

static void stop(struct workers workers)
{
    token_cache_free(workers.one);
    token_cache_free(workers.two);
}

static enum token_state answer(struct token_cache *cache, const char *text)
{
    char copy[256];

    strcpy(copy, text);
    return token_cache_answered(cache, CAUSE_NONE, copy, strlen(copy));
}

static void assert_token(const struct token_cache *cache, const char *expected)
{
    uint32_t number;
    struct slice token = token_cache_token(cache, &number);

    assert_true(slice_is(token, expected));
}

static void one_worker_fetches_for_both(void **state)
{
    struct workers w = start("k1");

    (void)state;
    assert_int_equal(token_cache_want(w.one, NULL), TOKEN_FETCHING);
    assert_int_equal(token_cache_want(w.one, NULL), TOKEN_FETCHING);
    assert_int_equal(token_cache_want(w.two, NULL), TOKEN_ELSEWHERE);
    token_cache_watch(w.two);
    assert_int_equal(token_cache_poll(w.two), TOKEN_ELSEWHERE);
    assert_int_equal(answer(w.one, "{\"access_token\":\"t1\",\"expires_in\":60}"), TOKEN_READY);
    assert_int_equal(token_cache_poll(w.two), TOKEN_READY);
    assert_token(w.one, "t1");
    assert_token(w.two, "t1");
    assert_int_equal(token_cache_call(w.two), 0);
    stop(w);
}

static void a_failure_is_told_to_both(void **state)
{
    struct workers w = start("k2");

    (void)state;
    token_cache_want(w.one, NULL);
    token_cache_want(w.two, NULL);
    token_cache_watch(w.two);
    assert_int_equal(answer(w.one, "{}"), TOKEN_FAILED);
    assert_int_equal(token_cache_cause(w.one), CAUSE_NONSENSE);
    assert_int_equal(token_cache_poll(w.two), TOKEN_FAILED);
    assert_int_equal(token_cache_cause(w.two), CAUSE_NONSENSE);
    assert_int_equal(token_cache_want(w.two, NULL), TOKEN_FETCHING);
    stop(w);
}

static void a_claim_whose_owner_is_gone_runs_out(void **state)
{
    struct workers w = start("k3");

    (void)state;
    token_cache_want(w.one, NULL);
    assert_int_equal(token_cache_want(w.two, NULL), TOKEN_ELSEWHERE);
    token_cache_watch(w.two);
    fake_now_ms += 10000;
    assert_int_equal(token_cache_poll(w.two), TOKEN_FETCHING);
    stop(w);
}

static void a_fetch_that_is_given_up_is_free_for_others(void **state)
{
    struct workers w = start("k6");

    (void)state;
    token_cache_want(w.one, NULL);
    assert_int_equal(token_cache_want(w.two, NULL), TOKEN_ELSEWHERE);
    token_cache_watch(w.two);
    token_cache_free(w.one);
    w.one = NULL;
    assert_int_equal(token_cache_poll(w.two), TOKEN_FETCHING);
    stop(w);
}

static void it_is_renewed_ahead_and_never_used_beyond_its_end(void **state)
{
    struct workers w = start("k4");

    (void)state;
    token_cache_want(w.one, NULL);
    answer(w.one, "{\"access_token\":\"t1\",\"expires_in\":100}");
    assert_int_equal(token_cache_want(w.one, NULL), TOKEN_READY);
    assert_int_equal(token_cache_call(w.one), 0);
    fake_now_ms += 80000;
    assert_int_equal(token_cache_want(w.one, NULL), TOKEN_READY);
    assert_int_not_equal(token_cache_call(w.one), 0);
    fake_now_ms += 19000;
    assert_int_equal(token_cache_want(w.one, NULL), TOKEN_FETCHING);
    answer(w.one, "{\"access_token\":\"t2\",\"expires_in\":100}");
    assert_int_equal(token_cache_want(w.two, NULL), TOKEN_READY);
    assert_token(w.two, "t2");
    stop(w);
}

static void only_the_token_that_was_refused_is_dropped(void **state)
{
    struct workers w = start("k5");
    uint32_t first, second;

    (void)state;
    token_cache_want(w.one, NULL);
    answer(w.one, "{\"access_token\":\"t1\",\"expires_in\":60}");
    token_cache_token(w.one, &first);
    assert_int_equal(token_cache_want(w.two, NULL), TOKEN_READY);
    token_cache_spoil(w.two, first);
    assert_int_equal(token_cache_want(w.two, NULL), TOKEN_FETCHING);
    answer(w.two, "{\"access_token\":\"t2\",\"expires_in\":60}");
    token_cache_spoil(w.one, first); /* late: the other has a new one by now */
    assert_int_equal(token_cache_want(w.one, NULL), TOKEN_READY);
    token_cache_token(w.one, &second);
    assert_int_not_equal(first, second);
    assert_token(w.one, "t2");
    stop(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_worker_fetches_for_both),
        cmocka_unit_test(a_failure_is_told_to_both),
        cmocka_unit_test(a_claim_whose_owner_is_gone_runs_out),
        cmocka_unit_test(a_fetch_that_is_given_up_is_free_for_others),
        cmocka_unit_test(it_is_renewed_ahead_and_never_used_beyond_its_end),
        cmocka_unit_test(only_the_token_that_was_refused_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
