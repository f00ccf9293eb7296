/* The tokens of SQL text, as each dialect has them. */
#ifndef ENGINE_SQL_LEX_H
#define ENGINE_SQL_LEX_H

#include "interceptor/engine/engine.h"

#include <stdbool.h>
#include <stddef.h>

enum sql_token_kind {
    SQL_END,
    SQL_WORD,   /* a bare name or keyword */
    SQL_NAME,   /* a quoted name; `inside` is what stands between the quotes */
    SQL_STRING, /* a string literal */
    SQL_NUMBER, /* without a sign */
    SQL_OTHER,  /* one other character, or a literal of another kind (x'ff') */
    SQL_BROKEN, /* a literal, name or comment without a certain end, or a comment that is code */
};

/* How the text of a string literal is written. */
enum sql_quoting {
    QUOTED_DOUBLED,   /* 'it''s' */
    QUOTED_BACKSLASH, /* 'it\'s', and doubled */
    QUOTED_RAW,       /* as it stands: $$it's$$, q'[it's]' */
};

struct sql_token {
    enum sql_token_kind kind;
    struct slice text;   /* all of it */
    struct slice inside; /* between the quotes */
    enum sql_quoting quoting;
    bool national; /* N'...' */
    char quote;
};

struct sql_lexer {
    const char *start;
    const char *p;
    const char *end;
    enum sql_type type;
};

/* The next token; blanks and comments are stepped over. */
struct sql_token sql_next(struct sql_lexer *lexer);

/* Appends the characters of a string literal. Not UTF-8 where escapes tell other bytes. */
void sql_decode(const struct sql_token *string, enum sql_type type, struct buf *ret);

/* Whether backslashes escape in this dialect's plain strings. */
bool sql_has_backslash(enum sql_type type);

/* Whether a literal may begin with the word: DATE '2020-01-31', DATE'2020-01-31'. */
bool sql_is_literal_type(struct slice word);

/* A word or punctuation, words in any case. */
bool sql_is(const struct sql_token *token, const char *text);

#endif
