/* All configuration, compiled: tenants by API key, manifests by name, rules, data keys. Immutable,
 * counted, and replaced as a whole: a request keeps the one with which it began.
 *
 * What a request needs is found in one step each, without a lock and without SQL. */
#ifndef INTERCEPTOR_SNAPSHOT_H
#define INTERCEPTOR_SNAPSHOT_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/grants.h"
#include "interceptor/keyring.h"
#include "interceptor/manifest.h"
#include "interceptor/master.h"
#include "interceptor/quota.h"
#include "interceptor/store.h"
#include "interceptor/tenant.h"

struct snapshot;

/* A tenant as requests meet it. */
struct account {
    const struct tenant *tenant;
    struct quota *quota; /* of the book */
    struct quota_limits limits;
    size_t index;
};

/* A manifest as requests meet it. */
struct ward {
    const struct manifest *manifest;
    const struct grants *grants;
    int64_t version;
    size_t index;
};

/* Validates all together: names given twice, API keys that two tenants share, rules that speak of
 * what does not exist. ST_BAD_INPUT: place tells where; ST_CONFLICT: so does it, and what is wrong
 * there is an entry without a source, which was stored before. store may be NULL (no counts are
 * loaded). The result has one holder. */
MUST_CHECK enum status snapshot_new(const struct policy_items *items, const struct master *master,
                                    struct quota_book *book, struct store *store, int64_t revision,
                                    struct snapshot **ret, struct why *why);
void snapshot_count_in(struct snapshot *s); /* one holder more, beside one that is known */
void snapshot_release(struct snapshot *s);  /* the last holder frees it; NULL is accepted */

DEFINE_CLEANUP(snapshot, struct snapshot *, snapshot_release)
#define auto_snapshot __attribute__((cleanup(cleanup_snapshot)))

int64_t snapshot_revision(const struct snapshot *s);
size_t snapshot_tenant_count(const struct snapshot *s);
size_t snapshot_manifest_count(const struct snapshot *s);
size_t snapshot_rule_count(const struct snapshot *s);

/* All NULL if there is none. */
const struct account *snapshot_account_by_key(const struct snapshot *s,
                                              const uint8_t hash[KEYED_HASH_SIZE]);
const struct account *snapshot_account(const struct snapshot *s, struct slice tenant);
const struct account *snapshot_account_at(const struct snapshot *s, size_t i); /* in their order */
const struct ward *snapshot_ward(const struct snapshot *s, struct slice manifest);

/* The manifest compiled for the tenant; made at the first question, kept as long as the snapshot. */
MUST_CHECK enum status snapshot_plan(const struct snapshot *s, const struct account *account,
                                     const struct ward *ward, const struct plan **ret,
                                     struct why *why);

/* ---- the current one ---- */

struct snapshot_box;

MUST_CHECK enum status snapshot_box_new(struct snapshot_box **ret, struct why *why);
void snapshot_box_free(struct snapshot_box *box);

/* Takes `s` over; requests that begin from now on get it. One thread at a time. */
void snapshot_publish(struct snapshot_box *box, struct snapshot *s);

/* The current one, held for the caller; NULL before the first was published. Any thread. */
struct snapshot *snapshot_hold(struct snapshot_box *box);

#endif
