/* Attribute paths compiled into states that advance with each name of a data set.
 *
 *     employees.employee[].firstName    names joined by ".", "[]" for the items of an array
 *     [].id                             the data set itself is an array
 *     **.email                          at any depth
 *     "odd.name[]".x                    a quoted name; \" and \\ inside stand for themselves
 *     person.@id                        an attribute of an XML element, as the last step
 *
 * A value may be held by several paths: the one with the most steps counts, and a path from the
 * top before one at any depth. What a step costs does not depend on the number of paths.
 * Immutable once compiled: any thread. */
#ifndef ENGINE_SELECTOR_H
#define ENGINE_SELECTOR_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stddef.h>
#include <stdint.h>

enum { SELECTOR_PATH_MAX = 1000, SELECTOR_STEPS_MAX = 64, SELECTOR_PATHS_MAX = 100000 };

enum selector_kind {
    SELECT_JSON,
    SELECT_XML /* "[]" is no step of its own: an element stands for itself and its repetitions */
};

struct selector;

/* A state is a number; paths that can no longer match have SELECTOR_DEAD. */
enum { SELECTOR_DEAD = 0, SELECTOR_START = 1 };
enum { SELECTOR_NONE = -1 };

/* paths: borrowed for the call. ST_BAD_INPUT: a path is not well-formed, or given twice; place is
 * the path. ST_TOO_LARGE: past a ceiling above. Equal paths for SELECT_XML ("a[].b", "a.b") are no
 * error: the first counts, and selector_first() tells it. */
MUST_CHECK enum status selector_new(const char *const paths[], size_t count,
                                    enum selector_kind kind, struct selector **ret,
                                    struct why *why);
void selector_free(struct selector *s);

DEFINE_CLEANUP(selector, struct selector *, selector_free)
#define auto_selector __attribute__((cleanup(cleanup_selector)))

/* Whether the text is a path at all; words as selector_new's. */
MUST_CHECK enum status selector_check_path(const char *path, struct why *why);

/* The last name of a path, decoded, without "@": the column that it means in SQL. "" when the path
 * ends with items of items only. Returns the length, at most SELECTOR_PATH_MAX. */
size_t selector_last_name(const char *path, char ret[SELECTOR_PATH_MAX + 1]);

/* selector_step_name finds names by name_hash() with this seed. */
uint64_t selector_seed(const struct selector *s);

/* The state of a member (of an element) and of an array's items. */
uint32_t selector_step_name(const struct selector *s, uint32_t state, struct slice name,
                            uint64_t hash);
uint32_t selector_step_items(const struct selector *s, uint32_t state);

/* The first path that is equal to this one: itself but in XML. */
int32_t selector_first(const struct selector *s, int32_t path);

/* The index of the path that holds the value reached, or SELECTOR_NONE. */
int32_t selector_holds(const struct selector *s, uint32_t state);

#endif
