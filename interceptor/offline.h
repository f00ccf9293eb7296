/* What the subcommands need of a service that they do not start: the policy of the configuration
 * files, or of the database where none are given, compiled. */
#ifndef INTERCEPTOR_OFFLINE_H
#define INTERCEPTOR_OFFLINE_H

#include "common/status.h"
#include "interceptor/master.h"
#include "interceptor/policy.h"
#include "interceptor/quota.h"
#include "interceptor/settings.h"
#include "interceptor/snapshot.h"
#include "interceptor/store.h"

struct offline {
    struct master *master;
    struct store *store; /* NULL where files were given */
    struct quota_book *quotas;
    struct snapshot_box *box;
    struct policy *policy; /* NULL where files were given */
    struct policy_items items;
    size_t left_out; /* data keys of the files that without the key file can't be opened */
    struct snapshot *snapshot;
};

/* The files at --config, or the database. Where the key file does not exist, a key for this run
 * alone is drawn if the files are given, and their data keys are left out. */
MUST_CHECK enum status offline_open(const struct settings *settings, struct offline *ret,
                                    struct why *why);
/* The database alone, whatever is in it: no key, no policy. */
MUST_CHECK enum status offline_open_store(const struct settings *settings, struct offline *ret,
                                          struct why *why);
/* The database and its key, without what it holds of policy. */
MUST_CHECK enum status offline_open_trail(const struct settings *settings, struct offline *ret,
                                          struct why *why);
/* The database, whatever --config says; its key file must be there. */
MUST_CHECK enum status offline_open_database(const struct settings *settings, struct offline *ret,
                                             struct why *why);
void offline_close(struct offline *o);
#define auto_offline __attribute__((cleanup(offline_close)))

#endif
