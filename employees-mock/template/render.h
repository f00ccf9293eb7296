/* One rendering: the state that statements and helpers share. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_RENDER_H
#define EMPLOYEES_MOCK_TEMPLATE_RENDER_H

#include "employees-mock/template/helper.h"
#include "employees-mock/template/scope.h"
#include "employees-mock/template/template.h"

enum {
    RENDER_DEPTH_MAX = 64,       /* blocks, partials and calls within one another */
    RENDER_WORK_MAX = 2000000,   /* statements and rounds of loops */
    RENDER_ARENA_MAX = 64 << 20, /* bytes of values ... */
    RENDER_ARENA_FIRST = 4096,   /* ... of which so many stand on the stack */
};

struct variable {
    struct slice name;
    struct value value;
    struct variable *next;
};

struct inline_partial {
    struct slice name;
    const struct body *body;
    struct inline_partial *next;
};

struct owned_json;
struct xml_cache;

struct render {
    const struct template_context *context;
    struct arena arena;
    struct buf *out;
    struct variable *variables;
    struct inline_partial *partials;
    const struct body *partial_block; /* the body of {{#> name}} */
    struct inline_partial *overrides; /* by the helper partial, for the helper block */
    struct prepared *prepared;        /* compiled during this rendering */
    struct owned_json *json;          /* released at its end */
    struct xml_cache *xml;
    struct value root;
    const struct node *at; /* the statement that runs: place of a fault */
    long work;
    int depth;
    enum status failed;
    struct buf words; /* of the failure */
};

/* A whole rendering; as template_render(). */
MUST_CHECK enum status render_run(const struct body *body, const struct template_context *context,
                                  struct buf *ret, struct why *why);

/* Ends the rendering, once. */
void render_fail(struct render *r, enum status st, struct slice words);

/* Keeps a JSON value (which is taken over) until the rendering ends. False: memory is out. */
bool render_keep_json(struct render *r, json_t *json);

/* The value of a variable set by assign and the like; null when there is none. */
struct value render_variable(const struct render *r, struct slice name);
void render_assign(struct render *r, struct slice name, struct value v);

/* Runs a body in a scope, into r->out. */
void render_body(struct render *r, const struct body *body, struct scope *scope);

#endif
