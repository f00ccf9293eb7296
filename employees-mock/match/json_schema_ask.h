/* One keyword's question, and the keywords. Private to json_schema*.c. */
#ifndef EMPLOYEES_MOCK_JSON_SCHEMA_ASK_H
#define EMPLOYEES_MOCK_JSON_SCHEMA_ASK_H

#include "employees-mock/match/json_schema_rules.h"

struct ask {
    struct validation *v;
    const json_t *value;  /* of the keyword */
    const json_t *schema; /* it stands in */
    const json_t *instance;
    struct evaluated *seen;
};

bool schema_is_object(const json_t *value);
/* Notes a fault where it does not hold. */
bool schema_hold(struct ask *a, bool holds);
/* Another schema on another instance; try: the verdict alone, what is wrong does not count. */
bool schema_ask(struct ask *a, const json_t *schema, const json_t *instance,
                struct evaluated *seen);
bool schema_try(struct ask *a, const json_t *schema, const json_t *instance,
                struct evaluated *seen);
/* Of additionalProperties and additionalItems, whose false every version knows. */
bool schema_ask_additional(struct ask *a, const json_t *instance);
/* A keyword's number. */
bool schema_limit(const json_t *value, double *ret);
/* Whether the regular expression, one of the schema's, is found in the text. */
bool schema_finds(struct ask *a, const char *pattern, struct slice text);

/* ---- keywords; those for other types of instances hold ---- */

bool schema_type(struct ask *a);
bool schema_enumeration(struct ask *a);
bool schema_constant(struct ask *a);
bool schema_maximum(struct ask *a);
bool schema_minimum(struct ask *a);
bool schema_exclusive_maximum(struct ask *a);
bool schema_exclusive_minimum(struct ask *a);
bool schema_multiple_of(struct ask *a);
bool schema_max_length(struct ask *a);
bool schema_min_length(struct ask *a);
bool schema_pattern(struct ask *a);
bool schema_format(struct ask *a);
bool schema_content(struct ask *a);
bool schema_max_items(struct ask *a);
bool schema_min_items(struct ask *a);
bool schema_unique_items(struct ask *a);
bool schema_items(struct ask *a);
bool schema_prefix_items(struct ask *a);
bool schema_additional_items(struct ask *a);
bool schema_contains(struct ask *a);
bool schema_max_properties(struct ask *a);
bool schema_min_properties(struct ask *a);
bool schema_required(struct ask *a);
bool schema_properties(struct ask *a);
bool schema_pattern_properties(struct ask *a);
bool schema_additional_properties(struct ask *a);
bool schema_property_names(struct ask *a);
bool schema_dependencies(struct ask *a);

#endif
