/* Placeholders in the strings of a configuration document: ${NAME} and ${NAME:-default} stand for a
 * variable; $${ is a plain ${. */
#ifndef INTERCEPTOR_PLACEHOLDER_H
#define INTERCEPTOR_PLACEHOLDER_H

#include "common/json.h"
#include "common/status.h"

/* Where values come from: *ret is a copy for the caller to free, NULL where there is none. A value
 * that is meant to be there and can't be had is a failure, so that no default takes its place. */
struct variables {
    enum status (*find)(void *ctx, const char *name, char **ret, struct why *why);
    void *ctx;
};

/* The process's environment; where NAME is not set, the file that NAME_FILE names (without a line
 * break at its end). */
extern const struct variables environment_variables;

/* A copy of the value with every string filled in; member names stay. `from` NULL: no placeholder
 * may stand there. ST_BAD_INPUT: place is the member's path; a variable without value or a
 * placeholder that is none. */
MUST_CHECK enum status placeholder_fill(const json_t *value, const struct variables *from,
                                        json_t **ret, struct why *why);

/* The reverse, in place: a string that holds ${ gets the form that stands for itself. */
MUST_CHECK enum status placeholder_escape(json_t *value, struct why *why);

#endif
