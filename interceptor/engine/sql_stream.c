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

static bool expect(struct sql *q, const char *text, const char *words)
{
    return sql_is(&q->token, text) ? sql_advance(q) : sql_fault(q, words);
}

/* The last part of a name with dots in it. */
static bool read_name(struct sql *q, struct slice *ret)
{
    for (;;) {
        if (q->token.kind != SQL_WORD && q->token.kind != SQL_NAME)
            return sql_fault(q, "a name is expected");
        *ret = q->token.kind == SQL_NAME ? q->token.inside : q->token.text;
        if (!sql_advance(q))
            return false;
        if (!sql_is(&q->token, "."))
            return true;
        if (!sql_advance(q))
            return false;
    }
}

/* The attribute of a column; where two paths end with its name, one that is not granted. */
static int32_t find_column(const struct sql *q, struct slice name)
{
    const struct plan *plan = q->run->plan;
    int32_t found = SELECTOR_NONE;

    for (size_t i = 0; plan && i < plan->count; i++) {
        if (!slice_equal_nocase(name, slice_of(plan->attributes[i].column)))
            continue;
        if (!run_granted(q->run, i))
            return (int32_t)i;
        if (found == SELECTOR_NONE)
            found = (int32_t)i;
    }
    if (found == SELECTOR_NONE && plan && plan->unlisted != UNLISTED_PASS)
        return (int32_t)plan->count;
    return found;
}

static bool add_column(struct sql *q, struct slice name)
{
    struct sql_column *columns = q->columns;

    if (q->column_count == q->column_room) {
        size_t room = q->column_room ? q->column_room * 2 : 16;

        columns = realloc(q->columns, room * sizeof *columns);
        if (!columns) {
            q->st = fail_memory(q->why);
            return false;
        }
        memset(columns + q->column_room, 0, (room - q->column_room) * sizeof *columns);
        q->columns = columns;
        q->column_room = room;
    }
    columns += q->column_count++;
    if (columns->name.data && slice_equal(columns->name, name))
        return true; /* as in the statement before */
    *columns = (struct sql_column){name, find_column(q, name)};
    return true;
}

static bool read_columns(struct sql *q)
{
    struct slice name;

    q->column_count = 0;
    if (!expect(q, "(", "a list of columns is expected"))
        return false;
    for (;;) {
        if (!read_name(q, &name) || !add_column(q, name))
            return false;
        if (sql_is(&q->token, ")"))
            return sql_advance(q);
        if (!expect(q, ",", "a comma or ) is expected"))
            return false;
    }
}

/* Steps over an expression up to a comma, a closing bracket or a word that ends it. */
static bool skip_expression(struct sql *q)
{
    size_t depth = 0;
    bool any = false;

    for (;; any = true) {
        if (q->token.kind == SQL_END || sql_is(&q->token, ";"))
            return (any && depth == 0) || sql_fault(q, "a value is expected");
        if (depth == 0 &&
            (sql_is(&q->token, ",") || sql_is(&q->token, ")") || sql_is(&q->token, "WHERE")))
            return any || sql_fault(q, "a value is expected");
        if (sql_is(&q->token, "("))
            depth++;
        else if (sql_is(&q->token, ")"))
            depth--;
        if (!sql_advance(q))
            return false;
    }
}

static bool read_column_value(struct sql *q, int32_t attribute)
{
    return attribute == SELECTOR_NONE ? skip_expression(q) : sql_value(q, attribute);
}

static bool read_tuple(struct sql *q)
{
    size_t i = 0;

    if (!expect(q, "(", "a list of values is expected"))
        return false;
    for (;;) {
        if (i == q->column_count)
            return sql_fault(q, "more values than columns");
        if (!read_column_value(q, q->columns[i++].attribute))
            return false;
        if (sql_is(&q->token, ")"))
            break;
        if (!expect(q, ",",
                    "a comma or ) is expected: the value of a protected column must be a "
                    "literal"))
            return false;
    }
    return i == q->column_count ? sql_advance(q) : sql_fault(q, "fewer values than columns");
}

static bool at_end(const struct sql *q)
{
    return q->token.kind == SQL_END || sql_is(&q->token, ";");
}

static bool read_insert(struct sql *q)
{
    struct slice table;

    if (!sql_advance(q) || !expect(q, "INTO", "INTO is expected") || !read_name(q, &table) ||
        !read_columns(q) || !expect(q, "VALUES", "VALUES is expected"))
        return false;
    for (;;) {
        if (!read_tuple(q))
            return false;
        if (at_end(q))
            return true;
        if (!expect(q, ",", "a comma or the end of the statement is expected"))
            return false;
    }
}

