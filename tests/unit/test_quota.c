#include "tests/unit/interceptor_fixture.h"

#include "common/clock.h"
#include "common/db.h"
#include "interceptor/quota.h"

static int64_t ms(const char *instant)
{
    int64_t us = 0;

    assert_ok(clock_parse_iso(slice_of(instant), &us, NULL), NULL);
    return us / 1000;
}

static void a_month_ends_at_the_same_day_and_time_of_the_next(void **state)
{
    static const struct {
        const char *start, *end;
    } cases[] = {
        {"2023-03-16T10:54:17.131Z", "2023-04-16T10:54:17.131Z"}, /* recorded answer 3 */
        {"2026-01-31T12:00:00Z", "2026-02-28T12:00:00Z"},
        {"2024-01-31T00:00:00Z", "2024-02-29T00:00:00Z"},
        {"2026-12-15T00:00:00Z", "2027-01-15T00:00:00Z"},
        {"2026-05-31T23:59:59Z", "2026-06-30T23:59:59Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(quota_month_end(ms(cases[i].start)), ms(cases[i].end));
}

static struct quota *new_quota(struct quota_book **ret_book)
{
    struct quota *quota = NULL;
    struct why why = {0};

    assert_ok(quota_book_new(ret_book, &why), &why);
    assert_ok(quota_book_find(*ret_book, NULL, "t", &quota, &why), &why);
    return quota;
}

static void minutes_start_with_their_first_call(void **state)
{
    auto_quota_book struct quota_book *book = NULL;
    struct quota *quota = new_quota(&book);
    const struct quota_limits limits = {2, 100};
    struct quota_view view;

    (void)state;
    assert_int_equal(quota_count(quota, limits, 1000, &view), QUOTA_OK);
    assert_int_equal(view.rate_reset_ms, 61000);
    assert_int_equal(view.rate_remaining, 1);
    assert_int_equal(quota_count(quota, limits, 60999, &view), QUOTA_OK);
    assert_int_equal(quota_count(quota, limits, 60999, &view), QUOTA_RATE_EXCEEDED);
    assert_int_equal(view.rate_remaining, 0);
    assert_int_equal(view.month_remaining, 98);
    assert_int_equal(quota_count(quota, limits, 61500, &view), QUOTA_OK);
    assert_int_equal(view.rate_reset_ms, 121500);
}

static void a_month_that_is_used_up_refuses_until_its_end(void **state)
{
    auto_quota_book struct quota_book *book = NULL;
    struct quota *quota = new_quota(&book);
    const struct quota_limits limits = {10, 1};
    struct quota_view view;
    int64_t start = ms("2026-02-10T00:00:00Z");

    (void)state;
    assert_int_equal(quota_count(quota, limits, start, &view), QUOTA_OK);
    assert_int_equal(quota_count(quota, limits, start + 1, &view), QUOTA_MONTH_EXCEEDED);
    assert_int_equal(view.month_reset_ms, ms("2026-03-10T00:00:00Z"));
    assert_int_equal(quota_count(quota, limits, view.month_reset_ms, &view), QUOTA_OK);
}

static void a_limit_lowered_below_what_is_used_leaves_nothing(void **state)
{
    auto_quota_book struct quota_book *book = NULL;
    struct quota *quota = new_quota(&book);
    struct quota_view view;

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(quota_count(quota, (struct quota_limits){5, 5}, 0, &view), QUOTA_OK);
    assert_int_equal(quota_count(quota, (struct quota_limits){1, 5}, 0, &view),
                     QUOTA_RATE_EXCEEDED);
    assert_int_equal(quota_count(quota, (struct quota_limits){1, 1}, 0, &view),
                     QUOTA_MONTH_EXCEEDED);
    assert_int_equal(view.rate_remaining, 0);
    assert_int_equal(view.month_remaining, 0);
}

static void the_store_keeps_the_month(void **state)
{
    auto_store struct store *store = NULL;
    auto_quota_book struct quota_book *first = NULL;
    auto_quota_book struct quota_book *second = NULL;
    struct quota *quota = NULL;
    struct quota_view view;
    struct why why = {0};

    (void)state;
    assert_ok(store_open(":memory:", &store, &why), &why);
    assert_ok(quota_book_new(&first, &why), &why);
    assert_ok(quota_book_find(first, store, "t", &quota, &why), &why);
    for (int i = 0; i < 4; i++)
        quota_count(quota, (struct quota_limits){10, 10}, 5000, &view);
    assert_ok(quota_book_save(first, store, &why), &why);
    assert_ok(quota_book_new(&second, &why), &why);
    assert_ok(quota_book_find(second, store, "t", &quota, &why), &why);
    quota_count(quota, (struct quota_limits){10, 10}, 6000, &view);
    assert_int_equal(view.month_remaining, 5);
    assert_int_equal(view.month_reset_ms, quota_month_end(5000));
}

static void run_sql(struct store *store, const char *sql)
{
    struct why why = {0};

    assert_ok(db_exec(store_lock(store), sql, &why), &why);
    store_unlock(store);
}

static void what_could_not_be_saved_is_saved_later(void **state)
{
    auto_store struct store *store = NULL;
    auto_quota_book struct quota_book *book = NULL;
    struct quota *quota = NULL;
    struct quota_view view;
    struct why why = {0};
    int64_t start_ms = 0;
    int64_t used = 0;

    (void)state;
    assert_ok(store_open(":memory:", &store, &why), &why);
    assert_ok(quota_book_new(&book, &why), &why);
    assert_ok(quota_book_find(book, store, "t", &quota, &why), &why);
    quota_count(quota, (struct quota_limits){10, 10}, 5000, &view);
    run_sql(store, "ALTER TABLE quota_used RENAME TO elsewhere");
    assert_int_not_equal(quota_book_save(book, store, &why), ST_OK);
    run_sql(store, "ALTER TABLE elsewhere RENAME TO quota_used");
    assert_ok(quota_book_save(book, store, &why), &why);
    assert_ok(store_load_quota(store, "t", &start_ms, &used, &why), &why);
    assert_int_equal(used, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_ends_at_the_same_day_and_time_of_the_next),
        cmocka_unit_test(minutes_start_with_their_first_call),
        cmocka_unit_test(a_month_that_is_used_up_refuses_until_its_end),
        cmocka_unit_test(a_limit_lowered_below_what_is_used_leaves_nothing),
        cmocka_unit_test(the_store_keeps_the_month),
        cmocka_unit_test(what_could_not_be_saved_is_saved_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
