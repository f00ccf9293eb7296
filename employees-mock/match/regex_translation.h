/* The parts of the translation of a Java pattern (regex_java.h), for its own files alone. */
#ifndef EMPLOYEES_MOCK_REGEX_TRANSLATION_H
#define EMPLOYEES_MOCK_REGEX_TRANSLATION_H

#include "common/buf.h"

#include <stdbool.h>

struct translation {
    struct slice java;
    size_t at;
    unsigned groups; /* that capture, so far */
    bool unicode;    /* the flag U */
    bool ascii_case; /* the flag i without u: only ASCII letters have two cases */
    struct buf *ret;
    struct why *why;
};

static inline bool translation_starts(const struct translation *t, const char *text)
{
    return slice_starts(slice_from(t->java, t->at), slice_of(text));
}

/* ST_BAD_INPUT with Java's words: what PCRE2 knows and Java does not, or neither. */
enum status translation_refuse(const struct translation *t, const char *reason, size_t at);

/* "reason near index 2\nPATTERN\n  ^", the caret only inside of the pattern. */
void regex_java_say(const char *reason, size_t at, struct slice java, struct why *why);

/* What begins with a backslash, `inside` a class or not. */
MUST_CHECK enum status translation_put_escape(struct translation *t, bool inside);

#endif
