/* What must outlive the process, in one SQLite file: one function a question, all SQL behind them.
 *
 * One connection and one lock: every function may be called from any thread, and a group of writes
 * stands between store_begin and store_commit, which hold the lock. Nothing here is called on the
 * way of a call that protects data, but for the token store and the audit writer's own thread. */
#ifndef INTERCEPTOR_STORE_H
#define INTERCEPTOR_STORE_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/lookup.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct db;

/* Opens or makes the file and brings its schema up to date. Errors as db_open's. */
MUST_CHECK enum status store_open(const char *file, struct store **ret, struct why *why);
void store_close(struct store *s);

DEFINE_CLEANUP(store, struct store *, store_close)
#define auto_store __attribute__((cleanup(cleanup_store)))

/* Writes between the two count together or not at all. store_begin takes the lock (recursive for
 * its thread); store_commit and store_rollback give it back. On a failed commit all is undone. */
MUST_CHECK enum status store_begin(struct store *s, struct why *why);
MUST_CHECK enum status store_commit(struct store *s, struct why *why);
void store_rollback(struct store *s);
/* What is read until store_rollback is of one moment, whatever other processes write meanwhile. */
MUST_CHECK enum status store_begin_read(struct store *s, struct why *why);

/* For modules that keep statements of their own (token_store_db): the connection, under the lock. */
struct db *store_lock(struct store *s);
void store_unlock(struct store *s);

MUST_CHECK enum status store_backup(struct store *s, const char *file, struct why *why);
/* ST_IO: the file is not where it was; what another one opens there is another database. */
MUST_CHECK enum status store_check_file(struct store *s, struct why *why);
/* Whether the file is where it was, can be read, and written as far as is known. */
MUST_CHECK enum status store_ping(struct store *s, struct why *why);

/* ---- single values ---- */

/* *ret is NULL where there is none; the caller frees it. */
MUST_CHECK enum status store_load_meta(struct store *s, const char *name, char **ret,
                                       struct why *why);
MUST_CHECK enum status store_save_meta(struct store *s, const char *name, const char *value,
                                       struct why *why);

/* ---- policy: tenants, manifests, rules, data keys ---- */

enum policy_kind { POLICY_TENANT, POLICY_MANIFEST, POLICY_RULE, POLICY_KEY, POLICY_KINDS };
enum policy_origin { FROM_CONFIG, FROM_ADMIN };

/* "tenant", "manifest", "rule", "key" */
const char *policy_kind_word(enum policy_kind kind);
/* The member of the configuration document: "tenants", ... */
const char *policy_kind_member(enum policy_kind kind);

struct policy_item {
    enum policy_kind kind;
    enum policy_origin origin;
    int64_t version;
    char *name;
    char *document;
    char *source; /* where it was read, for complaints: "FILE: rules[2]"; "": the caller knows;
                     NULL: it is stored since long */
    size_t next_of_name; /* place behind the next one of this name, of another kind; 0: none */
};

struct policy_items {
    struct policy_item *items; /* kind by kind, each in the order of birth */
    size_t count;
    size_t capacity;
    struct lookup by_name; /* the first one of each name */
    char *key_file;        /* fingerprint of the one that hashed the credentials; NULL: not told */
    char *key_source;      /* where that stands */
};

void policy_items_done(struct policy_items *list);
#define auto_policy_items __attribute__((cleanup(policy_items_done)))
/* Copies the texts; source may be NULL. */
MUST_CHECK enum status policy_items_add(struct policy_items *list, enum policy_kind kind,
                                        const char *name, const char *document, const char *source,
                                        struct why *why);
/* Entries of `list` take over the sources that equal entries of `from` have. */
MUST_CHECK enum status policy_items_trace(struct policy_items *list,
                                          const struct policy_items *from, struct why *why);
/* Puts before the place of a failure the entry in which it was found. */
enum status policy_item_blame(const struct policy_item *item, enum status st, struct why *why);
MUST_CHECK enum status policy_items_remove(struct policy_items *list, enum policy_kind kind,
                                           struct why *why);
const struct policy_item *policy_items_find(const struct policy_items *list, enum policy_kind kind,
                                            const char *name);

MUST_CHECK enum status store_load_policy(struct store *s, struct policy_items *ret,
                                         struct why *why);
/* Inside a transaction. New, or in the place of the old one (its version grows by one, unless the
 * document is equal). */
MUST_CHECK enum status store_put_policy(struct store *s, enum policy_kind kind, const char *name,
                                        const char *document, enum policy_origin origin,
                                        bool *ret_new, struct why *why);
/* ST_NOT_FOUND: there is none. */
MUST_CHECK enum status store_delete_policy(struct store *s, enum policy_kind kind, const char *name,
                                           struct why *why);

/* How often the policy was changed, by whomever. The second one counts one more, inside the
 * transaction of the change. */
MUST_CHECK enum status store_policy_changes(struct store *s, int64_t *ret, struct why *why);
MUST_CHECK enum status store_count_policy_change(struct store *s, int64_t *ret, struct why *why);

/* ---- refresh tokens ---- */

/* ST_CONFLICT: it was used before. Forgets those that expired before now_s. */
MUST_CHECK enum status store_use_refresh(struct store *s, const char *id, int64_t expires_s,
                                         int64_t now_s, struct why *why);

/* ---- quotas ---- */

MUST_CHECK enum status store_save_quota(struct store *s, const char *tenant, int64_t start_ms,
                                        int64_t used, struct why *why);
/* Both are 0 where nothing is known. */
MUST_CHECK enum status store_load_quota(struct store *s, const char *tenant, int64_t *ret_start_ms,
                                        int64_t *ret_used, struct why *why);

/* ---- audit ---- */

enum { AUDIT_HASH_SIZE = 32 };

struct audit_row {
    int64_t number;
    int64_t at_us;
    const char *tenant;
    const char *record;
    uint8_t hash[AUDIT_HASH_SIZE];
};

/* Inside a transaction: all of them or none, by its end. */
MUST_CHECK enum status store_add_audit(struct store *s, const struct audit_row rows[], size_t count,
                                       struct why *why);
struct audit_query {
    int64_t first;      /* rows with this number or a greater one, */
    int64_t last;       /* up to this one, */
    int64_t from_us;    /* at this time or later, */
    int64_t to_us;      /* up to this one */
    const char *tenant; /* NULL: all */
    bool newest_first;
    int64_t limit;
};

/* The members of a query that leaves no row out. */
#define AUDIT_QUERY_ALL                                                                            \
    .first = INT64_MIN, .last = INT64_MAX, .from_us = INT64_MIN, .to_us = INT64_MAX

/* Each row in turn until `each` returns false; its texts are borrowed. A row whose
 * text has a NUL inside, behind which it would not be read, gets a hash of zeros. */
MUST_CHECK enum status store_each_audit(struct store *s, const struct audit_query *query,
                                        bool (*each)(void *ctx, const struct audit_row *row),
                                        void *ctx, struct why *why);
/* Takes away the rows up to that number. */
MUST_CHECK enum status store_trim_audit(struct store *s, int64_t up_to, int64_t *ret_removed,
                                        struct why *why);

#endif