static bool read_assignment(struct sql *q)
{
    struct slice name;

    return read_name(q, &name) && expect(q, "=", "= is expected") &&
           read_column_value(q, find_column(q, name));
}

static const char comparison_words[] =
    "a protected column may only be compared with literals, by =, IN or IS";

/* Nothing may make the literal a part of a longer expression: name = 'Bob' || 'Smith'. */
static bool read_compared(struct sql *q, int32_t attribute)
{
    if (!sql_value(q, attribute))
        return false;
    return (q->token.kind != SQL_OTHER && q->token.kind != SQL_STRING) || at_end(q) ||
           sql_is(&q->token, ",") || sql_is(&q->token, ")") || sql_fault(q, comparison_words);
}

/* IS [NOT] NULL, or another word; or IS [NOT] DISTINCT FROM a literal. */
static bool read_is(struct sql *q, int32_t attribute)
{
    if (!sql_advance(q) || (sql_is(&q->token, "NOT") && !sql_advance(q)))
        return false;
    if (!sql_is(&q->token, "DISTINCT"))
        return q->token.kind == SQL_WORD || sql_fault(q, comparison_words);
    return sql_advance(q) && expect(q, "FROM", comparison_words) && read_compared(q, attribute);
}

/* The literals that a protected column is compared with are values of it too. */
static bool read_comparison(struct sql *q, int32_t attribute)
{
    if (sql_is(&q->token, "IS"))
        return read_is(q, attribute);
    if (sql_is(&q->token, "="))
        return sql_advance(q) && read_compared(q, attribute);
    if (!sql_is(&q->token, "IN") || !sql_advance(q) || !sql_is(&q->token, "("))
        return sql_fault(q, comparison_words);
    do {
        if (!sql_advance(q) || !sql_value(q, attribute))
            return false;
    } while (sql_is(&q->token, ","));
    return expect(q, ")", comparison_words);
}

/* A name behind WHERE, which may be a keyword or a function's where no path names it. */
static bool read_condition_name(struct sql *q)
{
    struct slice name;
    int32_t attribute;

    if (!read_name(q, &name))
        return false;
    attribute = find_column(q, name);
    if (attribute == SELECTOR_NONE)
        return true;
    if ((size_t)attribute < q->run->plan->count || sql_is(&q->token, "=") ||
        sql_is(&q->token, "IN") || sql_is(&q->token, "IS"))
        return read_comparison(q, attribute);
    return true;
}

/* A literal that no column is compared with belongs to an unlisted one, for all that is known. */
static bool is_loose_literal(const struct sql *q)
{
    const struct plan *plan = q->run->plan;

    return plan && plan->unlisted != UNLISTED_PASS &&
           (q->token.kind == SQL_STRING || q->token.kind == SQL_NUMBER);
}

/* What stands behind WHERE. */
static bool read_condition(struct sql *q)
{
    bool fine = true;

    while (fine && !at_end(q)) {
        if (is_loose_literal(q))
            return sql_fault(q, "a literal that is compared with no column by =, IN or IS");
        if (q->token.kind == SQL_WORD || q->token.kind == SQL_NAME)
            fine = read_condition_name(q);
        else
            fine = sql_advance(q);
    }
    return fine;
}

static bool read_update(struct sql *q)
{
    struct slice table;

    if (!sql_advance(q) || !read_name(q, &table) || !expect(q, "SET", "SET is expected"))
        return false;
    for (;;) {
        if (!read_assignment(q))
            return false;
        if (at_end(q))
            return true;
        if (sql_is(&q->token, "WHERE"))
            return sql_advance(q) && read_condition(q);
        if (!expect(q, ",",
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
        if (q->token.kind != SQL_END && !expect(q, ";", "; is expected"))
            return false;
    }
    return any || sql_fault(q, "a statement is expected");
}

enum status sql_protect(struct run *run, struct slice data_set, struct why *why)
{
    const char *end = data_set.data + data_set.len;
    struct sql q = {.run = run, .why = why, .copied = data_set.data};
    const char *checked;

    q.lexer = (struct sql_lexer){data_set.data, data_set.data, end, run->call->sql_type};
    checked = codepoint_check(data_set.data, end);
    if (checked != end)
        (void)fault(&q, checked, "the text is not UTF-8");
    else if (read_statements(&q))
        sql_copy(&q, end);
    free(q.columns);
    return q.st;
}
