/* The words of a Handlebars template, by the grammar of Handlebars.java 4.3.1 (HbsLexer.g4).
 *
 * Outside tags a token is text, a comment or the opening of a tag; inside it is a name, a literal
 * or punctuation. Slices point into the template's text. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_LEXER_H
#define EMPLOYEES_MOCK_TEMPLATE_LEXER_H

#include "common/buf.h"

#include <stdbool.h>

enum token_type {
    TOKEN_END, /* of the text */
    TOKEN_BAD, /* a character that no token begins with, or an unfinished string */
    TOKEN_TEXT,
    TOKEN_ESCAPED, /* \{{...}}; its text without the backslash */
    TOKEN_COMMENT,
    /* openings, in the order in which they are tried */
    TOKEN_OPEN_AMP,
    TOKEN_OPEN_RAW_END,
    TOKEN_OPEN_RAW,
    TOKEN_OPEN_TRIPLE,
    TOKEN_OPEN_INVERSE,
    TOKEN_OPEN_PARTIAL_BLOCK,
    TOKEN_OPEN_BLOCK,
    TOKEN_OPEN_DELIMITERS,
    TOKEN_OPEN_PARTIAL,
    TOKEN_OPEN_END,
    TOKEN_OPEN,
    /* inside a tag */
    TOKEN_CLOSE_RAW,
    TOKEN_CLOSE_TRIPLE,
    TOKEN_CLOSE,
    TOKEN_STAR,
    TOKEN_AS,
    TOKEN_PIPE,
    TOKEN_STRING, /* with its quotes */
    TOKEN_EQUALS,
    TOKEN_NUMBER,
    TOKEN_BOOL,
    TOKEN_ELSE,
    TOKEN_NAME,
    TOKEN_PATH, /* a word that is no name: only a partial may be called so */
    TOKEN_LEFT,
    TOKEN_RIGHT,
};

struct token {
    enum token_type type;
    struct slice text;
    int line;   /* from 1 */
    int column; /* from 0 */
    bool trims; /* has '~' */
};

struct lexer {
    struct slice text;
    size_t at;
    int line;
    int column;
    struct slice open;  /* "{{" unless changed */
    struct slice close; /* "}}" unless changed */
};

void lexer_init(struct lexer *l, struct slice text);

/* The next token outside, or inside, a tag. */
struct token lexer_next_outside(struct lexer *l);
struct token lexer_next_inside(struct lexer *l);

/* Reads "A B=}}" behind TOKEN_OPEN_DELIMITERS and takes A and B as delimiters from then on. */
bool lexer_change_delimiters(struct lexer *l);

#endif
