/* The text of an attribute path, read step by step. See selector.h for what a path is. */
#ifndef ENGINE_PATH_H
#define ENGINE_PATH_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

enum path_step_kind {
    PATH_END,
    PATH_NAME,
    PATH_XML_ATTRIBUTE, /* "@x": the name is "@x" */
    PATH_ITEMS,         /* "[]" */
};

struct path_reader {
    const char *path;
    const char *at;
    bool any_depth; /* it began with "**." */
    bool after_attribute;
    char *room; /* as long as the path: decoded names of the caller's */
    size_t used;
};

/* room: strlen(path) + 1 bytes, where quoted names are decoded to; must outlive the names. */
MUST_CHECK enum status path_begin(struct path_reader *r, const char *path, char *room,
                                  struct why *why);

/* The next step; *ret_name for names only. */
MUST_CHECK enum status path_next(struct path_reader *r, enum path_step_kind *ret,
                                 struct slice *ret_name, struct why *why);

#endif
