/* Template text to nodes (HbsParser.g4 of Handlebars.java 4.3.1). */
#ifndef EMPLOYEES_MOCK_TEMPLATE_PARSER_H
#define EMPLOYEES_MOCK_TEMPLATE_PARSER_H

#include "employees-mock/template/node.h"
#include "employees-mock/template/prepared.h"

enum { PARSER_DEPTH_MAX = 64 };

/* Everything lands in the arena, compiled literals also in *prepared (to be freed also after a
 * failure). ST_BAD_INPUT: text is "LINE:COLUMN: reason", place "line L column C". */
MUST_CHECK enum status parser_run(struct arena *a, struct slice text, struct body *ret,
                                  struct prepared **prepared, struct why *why);

#endif
