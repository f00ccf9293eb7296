#include "tests/unit/check.h"

#include "common/db_internal.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const struct db_step steps[] = {
    {"1.0", "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, photo BLOB)"},
    {"1.1", "CREATE TABLE pet (name TEXT, owner INTEGER REFERENCES person (id));"
            "INSERT INTO person (name) VALUES ('first')"},
    {"1.2", "ALTER TABLE pet ADD COLUMN age INTEGER"},
};

static struct db *open_at(const char *file, size_t count)
{
    struct db *db = NULL;
    struct why why = {0};

    assert_ok(db_open(file, steps, count, &db, &why), &why);
    return db;
}

static struct db *open_memory(void)
{
    return open_at(":memory:", COUNT(steps));
}

static struct db_stmt *prepare(struct db *db, const char *sql)
{
    struct db_stmt *s = NULL;
    struct why why = {0};

    assert_ok(db_prepare(db, sql, &s, &why), &why);
    return s;
}

static int64_t ask(struct db *db, const char *sql)
{
    struct db_stmt *s = prepare(db, sql);
    struct why why = {0};
    bool row = false;
    int64_t answer;

    assert_ok(db_step(s, &row, &why), &why);
    assert_true(row);
    answer = db_int(s, 0);
    db_reset(s);
    return answer;
}

static enum status insert(struct db *db, const char *name, struct why *why)
{
    struct db_stmt *s = prepare(db, "INSERT INTO person (name) VALUES (?1)");

    db_bind_text(s, 1, name);
    return db_run(s, why);
}

static int64_t people(struct db *db)
{
    return ask(db, "SELECT count(*) FROM person");
}

static void copy_path(void **state, const char *name, char ret[128])
{
    snprintf(ret, 128, "%s", temp_path(state, name));
}

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
    assert_string_equal(why.text, "the database can't be opened: No such file or directory");
    assert_null(db);
    db_close(NULL);
}

/* ---- statements ---- */

static void values_come_back_as_they_were_bound(void **state)
{
    auto_db struct db *db = open_memory();
    struct db_stmt *s = prepare(db, "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7");
    struct why why = {0};
    bool row = false;

    (void)state;
    db_bind_int(s, 1, INT64_MIN);
    db_bind_text(s, 2, "O'Brien \"; DROP TABLE person; --");
    db_bind_slice(s, 3, SLICE("a\0b"));
    db_bind_blob(s, 4, "\xff\0", 2);
    db_bind_null(s, 5);
    db_bind_slice(s, 6, slice_of(NULL));
    db_bind_text(s, 7, NULL);
    assert_ok(db_step(s, &row, &why), &why);
    assert_true(row);
    assert_true(db_int(s, 0) == INT64_MIN);
    assert_string_equal(db_text(s, 1), "O'Brien \"; DROP TABLE person; --");
    assert_true(slice_equal(db_bytes(s, 2), SLICE("a\0b")));
    assert_true(slice_equal(db_bytes(s, 3), SLICE("\xff\0")));
    assert_true(db_is_null(s, 4));
    assert_null(db_text(s, 4));
    assert_int_equal(db_bytes(s, 4).len, 0);
    assert_false(db_is_null(s, 5));
    assert_string_equal(db_text(s, 5), "");
    assert_true(db_is_null(s, 6));
    assert_ok(db_step(s, &row, &why), &why);
    assert_false(row);
}

static void a_statement_is_prepared_once_and_starts_afresh(void **state)
{
    auto_db struct db *db = open_memory();
    char copy[] = "SELECT ?1 UNION ALL SELECT 2";
    struct db_stmt *s = prepare(db, copy);
    bool row = false;

    (void)state;
    db_bind_int(s, 1, 1);
    assert_ok(db_step(s, &row, NULL), NULL);
    assert_ptr_equal(prepare(db, "SELECT ?1 UNION ALL SELECT 2"), s);
    assert_ok(db_step(s, &row, NULL), NULL);
    assert_true(db_is_null(s, 0));
    copy[7] = '7'; /* the same address, but another text */
    copy[8] = ' ';
    assert_ptr_not_equal(prepare(db, copy), s);
}

static void a_failed_bind_is_told_by_the_step(void **state)
{
    auto_db struct db *db = open_memory();
    struct db_stmt *s = prepare(db, "SELECT ?1");
    struct why why = {0};
    bool row = true;

    (void)state;
    db_bind_int(s, 2, 1);
    db_bind_int(s, 1, 1);
    assert_status(ST_INTERNAL, db_step(s, &row, &why), &why);
    s = prepare(db, "SELECT ?1");
    db_bind_int(s, 1, 1);
    assert_ok(db_step(s, &row, &why), &why);
}

static void what_is_not_one_statement_is_refused(void **state)
{
    static const char *const texts[] = {"", " -- nothing", "SELECT 1; SELECT 2", "SELEKT 1",
                                        "SELECT * FROM nowhere"};
    auto_db struct db *db = open_memory();
    struct db_stmt *s = NULL;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_int_equal(db_prepare(db, texts[i], &s, NULL), ST_INTERNAL);
    assert_null(s);
    assert_ok(db_prepare(db, "SELECT 1; \n", &s, NULL), NULL);
}

