/* The pass over an SQL data set, shared by sql_stream.c (statements) and sql_value.c (literals). */
#ifndef ENGINE_SQL_INSIDE_H
#define ENGINE_SQL_INSIDE_H

#include "interceptor/engine/sql_lex.h"
#include "interceptor/engine/sql_stream.h"

struct sql_column {
    struct slice name;
    int32_t attribute; /* SELECTOR_NONE: not protected */
};

struct sql {
    struct run *run;
    struct sql_lexer lexer;
    struct sql_token token; /* the one that is to be read next */
    const char *copied;     /* up to where the data set was copied to the answer */
    struct sql_column *columns;
    size_t column_count;
    size_t column_room;
    enum status st;
    struct why *why;
};

/* At the token that is to be read next. */
bool sql_fault(struct sql *q, const char *words);

bool sql_advance(struct sql *q);

/* Copies the data set up to there. */
bool sql_copy(struct sql *q, const char *to);

/* Protects the literal that is to be read next. */
bool sql_value(struct sql *q, int32_t attribute);

#endif
