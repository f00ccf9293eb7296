/* JSONPath in Jayway's dialect, as WireMock configures it.
 *
 * Compiled once, immutable, for any number of threads. Work on one document is bounded. */
#ifndef EMPLOYEES_MOCK_JSON_PATH_H
#define EMPLOYEES_MOCK_JSON_PATH_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>

struct json_path;

/* ST_BAD_INPUT: Jayway refuses it; why->text is its reason where known. */
MUST_CHECK enum status json_path_compile(struct slice text, struct json_path **ret,
                                         struct why *why);
void json_path_free(struct json_path *p);
DEFINE_CLEANUP(json_path, struct json_path *, json_path_free)
#define auto_json_path __attribute__((cleanup(cleanup_json_path)))

/* Definite: one place at most ($.a[0].b). Of an indefinite one ($..a, $.a[*], filters, slices,
 * unions) the result is always an array. A function (length(), min(), ...) gives one value. */
bool json_path_is_definite(const struct json_path *p);

/* Whether it ends in keys(). */
bool json_path_gives_names(const struct json_path *p);

/* What JsonPath.read() gives: a new reference (parts of `document` are shared, not copied).
 * ST_NOT_FOUND: PathNotFoundException, why->text its words ("No results for path: $['a']").
 * ST_BAD_INPUT: another failure of the evaluation. ST_TIMEOUT: too much work. */
MUST_CHECK enum status json_path_read(const struct json_path *p, const json_t *document,
                                      json_t **ret, struct why *why);

/* The same with Jayway's option DEFAULT_PATH_LEAF_TO_NULL, as the template helpers read: a member
 * at the path's end that an object has not counts as null. */
MUST_CHECK enum status json_path_read_or_null(const struct json_path *p, const json_t *document,
                                              json_t **ret, struct why *why);

/* The same of a document's text (UTF-8), by a path of names and indexes alone: the document is not
 * made, only what is found. ST_NOT_FOUND: nothing is. ST_UNSUPPORTED: the path is of another kind,
 * or json_loose_read() makes no object and no array of the text. */
MUST_CHECK enum status json_path_read_text(const struct json_path *p, struct slice text,
                                           json_t **ret);

#endif
