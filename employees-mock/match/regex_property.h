/* The properties of Java's \p{...}, written as PCRE2 has them. Pure. */
#ifndef EMPLOYEES_MOCK_REGEX_PROPERTY_H
#define EMPLOYEES_MOCK_REGEX_PROPERTY_H

#include "common/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct regex_block {
    const char *name; /* upper case, without blanks, '_' and '-' */
    uint32_t first;
    uint32_t last;
};
extern const struct regex_block regex_blocks[]; /* name NULL at the end */

/* Appends what may stand inside a class for the property of that name; it is one item of a class
 * that is not negated, so its complement is [^...]. unicode: the flag U is on.
 * False: not one that is written otherwise than in PCRE2. */
bool regex_property_write(struct slice name, bool unicode, struct buf *ret);

/* Whether PCRE2 has a property of that name. */
bool regex_property_exists(struct slice name);

#endif
