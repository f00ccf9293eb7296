/* What dialects of SQL do not share, and what they step over between two tokens. */
#ifndef ENGINE_SQL_DIALECT_H
#define ENGINE_SQL_DIALECT_H

#include "interceptor/engine/sql_lex.h"

struct sql_dialect {
    bool backslash;      /* '\'' */
    bool double_strings; /* "text" is a string, not a name */
    bool back_quotes;    /* `name` */
    bool brackets;       /* [name] */
    bool dollars;        /* $$text$$ */
    bool dollar_tags;    /* $tag$text$tag$ too; else $tag$ is a name */
    bool hash_comments;  /* # to the end of the line */
    bool slash_comments; /* // likewise */
    bool spaced_dashes;  /* -- begins a comment before a blank only: 5--3 is 8 */
    bool return_ends;    /* a carriage return ends a line */
    bool q_strings;      /* q'[text]' */
    bool e_strings;      /* E'\n' */
    bool nested_comments;
    bool hash_names;    /* emp# is a name */
    bool digit_names;   /* so is 1st */
    bool u_names;       /* U&"\0061" is one too, whose characters are written in digits */
    bool field_targets; /* in a = 'x' of SET and of a list of columns, a.b is a field of column a */
    bool field_names;   /* so it may be in expressions */
};

extern const struct sql_dialect sql_dialects[SQL_TYPES];

/* The first byte of the next token; NULL: a comment has no certain end, or is executed by the
 * server. */
const char *sql_skip_space(const struct sql_lexer *l);

#endif
