#include "employees-mock/admin/server.h"

#include "common/clock.h"
#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/bind.h"
#include "employees-mock/mapping_files.h"
#include "employees-mock/request_target.h"
#include "employees-mock/respond.h"
#include "employees-mock/serve.h"

#include <stdio.h>
#include <unistd.h>

void server_root(struct http_request *req)
{
    const char *host = http_header(req, "Host");
    struct slice path = http_path(req);
    struct slice query = http_query(req);

    http_reply_headerf(req, "Location", "%s://%s%.*s/%s%.*s", http_is_tls(req) ? "https" : "http",
                       host ? host : "localhost", (int)path.len, path.data, query.len ? "?" : "",
                       (int)query.len, query.data ? query.data : "");
    http_reply_static(req, 302, NULL, SLICE(""));
}

/* WireMock's members, and how many stubs are there. */
void server_health(struct http_request *req)
{
    struct app *app = http_app(req);
    bool loaded = atomic_load(&app->loaded);
    char now[CLOCK_ISO_SIZE];

    clock_format_iso(clock_now_us(NULL), now);
    admin_json(req, loaded ? 200 : 503,
               json_pack("{s:s,s:s,s:s,s:I,s:s,s:I}", "status", loaded ? "healthy" : "unhealthy",
                         "message", loaded ? "Wiremock is ok" : "Stubs are being loaded", "version",
                         WIREMOCK_VERSION, "uptimeInSeconds",
                         (json_int_t)((clock_monotonic_us() - app->started_us) / 1000000),
                         "timestamp", now, "stubs", (json_int_t)stub_store_count(app->stubs)));
}

void server_version(struct http_request *req)
{
    admin_json(req, 200, json_pack("{s:s}", "version", WIREMOCK_VERSION));
}

void server_metrics(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_buf struct buf text = BUF_INIT(1 << 20);

    metrics_write(app->metrics, &text);
    buf_printf(&text,
               "# HELP employees_mock_stubs Stubs that are loaded.\n"
               "# TYPE employees_mock_stubs gauge\nemployees_mock_stubs %zu\n"
               "# HELP employees_mock_journal_entries Requests that the journal keeps.\n"
               "# TYPE employees_mock_journal_entries gauge\nemployees_mock_journal_entries %zu\n",
               stub_store_count(app->stubs), journal_count(app->journal));
    http_reply(req, 200, "text/plain; version=0.0.4; charset=utf-8", &text);
}

void server_settings_read(struct http_request *req)
{
    struct app *app = http_app(req);

    admin_json(req, 200, json_pack("{s:o}", "settings", settings_json(app->settings)));
}

void server_settings_write(struct http_request *req)
{
    struct app *app = http_app(req);
    auto_json json_t *body = NULL;
    struct match_fault fault = {0};

    if (!admin_read(req, &body))
        return;
    if (settings_replace(app->settings, body, &fault) == ST_OK)
        admin_empty(req, 200);
    else
        admin_fault(req, &fault);
}

void server_settings_extend(struct http_request *req)
{
    static const char *const members[] = {"extended", NULL};
    static const struct bind_class class = {"admin.model.ExtendedSettingsWrapper", members};
    static const char parameters[] = "com.github.tomakehurst.wiremock.extension.Parameters";
    const json_t *extended = NULL;
    enum status st;
    struct app *app = http_app(req);
    auto_json json_t *body = NULL;
    struct match_fault fault = {0};
    struct bind b;

    if (!admin_read(req, &body))
        return;
    st = bind_object(body, "", &class, &b, &fault);
    if (st == ST_OK)
        st = bind_map(&b, "extended", parameters, parameters, &extended);
    if (st != ST_OK)
        admin_fault(req, &fault);
    else if (!extended)
        respond_exception(req,
                          "java.lang.NullPointerException: there are no \"extended\" settings");
    else if (settings_extend(app->settings, extended) == ST_OK)
        admin_done(req);
    else
        respond_exception(req, "out of memory");
}

/* Stubs of the files stay, as at start; the settings stay too. */
void server_reset(struct http_request *req)
{
    struct app *app = http_app(req);
    struct why why = {0};
    enum status st = mapping_files_reset(app->mappings, app->stubs, &why);

    scenarios_reset(stub_store_scenarios(app->stubs));
    journal_remove_if(app->journal, NULL, NULL);
    admin_files_read(req, st, &why);
}

void server_shutdown(struct http_request *req)
{
    struct app *app = http_app(req);
    uint64_t one = 1;

    admin_empty(req, 200);
    if (write(app->stop_fd, &one, sizeof one) < 0)
        log_write(&app->log, LOG_ERROR, "can't stop");
}

void server_unknown(struct http_request *req)
{
    if (request_target_admin_place(http_path(req)) == ADMIN_NOT) {
        serve_request(req);
        return;
    }
    admin_empty(req, 404);
}
