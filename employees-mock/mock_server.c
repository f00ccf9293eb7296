#include "employees-mock/mock_server.h"

#include "common/clock.h"
#include "common/http.h"
#include "common/tls.h"
#include "employees-mock/app.h"
#include "employees-mock/bad_message.h"
#include "employees-mock/banner.h"
#include "employees-mock/mapping_files.h"
#include "employees-mock/outgoing.h"
#include "employees-mock/recorder.h"
#include "employees-mock/request_target.h"
#include "employees-mock/respond.h"
#include "employees-mock/routes.h"
#include "employees-mock/traffic.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { STOP_GRACE_MS = 1000, HEADER_MEMORY = 32 << 10, HEADER_MEMORY_TLS = 64 << 10 };

struct mock_server {
    struct app app;
    struct tls *tls;
    struct http_server *http;
    struct http_server *https;
};

/* ---- what the HTTP layer asks of the application ---- */

static void fault(struct http_request *req, enum status st, const struct why *why)
{
    static const struct {
        enum status st;
        unsigned code;
    } codes[] = {{ST_TOO_LARGE, 413}, {ST_UNSUPPORTED, 404}};
    unsigned code = 500;

    /* every path has a route, so that one without is none */
    if (st == ST_NOT_FOUND && request_target_is_tunnel(req))
        return;
    if (st == ST_NOT_FOUND || st == ST_BAD_INPUT) {
        bad_message_framing(req, why);
        return;
    }
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        code = codes[i].st == st ? codes[i].code : code;
    http_reply_copy(req, code, "text/plain;charset=utf-8", slice_of(why ? why->text : ""));
}

static void count(struct app *app, const struct http_request *req, uint64_t now_us)
{
    metric_add(app->served[http_reply_status(req) / 100 % 10], 1);
    metric_observe_us(app->served_time, now_us - http_started_us(req));
}

static void finish(struct http_request *req, bool sent)
{
    struct app *app = http_app(req);
    struct request_state *state = http_state(req);
    uint64_t now_us = clock_monotonic_us();

    (void)sent;
    count(app, req, now_us);
    traffic_log(app, req, state->event);
    if (state->event)
        atomic_store(&state->event->sent_us, now_us - state->event->started_us);
    event_drop(state->event);
    stub_drop(state->stub);
    *state = (struct request_state){0};
}

/* ---- opening ---- */

static void log_template(void *context, const char *level, struct slice text)
{
    auto_free char *line = slice_dup(text);

    (void)level;
    log_write((const struct log *)context, LOG_INFO, "template", LOG_TEXT("text", line));
}

static enum templating templating_of(const struct flags *f)
{
    if (f->templating_off)
        return TEMPLATING_OFF;
    return f->templating_global ? TEMPLATING_GLOBAL : TEMPLATING_LOCAL;
}

static enum status open_files(struct app *app, struct why *why)
{
    const struct flags *f = app->flags;
    char folder[PATH_MAX];
    struct mapping_files_settings settings = {.folder = folder,
                                              .rules = &app->rules,
                                              .log = &app->log,
                                              .filename_template = f->filename_template};
    enum status st;

    if (snprintf(folder, sizeof folder, "%s/__files", f->root_dir) >= PATH_MAX)
        return fail_at(why, ST_BAD_INPUT, "root-dir", "--root-dir is too long");
    st = body_files_open(folder, &app->files, why);
    snprintf(folder, sizeof folder, "%s/mappings", f->root_dir);
    return st == ST_OK ? mapping_files_open(&settings, &app->mappings, why) : st;
}

static enum status open_outgoing(struct app *app, struct why *why)
{
    const struct flags *f = app->flags;
    struct outgoing_settings settings = {.timeout_ms = f->proxy_timeout_ms,
                                         .connections = f->outgoing_connections,
                                         .via = f->proxy_via,
                                         .allow = f->allow_targets,
                                         .deny = f->deny_targets};

    return outgoing_open(&settings, &app->outgoing, why);
}

