/* Why the evaluation of a path finds nothing, in Jayway's words. Private to json_path.c.
 *
 * Each writes its reason into the evaluation's `why` and gives ST_NOT_FOUND, or as it says. */
#ifndef EMPLOYEES_MOCK_JSON_PATH_FAULT_H
#define EMPLOYEES_MOCK_JSON_PATH_FAULT_H

#include "employees-mock/match/json_path_tokens.h"

/* Where in the document an evaluation stands, for the words of an error. */
struct json_place {
    const struct json_place *up; /* NULL: the root */
    struct slice name;           /* data NULL: an index */
    size_t index;
};

/* The whole path has no result. */
enum status json_path_no_results(const struct json_path *p, struct why *why);

/* The object at `place` has no member `name`. */
enum status json_path_missing_property(const struct evaluation *e, const struct json_place *place,
                                       const char *name);

/* `t` wants an object at `place`, an index or a slice wants an array, and `model` is none. */
enum status json_path_no_object(const struct evaluation *e, const struct token *t,
                                const struct json_place *place, const json_t *model);
enum status json_path_no_array(const struct evaluation *e, const struct token *t,
                               const struct json_place *place, const json_t *model);

/* The filter `t` is asked of what has nothing in it: ST_BAD_INPUT. */
enum status json_path_primitive(const struct evaluation *e, const struct token *t,
                                const json_t *model);

#endif
