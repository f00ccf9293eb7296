#include "tests/unit/db_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_were_bound),
        cmocka_unit_test(a_statement_is_prepared_once_and_starts_afresh),
        cmocka_unit_test(a_failed_bind_is_told_by_the_step),
        cmocka_unit_test(what_is_not_one_statement_is_refused),
        cmocka_unit_test(pasted_sql_meets_a_ceiling),
        cmocka_unit_test(constraints_are_conflicts_that_show_no_value),
    };

    return cmocka_run_group_tests_name("db_stmt", tests, NULL, NULL);
}
