/* The members of Java's objects as tables: private to member*.c. Beans come before methods. Tables
 * that `each` goes through are whole and in the order of Java's HashMap; those others hold what
 * templates are known to name. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_MEMBER_TABLE_H
#define EMPLOYEES_MOCK_TEMPLATE_MEMBER_TABLE_H

#include "employees-mock/template/value.h"

struct render;

struct method {
    const char *name; /* NULL ends a table */
    struct value (*call)(struct render *r, struct value v);
};

/* toString() */
struct value member_text(struct render *r, struct value v);

extern const struct method text_methods[];
extern const struct method verb_methods[]; /* a RequestMethod's */
extern const struct method whole_methods[];
extern const struct method real_methods[];
extern const struct method decimal_methods[];
extern const struct method truth_methods[];

#endif
