/* `request.path`: a list of segments, or a map where a path template names them. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_REQUEST_PATH_H
#define EMPLOYEES_MOCK_TEMPLATE_REQUEST_PATH_H

#include "employees-mock/template/value.h"

struct path_template;

/* raw: the path as it came; template may be NULL. STYLE_PATH: it prints as the path, decoded where
 * there is no template. null when memory is out. */
struct value request_path(struct arena *a, struct slice raw, const struct path_template *template);

/* A path with named segments iterates over what stands between its slashes, the empty text before
 * the first one included: that as a list. Any other value is given back. */
struct value request_path_iterated(struct arena *a, struct value v);

#endif
