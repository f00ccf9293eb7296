/* java.lang.String.format(): %s %S %d %x %X %o %f %e %E %g %b %B %c %h %n %%, with flags, width,
 * precision and argument indexes. Pure. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_STRING_FORMAT_H
#define EMPLOYEES_MOCK_TEMPLATE_STRING_FORMAT_H

#include "employees-mock/template/value.h"

enum { STRING_FORMAT_WIDTH_MAX = 100000 };

/* Appends. ST_BAD_INPUT: why->text is Java's exception. */
MUST_CHECK enum status string_format(struct slice format, const struct value *args, size_t count,
                                     struct buf *ret, struct why *why);

#endif