static enum status open_metrics(struct app *app, struct why *why)
{
    static const char *const classes[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
    enum status st = metrics_new(&app->metrics, why);
    struct metric_family *served;
    struct metric_family *time;

    if (st != ST_OK)
        return st;
    served = metrics_family(app->metrics, METRIC_COUNTER, "employees_mock_requests_total",
                            "Requests by the first digit of their answer's status.", "class");
    time = metrics_family(app->metrics, METRIC_HISTOGRAM, "employees_mock_request_seconds",
                          "From a request's headers to the end of its answer.", "");
    if (!served || !time)
        return fail_memory(why);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        app->served[i] = metric_with(served, (const char *const[]){classes[i]});
    app->served_time = metric_with(time, NULL);
    return ST_OK;
}

/* --permitted-system-keys: comma-separated regexes. */
static enum status open_permitted_keys(struct app *app, struct why *why)
{
    auto_free char *copy = app->flags->permitted_keys ? strdup(app->flags->permitted_keys) : NULL;
    size_t count = 1;
    char *rest = copy;
    char *key;

    if (!app->flags->permitted_keys)
        return ST_OK;
    for (const char *c = copy; c && *c; c++)
        count += *c == ',';
    app->permitted_keys = calloc(count + 1, sizeof(char *));
    if (!copy || !app->permitted_keys)
        return fail_memory(why);
    for (size_t i = 0; (key = strsep(&rest, ",")); i++) {
        app->permitted_keys[i] = slice_dup(slice_trim(slice_of(key)));
        if (!app->permitted_keys[i])
            return fail_memory(why);
    }
    return ST_OK;
}

static enum status open_app(struct app *app, struct why *why)
{
    const struct flags *f = app->flags;
    struct journal_limits limits = {
        .disabled = f->no_journal, .entries = f->journal_entries, .body_max = f->journal_body_max};
    enum status st = stub_store_new(&app->stubs, why);

    app->rules.templating = templating_of(f);
    app->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (st == ST_OK && app->stop_fd < 0)
        st = fail(why, ST_IO, "eventfd: %s", strerror(errno));
    if (st == ST_OK)
        st = journal_new(&limits, &app->journal, why);
    if (st == ST_OK)
        st = settings_new(f->proxy_pass_through, &app->settings, why);
    if (st == ST_OK)
        st = kv_new(NULL, NULL, &app->kv, why);
    if (st == ST_OK)
        st = recorder_new(&app->recorder, why);
    if (st == ST_OK)
        st = open_metrics(app, why);
    if (st == ST_OK)
        st = open_files(app, why);
    if (st == ST_OK)
        st = open_outgoing(app, why);
    if (st == ST_OK)
        st = open_permitted_keys(app, why);
    app->templates =
        (struct template_settings){.kv = app->kv,
                                   .permitted_keys = (const char *const *)app->permitted_keys,
                                   .log = log_template,
                                   .log_context = &app->log};
    return st;
}

/* --proxy-all: a stub that everything else falls through to. */
static enum status add_proxy_all(struct app *app, struct why *why)
{
    json_t *mapping;
    struct stub *s = NULL;
    struct match_fault fault_words = {0};
    enum status st;

    if (!app->flags->proxy_all)
        return ST_OK;
    mapping = json_pack("{s:i,s:{s:s},s:{s:s}}", "priority", 10, "request", "method", "ANY",
                        "response", "proxyBaseUrl", app->flags->proxy_all);
    st = stub_parse(mapping, "", &app->rules, &s, &fault_words);
    json_decref(mapping);
    if (st != ST_OK)
        return fail_at(why, ST_BAD_INPUT, "proxy-all", "--proxy-all: %s", fault_words.detail);
    st = stub_store_add(app->stubs, s, why);
    stub_drop(s);
    return st;
}

static enum status load_stubs(struct app *app, struct why *why)
{
    enum status st = mapping_files_load(app->mappings, app->stubs, why);

    if (st == ST_CONFLICT)
        return ST_BAD_INPUT; /* the files are broken; a conflict is a port in use */
    if (st == ST_OK)
        st = add_proxy_all(app, why);
    if (st == ST_OK && app->flags->fail_on_empty && stub_store_count(app->stubs) == 0)
        st = fail(why, ST_BAD_INPUT, "no stubs under %s/mappings (--fail-on-empty)",
                  app->flags->root_dir);
    /* what is recorded shall be served after the next start, not at once: WireMock's way */
    if (st == ST_OK && !app->flags->record_mappings)
        st = mapping_files_watch(app->mappings, app->stubs, why);
    if (st == ST_OK)
        atomic_store(&app->loaded, true);
    return st;
}

/* ---- listening ---- */

static enum status open_keys(struct mock_server *m, struct why *why)
{
    const struct flags *f = m->app.flags;

    if (!f->keystore)
        return tls_open_self_signed(&m->tls, why);
    if (tls_open_pem(f->keystore, f->keystore, &m->tls, NULL) == ST_OK)
        return ST_OK;
    return tls_open_pkcs12(f->keystore, f->keystore_password, &m->tls, why);
}

static enum status open_tls(struct mock_server *m, struct why *why)
{
    const struct flags *f = m->app.flags;
    enum status st = open_keys(m, why);

