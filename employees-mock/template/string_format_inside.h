/* A format that is being filled in, shared by string_format.c (text, dates, the whole) and
 * string_format_number.c. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_STRING_FORMAT_INSIDE_H
#define EMPLOYEES_MOCK_TEMPLATE_STRING_FORMAT_INSIDE_H

#include "employees-mock/template/string_format_spec.h"
#include "employees-mock/template/value.h"

struct formatter {
    const struct value *args;
    size_t count;
    size_t next;
    size_t last; /* 1 + the argument used last */
    struct buf *ret;
    struct why *why;
};

/* The text, filled up with blanks to the width. */
void format_put_padded(struct formatter *f, const struct format_spec *s, struct slice text);

/* Java's complaint of a value that the conversion does not take. */
enum status format_mismatch(const struct formatter *f, const struct format_spec *s, struct value v);

/* The conversions: %s %b %h and every null, %d, %x and %o, %f %e %g, %a. */
enum status format_text(struct formatter *f, const struct format_spec *s, struct value v);
enum status format_whole(struct formatter *f, const struct format_spec *s, struct value v);
enum status format_bits(struct formatter *f, const struct format_spec *s, struct value v);
enum status format_real(struct formatter *f, const struct format_spec *s, struct value v);
enum status format_hexadecimal(struct formatter *f, const struct format_spec *s, struct value v);

#endif
