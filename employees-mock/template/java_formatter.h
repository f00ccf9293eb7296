/* What DateTimeFormatter's writer and reader share. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_JAVA_FORMATTER_H
#define EMPLOYEES_MOCK_TEMPLATE_JAVA_FORMATTER_H

#include "employees-mock/template/java_pattern.h"

/* ofPattern(): ST_BAD_INPUT: a letter that it does not know, or too many of one. */
MUST_CHECK enum status java_formatter_check(const struct java_pattern *p, struct why *why);

#endif
