/* JSON as json-smart, which WireMock's JSONPath reads it with, writes it. Pure. */
#ifndef EMPLOYEES_MOCK_JSON_SMART_H
#define EMPLOYEES_MOCK_JSON_SMART_H

#include "common/buf.h"

#include <jansson.h>

/* A value as Java's toString() gives it: text as it is, {a=1, b=text} for an object. */
void json_smart_put_java(const json_t *value, struct buf *ret);

#endif
