/* The formats date, time and date-time of JSON Schema; leap seconds are known. Pure. */
#ifndef EMPLOYEES_MOCK_JSON_SCHEMA_MOMENT_H
#define EMPLOYEES_MOCK_JSON_SCHEMA_MOMENT_H

#include "common/buf.h"

#include <stdbool.h>

bool json_schema_is_date(struct slice text);
bool json_schema_is_date_time(struct slice text);
bool json_schema_is_time(struct slice text);

/* As a C string; false: it does not fit, or has a NUL. */
bool json_schema_copy(struct slice text, char *ret, size_t size);

#endif
