#include "tests/unit/interceptor_fixture.h"

#include "common/db.h"
#include "interceptor/audit.h"

#include <pthread.h>

enum { WAIT_MS = 20000 };

struct trail {
    struct store *store;
    struct master *master;
    struct audit *audit;
    struct clock clock;
};

static void open_trail(struct trail *t, struct audit_settings settings)
{
    struct why why = {0};

    t->clock = (struct clock){.fixed = true, .fixed_us = 1000000};
    t->master = any_master(1);
    assert_ok(store_open(":memory:", &t->store, &why), &why);
    assert_ok(audit_open(t->store, t->master, &settings, &t->clock, NULL, &t->audit, &why), &why);
}

static void close_trail(struct trail *t)
{
    audit_close(t->audit);
    store_close(t->store);
    master_free(t->master);
}

static const struct audit_settings roomy = {.queue_max = 1000, .deadline_ms = WAIT_MS};

static void add_rows(struct audit *audit, int count)
{
    struct why why = {0};

    for (int i = 0; i < count; i++)
        assert_ok(audit_add(audit, "t", SLICE("{\"a\":1}"), &why), &why);
}

static void accepted_rows_reach_the_store_in_one_chain(void **state)
{
    struct trail t;
    int64_t rows = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, roomy);
    add_rows(t.audit, 50);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    add_rows(t.audit, 5);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    assert_int_equal(rows, 55);
    assert_int_equal(audit_counts(t.audit).written, 55);
    close_trail(&t);
}

static void closing_writes_what_is_queued(void **state)
{
    struct trail t;
    int64_t rows = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, roomy);
    add_rows(t.audit, 200);
    audit_close(take(t.audit));
    assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    assert_int_equal(rows, 200);
    close_trail(&t);
}

static void a_full_queue_refuses_after_its_deadline_and_drops_nothing(void **state)
{
    struct trail t;
    int64_t rows = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, (struct audit_settings){.queue_max = 3, .deadline_ms = 20});
    store_lock(t.store); /* the disk stands still */
    add_rows(t.audit, 3);
    assert_status(ST_BUSY, audit_add(t.audit, "t", SLICE("{}"), &why), &why);
    assert_int_equal(audit_counts(t.audit).refused, 1);
    store_unlock(t.store);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    add_rows(t.audit, 1);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    assert_int_equal(rows, 4);
    close_trail(&t);
}

static void change(struct trail *t, const char *sql)
{
    struct why why = {0};
    struct db *db = store_lock(t->store);

    assert_ok(db_exec(db, sql, &why), &why);
    store_unlock(t->store);
}

static void every_kind_of_change_is_found(void **state)
{
    static const char *const changes[] = {
        "UPDATE audit SET record = '{}' WHERE number = 2",
        "UPDATE audit SET at_us = 0 WHERE number = 2",
        "UPDATE audit SET tenant = 'u' WHERE number = 2",
        "UPDATE audit SET hash = zeroblob(32) WHERE number = 2",
        "DELETE FROM audit WHERE number = 1",
        "DELETE FROM audit WHERE number = 3",
        "DELETE FROM meta WHERE name = 'audit-head'",
        "INSERT INTO audit SELECT 4, at_us, tenant, record, hash FROM audit WHERE number = 3",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct trail t;
        int64_t rows = 0;
        struct why why = {0};

        open_trail(&t, roomy);
        add_rows(t.audit, 3);
        assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
        change(&t, changes[i]);
        assert_status(ST_CONFLICT, audit_verify(t.store, t.master, &rows, &why), &why);
        close_trail(&t);
    }
}

static void rows_that_are_too_many_go_and_the_chain_stays_whole(void **state)
{
    struct trail t;
    auto_audit_chain struct audit_chain chain = {0};
    int64_t removed = 0;
    int64_t rows = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, roomy);
    add_rows(t.audit, 10);
    audit_close(take(t.audit));
    assert_ok(audit_chain_load(&chain, t.store, t.master, &why), &why);
    assert_ok(audit_chain_trim(&chain, t.store, 0, 4, &removed, &why), &why);
    assert_int_equal(removed, 6);
    assert_ok(audit_chain_trim(&chain, t.store, 0, 4, &removed, &why), &why);
    assert_int_equal(removed, 0);
    assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    assert_int_equal(rows, 4);
    change(&t, "DELETE FROM audit WHERE number = 7");
    assert_status(ST_CONFLICT, audit_verify(t.store, t.master, &rows, &why), &why);
    close_trail(&t);
}

static void rows_that_are_too_old_go(void **state)
{
    struct trail t;
    auto_audit_chain struct audit_chain chain = {0};
    int64_t removed = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, roomy);
    add_rows(t.audit, 4);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    t.clock.fixed_us = 5000000;
    add_rows(t.audit, 2);
    audit_close(take(t.audit));
    assert_ok(audit_chain_load(&chain, t.store, t.master, &why), &why);
    assert_ok(audit_chain_trim(&chain, t.store, 5000000, 0, &removed, &why), &why);
    assert_int_equal(removed, 4);
    assert_ok(audit_chain_trim(&chain, t.store, 9000000, 0, &removed, &why), &why);
    assert_int_equal(removed, 2);
    close_trail(&t);
}

static void *add_many(void *ctx)
{
    add_rows(ctx, 500);
    return NULL;
}

static void many_threads_add_at_once(void **state)
{
    struct trail t;
    pthread_t threads[4];
    int64_t rows = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, (struct audit_settings){.queue_max = 64, .deadline_ms = WAIT_MS});
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, t.audit), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    assert_int_equal(rows, 2000);
    close_trail(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_rows_reach_the_store_in_one_chain),
        cmocka_unit_test(closing_writes_what_is_queued),
        cmocka_unit_test(a_full_queue_refuses_after_its_deadline_and_drops_nothing),
        cmocka_unit_test(every_kind_of_change_is_found),
        cmocka_unit_test(rows_that_are_too_many_go_and_the_chain_stays_whole),
        cmocka_unit_test(rows_that_are_too_old_go),
        cmocka_unit_test(many_threads_add_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
