/* URL path templates: "/things/{id}/parts/{part}", with a last segment "**" for any rest.
 *
 * Compiled once, immutable. */
#ifndef EMPLOYEES_MOCK_PATH_TEMPLATE_H
#define EMPLOYEES_MOCK_PATH_TEMPLATE_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>

struct path_template;

MUST_CHECK enum status path_template_compile(struct slice text, struct path_template **ret,
                                             struct why *why);
void path_template_free(struct path_template *t);

bool path_template_matches(const struct path_template *t, struct slice path);

size_t path_template_count(const struct path_template *t);
struct slice path_template_name(const struct path_template *t, size_t i);
/* What stands for the i-th name in `path` (decoded copy for the caller to free); NULL: the path
 * does not match, or memory is out. */
char *path_template_value(const struct path_template *t, size_t i, struct slice path,
                          size_t *ret_len);

#endif
