/* Members of values: items of maps, and the properties and methods without arguments of Java's
 * objects that a path may name ("size", "length", "first", ...). */
#ifndef EMPLOYEES_MOCK_TEMPLATE_MEMBER_H
#define EMPLOYEES_MOCK_TEMPLATE_MEMBER_H

#include "employees-mock/template/value.h"

struct render;

/* null when there is none. */
struct value member_of(struct render *r, struct value v, struct slice name);

/* The members that Handlebars' `each` goes through, in Java's order, where the value is no
 * collection but a text, a number, a truth, a method or a node of XML; else none. Some have values
 * that are no more than addresses in Java: those are null here. */
size_t member_count(struct value v);
const char *member_name(struct value v, size_t i);

#endif
