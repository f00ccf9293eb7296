#include "tests/unit/db_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { PAGE_SIZE = 8192 }; /* of a new file */

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

/* What root may do anyway is done as nobody. */
static void a_file_that_may_only_be_read_is_refused_as_such(void **state)
{
    const char *path = temp_path(state, "a.db");
    const char *folder = ((struct temp *)*state)->folder;
    bool root = geteuid() == 0;
    struct db *db = open_at(path, COUNT(steps));
    struct why why = {0};

    db_close(db);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    assert_true(!root || seteuid(65534) == 0);
    assert_status(ST_IO, db_open(path, steps, COUNT(steps), &db, &why), &why);
    assert_contains(why.text, "can't be written");
    path = temp_path(state, "new.db");
    assert_status(ST_IO, db_open(path, steps, COUNT(steps), &db, &why), &why);
    assert_contains(why.text, "can't be made: Permission denied");
    assert_true(!root || seteuid(0) == 0);
    assert_int_equal(chmod(folder, 0700), 0);
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
    char garbage[PAGE_SIZE];
    int fd;

    db_close(db);
    memset(garbage, 0xa5, sizeof garbage);
    fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, garbage, sizeof garbage, PAGE_SIZE), PAGE_SIZE); /* the second */
    close(fd);
    db = open_at(path, COUNT(steps));
    assert_status(ST_IO, insert(db, "a", &why), &why);
    assert_string_equal(why.text, "the database is damaged; restore it from a backup");
    assert_string_equal(why.place, path);
    db_close(db);
}

static void what_came_before_a_failed_write_is_not_committed(void **state)
{
    auto_db struct db *db = open_at(temp_path(state, "a.db"), COUNT(steps));
    struct why why = {0};
    enum status st = ST_OK;
    char sql[80];

    signal(SIGXFSZ, SIG_IGN);
    assert_ok(db_exec(db, "PRAGMA cache_size = 1", &why), &why); /* so that pages go out early */
    assert_ok(db_begin(db, &why), &why);
    assert_ok(insert(db, "before", &why), &why);
    limit_files(1);
    for (int i = 0; i < 1000 && st == ST_OK; i++) {
        snprintf(sql, sizeof sql, "INSERT INTO person (photo, name) VALUES (zeroblob(9000), %d)",
                 i);
        st = db_exec(db, sql, &why);
    }
    limit_files(RLIM_INFINITY);
    assert_status(ST_IO, st, &why);
    assert_true(db_failed(db));
    assert_status(ST_IO, db_commit(db, &why), &why);
    assert_int_equal(people(db), 1);
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
    assert_string_equal(why.place, path);
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
        TEST_FILE(a_full_disk_is_told_and_not_final),
        cmocka_unit_test(a_database_that_may_not_be_written_says_so),
        TEST_FILE(a_file_that_may_only_be_read_is_refused_as_such),
        TEST_FILE(a_commit_that_the_disk_failed_is_final),
        TEST_FILE(a_single_write_that_the_disk_failed_is_final),
        TEST_FILE(what_came_before_a_failed_write_is_not_committed),
        TEST_FILE(damage_is_told),
        TEST_FILE(a_backup_is_one_whole_file),
        TEST_FILE(a_backup_replaces_no_file),
        TEST_FILE(a_backup_that_fails_leaves_nothing),
        TEST_FILE(a_backup_runs_beside_a_writer),
        TEST_FILE(memory_is_backed_up_too),
    };

    return cmocka_run_group_tests_name("db_disk", tests, NULL, NULL);
}
