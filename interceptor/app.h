/* The one context: everything that outlives a request, built by main and handed down. */
#ifndef INTERCEPTOR_APP_H
#define INTERCEPTOR_APP_H

#include "common/clock.h"
#include "common/http.h"
#include "common/log.h"
#include "interceptor/audit.h"
#include "interceptor/calls.h"
#include "interceptor/engine/engine.h"
#include "interceptor/faults.h"
#include "interceptor/master.h"
#include "interceptor/policy.h"
#include "interceptor/quota.h"
#include "interceptor/settings.h"
#include "interceptor/snapshot.h"
#include "interceptor/store.h"
#include "interceptor/telemetry.h"
#include "interceptor/token.h"
#include "interceptor/token_store_db.h"
#include "interceptor/token_store_pg.h"

struct app {
    struct settings settings;
    struct log log;
    struct clock clock;
    struct master *master;
    struct store *store;
    struct token_signer *signer;
    struct quota_book *quotas;
    struct snapshot_box *box;
    struct policy *policy;
    struct engine *engine;
    struct token_store_db *own_tokens; /* at most one of the two */
    struct token_store_pg *shared_tokens;
    const struct token_store *tokens; /* its interface; NULL: none is kept */
    struct audit *audit;              /* NULL: off */
    struct calls *calls;
    struct faults *faults;
    struct telemetry *telemetry;
};

/* Opens all of it in the order of the list; on failure what was opened is released by app_close.
 * ST_BAD_INPUT: a setting or file is wrong; others: the machine. */
MUST_CHECK enum status app_open(struct app *app, const struct settings *settings, struct why *why);
void app_close(struct app *app);

/* Applies the configuration files, if any are set, or loads what is stored. */
MUST_CHECK enum status app_configure(struct app *app, struct why *why);

#endif
