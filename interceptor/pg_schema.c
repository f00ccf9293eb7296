#include "interceptor/pg_schema.h"

#include "interceptor/asset.h"

#include <stdio.h>

ASSET(postgresql_001, "interceptor/schema/postgresql/001-first.sql");

static const char steps_table[] = "CREATE TABLE IF NOT EXISTS interceptor_schema_step ("
                                  "version int8 PRIMARY KEY, name text NOT NULL)";

struct step {
    const char *name; /* the release that brought it */
    const char *sql;
};

/* ---- steps ---- */

static enum status ask_int(struct pg_conn *c, const char *sql, int64_t *ret, struct why *why)
{
    auto_pg_rows struct pg_rows *rows = NULL;
    enum status st = pg_query(c, sql, NULL, 0, &rows, why);

    if (st == ST_OK)
        *ret = pg_rows_count(rows) > 0 ? pg_int(rows, 0, 0) : 0;
    return st;
}

/* 0 where no step was ever done. */
static enum status read_version(struct pg_conn *c, int64_t *ret, struct why *why)
{
    int64_t there = 0;
    enum status st = ask_int(
        c, "SELECT 1::int8 WHERE to_regclass('interceptor_schema_step') IS NOT NULL", &there, why);

    if (st == ST_OK && there)
        return ask_int(c, "SELECT max(version) FROM interceptor_schema_step", ret, why);
    *ret = 0;
    return st;
}

static enum status record(struct pg_conn *c, const struct step *step, int64_t version,
                          struct why *why)
{
    const struct pg_param name = {PG_TEXT, slice_of(step->name)};
    char sql[96];

    snprintf(sql, sizeof sql, "INSERT INTO interceptor_schema_step VALUES (%lld, $1)",
             (long long)version);
    return pg_query(c, sql, &name, 1, NULL, why);
}

/* In a transaction that runs alone, where the version is asked again. */
static enum status add_steps(struct pg_conn *c, const struct step *steps, int64_t count,
                             struct why *why)
{
    int64_t version = 0;
    enum status st = pg_script(c, PG_BEGIN_ALONE, why);

    if (st == ST_OK)
        st = pg_script(c, steps_table, why);
    if (st == ST_OK)
        st = read_version(c, &version, why);
    for (; st == ST_OK && version < count; version++) {
        st = pg_script(c, steps[version].sql, why);
        if (st == ST_OK)
            st = record(c, &steps[version], version + 1, why);
    }
    return st == ST_OK ? pg_script(c, "COMMIT", why) : st;
}

static enum status bring_up_to_date(struct pg_conn *c, struct why *why)
{
    const struct step steps[] = {
        {"1.0", asset_text(postgresql_001)},
    };
    const int64_t count = sizeof steps / sizeof steps[0];
    int64_t version = 0;
    enum status st = read_version(c, &version, why);

    if (st == ST_OK && version < count)
        st = add_steps(c, steps, count, why);
    if (st == ST_OK && version > count)
        return fail(why, ST_CONFLICT,
                    "the token store was made by a newer release: its version is %lld, this "
                    "program knows up to %lld",
                    (long long)version, (long long)count);
    return st;
}

/* ---- the key file ---- */

static enum status read_key(struct pg_conn *c, const char *key, bool *ret_found, bool *ret_equal,
                            struct why *why)
{
    auto_pg_rows struct pg_rows *rows = NULL;
    enum status st =
        pg_query(c, "SELECT value FROM interceptor_meta WHERE name = 'key'", NULL, 0, &rows, why);

    if (st != ST_OK)
        return st;
    *ret_found = pg_rows_count(rows) > 0;
    *ret_equal = *ret_found && slice_is(pg_bytes(rows, 0, 0), key);
    return ST_OK;
}

static enum status check_key(struct pg_conn *c, const char *key, struct why *why)
{
    const struct pg_param own = {PG_TEXT, slice_of(key)};
    bool found = false;
    bool equal = false;
    enum status st = read_key(c, key, &found, &equal, why);

    if (st == ST_OK && !found) {
        st = pg_query(c, "INSERT INTO interceptor_meta VALUES ('key', $1) ON CONFLICT DO NOTHING",
                      &own, 1, NULL, why);
        if (st == ST_OK)
            st = read_key(c, key, &found, &equal, why);
    }
    if (st == ST_OK && !equal)
        return fail(why, ST_BAD_INPUT, "the token store was made with another key file");
    return st;
}

enum status pg_schema_prepare(struct pg_conn *c, const char *key, struct why *why)
{
    enum status st = bring_up_to_date(c, why);

    return st == ST_OK ? check_key(c, key, why) : st;
}
