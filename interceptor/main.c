/* The masking service: options, store, ports, signals, end. */
#include "common/json.h"
#include "common/memory.h"
#include "interceptor/app.h"
#include "interceptor/command.h"
#include "interceptor/engine/crypt.h"
#include "interceptor/ports.h"
#include "interceptor/settings.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Calls get half of the 10 s in which the program is to end; a locked database may take the rest. */
enum { LOOK_EVERY_S = 5, DRAIN_MS = 4500 };

/* What the main thread waits for; blocked in all threads. */
static sigset_t block_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return set;
}

/* Somebody who forgot --config would otherwise see only that every call is 401. */
static void warn_of_no_tenant(const struct app *app)
{
    auto_snapshot struct snapshot *snapshot = snapshot_hold(app->box);

    if (!snapshot || snapshot_tenant_count(snapshot) == 0)
        log_write(&app->log, LOG_WARN, "no tenant is configured: nobody may call");
}

static void note_reload(struct app *app)
{
    struct why why = {0};

    log_write(&app->log, LOG_INFO, "configuration reloaded");
    warn_of_no_tenant(app);
    if (app->audit && audit_add(app->audit, "", SLICE("{\"endpoint\":\"reload\"}"), &why) != ST_OK)
        log_write(&app->log, LOG_ERROR, "the reload was not audited", LOG_TEXT("reason", why.text));
}

/* The old configuration and certificates stay in force where the new ones are wrong. */
static void reload(struct app *app, struct ports *ports)
{
    struct why why = {0};
    enum status st;

    memory_forget();
    st = app_configure(app, &why);
    if (st != ST_OK)
        log_write(&app->log, LOG_ERROR, "configuration not reloaded", LOG_TEXT("place", why.place),
                  LOG_TEXT("reason", why.text));
    else
        note_reload(app);
    why = (struct why){0};
    st = ports_reload(ports, &why);
    if (st != ST_OK)
        log_write(&app->log, LOG_ERROR, "certificate not reloaded", LOG_TEXT("place", why.place),
                  LOG_TEXT("reason", why.text));
}

static void save_quotas(struct app *app)
{
    struct why why = {0};

    if (quota_book_save(app->quotas, app->store, &why) != ST_OK)
        log_write(&app->log, LOG_WARN, "quotas not saved", LOG_TEXT("reason", why.text));
}

/* Another service or a command may have changed what they share. */
static void follow(struct app *app)
{
    bool changed = false;
    struct why why = {0};

    memory_forget();
    if (policy_follow(app->policy, &changed, &why) != ST_OK)
        log_write(&app->log, LOG_ERROR, "the database's configuration not taken",
                  LOG_TEXT("place", why.place), LOG_TEXT("reason", why.text));
    else if (changed)
        log_write(&app->log, LOG_INFO, "the database's configuration taken");
}

static void wait_for_end(struct app *app, struct ports *ports, const sigset_t *signals)
{
    const struct timespec turn = {.tv_sec = LOOK_EVERY_S};

    for (;;) {
        int signal_number = sigtimedwait(signals, NULL, &turn);

        if (signal_number == SIGTERM || signal_number == SIGINT)
            return;
        if (signal_number == SIGHUP)
            reload(app, ports);
        else if (signal_number < 0 && errno == EAGAIN) {
            save_quotas(app);
            follow(app);
        }
    }
}

static int serve(struct settings *settings)
{
    const sigset_t signals = block_signals();
    struct ports *ports = NULL;
    struct app app;
    struct why why = {0};
    enum status st = settings_check_ports(settings, &why);

    if (st != ST_OK)
        return command_complain(st, &why);
    st = app_open(&app, settings, &why);
    if (st != ST_OK)
        return command_complain(st, &why);
    st = app_configure(&app, &why);
    if (st == ST_OK)
        st = ports_open(&app, &ports, &why);
    if (st == ST_OK) {
        log_write(&app.log, LOG_INFO, "started", LOG_TEXT("version", VERSION));
        warn_of_no_tenant(&app);
        wait_for_end(&app, ports, &signals);
        log_write(&app.log, LOG_INFO, "stopping");
        ports_close(ports, DRAIN_MS);
    }
    app_close(&app);
    return st == ST_OK ? EXIT_FINE : command_complain(st, &why);
}

static int print_help(void)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);

    buf_put_text(&text, "usage: interceptor [COMMAND] [OPTION...]\n\n");
    options_help(settings_table, SETTINGS, SETTINGS_PREFIX, &text);
    command_help(&text);
    fwrite(text.data, 1, text.len, stdout);
    return EXIT_FINE;
}

static int run(int argc, char **argv)
{
    auto_options struct options *options = NULL;
    struct settings settings;
    struct why why = {0};
    int exit_code;
    enum status st =
        options_parse(settings_table, SETTINGS, SETTINGS_PREFIX, argc, argv, &options, &why);

    if (st != ST_OK)
        return command_complain(st, &why);
    if (options_on(options, SET_HELP))
        return print_help();
    if (options_on(options, SET_VERSION)) {
        puts("interceptor " VERSION);
        return EXIT_FINE;
    }
    st = settings_read(options, &settings, &why);
    if (st != ST_OK)
        return command_complain(st, &why);
    if (command_run(&settings, &exit_code))
        return exit_code;
    return serve(&settings);
}

int main(int argc, char **argv)
{
    json_watch_memory();
    crypt_watch_memory();
    return command_finish(run(argc, argv));
}
