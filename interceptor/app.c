#include "interceptor/app.h"

#include "interceptor/bound_key.h"
#include "interceptor/config.h"

#include <string.h>
#include <unistd.h>

/* Pseudonyms that the database keeps are not looked for elsewhere: that is said, not found out. */
static enum status warn_of_left_pseudonyms(struct app *app, struct why *why)
{
    bool left = false;
    enum status st = token_store_db_has_any(app->store, &left, why);

    if (left)
        log_write(&app->log, LOG_WARN, "the database keeps pseudonyms that are not reversed here",
                  LOG_TEXT("reason", "--token-store names another store"));
    return st;
}

static enum status open_own_tokens(struct app *app, struct why *why)
{
    enum status st = token_store_db_new(app->store, &app->own_tokens, why);

    if (st == ST_OK)
        app->tokens = token_store_db_interface(app->own_tokens);
    return st;
}

static enum status open_tokens(struct app *app, struct why *why)
{
    const char *url = app->settings.token_store;
    enum status st;

    if (!url)
        return open_own_tokens(app, why);
    st = warn_of_left_pseudonyms(app, why);
    if (st != ST_OK || strcmp(url, "none") == 0)
        return st;
    st = token_store_pg_open(url, app->master, &app->log, &app->shared_tokens, why);
    if (st != ST_OK)
        return fail_at(why, st, "--token-store", "%s", why->text);
    app->tokens = token_store_pg_interface(app->shared_tokens);
    return ST_OK;
}

static enum status open_stored(struct app *app, struct why *why)
{
    enum status st = store_open(app->settings.database, &app->store, why);

    if (st == ST_OK)
        st = bound_key_open(&app->settings, app->store, &app->master, why);
    if (st == ST_OK)
        st = token_signer_new(app->master, &app->signer, why);
    if (st == ST_OK)
        st = open_tokens(app, why);
    return st;
}

static enum status open_audit(struct app *app, struct why *why)
{
    const struct settings *s = &app->settings;
    const struct audit_settings settings = {
        .queue_max = s->audit_queue,
        .deadline_ms = s->audit_deadline_ms,
        .keep_days = s->audit_keep_days,
        .keep_rows = s->audit_keep_rows,
    };

    return s->audit ? audit_open(app->store, app->master, &settings, &app->clock, &app->log,
                                 &app->audit, why)
                    : ST_OK;
}

static enum status open_working(struct app *app, struct why *why)
{
    enum status st = quota_book_new(&app->quotas, why);

    if (st == ST_OK)
        st = snapshot_box_new(&app->box, why);
    if (st == ST_OK)
        st = policy_new(app->store, app->master, app->quotas, app->box, &app->policy, why);
    if (st == ST_OK)
        st = engine_new(&app->engine, why);
    if (st == ST_OK)
        st = calls_new(&app->calls, why);
    if (st == ST_OK)
        st = faults_new(&app->faults, why);
    if (st == ST_OK)
        st = telemetry_new(&app->telemetry, why);
    if (st == ST_OK)
        st = open_audit(app, why);
    return st;
}

enum status app_open(struct app *app, const struct settings *settings, struct why *why)
{
    enum status st;

    *app = (struct app){.settings = *settings, .clock = settings->clock};
    app->log =
        (struct log){.fd = STDERR_FILENO, .level = settings->log_level, .json = settings->log_json};
    st = open_stored(app, why);
    if (st == ST_OK)
        st = open_working(app, why);
    if (st != ST_OK)
        app_close(app);
    return st;
}

void app_close(struct app *app)
{
    audit_close(app->audit);
    telemetry_free(app->telemetry);
    faults_free(app->faults);
    calls_free(app->calls);
    if (app->engine)
        engine_free(app->engine);
    policy_free(app->policy);
    snapshot_box_free(app->box);
    if (app->quotas && app->store)
        (void)!quota_book_save(app->quotas, app->store, NULL);
    quota_book_free(app->quotas);
    token_store_pg_close(app->shared_tokens);
    token_store_db_free(app->own_tokens);
    token_signer_free(app->signer);
    store_close(app->store);
    master_free(app->master);
    *app = (struct app){0};
}

enum status app_configure(struct app *app, struct why *why)
{
    const struct options *o = app->settings.options;
    auto_policy_items struct policy_items items = {0};
    enum status st = ST_OK;

    if (options_count(o, SET_CONFIG) == 0)
        return policy_reload(app->policy, why);
    for (size_t i = 0; i < options_count(o, SET_CONFIG) && st == ST_OK; i++)
        st = config_read_path(options_item(o, SET_CONFIG, i), &environment_variables, app->master,
                              &items, why);
    if (st == ST_OK)
        st = policy_apply(app->policy, &items, POLICY_FILES, why);
    return config_fault(st);
}
