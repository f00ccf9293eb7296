/* Ways to protect an attribute other than the job's own: a table, parsed by name.
 *
 * A technique takes the place of the neutral value (Restrict) and of the mask (DataMasking) of its
 * attribute, where the attribute is not granted; tokens are made as always, and the neutral value
 * of a token follows the technique, as Restrict does. Where a technique does not fit the value
 * (`email` on text without a domain behind "@", `year` on text that is no date), the job's own way
 * is taken. docs/masking.md shows each with examples. */
#ifndef ENGINE_TECHNIQUE_H
#define ENGINE_TECHNIQUE_H

#include "common/buf.h"
#include "common/status.h"

#include <stddef.h>

enum technique_kind {
    TECHNIQUE_NONE,       /* the job's own */
    TECHNIQUE_KEEP_FIRST, /* keepFirst:N */
    TECHNIQUE_KEEP_LAST,  /* keepLast:N */
    TECHNIQUE_EMAIL,      /* email */
    TECHNIQUE_CARD,       /* card */
    TECHNIQUE_DATE_SHIFT, /* dateShift, or dateShift:MEMBER */
    TECHNIQUE_YEAR,       /* year */
    TECHNIQUE_NULL,       /* null */
    TECHNIQUE_FIXED,      /* fixed:TEXT */
    TECHNIQUE_SHAPE,      /* shape */
    TECHNIQUES
};

enum { TECHNIQUE_KEEP_MAX = 1000, TECHNIQUE_TEXT_MAX = 1000 };

struct technique {
    enum technique_kind kind;
    size_t count; /* keepFirst, keepLast: code points */
    char *text;   /* fixed: the text; dateShift: the member that names the subject, or NULL; heap */
};

/* ST_BAD_INPUT: no such technique, or its argument is missing, superfluous or out of range.
 * "" is TECHNIQUE_NONE. */
MUST_CHECK enum status technique_parse(const char *text, struct technique *ret, struct why *why);
void technique_done(struct technique *t);

/* Rows of the table, for documents and pages: "keepLast:N", "the last N characters stay, ...";
 * NULL behind the last. */
const char *technique_usage_at(size_t i);
const char *technique_help_at(size_t i);

#endif
