/* A specifier of java.util.Formatter, taken apart. For string_format. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_STRING_FORMAT_SPEC_H
#define EMPLOYEES_MOCK_TEMPLATE_STRING_FORMAT_SPEC_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

struct format_spec {
    struct slice text; /* the whole specifier */
    int index;         /* 0: the next argument; -1: the same as before */
    bool left, zero, plus, space, group, paren, alternate;
    int width;     /* -1: none */
    int precision; /* -1: none */
    char date;     /* the part of a date that %t writes; 0: none */
    char conversion;
};

/* %[index$][flags][width][.precision]conversion from the '%' at *at, which moves behind it; false:
 * it has no conversion. */
bool format_spec_read(struct slice format, size_t *at, struct format_spec *ret);

/* What Java refuses before it looks at an argument: ST_BAD_INPUT, why->text is its exception. */
MUST_CHECK enum status format_spec_check(const struct format_spec *s, struct why *why);

#endif