static void pasted_sql_meets_a_ceiling(void **state)
{
    auto_db struct db *db = open_memory();
    struct db_stmt *s = NULL;
    enum status st = ST_OK;
    struct why why = {0};
    char sql[40];
    int made = 0;

    (void)state;
    for (; st == ST_OK && made < 1000; made += st == ST_OK) {
        snprintf(sql, sizeof sql, "SELECT %d", made);
        st = db_prepare(db, sql, &s, &why);
    }
    assert_status(ST_INTERNAL, st, &why);
    assert_in_range(made, 500, 512);
}

static void constraints_are_conflicts_that_show_no_value(void **state)
{
    auto_db struct db *db = open_memory();
    struct why why = {0};

    (void)state;
    assert_ok(insert(db, "secret", &why), &why);
    assert_int_equal(db_changes(db), 1);
    assert_int_equal(db_last_rowid(db), 2);
    assert_status(ST_CONFLICT, insert(db, "secret", &why), &why);
    assert_string_equal(why.text, "UNIQUE constraint failed: person.name");
    assert_status(ST_CONFLICT, insert(db, NULL, &why), &why);
    assert_status(ST_CONFLICT, db_exec(db, "INSERT INTO pet (owner) VALUES (77)", &why), &why);
    assert_false(db_failed(db));
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
    assert_ok(db_commit(one, &why), &why);
    assert_ok(insert(two, "b", &why), &why);
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

/* ---- disks ---- */

static void a_full_disk_is_told_and_not_final(void **state)
{
    auto_db struct db *db = open_at(temp_path(state, "a.db"), COUNT(steps));
    struct why why = {0};
    enum status st = ST_OK;
    char name[2000];
    char sql[60];

    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", (int)ask(db, "PRAGMA page_count") + 2);
    assert_ok(db_exec(db, sql, &why), &why);
    for (int i = 0; i < 26 && st == ST_OK; i++) {
        name[0] = (char)('A' + i);
        st = insert(db, name, &why);
    }
    assert_status(ST_IO, st, &why);
    assert_string_equal(why.text, "the disk is full");
    assert_false(db_failed(db));
    assert_ok(db_exec(db, "PRAGMA max_page_count = 1000", &why), &why);
    assert_ok(insert(db, name, &why), &why);
}

static void a_database_that_may_not_be_written_says_so(void **state)
{
    auto_db struct db *db = open_memory();
    struct why why = {0};

    (void)state;
    assert_ok(db_exec(db, "PRAGMA query_only = ON", &why), &why);
    assert_status(ST_IO, insert(db, "a", &why), &why);
    assert_contains(why.text, "can't be written");
    assert_int_equal(people(db), 1);
}

/* Files of this process may not grow; what is within stdout's buffer comes later. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_commit_that_the_disk_failed_is_final(void **state)
{
    auto_db struct db *db = open_at(temp_path(state, "a.db"), COUNT(steps));
    struct why why = {0}, first = {0};
    enum status st;

    signal(SIGXFSZ, SIG_IGN);
    assert_ok(db_begin(db, &why), &why);
    assert_ok(insert(db, "lost", &why), &why);
    limit_files(1);
    st = db_commit(db, &first);
    limit_files(RLIM_INFINITY);
    assert_status(ST_IO, st, &first);
    assert_contains(first.text, "the database can't be read or written");
    assert_true(db_failed(db));
    assert_status(ST_IO, insert(db, "again", &why), &why);
    assert_contains(why.text, "a write failed before");
    assert_status(ST_IO, db_begin(db, &why), &why);
    assert_status(ST_IO, db_exec(db, "DELETE FROM person", &why), &why);
    assert_int_equal(people(db), 1); /* reading goes on, without what was rolled back */
}

static void a_single_write_that_the_disk_failed_is_final(void **state)
{
    auto_db struct db *db = open_at(temp_path(state, "a.db"), COUNT(steps));
    struct why why = {0};
    enum status st;

    signal(SIGXFSZ, SIG_IGN);
    limit_files(1);
    st = insert(db, "lost", &why);
    limit_files(RLIM_INFINITY);
    assert_status(ST_IO, st, &why);
    assert_true(db_failed(db));
    assert_status(ST_IO, insert(db, "again", &why), &why);
}

static void damage_is_told(void **state)
{
    const char *path = temp_path(state, "a.db");
    struct db *db = open_at(path, COUNT(steps));
    struct why why = {0};
    char garbage[4096];
    int fd;

    db_close(db);
    memset(garbage, 0xa5, sizeof garbage);
    fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, garbage, sizeof garbage, sizeof garbage), sizeof garbage);
    close(fd);
    db = open_at(path, COUNT(steps));
    assert_status(ST_IO, insert(db, "a", &why), &why);
    assert_string_equal(why.text, "the database is damaged; restore it from a backup");
    assert_string_equal(why.place, path);
    db_close(db);
}

