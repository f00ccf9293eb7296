/* The request as templates see it: `request.path.[1]`, `request.query.q`, ...
 *
 * Members are made when they are asked for the first time, in the rendering's arena. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_MODEL_H
#define EMPLOYEES_MOCK_TEMPLATE_MODEL_H

#include "employees-mock/template/render.h"

struct request_model;
struct part_model;

/* NULL: memory is out. */
struct request_model *request_model_new(struct render *r, const struct mock_request *request,
                                        struct slice id, const struct path_template *path);

/* Properties of the beans; null for a name that they have not. */
struct value request_model_member(struct render *r, struct request_model *m, struct slice name);
struct value request_line_member(struct render *r, struct request_model *m, struct slice name);
struct value part_model_member(struct render *r, const struct part_model *part, struct slice name);
/* What its toString() writes. */
void part_model_write(const struct part_model *part, struct buf *ret);

/* A bean as the map that Jackson makes of it; any other value as it is. */
struct value model_unfold(struct render *r, struct value v);

#endif
