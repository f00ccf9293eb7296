/* Each allocation of a scenario fails in turn: the scenario must say so, and lose nothing. See
 * failing_memory.h. */
#include "tests/unit/failing_memory.h"
#include "tests/unit/interceptor_fixture.h"

#include "common/db.h"
#include "common/json.h"
#include "common/memory.h"
#include "common/metrics.h"
#include "common/options.h"
#include "interceptor/token.h"

#include <sqlite3.h>

static enum status buf_scenario(void *ctx, struct why *why)
{
    auto_buf struct buf b = BUF_INIT(200000);
    auto_free char *bytes = NULL;
    enum status st;

    (void)ctx;
    for (int i = 0; i < 500; i++)
        buf_printf(&b, "%0*d", i, i);
    st = buf_status(&b, why);
    if (st != ST_OK)
        return st;
    bytes = buf_take(&b, NULL);
    assert_non_null(bytes);
    assert_int_equal(strlen(bytes), 1 + 499 * 500 / 2);
    return ST_OK;
}

static void buffers_survive(void **state)
{
    (void)state;
    walk_allocations(buf_scenario, NULL, 5);
}

static enum status options_scenario(void *ctx, struct why *why)
{
    static const struct option table[] = {
        {.name = "text", .type = OPTION_TEXT, .fallback = "t"},
        {.name = "list", .type = OPTION_LIST},
        {.name = "token", .type = OPTION_TEXT, .secret = true},
    };
    const char *const args[] = {"program", "--list=a", "--list=b", "word", "--text=1", "--text=2"};
    auto_options struct options *o = NULL;
    auto_buf struct buf b = BUF_INIT(10000);
    enum status st;

    (void)ctx;
    st = options_parse(table, COUNT(table), "UNIT", COUNT(args), (char **)args, &o, why);
    if (st != ST_OK)
        return st;
    options_help(table, COUNT(table), "UNIT", &b);
    options_print(o, &b);
    assert_int_equal(options_count(o, 1), 2);
    assert_string_equal(options_text(o, 2), "from a file");
    return buf_status(&b, why);
}

static void options_survive(void **state)
{
    setenv("UNIT_TOKEN_FILE", temp_write(state, "token", "from a file\n", 12), 1);
    walk_allocations(options_scenario, NULL, 15);
    unsetenv("UNIT_TOKEN_FILE");
}

static enum status metrics_scenario(void *ctx, struct why *why)
{
    const char *const values[] = {"x"};
    struct metric_family *counter, *histogram;
    auto_buf struct buf b = BUF_INIT(10000);
    struct metrics *m = NULL;
    enum status st = metrics_new(&m, why);

    (void)ctx;
    if (st != ST_OK)
        return st;
    counter = metrics_family(m, METRIC_COUNTER, "c", "C.", "v");
    histogram = metrics_family(m, METRIC_HISTOGRAM, "h", "H.", "");
    metric_add(metric_with(counter, values), 1);
    metric_observe_us(metric_with(histogram, NULL), 1);
    metrics_write(m, &b);
    metrics_free(m);
    return buf_status(&b, why);
}

static void metrics_survive(void **state)
{
    (void)state;
    walk_allocations(metrics_scenario, NULL, 8);
}

static enum status json_scenario(void *ctx, struct why *why)
{
    /* Tokens that fill jansson's buffer, of 16 bytes and twice as many each time, up to their
     * closing quote. */
    static const char text[] =
        "{\"a\":[1,2.5,\"text \\u00e9 \\ud83d\\ude42\",null,{}],\"b\":{\"c\":"
        "[[],true]},\"d\":12345678901,\"e\":\"\",\"f\":[\"01234567890123\","
        "\"012345678901234567890123456789\",\"0123456789\\\\\\\"89012345678901234567890123456789"
        "01234567890123456789\",1.0000000000000000000000000000000]}";
    auto_json json_t *value = NULL;
    auto_buf struct buf b = BUF_INIT(10000);
    enum status st;

    memory_forget();
    st = json_read_object(slice_of(text), &value, why);

    (void)ctx;
    if (st != ST_OK)
        return st;
    json_write(value, true, &b);
    return buf_status(&b, why);
}

static void json_survives(void **state)
{
    (void)state;
    json_watch_memory();
    walk_allocations(json_scenario, NULL, 20);
    for_good = true;
    walk_allocations(json_scenario, NULL, 20);
    for_good = false;
}

/* A token that can't be looked at for want of memory is not one that is denied. */
static enum status token_scenario(void *ctx, struct why *why)
{
    const struct token_claims written = {
        .tenant = "demo", .client = "postman", .expires_at_s = 2000};
    struct token_claims read;
    auto_free char *text = NULL;
    enum status st = token_issue(ctx, TOKEN_ACCESS, &written, 1000, &text, why);

