/* A compiled JSONPath from the inside: private to json_path*.c and json_filter*.c. */
#ifndef EMPLOYEES_MOCK_JSON_PATH_TOKENS_H
#define EMPLOYEES_MOCK_JSON_PATH_TOKENS_H

#include "employees-mock/match/json_path.h"
#include "employees-mock/match/regex.h"

#include <stdint.h>

enum {
    PATH_LENGTH_MAX = 64 * 1024,
    PATH_TOKENS_MAX = 256,
    PATH_NESTING_MAX = 24,    /* filters and functions inside of each other */
    PATH_STEPS_MAX = 4000000, /* of one read */
};

enum token_kind {
    TOKEN_ROOT,
    TOKEN_PROPERTY,
    TOKEN_INDEX,
    TOKEN_SLICE,
    TOKEN_WILDCARD,
    TOKEN_SCAN,
    TOKEN_FILTER,
    TOKEN_FUNCTION,
};

struct filter;

/* A function's argument: a path, or a JSON value. */
struct argument {
    struct json_path *path;
    json_t *value;
};

struct token {
    enum token_kind kind;
    struct token *next;
    bool upstream_definite;
    unsigned number; /* from the root */

    char **names; /* TOKEN_PROPERTY; of TOKEN_FUNCTION the one is its name */
    size_t name_count;
    char quote;
    int *indexes; /* TOKEN_INDEX; of TOKEN_SLICE from and to */
    size_t index_count;
    bool has_from;
    bool has_to;
    struct filter *filter;
    struct argument *arguments;
    size_t argument_count;
};

struct json_path {
    struct token *root;
    bool from_root; /* '$', not '@' */
    bool is_function;
    unsigned token_count;
};

/* ---- filters ---- */

enum filter_kind { FILTER_AND, FILTER_OR, FILTER_NOT, FILTER_COMPARE };

enum filter_operator {
    OP_GTE,
    OP_LTE,
    OP_EQ,
    OP_TSEQ,
    OP_NE,
    OP_TSNE,
    OP_LT,
    OP_GT,
    OP_REGEX,
    OP_NIN,
    OP_IN,
    OP_CONTAINS,
    OP_ALL,
    OP_SIZE,
    OP_EXISTS,
    OP_TYPE,
    OP_MATCHES,
    OP_EMPTY,
    OP_SUBSETOF,
    OP_ANYOF,
    OP_NONEOF,
    OP_COUNT,
};

enum operand_kind { OPERAND_VALUE, OPERAND_UNDEFINED, OPERAND_REGEX, OPERAND_PATH };

struct operand {
    enum operand_kind kind;
    json_t *value;
    struct regex *regex;
    struct json_path *path;
    bool should_exist; /* a path without an operator: @.a or !@.a */
};

struct filter {
    enum filter_kind kind;
    struct filter **parts; /* of AND, OR, NOT */
    size_t part_count;
    enum filter_operator op;
    struct operand left;
    struct operand right;
};

/* Compiles with `nesting` levels around it. */
MUST_CHECK enum status json_path_compile_nested(struct slice text, unsigned nesting,
                                                struct json_path **ret, struct why *why);
/* "[?(...)]". */
MUST_CHECK enum status json_filter_compile(struct slice text, unsigned nesting, struct filter **ret,
                                           struct why *why);
void json_filter_free(struct filter *f);

/* Jayway's unescape: \n, \', \u0041, ...; appends. */
void json_path_unescape(struct slice text, struct buf *ret);

/* ---- evaluation ---- */

struct evaluation {
    const json_t *root;
    bool require_properties;
    bool leaf_to_null; /* DEFAULT_PATH_LEAF_TO_NULL: a last member that is not there is null */
    unsigned *steps;   /* left, shared by nested evaluations */
    unsigned nesting;
    json_t *results;
    int *upstream_index; /* for each token: where a scan stands in an array, or -1 */
    const struct json_path *path;
    struct why *why;
};

/* Evaluates on `document` and gives its value as Jayway's getValue(): ST_NOT_FOUND for none.
 * require_properties stands alone, as Jayway asks whether a path exists: nothing is null by default. */
MUST_CHECK enum status json_path_evaluate(const struct json_path *p, const json_t *document,
                                          const struct evaluation *outer, bool require_properties,
                                          json_t **ret, struct why *why);

/* Whether the item is taken; what goes wrong counts as no, but for too much work. */
MUST_CHECK enum status json_filter_accepts(const struct filter *f, const json_t *item,
                                           const struct evaluation *e, bool *ret);

/* A function's value on `model`; NULL: Java's null. */
MUST_CHECK enum status json_function_call(const struct token *t, const json_t *model,
                                          const struct evaluation *e, json_t **ret);

#endif