    if (st != ST_OK || !f->needs_client_cert)
        return st;
    return tls_require_clients(m->tls, f->truststore, f->truststore_password, why);
}

static enum status listen_on(struct mock_server *m, const struct http_app *app, unsigned port,
                             struct tls *tls, struct http_server **ret, struct why *why)
{
    const struct flags *f = m->app.flags;
    struct http_limits limits = http_limits_default;
    char address[256];
    bool six = strchr(f->bind_address, ':') != NULL;

    snprintf(address, sizeof address, six ? "[%s]:%u" : "%s:%u", f->bind_address, port);
    limits.no_date = true; /* as WireMock: a stub says what it wants */
    limits.threads = f->threads;
    limits.max_connections = http_connections_max() / (f->http_off || !f->https ? 1 : 2);
    /* it is wiped for each request, so that more of it costs speed */
    limits.memory_per_connection = tls ? HEADER_MEMORY_TLS : HEADER_MEMORY;
    if (f->header_bytes * 2 > limits.memory_per_connection)
        limits.memory_per_connection = f->header_bytes * 2;
    if (f->idle_timeout_ms)
        limits.idle_timeout_ms = f->idle_timeout_ms;
    return http_server_open(&(struct http_listener){address, tls}, app, &limits, &m->app.log, ret,
                            why);
}

static enum status listen_all(struct mock_server *m, struct http_app *app, struct why *why)
{
    const struct flags *f = m->app.flags;
    enum status st = ST_OK;

    app->ctx = &m->app;
    app->routes = routes_table(&app->route_count);
    app->state_size = sizeof(struct request_state);
    app->fault = fault;
    app->refuse = bad_message_refuse;
    app->finish = finish;
    m->app.port = f->port;
    if (!f->http_off)
        st = listen_on(m, app, f->port, NULL, &m->http, why);
    if (m->http)
        m->app.port = http_server_port(m->http);
    if (st == ST_OK && f->https)
        st = open_tls(m, why);
    return st == ST_OK && f->https ? listen_on(m, app, f->https_port, m->tls, &m->https, why) : st;
}

/* ---- until the end ---- */

static int block_signals(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static void wait_for_end(int signals, int stop_fd)
{
    struct pollfd fds[2] = {{.fd = signals, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};

    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        ;
}

static void close_all(struct mock_server *m)
{
    struct app *app = &m->app;

    if (m->http)
        http_server_quiesce(m->http);
    if (m->https)
        http_server_quiesce(m->https);
    /* whatever owes a reply or changes stubs by itself ends first, what handlers use ends last */
    mapping_files_unwatch(app->mappings);
    if (app->outgoing)
        outgoing_stop(app->outgoing);
    http_server_close(m->http, STOP_GRACE_MS);
    http_server_close(m->https, STOP_GRACE_MS / 2);
    outgoing_close(app->outgoing);
    mapping_files_close(app->mappings);
    tls_close(m->tls);
    recorder_free(app->recorder);
    journal_free(app->journal);
    stub_store_free(app->stubs);
    settings_free(app->settings);
    body_files_close(app->files);
    kv_free(app->kv);
    metrics_free(app->metrics);
    for (char **key = app->permitted_keys; key && *key; key++)
        free(*key);
    free(app->permitted_keys);
    if (app->stop_fd >= 0)
        close(app->stop_fd);
}

enum status mock_server_run(const struct flags *flags, struct why *why)
{
    struct mock_server m = {
        .app = {.flags = flags,
                .log = {STDERR_FILENO, flags->verbose ? LOG_DEBUG : LOG_INFO, false},
                .stop_fd = -1,
                .started_us = clock_monotonic_us()}};
    struct http_app http = {0};
    auto_fd int signals = block_signals();
    enum status st;

    curl_global_init(CURL_GLOBAL_DEFAULT);
    st = open_app(&m.app, why);
    if (st == ST_OK)
        st = load_stubs(&m.app, why);
    if (st == ST_OK)
        st = listen_all(&m, &http, why);
    if (st == ST_OK) {
        banner_print(flags, m.http ? http_server_port(m.http) : 0,
                     m.https ? http_server_port(m.https) : 0);
        wait_for_end(signals, m.app.stop_fd);
    }
    close_all(&m);
    curl_global_cleanup();
    return st;
}
