/* Members of values: items of maps, and the properties and methods without arguments of Java's
 * objects that a path may name ("size", "length", "first", ...). */
#ifndef EMPLOYEES_MOCK_TEMPLATE_MEMBER_H
#define EMPLOYEES_MOCK_TEMPLATE_MEMBER_H

#include "employees-mock/template/value.h"

struct render;

/* null when there is none. */
struct value member_of(struct render *r, struct value v, struct slice name);

#endif
