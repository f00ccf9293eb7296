/* JSON texts as Jackson reads them into values: fractions are BigDecimal, with all digits. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JSON_TEXT_H
#define EMPLOYEES_MOCK_TEMPLATE_JSON_TEXT_H

#include "employees-mock/template/value.h"

enum { JSON_TEXT_DEPTH_MAX = 500 };

/* The first value of the text, with comments and 'single quotes'; what stands behind is ignored. Objects become V_MAP, arrays V_LIST.
 * Text without escapes is borrowed. False: it is no JSON; *ret_place (may be NULL) is how far it
 * was read. */
bool json_text_read(struct arena *a, struct slice text, struct value *ret, size_t *ret_place);

#endif