/* ---- backups ---- */

static size_t files_in(void **state)
{
    struct temp *t = *state;
    char command[100];
    size_t count = 0;
    FILE *list;

    snprintf(command, sizeof command, "ls %s", t->folder);
    list = popen(command, "r");
    assert_non_null(list);
    for (int c; (c = fgetc(list)) != EOF;)
        count += c == '\n';
    pclose(list);
    return count;
}

static void a_backup_is_one_whole_file(void **state)
{
    auto_db struct db *db = open_at(temp_path(state, "a.db"), COUNT(steps));
    auto_db struct db *copy = NULL;
    char path[128];
    struct why why = {0};
    struct stat st;

    copy_path(state, "copy.db", path);
    assert_ok(insert(db, "kept", &why), &why);
    assert_ok(db_backup(db, path, &why), &why);
    assert_int_equal(files_in(state), 4); /* a.db, its log and its index, the copy */
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(insert(db, "later", &why), &why);
    copy = open_at(path, COUNT(steps));
    assert_int_equal(people(copy), 2);
    assert_int_equal(ask(copy, "SELECT count(*) FROM pragma_integrity_check "
                               "WHERE integrity_check = 'ok'"),
                     1);
}

static void a_backup_replaces_no_file(void **state)
{
    auto_db struct db *db = open_at(temp_path(state, "a.db"), COUNT(steps));
    char path[128];
    struct why why = {0};

    copy_path(state, "a.db", path);
    assert_status(ST_CONFLICT, db_backup(db, path, &why), &why);
    assert_string_equal(why.text, "exists already");
    assert_status(ST_IO, db_backup(db, "/nowhere/at/all.db", &why), &why);
    assert_contains(why.text, "No such file");
    assert_int_equal(people(db), 1);
}

static void a_backup_that_fails_leaves_nothing(void **state)
{
    auto_db struct db *db = open_at(temp_path(state, "a.db"), COUNT(steps));
    char path[128];
    struct why why = {0};
    enum status st;

    copy_path(state, "copy.db", path);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(4096);
    st = db_backup(db, path, &why);
    limit_files(RLIM_INFINITY);
    assert_status(ST_IO, st, &why);
    assert_contains(why.text, "File too large");
    assert_int_equal(files_in(state), 3);
    assert_false(db_failed(db));
    assert_ok(db_backup(db, path, &why), &why);
}

static void a_backup_runs_beside_a_writer(void **state)
{
    const char *path = temp_path(state, "a.db");
    auto_db struct db *one = open_at(path, COUNT(steps));
    auto_db struct db *two = open_at(path, COUNT(steps));
    auto_db struct db *copy = NULL;
    char to[128];
    struct why why = {0};

    copy_path(state, "copy.db", to);
    assert_ok(db_begin(one, &why), &why);
    assert_ok(insert(one, "not yet", &why), &why);
    assert_ok(db_backup(two, to, &why), &why);
    assert_ok(db_commit(one, &why), &why);
    copy = open_at(to, COUNT(steps));
    assert_int_equal(people(copy), 1);
    assert_int_equal(people(two), 2);
}

static void memory_is_backed_up_too(void **state)
{
    auto_db struct db *db = open_memory();
    auto_db struct db *copy = NULL;
    char path[128];
    struct why why = {0};

    copy_path(state, "copy.db", path);
    assert_ok(db_backup(db, path, &why), &why);
    copy = open_at(path, COUNT(steps));
    assert_int_equal(people(copy), 1);
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
        TEST_FILE(what_is_no_database_is_refused_clearly),
        cmocka_unit_test(values_come_back_as_they_were_bound),
        cmocka_unit_test(a_statement_is_prepared_once_and_starts_afresh),
        cmocka_unit_test(a_failed_bind_is_told_by_the_step),
        cmocka_unit_test(what_is_not_one_statement_is_refused),
        cmocka_unit_test(pasted_sql_meets_a_ceiling),
        cmocka_unit_test(constraints_are_conflicts_that_show_no_value),
        cmocka_unit_test(a_transaction_is_all_or_nothing),
        TEST_FILE(a_second_writer_waits_and_is_told),
        TEST_FILE(a_new_file_may_be_opened_by_many_at_once),
        TEST_FILE(a_full_disk_is_told_and_not_final),
        cmocka_unit_test(a_database_that_may_not_be_written_says_so),
        TEST_FILE(a_commit_that_the_disk_failed_is_final),
        TEST_FILE(a_single_write_that_the_disk_failed_is_final),
        TEST_FILE(damage_is_told),
        TEST_FILE(a_backup_is_one_whole_file),
        TEST_FILE(a_backup_replaces_no_file),
        TEST_FILE(a_backup_that_fails_leaves_nothing),
        TEST_FILE(a_backup_runs_beside_a_writer),
        TEST_FILE(memory_is_backed_up_too),
    };

    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
