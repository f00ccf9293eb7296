/* jansson with our checks: for configuration, administration and stubs, never for data sets (it
 * rounds numbers).
 *
 * Readers refuse duplicate members and name the line of a fault. Getters write their result only
 * when the member is there, so a default may stand in it before. */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <jansson.h>
#include <stdbool.h>

DEFINE_CLEANUP(json, json_t *, json_decref)
#define auto_json __attribute__((cleanup(cleanup_json)))

/* Lets jansson take its memory from memory.h; before it is first used. */
void json_watch_memory(void);

/* Any JSON value. ST_BAD_INPUT: no JSON, a member given twice, nested deeper than 2048, an integer
 * beyond 64 bits, or text with \u0000 (so every string is a C string); the words tell what, without
 * quoting values, and place is "line L column C". */
MUST_CHECK enum status json_read(struct slice text, json_t **ret, struct why *why);
/* The same, but text may hold \u0000, for those who ask for each string's length. */
MUST_CHECK enum status json_read_nul(struct slice text, json_t **ret, struct why *why);
/* Only an object. */
MUST_CHECK enum status json_read_object(struct slice text, json_t **ret, struct why *why);
/* A file of at most max bytes; place is "FILE:LINE:COLUMN", or "FILE" when it can't be read.
 * Besides the above ST_NOT_FOUND, ST_TOO_LARGE and ST_IO. */
MUST_CHECK enum status json_read_file(const char *file, size_t max, json_t **ret, struct why *why);

/* Appends the value, members in their order; pretty: two blanks a level, as the wire contract lays
 * data sets out. Reals have the fewest digits that read back the same (1.1, 10.0). A value nested
 * deeper than can be read, or in itself, makes the buffer fail with ST_TOO_LARGE. */
void json_write(const json_t *value, bool pretty, struct buf *ret);

/* Refuses members that `known` (ends with NULL) does not list; place is the member's name. */
MUST_CHECK enum status json_only(const json_t *object, const char *const known[], struct why *why);

/* The string's text; NULL when it is no string, or one with a NUL inside. For items of arrays. */
const char *json_text(const json_t *value);

/* Members by name; null counts as absent. ST_BAD_INPUT, place = name: another type, or out of
 * range. Text is borrowed from the object. */
MUST_CHECK enum status json_get_text(const json_t *object, const char *name, const char **ret,
                                     struct why *why);
MUST_CHECK enum status json_get_bool(const json_t *object, const char *name, bool *ret,
                                     struct why *why);
MUST_CHECK enum status json_get_int(const json_t *object, const char *name, long long min,
                                    long long max, long long *ret, struct why *why);
MUST_CHECK enum status json_get_array(const json_t *object, const char *name, const json_t **ret,
                                      struct why *why);
MUST_CHECK enum status json_get_object(const json_t *object, const char *name, const json_t **ret,
                                       struct why *why);
/* The same, and it must be there and not be empty. */
MUST_CHECK enum status json_need_text(const json_t *object, const char *name, const char **ret,
                                      struct why *why);

#endif
