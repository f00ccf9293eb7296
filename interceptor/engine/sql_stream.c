#include "interceptor/engine/sql_stream.h"

#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/sql_inside.h"

#include <stdlib.h>

static bool fault(struct sql *q, const char *at, const char *words)
{
    if (q->st == ST_OK)
        q->st = fail(q->why, ST_BAD_INPUT, "byte %zu of the data set: %s",
                     (size_t)(at - q->lexer.start), words);
    return false;
}

bool sql_fault(struct sql *q, const char *words)
{
    return fault(q, q->token.text.data, words);
}

bool sql_advance(struct sql *q)
{
    q->token = sql_next(&q->lexer);
    return q->token.kind != SQL_BROKEN ||
           sql_fault(q, "a literal, name or comment has no certain end, or is code for the server");
}

bool sql_expect(struct sql *q, const char *text, const char *words)
{
    return sql_is(&q->token, text) ? sql_advance(q) : sql_fault(q, words);
}

static bool read_table(struct sql *q)
{
    struct sql_name table;

    q->table = (struct sql_name){0};
    if (!sql_read_name(q, &table))
        return false;
    q->table = table;
    return true;
}

static bool read_columns(struct sql *q)
{
    struct sql_name name;

    q->column_count = 0;
    if (!sql_expect(q, "(", "a list of columns is expected"))
        return false;
    for (;;) {
        if (!sql_read_name(q, &name) || !sql_add_column(q, &name))
            return false;
        if (sql_is(&q->token, ")"))
            return sql_advance(q);
        if (!sql_expect(q, ",", "a comma or ) is expected"))
            return false;
    }
}

static bool read_column_value(struct sql *q, int32_t attribute)
{
    return attribute == SELECTOR_NONE ? sql_skip_expression(q) : sql_value(q, attribute);
}

static bool read_tuple(struct sql *q)
{
    size_t i = 0;

    if (!sql_expect(q, "(", "a list of values is expected"))
        return false;
    for (;;) {
        if (i == q->column_count)
            return sql_fault(q, "more values than columns");
        if (!read_column_value(q, q->columns[i++].attribute))
            return false;
        if (sql_is(&q->token, ")"))
            break;
        if (!sql_expect(q, ",",
                        "a comma or ) is expected: the value of a protected column must be a "
                        "literal"))
            return false;
    }
    return i == q->column_count ? sql_advance(q) : sql_fault(q, "fewer values than columns");
}

static bool read_insert(struct sql *q)
{
    if (!sql_advance(q) || !sql_expect(q, "INTO", "INTO is expected") || !read_table(q) ||
        !read_columns(q) || !sql_expect(q, "VALUES", "VALUES is expected"))
        return false;
    for (;;) {
        if (!read_tuple(q))
            return false;
        if (sql_at_end(q))
            return true;
        if (!sql_expect(q, ",", "a comma or the end of the statement is expected"))
            return false;
    }
}

static bool read_assignment(struct sql *q)
{
    struct sql_name name;
    int32_t attribute;

    return sql_read_name(q, &name) && sql_find_column(q, &name, &attribute) &&
           sql_expect(q, "=", "= is expected") && read_column_value(q, attribute);
}

static bool read_update(struct sql *q)
{
    if (!sql_advance(q) || !read_table(q) || !sql_expect(q, "SET", "SET is expected"))
        return false;
    for (;;) {
        if (!read_assignment(q))
            return false;
        if (sql_at_end(q))
            return true;
        if (sql_is(&q->token, "WHERE"))
            return sql_advance(q) && sql_condition(q);
        if (!sql_expect(q, ",",
                        "a comma, WHERE or the end of the statement is expected: the value of a "
                        "protected column must be a literal"))
            return false;
    }
}

static bool read_statement(struct sql *q)
{
    if (sql_is(&q->token, "INSERT"))
        return read_insert(q);
    if (sql_is(&q->token, "UPDATE"))
        return read_update(q);
    return sql_fault(q, "only INSERT and UPDATE can be protected");
}

static bool read_statements(struct sql *q)
{
    bool any = false;

    if (!sql_advance(q))
        return false;
    while (q->token.kind != SQL_END) {
        if (sql_is(&q->token, ";") && any) {
            if (!sql_advance(q))
                return false;
            continue;
        }
        if (!read_statement(q))
            return false;
        any = true;
        if (q->token.kind != SQL_END && !sql_expect(q, ";", "; is expected"))
            return false;
    }
    return any || sql_fault(q, "a statement is expected");
}

/* The columns of the last INSERT may be those of the next one. */
static void relieve(void *ctx)
{
    struct sql *q = ctx;
    struct spend_kept kept;
    bool fits;

    spend_keep_none(&kept);
    fits = !q->table.text.data || spend_keep(&kept, q->table.text);
    for (size_t i = 0; fits && i < q->column_room; i++)
        fits = !q->columns[i].name.text.data || spend_keep(&kept, q->columns[i].name.text);
    if (fits)
        spend(&q->run->spend, &kept);
}

enum status sql_protect(struct run *run, struct slice data_set, struct why *why)
{
    const char *end = data_set.data + data_set.len;
    struct sql q = {.run = run, .why = why, .copied = data_set.data};
    const char *checked;

    q.lexer = (struct sql_lexer){data_set.data, data_set.data, end, run->call->sql_type};
    run_relieve(run, relieve, &q);
    checked = codepoint_check(data_set.data, end);
    if (checked != end)
        (void)fault(&q, checked, "the text is not UTF-8");
    else if (read_statements(&q))
        sql_copy(&q, end);
    free(q.columns);
    return q.st;
}
