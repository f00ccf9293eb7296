/* Copies of JSON values for one thread alone: values of jansson are not shared between threads, as
 * what counts their references is no barrier. Numbers over 64 bits (json_loose.h) survive. Pure. */
#ifndef EMPLOYEES_MOCK_JSON_OWN_H
#define EMPLOYEES_MOCK_JSON_OWN_H

#include <jansson.h>

/* A new value that shares nothing with the old one; NULL: memory is out, or value is NULL. */
json_t *json_own(const json_t *value);

/* The same without those members that are null, at any depth: as Jackson writes maps. */
json_t *json_without_nulls(const json_t *value);

/* Puts a member behind all others; nothing, where there is none. */
void json_put_last(json_t *object, const char *name);

#endif
