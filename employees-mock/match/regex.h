/* Java's regular expressions on PCRE2, with bounds on their work.
 *
 * Java syntax that PCRE2 spells otherwise is translated. Compiled once, immutable, for any number
 * of threads. Text is UTF-8 (bytes that are none count as U+FFFD). */
#ifndef EMPLOYEES_MOCK_REGEX_H
#define EMPLOYEES_MOCK_REGEX_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>

struct regex;

enum regex_flags {
    REGEX_ANY_CASE = 1, /* Java's CASE_INSENSITIVE */
    REGEX_DOTALL = 2,   /* '.' takes line breaks */
};

/* ST_BAD_INPUT: why->text is the reason in Java's words where they are known ("Unclosed group
 * near index 3\n/x("), cut to fit. */
MUST_CHECK enum status regex_compile(struct slice pattern, unsigned flags, struct regex **ret,
                                     struct why *why);
void regex_free(struct regex *re);
DEFINE_CLEANUP(regex, struct regex *, regex_free)
#define auto_regex __attribute__((cleanup(cleanup_regex)))

/* Java's matches(): the whole text. ST_TIMEOUT: more work than allowed. */
MUST_CHECK enum status regex_matches(const struct regex *re, struct slice text, bool *ret,
                                     struct why *why);

enum { REGEX_GROUPS_MAX = 32 };

struct regex_found {
    size_t count;                          /* groups of the pattern, the whole match is the first */
    struct slice groups[REGEX_GROUPS_MAX]; /* into the text; data NULL: did not take part */
};

/* Java's find(): the first match at or behind byte `from`. *ret tells whether there is one. */
MUST_CHECK enum status regex_find(const struct regex *re, struct slice text, size_t from,
                                  struct regex_found *found, bool *ret, struct why *why);

size_t regex_group_count(const struct regex *re); /* without the whole match */

/* The bytes that every match begins with (an index's prefix); may be empty. */
struct slice regex_literal_prefix(const struct regex *re);

#endif
