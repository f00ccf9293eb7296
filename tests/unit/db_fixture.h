/* A small schema, and short words for what the tests of db do all the time. */
#ifndef TESTS_UNIT_DB_FIXTURE_H
#define TESTS_UNIT_DB_FIXTURE_H

#include "tests/unit/check.h"

#include "common/db_internal.h"

static const struct db_step steps[] = {
    {"1.0", "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, photo BLOB)"},
    {"1.1", "CREATE TABLE pet (name TEXT, owner INTEGER REFERENCES person (id));"
            "INSERT INTO person (name) VALUES ('first')"},
    {"1.2", "ALTER TABLE pet ADD COLUMN age INTEGER"},
};

static inline struct db *open_at(const char *file, size_t count)
{
    struct db *db = NULL;
    struct why why = {0};

    assert_ok(db_open(file, steps, count, &db, &why), &why);
    return db;
}

static inline struct db *open_memory(void)
{
    return open_at(":memory:", COUNT(steps));
}

static inline struct db_stmt *prepare(struct db *db, const char *sql)
{
    struct db_stmt *s = NULL;
    struct why why = {0};

    assert_ok(db_prepare(db, sql, &s, &why), &why);
    return s;
}

static inline int64_t ask(struct db *db, const char *sql)
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

static inline enum status insert(struct db *db, const char *name, struct why *why)
{
    struct db_stmt *s = prepare(db, "INSERT INTO person (name) VALUES (?1)");

    db_bind_text(s, 1, name);
    return db_run(s, why);
}

static inline int64_t people(struct db *db)
{
    return ask(db, "SELECT count(*) FROM person");
}

static inline void copy_path(void **state, const char *name, char ret[128])
{
    snprintf(ret, 128, "%s", temp_path(state, name));
}

#endif
