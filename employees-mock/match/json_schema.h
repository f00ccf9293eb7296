/* JSON Schema (V4, V6, V7, 2019-09, 2020-12) as WireMock's matchesJsonSchema validates by it.
 *
 * Compiled once, immutable, for any number of threads. References lead inside of the document
 * only. Depth and work of one validation are bounded. */
#ifndef EMPLOYEES_MOCK_JSON_SCHEMA_H
#define EMPLOYEES_MOCK_JSON_SCHEMA_H

#include "common/cleanup.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum json_schema_version { SCHEMA_V4, SCHEMA_V6, SCHEMA_V7, SCHEMA_V201909, SCHEMA_V202012 };

/* "V7"; false: no such version. */
bool json_schema_version_parse(const char *name, enum json_schema_version *ret);
const char *json_schema_version_name(enum json_schema_version version);

struct json_schema;

/* The document is kept (a reference). A schema that is none (a bad regex, an open reference) still
 * compiles, and validates nothing, as in WireMock. */
MUST_CHECK enum status json_schema_compile(json_t *document, enum json_schema_version version,
                                           struct json_schema **ret, struct why *why);
void json_schema_free(struct json_schema *s);
DEFINE_CLEANUP(json_schema, struct json_schema *, json_schema_free)
#define auto_json_schema __attribute__((cleanup(cleanup_json_schema)))

/* ret_errors (may be NULL): how many faults were found; without it the first one ends the search.
 * ST_TIMEOUT: more work than allowed. */
MUST_CHECK enum status json_schema_validate(const struct json_schema *s, const json_t *instance,
                                            bool *ret_valid, size_t *ret_errors, struct why *why);

/* Members under "properties", nested ones too: what WireMock weighs the faults by. */
size_t json_schema_property_count(const struct json_schema *s);

#endif
