/* The state of a parser, and what its files offer each other: shared by parser*.c only. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_PARSER_STATE_H
#define EMPLOYEES_MOCK_TEMPLATE_PARSER_STATE_H

#include "employees-mock/template/lexer.h"
#include "employees-mock/template/parser.h"

struct parser {
    struct arena *arena;
    struct prepared **prepared;
    struct why *why;
    struct lexer lexer;
    struct token token; /* the present one */
    int depth;
    bool trim_next;          /* the tag before had '~' at its end */
    bool after_escape;       /* the text before was an escaped tag */
    int tries;               /* {{^name}} read both ways */
    bool misnamed;           /* what was refused is the name of a block's end */
    bool forgets;            /* within arguments that mean nothing: they call no helper */
    struct slice with_scope; /* first argument of the {{#with}} we are in; data NULL: none */
};

/* "LINE:COLUMN: words"; the second says what was found in the place of what was expected. */
enum status parser_refuse(struct parser *p, const struct token *t, const char *format, ...)
    PRINTF_LIKE(3, 4);
enum status parser_refuse_found(struct parser *p, const char *expected);
enum status parser_out_of_memory(struct parser *p);
/* One level down, unless that is one too many. */
MUST_CHECK enum status parser_deeper(struct parser *p);

void parser_next_inside(struct parser *p);
void parser_next_outside(struct parser *p);
/* The end of a tag; the text behind it comes next. */
MUST_CHECK enum status parser_close_tag(struct parser *p, enum token_type type);

/* name param* hash*; the name is the present token. */
MUST_CHECK enum status parser_expression(struct parser *p, struct expression *ret);
/* param* hash*, up to what begins neither. */
MUST_CHECK enum status parser_arguments(struct parser *p, struct expression *ret);
MUST_CHECK enum status parser_param(struct parser *p, struct param *ret);

/* At the present token; NULL: memory is out. */
struct node *parser_new_node(struct parser *p, enum node_type type);
/* Refuses a call with arguments that no helper answers; `name` is the call's first token. */
MUST_CHECK enum status parser_check_helper(struct parser *p, const struct expression *e,
                                           const struct token *name);

/* A list with room for one more item behind `count`; it grows by doubling in the arena, and what
 * is left behind goes with that. NULL: memory is out. */
void *parser_grown(struct arena *a, void *items, size_t count, size_t size);

/* Statements up to what ends a body: {{/, {{else or the end of the text, which is then present. */
MUST_CHECK enum status parser_body(struct parser *p, struct body *ret);

/* ---- parser_block.c: the opening token is present ---- */

/* {{#name}}, {{^name}} and {{#*inline}}, with what stands up to {{/name}}. */
MUST_CHECK enum status parser_block(struct parser *p, struct node **ret);
/* {{{{name}}}} ... {{{{/name}}}}. */
MUST_CHECK enum status parser_raw(struct parser *p, struct node **ret);
/* {{> name}} and {{#> name}}...{{/name}}. */
MUST_CHECK enum status parser_partial(struct parser *p, struct node **ret);

#endif
