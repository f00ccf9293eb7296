/* JSONPath over values, to change what it finds: for jsonRemove and jsonArrayAdd.
 *
 * Names, indexes, slices, wildcards and scans by itself; a filter is asked of json_path.h, item by
 * item, and so knows no '$'. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_VALUE_PATH_H
#define EMPLOYEES_MOCK_TEMPLATE_VALUE_PATH_H

#include "employees-mock/template/value.h"

struct value_path;

/* A place in a tree of V_MAP and V_LIST that may be changed: the member or item `index` of
 * `holder`. holder NULL: the root. */
struct value_place {
    struct value *holder;
    size_t index;
};

struct value_places {
    struct value_place *items;
    size_t count;
};

/* ST_BAD_INPUT: no path of this kind; ST_NO_MEMORY. Lives in the arena. */
MUST_CHECK enum status value_path_parse(struct arena *a, struct slice text,
                                        struct value_path **ret);

/* Whether it can mean one place only: names and single indexes. */
bool value_path_is_definite(const struct value_path *p);

/* Places in the order of the document. ST_NOT_FOUND: a definite path leads nowhere,
 * and not only its last member is missing.
 * ST_TOO_LARGE: too much work. */
MUST_CHECK enum status value_path_find(struct arena *a, const struct value_path *p,
                                       struct value *root, struct value_places *ret);

/* The value at a place; the root's own where the place is the root. */
struct value *value_place_get(struct value *root, struct value_place place);

/* Takes the places out; an index of a list counts before anything is taken out. */
void value_places_remove(struct value_places *places);

#endif
