/* Values of JSON text that are read one by one: the body of a call, and what stands in it.
 *
 * An item is a value with its raw text; objects and arrays are stepped over as a whole, checked,
 * and may be entered later. No recursion. */
#ifndef ENGINE_JSON_ITEM_H
#define ENGINE_JSON_ITEM_H

#include "interceptor/engine/json_text.h"
#include "interceptor/engine/name_set.h"

#include <stdbool.h>

enum item_kind {
    ITEM_ABSENT,
    ITEM_NULL,
    ITEM_BOOLEAN,
    ITEM_NUMBER,
    ITEM_STRING,
    ITEM_OBJECT,
    ITEM_ARRAY
};

/* raw: of a string what stands between the quotes; else the whole literal. */
struct json_item {
    enum item_kind kind;
    struct slice raw;
};

/* names: of the objects around the value, of which there are `depth`; kept as they were. Returns
 * the place behind the value, or NULL with the fault noted. Refuses members given twice, and a
 * nesting over NAME_SET_DEPTH_MAX. */
const char *json_item_read(struct json_text *t, const char *p, struct name_set *names, size_t depth,
                           struct json_item *ret);

/* The name at p and the colon behind it; gives the place of the value. */
const char *json_item_name(struct json_text *t, const char *p, struct slice *ret);

/* Notes the name in the scope of an open object. False: given twice (fault noted), or no memory
 * (none noted). */
bool json_item_add_name(struct json_text *t, struct name_set *names, struct name_scope *scope,
                        size_t depth, struct slice name);

/* Notes the fault of a name that its object has already; returns false. */
bool json_item_given_twice(struct json_text *t, struct slice name);

/* Compares names of a struct json_text, which is the context of the set. */
bool json_item_same_name(void *ctx, const struct name_place *a, const struct name_place *b);

/* Steps through an object or array that was read before: *at begins as NULL. False: no more. The
 * name is {NULL, 0} in an array. */
bool json_item_next(struct json_text *t, const struct json_item *container, const char **at,
                    struct slice *ret_name, struct json_item *ret);

#endif
