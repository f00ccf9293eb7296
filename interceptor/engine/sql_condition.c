/* Expressions in SQL: what stands behind WHERE, and the values of columns that are not protected.
 * Literals that protected columns are compared with are values of these columns. */
#include "interceptor/engine/sql_inside.h"

static const char comparison_words[] =
    "a protected column may only be compared with literals, by =, IN or IS";

/* Words that make what stands before them a part of a longer expression. */
static bool goes_on(const struct sql *q)
{
    return sql_is(&q->token, "DIV") || sql_is(&q->token, "MOD") || sql_is(&q->token, "OPERATOR");
}

/* Nothing may make the literal a part of a longer expression: name = 'Bob' || 'Smith'. */
static bool read_compared(struct sql *q, int32_t attribute)
{
    if (!sql_value(q, attribute))
        return false;
    return (q->token.kind != SQL_OTHER && q->token.kind != SQL_STRING && !goes_on(q)) ||
           sql_at_end(q) || sql_is(&q->token, ",") || sql_is(&q->token, ")") ||
           sql_fault(q, comparison_words);
}

/* IS [NOT] NULL, or another word; or IS [NOT] DISTINCT FROM a literal. */
static bool read_is(struct sql *q, int32_t attribute)
{
    if (!sql_advance(q) || (sql_is(&q->token, "NOT") && !sql_advance(q)))
        return false;
    if (!sql_is(&q->token, "DISTINCT"))
        return q->token.kind == SQL_WORD || sql_fault(q, comparison_words);
    return sql_advance(q) && sql_expect(q, "FROM", comparison_words) && read_compared(q, attribute);
}

static bool begins_comparison(const struct sql *q)
{
    return sql_is(&q->token, "=") || sql_is(&q->token, "IN") || sql_is(&q->token, "IS");
}

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
    return sql_expect(q, ")", comparison_words);
}

static bool is_name(const struct sql *q)
{
    return q->token.kind == SQL_WORD || q->token.kind == SQL_NAME;
}

/* Hexadecimal ones and those of unknown kinds too. */
static bool is_literal(const struct sql *q)
{
    return q->token.kind == SQL_STRING || q->token.kind == SQL_NUMBER ||
           (q->token.kind == SQL_OTHER && q->token.text.len > 1);
}

/* DATE '2020-01-31' is a literal, also where a column is called so. */
static bool is_literal_type(const struct sql *q, const struct sql_name *name)
{
    return name->quote == '\0' && q->token.kind == SQL_STRING && sql_is_literal_type(name->text);
}

/* The name in an expression that is to be read next, and what it stands for: SELECTOR_NONE where it
 * begins a literal. */
static bool read_column(struct sql *q, int32_t *ret)
{
    struct sql_name name;

    if (!sql_read_reference(q, &name) || !sql_find_column(q, &name, ret))
        return false;
    if (is_literal_type(q, &name))
        *ret = SELECTOR_NONE;
    return true;
}

/* A name behind WHERE, which may be a keyword or a function's where no path names it. */
static bool read_condition_name(struct sql *q)
{
    int32_t attribute;

    if (!read_column(q, &attribute))
        return false;
    if (attribute == SELECTOR_NONE)
        return true;
    if ((size_t)attribute < q->run->plan->count || begins_comparison(q))
        return read_comparison(q, attribute);
    return true;
}

/* MySQL can be told to take "name" for a column, so what is compared with such a string is
 * protected as if it were one. */
static bool read_double_quoted(struct sql *q)
{
    const struct sql_name name = {q->token.inside, '"'};
    int32_t attribute;

    if (!sql_find_column(q, &name, &attribute) || !sql_advance(q))
        return false;
    if (attribute == SELECTOR_NONE || (size_t)attribute == q->run->plan->count || sql_at_end(q) ||
        sql_is(&q->token, ",") || sql_is(&q->token, ")"))
        return true;
    return begins_comparison(q) || q->token.kind == SQL_OTHER ? read_comparison(q, attribute)
                                                              : true;
}

static bool is_double_quoted(const struct sql *q)
{
    return q->token.kind == SQL_STRING && q->token.quote == '"';
}

/* A literal that no column is compared with belongs to an unlisted one, for all that is known. */
static bool is_loose_literal(const struct sql *q)
{
    const struct plan *plan = q->run->plan;

    return plan && plan->unlisted != UNLISTED_PASS && is_literal(q);
}

bool sql_condition(struct sql *q)
{
    bool fine = true;

    while (fine && !sql_at_end(q)) {
        if (is_loose_literal(q))
            return sql_fault(q, "a literal that is compared with no column by =, IN or IS");
        fine = is_name(q)            ? read_condition_name(q)
               : is_double_quoted(q) ? read_double_quoted(q)
                                     : sql_advance(q);
    }
    return fine;
}

/* What an expression has beside comparisons. Together they may tell a protected value:
 * coalesce(name, 'Bob'), 'Bob' < name, (SELECT 'Bob' AS name). */
struct mixture {
    bool literal;
    bool protected_name;
};

static bool read_mixed_name(struct sql *q, struct mixture *mixture)
{
    int32_t attribute;

    if (!read_column(q, &attribute))
        return false;
    if (attribute == SELECTOR_NONE)
        return true;
    if (begins_comparison(q))
        return read_comparison(q, attribute);
    mixture->protected_name = true;
    return true;
}

static bool read_mixed(struct sql *q, struct mixture *mixture)
{
    if (is_name(q))
        return read_mixed_name(q, mixture);
    mixture->literal |= is_literal(q);
    return is_double_quoted(q) ? read_double_quoted(q) : sql_advance(q);
}

static bool ends_expression(const struct sql *q, size_t depth)
{
    return sql_at_end(q) || (depth == 0 && (sql_is(&q->token, ",") || sql_is(&q->token, ")") ||
                                            sql_is(&q->token, "WHERE")));
}

bool sql_skip_expression(struct sql *q)
{
    struct mixture mixture = {false, false};
    size_t depth = 0;
    bool any = false;

    for (; !ends_expression(q, depth); any = true) {
        if (sql_is(&q->token, "("))
            depth++;
        else if (sql_is(&q->token, ")"))
            depth--;
        if (!read_mixed(q, &mixture))
            return false;
        if (mixture.literal && mixture.protected_name)
            return sql_fault(q, "a protected column and a literal in one expression");
    }
    return (any && depth == 0) || sql_fault(q, "a value is expected");
}
