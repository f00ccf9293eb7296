/* Equality of JSON documents as WireMock's equalToJson has it (json-unit): numbers by value,
 * placeholders in the expected document, order and extras ignored on demand.
 *
 * Placeholders ('#' stands for '$' too): ${json-unit.ignore}, ${json-unit.ignore-element},
 * ${json-unit.any-string}, ${json-unit.any-number}, ${json-unit.any-boolean},
 * ${json-unit.regex}PATTERN; ${json-unit.matches:NAME} never matches, as nobody can register a
 * matcher. Pure; work is bounded. */
#ifndef EMPLOYEES_MOCK_JSON_EQUAL_H
#define EMPLOYEES_MOCK_JSON_EQUAL_H

#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct json_equal_options {
    bool ignore_array_order;
    bool ignore_extra_elements; /* members of objects and items of arrays */
};

/* ST_TIMEOUT: more work than allowed. */
MUST_CHECK enum status json_equal_to_matches(const json_t *expected, const json_t *actual,
                                             const struct json_equal_options *options, bool *ret,
                                             struct why *why);

/* Differences weighed by their size against the larger document's size, as WireMock's distance. */
MUST_CHECK enum status json_equal_to_distance(const json_t *expected, const json_t *actual,
                                              const struct json_equal_options *options, double *ret,
                                              struct why *why);

#endif
