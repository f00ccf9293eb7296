/* YAML 1.1 documents as jansson values (libyaml): mappings, sequences, scalars, anchors refused.
 *
 * Plain scalars become null, booleans and numbers as YAML's core schema has them; quoted ones are
 * text. Bounded in depth and size. Pure. */
#ifndef EMPLOYEES_MOCK_YAML_JSON_H
#define EMPLOYEES_MOCK_YAML_JSON_H

#include "common/buf.h"
#include "common/status.h"

#include <jansson.h>

/* One document. ST_BAD_INPUT: why->place is "line L column C". */
MUST_CHECK enum status yaml_read(struct slice text, json_t **ret, struct why *why);

#endif
