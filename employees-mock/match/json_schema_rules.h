/* A compiled schema and a validation from the inside: private to json_schema*.c. */
#ifndef EMPLOYEES_MOCK_JSON_SCHEMA_RULES_H
#define EMPLOYEES_MOCK_JSON_SCHEMA_RULES_H

#include "employees-mock/match/json_schema.h"
#include "employees-mock/match/regex.h"

enum { SCHEMA_DEPTH_MAX = 1200, SCHEMA_STEPS_MAX = 3000000 };

struct json_schema {
    json_t *root;
    enum json_schema_version version;
    bool broken;           /* no schema: nothing is valid */
    bool uses_unevaluated; /* only then it is noted what was looked at */
    struct regex **regexes;
    size_t regex_count;
    json_t *regex_numbers; /* pattern -> place in regexes */
    json_t *targets;       /* absolute reference -> path of object keys; see json_schema_refs.c */
    json_t *bases;         /* every schema with an id of its own */
};

/* What of an instance has been looked at by the keywords of one schema and its partners. */
struct evaluated {
    json_t *names; /* an object; NULL until the first */
    bool all_names;
    json_t *items;      /* "0", "3", … of 'contains' */
    size_t first_items; /* this many from the front */
    bool all_items;
};

struct validation {
    const struct json_schema *schema;
    const json_t *scopes[64]; /* schema resources entered, for $dynamicRef and $recursiveRef */
    size_t scope_count;
    unsigned depth;
    unsigned steps;
    bool count_all;
    unsigned muted; /* inside of 'not' and its like faults are not counted */
    size_t errors;
    enum status st;
    struct why *why;
};

/* One schema on one instance. seen may be NULL. */
bool schema_check(struct validation *v, const json_t *schema, const json_t *instance,
                  struct evaluated *seen);

/* A fault: returns false. */
bool schema_fault(struct validation *v);

/* The keyword's verdict; keywords that assert nothing say true. */
bool schema_check_keyword(struct validation *v, const char *keyword, const json_t *value,
                          const json_t *schema, const json_t *instance, struct evaluated *seen);
/* unevaluatedProperties and unevaluatedItems, which come last. */
bool schema_check_unevaluated(struct validation *v, const json_t *schema, const json_t *instance,
                              struct evaluated *seen);

const struct regex *schema_regex(const struct json_schema *s, const char *pattern);

/* ---- shape ---- */

/* The version that "$schema" names, where the document has one. False: one that is unknown. */
bool schema_read_dialect(const json_t *root, enum json_schema_version *version);
bool schema_is_one(const json_t *schema, enum json_schema_version version);

/* ---- references ---- */

/* Notes every id and anchor. */
MUST_CHECK enum status schema_index_refs(struct json_schema *s, struct why *why);
/* What `ref`, standing in `from`, leads to; NULL: nowhere. */
const json_t *schema_find_ref(const struct json_schema *s, const json_t *from, const char *ref);
/* The same by the schemas entered, outermost first. */
const json_t *schema_find_dynamic(const struct validation *v, const json_t *from, const char *ref);

/* ---- formats ---- */

bool schema_format_holds(const char *format, struct slice text);

#endif
