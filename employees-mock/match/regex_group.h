/* The beginnings of Java's special groups, "(?…", written as PCRE2 has them. Pure. */
#ifndef EMPLOYEES_MOCK_REGEX_GROUP_H
#define EMPLOYEES_MOCK_REGEX_GROUP_H

#include "common/buf.h"

/* java has "(?" at *at; appends what means the same and moves *at behind it. NULL, or why Java
 * knows no such group; *at is the place that it names then. */
const char *regex_group_translate(struct slice java, size_t *at, struct buf *ret);

#endif
