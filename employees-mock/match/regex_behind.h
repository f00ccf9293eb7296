/* Look-behinds of several lengths, which Java has and PCRE2 10.42 has not. Pure. */
#ifndef EMPLOYEES_MOCK_REGEX_BEHIND_H
#define EMPLOYEES_MOCK_REGEX_BEHIND_H

#include "common/buf.h"

#include <stdbool.h>

/* Appends the pattern with each "(?<=a{1,2}(?:b|cd))" as its ways of a fixed length, both in Java's
 * syntax: "(?<=a(?:b)|a(?:cd)|a{2}(?:b)|a{2}(?:cd))". What has no upper limit is taken up to 255
 * times. Groups in it no longer capture, but count. False: it has none of these, or too many ways;
 * what was appended is of no use then. */
bool regex_behind_rewrite(struct slice java, struct buf *ret);

#endif
