/* Helpers: the functions that a template may call, one table row each.
 *
 * A helper gets its arguments as values and gives a value; null writes nothing. A block helper
 * writes its body through call_body(). What Java's helper would throw goes through call_throw(),
 * what it answers as "[ERROR: ...]" through call_error(). */
#ifndef EMPLOYEES_MOCK_TEMPLATE_HELPER_H
#define EMPLOYEES_MOCK_TEMPLATE_HELPER_H

#include "employees-mock/template/node.h"
#include "employees-mock/template/prepared.h"

struct render;
struct scope;

/* One call of a helper. */
struct call {
    struct render *render;
    struct scope *scope;
    const struct expression *expression;
    const struct node *block;   /* NULL: {{name}} or (name) */
    bool direct;                /* a block at its place: its body is written right away */
    struct value context;       /* the first argument, or the model when there is none */
    const struct value *params; /* the others */
    size_t param_count;
    const struct value *hash; /* parallel to expression->hash */
};

typedef struct value helper_fn(struct call *c);

/* An argument that is compiled when it is a literal. */
struct helper_prepares {
    enum prepared_kind kind;
    int param; /* 0: the first argument; -1: by name */
    const char *hash;
};

struct helper {
    const char *name;
    helper_fn *run;
    struct helper_prepares prepares[3];
};

const struct helper *helper_find(struct slice name);

/* Every helper by place, for tests and documentation; NULL behind the last. */
const struct helper *helper_at(size_t i);

/* Tables of helpers, one a topic; each ends with a row without name. */
extern const struct helper helpers_builtin[];
extern const struct helper helpers_condition[];
extern const struct helper helpers_string[];
extern const struct helper helpers_width[];
extern const struct helper helpers_format[];
extern const struct helper helpers_date[];
extern const struct helper helpers_json[];
extern const struct helper helpers_json_change[];
extern const struct helper helpers_xml[];
extern const struct helper helpers_pretty[];
extern const struct helper helpers_list[];
extern const struct helper helpers_random[];
extern const struct helper helpers_text[];
extern const struct helper helpers_math[];
extern const struct helper helpers_kv[];
extern const struct helper helpers_layout[];
extern const struct helper helpers_system[];
extern const struct helper helpers_files[];

/* ---- arguments ---- */

struct arena *call_arena(struct call *c);

/* The i-th argument behind the first; null when it is not there. */
struct value call_param(const struct call *c, size_t i);
/* A named argument; null when it is not there. */
struct value call_hash(const struct call *c, const char *name);
/* Whether the helper was called without a first argument, so that its context is the model. */
bool call_has_no_context(const struct call *c);
/* The same as WireMock asks it: whether the first argument is the very object of the model, which
 * {{array this}} says as well. */
bool call_context_is_model(const struct call *c);

/* Named arguments with the type that Java casts them to. False: it has another type, and
 * ClassCastException was thrown. ret keeps its default when the argument is absent or null. */
MUST_CHECK bool call_hash_text(struct call *c, const char *name, struct slice *ret);
MUST_CHECK bool call_hash_int(struct call *c, const char *name, int32_t *ret);
MUST_CHECK bool call_hash_bool(struct call *c, const char *name, bool *ret);
/* The same for the i-th argument behind the first. */
MUST_CHECK bool call_param_text(struct call *c, size_t i, struct slice *ret);
MUST_CHECK bool call_param_int(struct call *c, size_t i, int32_t *ret);

/* A value as text (toString), in the arena where needed. */
struct slice call_text(struct call *c, struct value v);

/* The compiled form of an argument; NULL: memory is out. place as in helper_prepares. */
const struct prepared *call_prepared(struct call *c, enum prepared_kind kind, int place,
                                     const char *hash, struct slice text);

/* Most string helpers answer with the first argument where the context is falsy. True: it is, and
 * that answer is in *ret. */
bool call_falls_back(struct call *c, struct value *ret);

/* ---- results ---- */

/* A buffer as long as an answer may be. */
#define CALL_BUF_INIT(c) BUF_INIT(call_arena(c)->max)

/* A slice as the two arguments of "%.*s". */
#define SHOW(s) (int)(s).len, (s).data

/* "[ERROR: words]" as a value. */
struct value call_error(struct call *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* Ends the rendering: the words of Java's exception, such as
 * "java.lang.IllegalArgumentException: found 'null', expected 'size'". Gives null. */
struct value call_throw(struct call *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* The exceptions that come most often. */
struct value call_throw_cast(struct call *c, struct value v, const char *to);
struct value call_throw_null(struct call *c, const char *invoking, const char *variable);
/* A copy of the buffer's content as a string value. */
struct value call_string(struct call *c, const struct buf *text);
/* Ends the rendering for another reason than the template's (memory, a limit). Gives null. */
struct value call_fail(struct call *c, enum status st, const char *words);

/* Sets a variable of the rendering. */
void call_assign(struct call *c, struct slice name, struct value v);

/* The model of the present scope. */
struct value call_model(const struct call *c);

/* ---- bodies of blocks ---- */

/* {{x}} and (x) have none: nothing is written. The variants over a value open a scope of it. */
void call_body(struct call *c);
void call_body_over(struct call *c, struct value model);
/* The same, or another body where one is given, with the named arguments before the model. */
void call_body_with_hash(struct call *c, const struct body *other);
void call_inverse(struct call *c);
void call_inverse_over(struct call *c, struct value model);
/* What call_body() would write, as text. */
struct slice call_body_text(struct call *c);

/* Where bodies are written from now on; gives where they were before. */
struct buf *call_redirect(struct call *c, struct buf *to);

/* One round of {{#each}}. */
struct each {
    struct value item;
    struct value key; /* an index of a list, a name of a map */
    int32_t index;
    bool first;
    bool last;
    bool of_list; /* has @odd, @even and @index_1 */
};
void call_body_each(struct call *c, const struct each *each);

/* False when the rendering has failed: loops stop. Counts as one piece of work. */
bool call_go_on(struct call *c);

#endif
