/* The pass over an SQL data set, shared by sql_stream.c (statements), sql_name.c (columns),
 * sql_condition.c (expressions) and sql_value.c (literals). */
#ifndef ENGINE_SQL_INSIDE_H
#define ENGINE_SQL_INSIDE_H

#include "interceptor/engine/sql_lex.h"
#include "interceptor/engine/sql_stream.h"

/* The last part of a name with dots in it, as it is written. */
struct sql_name {
    struct slice text;
    char quote; /* what closes it, and stands doubled inside; '\0': it is bare */
};

struct sql_column {
    struct sql_name name;
    int32_t attribute; /* SELECTOR_NONE: not protected */
};

struct sql {
    struct run *run;
    struct sql_lexer lexer;
    struct sql_token token; /* the one that is to be read next */
    const char *copied;     /* up to where the data set was copied to the answer */
    struct sql_name table;  /* that the statement changes; without text: it is not read yet */
    struct sql_column *columns;
    size_t column_count;
    size_t column_room;
    enum status st;
    struct why *why;
};

/* At the token that is to be read next. */
bool sql_fault(struct sql *q, const char *words);

bool sql_advance(struct sql *q);

/* Steps over the token where it is that word or punctuation; else a fault. */
bool sql_expect(struct sql *q, const char *text, const char *words);

/* The name that is to be read next: of a table, or of a column that gets a value. A field of a
 * protected column is a fault. */
bool sql_read_name(struct sql *q, struct sql_name *ret);

/* A name in an expression, where t.* may stand as well. */
bool sql_read_reference(struct sql *q, struct sql_name *ret);

/* Appends to the columns of an INSERT. */
bool sql_add_column(struct sql *q, const struct sql_name *name);

/* The attribute of a column: the first path that ends with its name, or SELECTOR_NONE. False:
 * memory is out. */
bool sql_find_column(struct sql *q, const struct sql_name *name, int32_t *ret);

/* Steps over the value of a column that is not protected: an expression, up to a comma, a closing
 * bracket or a word that ends it. What it compares protected columns with is protected; these
 * beside other literals are a fault. */
bool sql_skip_expression(struct sql *q);

/* What stands behind WHERE, up to the end of the statement. */
bool sql_condition(struct sql *q);

/* Whether the statement ends here. */
static inline bool sql_at_end(const struct sql *q)
{
    return q->token.kind == SQL_END || sql_is(&q->token, ";");
}

/* Copies the data set up to there. */
bool sql_copy(struct sql *q, const char *to);

/* Protects the literal that is to be read next. */
bool sql_value(struct sql *q, int32_t attribute);

#endif
