#include "tests/unit/db_fixture.h"

#include <pthread.h>
#include <sys/stat.h>

/* ---- opening ---- */

static void a_new_file_is_durable_and_private(void **state)
{
    const char *path = temp_path(state, "a.db");
    auto_db struct db *db = open_at(path, COUNT(steps));
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(ask(db, "PRAGMA synchronous"), 2);
    assert_int_equal(ask(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"),
                     1);
    assert_int_equal(ask(db, "PRAGMA user_version"), 3);
    assert_int_equal(people(db), 1);
}

static void what_is_committed_is_there_again(void **state)
{
    const char *path = temp_path(state, "a.db");
    struct db *db = open_at(path, COUNT(steps));

    assert_ok(insert(db, "kept", NULL), NULL);
    db_close(db);
    db = open_at(path, COUNT(steps));
    assert_int_equal(people(db), 2);
    db_close(db);
}

static void older_files_get_only_what_is_missing(void **state)
{
    const char *path = temp_path(state, "a.db");

    for (size_t count = 1; count <= COUNT(steps); count++) {
        auto_db struct db *db = open_at(path, count);

        assert_int_equal(ask(db, "PRAGMA user_version"), count);
        assert_int_equal(people(db), count > 1);
    }
}

static void a_newer_file_is_refused_by_name(void **state)
{
    const char *path = temp_path(state, "a.db");
    struct db *db = NULL;
    struct why why = {0};

    db_close(open_at(path, 3));
    assert_status(ST_CONFLICT, db_open(path, steps, 1, &db, &why), &why);
    assert_string_equal(why.place, path);
    assert_string_equal(why.text, "made by a newer release: its version is 3 (1.2), this program "
                                  "knows up to 1 (1.0)");
    assert_status(ST_CONFLICT, db_open(path, NULL, 0, &db, &why), &why);
    assert_null(db);
    db_close(open_at(path, 3));
}

static void a_step_is_applied_whole_or_not_at_all(void **state)
{
    const struct db_step broken[] = {
        steps[0],
        {"2.0",
         "CREATE TABLE half (x); INSERT INTO half VALUES (1); INSERT INTO nowhere VALUES (1)"},
    };
    const char *path = temp_path(state, "a.db");
    struct db *db = NULL;
    struct why why = {0};

    assert_status(ST_INTERNAL, db_open(path, broken, 2, &db, &why), &why);
    assert_contains(why.text, "no such table: nowhere");
    db = open_at(path, 1);
    assert_int_equal(ask(db, "PRAGMA user_version"), 1);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
    db_close(db);
}

static void a_step_may_not_commit_by_itself(void **state)
{
    const struct db_step broken[] = {{"1.0", "CREATE TABLE a (x); COMMIT"}};
    struct db *db = NULL;
    struct why why = {0};

    (void)state;
    assert_status(ST_INTERNAL, db_open(":memory:", broken, 1, &db, &why), &why);
    assert_contains(why.text, "ends its transaction");
}

static void another_programs_file_is_left_alone(void **state)
{
    const char *path = temp_path(state, "other.db");
    struct db *db = NULL;
    struct why why = {0};
    sqlite3 *other;

    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE theirs (x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    assert_status(ST_CONFLICT, db_open(path, steps, 1, &db, &why), &why);
    assert_string_equal(why.text, "holds the tables of another program");
    assert_ok(db_open(path, NULL, 0, &db, &why), &why);
    assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema"), 1);
    db_close(db);
}

static void a_version_that_no_release_had_is_refused(void **state)
{
    const char *path = temp_path(state, "a.db");
    struct db *db = open_at(path, 1);
    struct why why = {0};

    assert_ok(db_exec(db, "PRAGMA user_version = -1", &why), &why);
    db_close(db);
    db = NULL;
    assert_status(ST_CONFLICT, db_open(path, steps, 1, &db, &why), &why);
    assert_string_equal(why.text, "holds the tables of another program");
}

static void what_is_no_database_is_refused_clearly(void **state)
{
    static const char text[] = "this is a text, long enough to be no SQLite header at all, in any "
                               "release of it, whatever it may be that one puts into a header";
    struct temp *t = *state;
    struct db *db = NULL;
    struct why why = {0};

    temp_write(state, "text", text, sizeof text);
    assert_status(ST_IO, db_open(t->path, steps, 1, &db, &why), &why);
    assert_string_equal(why.text, "the file is no SQLite database");
    assert_string_equal(why.place, t->path);
    assert_status(ST_IO, db_open(t->folder, steps, 1, &db, &why), &why);
    assert_contains(why.text, "can't be opened");
    assert_status(ST_IO, db_open("/nowhere/at/all.db", steps, 1, &db, &why), &why);
    assert_string_equal(why.text, "the database can't be made: No such file or directory");
    assert_null(db);
    db_close(NULL);
}

/* ---- transactions ---- */

static void a_transaction_is_all_or_nothing(void **state)
{
    auto_db struct db *db = open_memory();
    struct why why = {0};

    (void)state;
    assert_ok(db_begin(db, &why), &why);
    assert_ok(insert(db, "a", &why), &why);
    db_rollback(db);
    assert_int_equal(people(db), 1);
    assert_ok(db_begin(db, &why), &why);
    assert_ok(insert(db, "a", &why), &why);
    assert_ok(db_commit(db, &why), &why);
    db_rollback(db);
    assert_int_equal(people(db), 2);
    assert_status(ST_INTERNAL, db_commit(db, &why), &why);
}

static void a_second_writer_waits_and_is_told(void **state)
{
    const char *path = temp_path(state, "a.db");
    auto_db struct db *one = open_at(path, COUNT(steps));
    auto_db struct db *two = open_at(path, COUNT(steps));
    struct why why = {0};

    sqlite3_busy_timeout(two->handle, 1);
    assert_ok(db_begin(one, &why), &why);
    assert_status(ST_BUSY, db_begin(two, &why), &why);
    assert_string_equal(why.text, "the database is locked by another program");
    assert_status(ST_BUSY, insert(two, "b", &why), &why);
    assert_int_equal(people(two), 1);
    assert_int_equal(ask(two, "PRAGMA busy_timeout"), DB_BUSY_AGAIN_MS); /* not all of it again */
    assert_ok(db_commit(one, &why), &why);
    assert_ok(insert(two, "b", &why), &why);
    assert_int_equal(ask(two, "PRAGMA busy_timeout"), DB_BUSY_MS);
    assert_false(db_failed(two));
}

enum { OPENERS = 4 };

static void *open_new(void *path)
{
    struct db *db = NULL;
    struct why why = {0};
    enum status st = db_open(path, steps, COUNT(steps), &db, &why);

    if (st != ST_OK)
        print_error("%s\n", why.text);
    db_close(db);
    return st == ST_OK ? path : NULL;
}

static void a_new_file_may_be_opened_by_many_at_once(void **state)
{
    for (int round = 0; round < 10; round++) {
        pthread_t threads[OPENERS];
        char name[20], path[128];
        struct db *db;

        snprintf(name, sizeof name, "%d.db", round);
        copy_path(state, name, path);
        for (size_t i = 0; i < OPENERS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, open_new, path), 0);
        for (size_t i = 0; i < OPENERS; i++) {
            void *opened = NULL;

            pthread_join(threads[i], &opened);
            assert_non_null(opened);
        }
        db = open_at(path, COUNT(steps));
        assert_int_equal(people(db), 1);
        db_close(db);
    }
}

#define TEST_FILE(name) cmocka_unit_test_setup_teardown(name, temp_setup, temp_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FILE(a_new_file_is_durable_and_private),
        TEST_FILE(what_is_committed_is_there_again),
        TEST_FILE(older_files_get_only_what_is_missing),
        TEST_FILE(a_newer_file_is_refused_by_name),
        TEST_FILE(a_step_is_applied_whole_or_not_at_all),
        cmocka_unit_test(a_step_may_not_commit_by_itself),
        TEST_FILE(another_programs_file_is_left_alone),
        TEST_FILE(a_version_that_no_release_had_is_refused),
        TEST_FILE(what_is_no_database_is_refused_clearly),
        cmocka_unit_test(a_transaction_is_all_or_nothing),
        TEST_FILE(a_second_writer_waits_and_is_told),
        TEST_FILE(a_new_file_may_be_opened_by_many_at_once),
    };

    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
