/* Look-behinds of several lengths, which Java has and PCRE2 10.42 has not. Pure. */
#ifndef EMPLOYEES_MOCK_REGEX_BEHIND_H
#define EMPLOYEES_MOCK_REGEX_BEHIND_H

#include "common/buf.h"

#include <stdbool.h>

/* Appends the pattern with each "(?<=a{1,2}b)" as "(?<=a{1}b|a{2}b)", both in Java's syntax; what
 * has no upper limit is taken up to 255 times. Quantifiers within groups stay as they are. False:
 * it has none of these; what was appended is of no use then. */
bool regex_behind_rewrite(struct slice java, struct buf *ret);

#endif