    if (st == ST_OK)
        st = token_check(ctx, TOKEN_ACCESS, slice_of(text), 1000, &read, why);
    if (st == ST_OK)
        assert_string_equal(read.client, "postman");
    return st;
}

static void tokens_survive(void **state)
{
    auto_master struct master *master = any_master(1);
    auto_token_signer struct token_signer *signer = NULL;
    struct why why = {0};

    (void)state;
    json_watch_memory();
    assert_ok(token_signer_new(master, &signer, &why), &why);
    walk_allocations(token_scenario, signer, 15);
}

/* ---- SQLite, which takes its memory by itself ---- */

static sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
    return fails() ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *p, int size)
{
    return fails() ? NULL : sqlite_memory.xRealloc(p, size);
}

static int watch_sqlite(void **state)
{
    sqlite3_mem_methods watched;

    (void)state;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory) != SQLITE_OK)
        return -1;
    watched = sqlite_memory;
    watched.xMalloc = sqlite_malloc;
    watched.xRealloc = sqlite_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &watched) != SQLITE_OK)
        return -1;
    return sqlite3_initialize() == SQLITE_OK ? 0 : -1;
}

static enum status insert_and_count(struct db *db, struct why *why)
{
    struct db_stmt *s = NULL;
    bool row = false;
    enum status st = db_prepare(db, "INSERT INTO a VALUES (?1)", &s, why);

    if (st != ST_OK)
        return st;
    db_bind_text(s, 1, "text");
    st = db_run(s, why);
    if (st != ST_OK)
        return st;
    st = db_prepare(db, "SELECT count(*) FROM a", &s, why);
    if (st == ST_OK)
        st = db_step(s, &row, why);
    if (st == ST_OK)
        assert_int_equal(db_int(s, 0), 1);
    return st;
}

static enum status db_scenario(void *ctx, struct why *why)
{
    static const struct db_step steps[] = {{"1.0", "CREATE TABLE a (x TEXT)"}};
    auto_db struct db *db = NULL;
    enum status st = db_open(":memory:", steps, COUNT(steps), &db, why);

    (void)ctx;
    if (st == ST_OK)
        st = db_begin(db, why);
    if (st != ST_OK)
        return st;
    st = insert_and_count(db, why);
    if (st == ST_OK)
        st = db_commit(db, why);
    assert_false(db_failed(db));
    return st;
}

static void databases_survive(void **state)
{
    (void)state;
    walk_allocations(db_scenario, NULL, 50);
}

static enum status add_row(struct db *db, bool keep, struct why *why)
{
    struct db_stmt *s = NULL;
    enum status st = db_begin(db, why);

    if (st != ST_OK)
        return st;
    st = db_prepare(db, "INSERT INTO a VALUES ('text')", &s, why);
    if (st == ST_OK)
        st = db_run(s, why);
    if (st == ST_OK && keep)
        st = db_commit(db, why);
    db_rollback(db);
    return st;
}

struct transaction {
    char file[128];
    bool keep;
};

/* A new connection for each, as it fills a cache of pages by and by. */
static enum status transaction_scenario(void *ctx, struct why *why)
{
    static const struct db_step steps[] = {{"1.0", "CREATE TABLE a (x TEXT)"}};
    const struct transaction *t = ctx;
    auto_db struct db *db = NULL;
    long n = until_failure;
    enum status st;

    until_failure = -1;
    assert_ok(db_open(t->file, steps, COUNT(steps), &db, why), why);
    until_failure = n;
    st = add_row(db, t->keep, why);
    n = until_failure;
    until_failure = -1;
    assert_ok(add_row(db, true, NULL), NULL);
    until_failure = n;
    return st;
}

static void a_transaction_without_memory_leaves_none_open(void **state)
{
    struct transaction t;

    snprintf(t.file, sizeof t.file, "%s", temp_path(state, "a.db"));
    for (int keep = 0; keep <= 1; keep++) {
        t.keep = keep;
        walk_allocations(transaction_scenario, &t, 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_survive),
        cmocka_unit_test_setup_teardown(options_survive, temp_setup, temp_teardown),
        cmocka_unit_test(metrics_survive),
        cmocka_unit_test(json_survives),
        cmocka_unit_test(tokens_survive),
        cmocka_unit_test_setup(databases_survive, watch_sqlite),
        cmocka_unit_test_setup_teardown(a_transaction_without_memory_leaves_none_open, temp_setup,
                                        temp_teardown),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
