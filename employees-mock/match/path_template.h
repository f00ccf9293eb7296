/* URL path templates: "/things/{id}/parts/{part}", with "**" for any text, which is
 * named by its number ("0").
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
/* What stands for the i-th name in `path`, as it came; false: the path does not match. */
bool path_template_value(const struct path_template *t, size_t i, struct slice path,
                         struct slice *ret);

/* The text before the first variable or wildcard. */
struct slice path_template_prefix(const struct path_template *t);

/* Appends the template with '_' for each variable and wildcard. */
void path_template_write_blank(const struct path_template *t, struct buf *ret);

#endif
