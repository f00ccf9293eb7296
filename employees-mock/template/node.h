/* A parsed template: statements, expressions, paths and literals, all in one arena. Immutable
 * once parsed. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_NODE_H
#define EMPLOYEES_MOCK_TEMPLATE_NODE_H

#include "employees-mock/template/value.h"

struct helper;
struct prepared;

/* One step of a path such as `../a.[b c].0` (Handlebars.java's PathExpression). */
enum step_type {
    STEP_THIS,         /* "this." or "./" at the head: no search in outer scopes */
    STEP_ITSELF,       /* "this", "." and "./" alone */
    STEP_OUTER,        /* "../": the rest is looked up in the outer scope */
    STEP_OUTER_ITSELF, /* ".." alone */
    STEP_NAME,
    STEP_INDEX, /* a whole number: an item of a list, a name elsewhere */
    STEP_DATA,  /* "@name" */
};

struct step {
    enum step_type type;
    struct slice name;
    int32_t index;
};

struct path {
    struct slice text;
    const struct step *steps;
    size_t count; /* 1 at least */
};

enum param_type {
    PARAM_LITERAL,
    PARAM_PATH,
    PARAM_CALL,
};

struct param {
    enum param_type type;
    struct value literal;
    const struct path *path;
    const struct expression *call;
    const struct prepared *prepared; /* a literal that the helper wants compiled; may be NULL */
};

struct named_param {
    struct slice name;
    struct param param;
};

struct expression {
    struct slice name;
    const struct path *path;     /* the name as a path */
    const struct helper *helper; /* NULL: none of that name */
    struct param *params;
    size_t param_count;
    struct named_param *hash;
    size_t hash_count;
};

enum node_type {
    NODE_TEXT,
    NODE_VARIABLE,
    NODE_BLOCK,
    NODE_PARTIAL, /* {{> name}}, {{#> name}}...{{/name}} */
    NODE_INLINE,  /* {{#*inline "name"}}...{{/inline}} */
};

struct body {
    const struct node *first;
};

struct node {
    enum node_type type;
    const struct node *next;
    int line;
    int column;
    struct slice text;        /* NODE_TEXT: what it writes; NODE_BLOCK raw: none */
    struct expression call;   /* of a partial: name and hash */
    struct param partial;     /* NODE_PARTIAL: its name; NODE_INLINE: the same */
    const struct path *scope; /* NODE_PARTIAL: the path behind its name; may be NULL */
    bool inverted;            /* {{^name}} */
    bool has_body;            /* NODE_PARTIAL */
    struct body body;
    struct body inverse;
    bool has_inverse;
    const struct slice *block_params; /* as |a b| */
    size_t block_param_count;
};

/* Cuts a path into its steps. NULL: memory is out. */
const struct path *path_parse(struct arena *a, struct slice text);

#endif
