#include "tests/unit/interceptor_fixture.h"

#include "common/db.h"
#include "interceptor/audit.h"

#include <openssl/hmac.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

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

static void a_queue_of_large_rows_is_full_before_memory_is(void **state)
{
    enum { LARGE = 4 << 20, MOST = 40 };
    auto_buf struct buf record = BUF_INIT(LARGE + 16);
    struct trail t;
    int64_t rows = 0;
    struct why why = {0};
    enum status st = ST_OK;
    int added = 0;

    (void)state;
    buf_put_char(&record, '"');
    memset(buf_reserve(&record, LARGE), 'x', LARGE);
    buf_advance(&record, LARGE);
    buf_put_char(&record, '"');
    open_trail(&t, (struct audit_settings){.queue_max = 10000, .deadline_ms = 20});
    store_lock(t.store);
    for (; st == ST_OK && added < MOST; added += st == ST_OK)
        st = audit_add(t.audit, "t", buf_slice(&record), &why);
    assert_status(ST_BUSY, st, &why);
    assert_true(added > 4);
    store_unlock(t.store);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    assert_int_equal(rows, added);
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

static int64_t count_rows(struct trail *t)
{
    int64_t rows = 0;
    struct why why = {0};

    assert_ok(audit_verify(t->store, t->master, &rows, &why), &why);
    return rows;
}

static void a_long_trail_that_is_limited_shrinks_without_a_call(void **state)
{
    enum { MANY = 2 * AUDIT_TRIM_MAX + 100, KEPT = 10, TURN_US = 5000 };
    const struct audit_settings limited = {
        .queue_max = 10, .deadline_ms = WAIT_MS, .keep_rows = KEPT};
    struct trail t;
    struct why why = {0};

    (void)state;
    open_trail(&t, (struct audit_settings){.queue_max = MANY, .deadline_ms = WAIT_MS});
    add_rows(t.audit, MANY);
    audit_close(take(t.audit));
    assert_int_equal(count_rows(&t), MANY);
    assert_ok(audit_open(t.store, t.master, &limited, &t.clock, NULL, &t.audit, &why), &why);
    for (int turn = 0; count_rows(&t) > KEPT && turn < WAIT_MS * 1000 / TURN_US; turn++)
        usleep(TURN_US);
    assert_int_equal(count_rows(&t), KEPT);
    add_rows(t.audit, 3);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    assert_int_equal(count_rows(&t), KEPT);
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

struct reading {
    int64_t rows;
    bool right;
};

/* Row n was added with n letters before its number. */
static bool is_as_added(void *ctx, const struct audit_row *row)
{
    struct reading *reading = ctx;
    char record[64];

    snprintf(record, sizeof record, "{\"n\":\"%.*s%d\"}", (int)(reading->rows % 20),
             "abcdefghijklmnopqrst", (int)reading->rows);
    reading->rows++;
    reading->right &= strcmp(row->record, record) == 0 && strcmp(row->tenant, "who") == 0;
    return true;
}

static void add_numbered(struct audit *audit, int from, int to)
{
    struct why why = {0};

    for (int i = from; i < to; i++) {
        auto_buf struct buf record = BUF_INIT(64);

        buf_printf(&record, "{\"n\":\"%.*s%d\"}", i % 20, "abcdefghijklmnopqrst", i);
        assert_ok(audit_add(audit, "who", buf_slice(&record), &why), &why);
    }
}

/* More rows than go into one commit, and commits that fail while more are added. */
static void rows_come_once_and_in_order_after_commits_that_failed(void **state)
{
    const struct audit_query all = {AUDIT_QUERY_ALL, .limit = INT64_MAX};
    struct reading reading = {.right = true};
    struct trail t;
    int64_t rows = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, (struct audit_settings){.queue_max = 10000, .deadline_ms = WAIT_MS});
    change(&t, "CREATE TRIGGER stop BEFORE INSERT ON audit WHEN NEW.record LIKE '%e5%'"
               " BEGIN SELECT RAISE(ABORT, 'no'); END");
    add_numbered(t.audit, 0, 1500);
    while (audit_counts(t.audit).failed_commits == 0)
        usleep(1000);
    assert_int_equal(audit_counts(t.audit).written, 0);
    add_numbered(t.audit, 1500, 3500);
    change(&t, "DROP TRIGGER stop");
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    assert_ok(store_each_audit(t.store, &all, is_as_added, &reading, &why), &why);
    assert_int_equal(reading.rows, 3500);
    assert_true(reading.right);
    assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    assert_int_equal(rows, 3500);
    close_trail(&t);
}

/* The numbers at both ends are looked at too: nothing may hide there. */
static void verify_finds_rows_at_the_limits_of_numbers(void **state)
{
    static const char *const numbers[] = {"9223372036854775807", "-9223372036854775808", "0"};
    struct trail t;
    int64_t rows = 0;
    struct why why = {0};

    (void)state;
    open_trail(&t, roomy);
    add_rows(t.audit, 3);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char sql[200];

        snprintf(sql, sizeof sql,
                 "INSERT INTO audit SELECT %s, at_us, tenant, record, hash FROM audit"
                 " WHERE number = 2",
                 numbers[i]);
        change(&t, sql);
        assert_int_equal(audit_verify(t.store, t.master, &rows, &why), ST_CONFLICT);
        change(&t, "DELETE FROM audit WHERE number NOT IN (1, 2, 3)");
        assert_ok(audit_verify(t.store, t.master, &rows, &why), &why);
    }
    close_trail(&t);
}

