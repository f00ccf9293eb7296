/* The one way in which configuration changes: written to the store, checked as a whole, compiled,
 * and published, or nothing of it. The store counts the changes, so that each service that has it
 * can follow. Any thread; changes queue up behind each other. */
#ifndef INTERCEPTOR_POLICY_H
#define INTERCEPTOR_POLICY_H

#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/master.h"
#include "interceptor/quota.h"
#include "interceptor/snapshot.h"
#include "interceptor/store.h"

struct policy;

/* All borrowed, to outlive it. */
MUST_CHECK enum status policy_new(struct store *store, const struct master *master,
                                  struct quota_book *book, struct snapshot_box *box,
                                  struct policy **ret, struct why *why);
void policy_free(struct policy *p);

DEFINE_CLEANUP(policy, struct policy *, policy_free)
#define auto_policy __attribute__((cleanup(cleanup_policy)))

/* What is stored, as it stands. */
MUST_CHECK enum status policy_reload(struct policy *p, struct why *why);

/* The same, if others changed it: a service or a command with the same database. */
MUST_CHECK enum status policy_follow(struct policy *p, bool *ret_changed, struct why *why);

enum policy_apply {
    POLICY_ADD,     /* entries that are not given stay */
    POLICY_FILES,   /* entries that came from files, and are in none any more, go */
    POLICY_REPLACE, /* entries that are not given go; data keys always stay */
};

/* ST_BAD_INPUT, ST_CONFLICT: the result would not be valid; nothing has changed. */
MUST_CHECK enum status policy_apply(struct policy *p, const struct policy_items *items,
                                    enum policy_apply how, struct why *why);
/* ST_NOT_FOUND; ST_CONFLICT: a rule speaks of it. */
MUST_CHECK enum status policy_delete(struct policy *p, enum policy_kind kind, const char *name,
                                     struct why *why);

/* One change that reads first: `change` gets what is stored and returns a document to put (for the
 * caller's kind), or fails. */
typedef enum status policy_edit(void *ctx, const struct policy_items *items, char **ret_name,
                                char **ret_document, struct why *why);
MUST_CHECK enum status policy_change(struct policy *p, enum policy_kind kind, policy_edit *edit,
                                     void *ctx, bool *ret_new, struct why *why);

#endif
