/* What Java's regular expressions and PCRE2's spell differently. */
#ifndef EMPLOYEES_MOCK_REGEX_JAVA_H
#define EMPLOYEES_MOCK_REGEX_JAVA_H

#include "common/buf.h"
#include "common/status.h"

/* Appends the pattern in PCRE2's syntax. ST_BAD_INPUT: PCRE2 has no such thing. */
MUST_CHECK enum status regex_java_translate(struct slice java, struct buf *ret, struct why *why);

/* Java's words for the PCRE2 error `code` at `offset`, as PatternSyntaxException has them. */
void regex_java_reason(int code, size_t offset, struct slice java, struct why *why);

#endif
