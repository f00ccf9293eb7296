/* Scopes of names while a template is rendered: what Handlebars.java calls Context. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_SCOPE_H
#define EMPLOYEES_MOCK_TEMPLATE_SCOPE_H

#include "employees-mock/template/helper.h"
#include "employees-mock/template/node.h"

enum scope_type {
    SCOPE_NORMAL,
    SCOPE_BLOCK_PARAMS, /* as |a b|: the names are its model */
    SCOPE_PARENT_FIRST, /* within block parameters the outer scope is asked first */
    SCOPE_PARTIAL,      /* a partial: its named arguments come first */
};

struct scope {
    enum scope_type type;
    struct scope *parent; /* NULL: the root */
    struct value model;
    const struct each *each;      /* within {{#each}}; may be NULL */
    const struct value_map *hash; /* SCOPE_PARTIAL */
};

/* A scope within another, on the caller's stack. */
struct scope scope_within(struct scope *parent, struct value model);

/* What a path means in a scope; null when it means nothing. */
struct value scope_get(struct render *r, struct scope *scope, const struct path *path);

#endif
