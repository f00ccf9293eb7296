/* Named key-value stores that templates read and write (kvGet, kvPut, ...), and the admin API
 * with them.
 *
 * Any thread may call any function at any time. Values are JSON texts. All is bounded; an entry
 * may have an end of life. A store exists from its first entry to its last. */
#ifndef EMPLOYEES_MOCK_KV_H
#define EMPLOYEES_MOCK_KV_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/status.h"

#include <jansson.h>
#include <stdint.h>

struct kv;

/* The store that is meant where none is named. */
#define KV_DEFAULT_STORE "default"

struct kv_limits {
    size_t entries;     /* of all stores together; 0: 10,000 */
    size_t bytes;       /* of all names, keys and values together; 0: 16 MiB */
    size_t value_bytes; /* of one value; 0: 1 MiB */
};

enum { KV_NAME_MAX = 256 }; /* bytes of a store's name and of a key; neither may be empty */

/* limits may be NULL, clock may be NULL (the machine's) and is borrowed. */
MUST_CHECK enum status kv_new(const struct kv_limits *limits, const struct clock *clock,
                              struct kv **ret, struct why *why);
void kv_free(struct kv *kv);
DEFINE_CLEANUP(kv, struct kv *, kv_free)
#define auto_kv __attribute__((cleanup(cleanup_kv)))

/* Appends the value's JSON text. ST_NOT_FOUND: no such entry, or its life has ended. */
MUST_CHECK enum status kv_get(struct kv *kv, struct slice store, struct slice key, struct buf *ret,
                              struct why *why);

/* Sets or replaces. `json` must be a JSON text (it is not checked again). ttl_ms 0: it stays.
 * ST_BAD_INPUT: an empty or too long name; ST_TOO_LARGE: a limit is passed, nothing is changed. */
MUST_CHECK enum status kv_put(struct kv *kv, struct slice store, struct slice key,
                              struct slice json, int64_t ttl_ms, struct why *why);

/* Adds `by` to a whole number, in one step; an entry that is not there counts as 0 and is made.
 * Its end of life stays. ST_CONFLICT: the value is no whole number, or would leave 64 bits. */
MUST_CHECK enum status kv_add(struct kv *kv, struct slice store, struct slice key, int64_t by,
                              int64_t *ret, struct why *why);

/* ST_NOT_FOUND: there was none. */
MUST_CHECK enum status kv_delete(struct kv *kv, struct slice store, struct slice key,
                                 struct why *why);

/* The names of all stores, or the entries of one, sorted, as a JSON array of strings or an object
 * of key -> value; for the caller to json_decref. */
MUST_CHECK enum status kv_list_stores(struct kv *kv, json_t **ret, struct why *why);
MUST_CHECK enum status kv_list(struct kv *kv, struct slice store, json_t **ret, struct why *why);

/* Forgets one store's entries (store.len 0: every store's); how many there were. */
size_t kv_clear(struct kv *kv, struct slice store);

/* Entries of all stores. */
size_t kv_count(struct kv *kv);

#endif