static void put_part(struct buf *b, const void *bytes, uint64_t len)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_put_char(b, (char)(len >> shift));
    buf_put(b, bytes, len);
}

static bool keep_row(void *ctx, const struct audit_row *row)
{
    memcpy(ctx, row->hash, sizeof row->hash);
    return false;
}

/* Stored trails outlive a release: HMAC-SHA256 over the hash before, the number, the time, the
 * tenant and the record, each with its length before it, numbers in eight bytes. */
static void the_hash_of_a_row_is_as_it_always_was(void **state)
{
    static const uint8_t before[AUDIT_HASH_SIZE], number[8] = {[7] = 1},
                                                  at[8] = {[5] = 0x0f, 0x42, 0x40};
    const struct audit_query all = {AUDIT_QUERY_ALL, .limit = 1};
    auto_buf struct buf text = BUF_INIT(1000);
    uint8_t key[DERIVED_KEY_SIZE], hash[AUDIT_HASH_SIZE], expected[AUDIT_HASH_SIZE];
    struct trail t;
    struct why why = {0};

    (void)state;
    open_trail(&t, roomy);
    add_rows(t.audit, 1);
    assert_ok(audit_flush(t.audit, WAIT_MS, &why), &why);
    assert_ok(store_each_audit(t.store, &all, keep_row, hash, &why), &why);
    put_part(&text, before, sizeof before);
    put_part(&text, number, sizeof number);
    put_part(&text, at, sizeof at);
    put_part(&text, "t", 1);
    put_part(&text, "{\"a\":1}", 7);
    assert_ok(master_derive(t.master, "audit", key, &why), &why);
    HMAC(EVP_sha256(), key, sizeof key, (const uint8_t *)text.data, text.len, expected, NULL);
    assert_memory_equal(hash, expected, sizeof hash);
    close_trail(&t);
}

/* Another process at its work, a row a commit. */
struct other {
    const char *file;
    struct master *master;
    atomic_bool done;
};

static void commit_a_row(struct store *store, struct audit_chain *chain)
{
    struct audit_row row = {.tenant = "t", .record = "{}"};
    struct why why = {0};

    assert_ok(store_begin(store, &why), &why);
    assert_ok(audit_chain_refresh(chain, store, &why), &why);
    audit_chain_next(chain, &row);
    assert_ok(store_add_audit(store, &row, 1, &why), &why);
    assert_ok(audit_chain_save(chain, store, &why), &why);
    assert_ok(store_commit(store, &why), &why);
}

static void *commit_rows(void *ctx)
{
    struct other *other = ctx;
    auto_store struct store *store = NULL;
    auto_audit_chain struct audit_chain chain = {0};
    struct why why = {0};

    assert_ok(store_open(other->file, &store, &why), &why);
    assert_ok(audit_chain_load(&chain, store, other->master, &why), &why);
    for (int i = 0; i < 500; i++)
        commit_a_row(store, &chain);
    atomic_store(&other->done, true);
    return NULL;
}

static void a_trail_that_grows_meanwhile_is_whole(void **state)
{
    const char *file = temp_path(state, "trail.db");
    struct other other = {.file = file, .master = any_master(1)};
    auto_store struct store *store = NULL;
    pthread_t thread;
    int64_t rows = 0;
    struct why why = {0};

    assert_ok(store_open(file, &store, &why), &why);
    assert_int_equal(pthread_create(&thread, NULL, commit_rows, &other), 0);
    while (!atomic_load(&other.done))
        assert_ok(audit_verify(store, other.master, &rows, &why), &why);
    pthread_join(thread, NULL);
    assert_ok(audit_verify(store, other.master, &rows, &why), &why);
    assert_int_equal(rows, 500);
    master_free(other.master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted_rows_reach_the_store_in_one_chain),
        cmocka_unit_test(closing_writes_what_is_queued),
        cmocka_unit_test(a_full_queue_refuses_after_its_deadline_and_drops_nothing),
        cmocka_unit_test(a_queue_of_large_rows_is_full_before_memory_is),
        cmocka_unit_test(every_kind_of_change_is_found),
        cmocka_unit_test(rows_that_are_too_many_go_and_the_chain_stays_whole),
        cmocka_unit_test(rows_that_are_too_old_go),
        cmocka_unit_test(a_long_trail_that_is_limited_shrinks_without_a_call),
        cmocka_unit_test(many_threads_add_at_once),
        cmocka_unit_test(rows_come_once_and_in_order_after_commits_that_failed),
        cmocka_unit_test(verify_finds_rows_at_the_limits_of_numbers),
        cmocka_unit_test(the_hash_of_a_row_is_as_it_always_was),
        cmocka_unit_test_setup_teardown(a_trail_that_grows_meanwhile_is_whole, temp_setup,
                                        temp_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
