#include "interceptor/settings.h"

#include "common/http.h"

#include <stdio.h>
#include <string.h>

#define FLAG(name_, help_)                                                                         \
    {                                                                                              \
        .name = name_, .type = OPTION_FLAG, .help = help_                                          \
    }
#define TEXT(name_, fallback_, value_, help_)                                                      \
    {                                                                                              \
        .name = name_, .type = OPTION_TEXT, .fallback = fallback_, .value = value_, .help = help_  \
    }
#define NUMBER(name_, fallback_, min_, max_, help_)                                                \
    {                                                                                              \
        .name = name_, .type = OPTION_NUMBER, .fallback = fallback_, .value = "N", .help = help_,  \
        .min = min_, .max = max_                                                                   \
    }

const struct option settings_table[SETTINGS] = {
    [SET_LISTEN] =
        TEXT("listen", "0.0.0.0:8443", "ADDR:PORT", "TLS port of the service; \"off\" for none"),
    [SET_LISTEN_PLAIN] = TEXT("listen-plain", NULL, "ADDR:PORT", "plain HTTP port of the service"),
    [SET_ADMIN_LISTEN] = TEXT("admin-listen", "127.0.0.1:8081", "ADDR:PORT",
                              "admin API, page, metrics, health; \"off\" for none"),
    [SET_TLS_CERT] = TEXT("tls-cert", NULL, "FILE", "certificate with its chain, PEM"),
    [SET_TLS_KEY] = TEXT("tls-key", NULL, "FILE", "key of the certificate, PEM"),
    [SET_DATABASE] =
        TEXT("database", "./interceptor.db", "FILE", "SQLite file; \":memory:\" for none"),
    [SET_TOKEN_STORE] = {.name = "token-store",
                         .type = OPTION_TEXT,
                         .value = "URL",
                         .help = "postgresql://...: where pseudonyms that keep a length are kept; "
                                 "\"none\": they are refused; without it: the database",
                         .secret = true},
    [SET_CONFIG] = {.name = "config",
                    .type = OPTION_LIST,
                    .value = "PATH",
                    .help = "configuration file, or folder of *.json"},
    [SET_KEY_FILE] = TEXT("key-file", "./interceptor.key", "FILE",
                          "master key, 32 random bytes or more; made if missing"),
    [SET_ADMIN_TOKEN] = {.name = "admin-token",
                         .type = OPTION_TEXT,
                         .value = "TOKEN",
                         .help = "bearer token of the admin API; none: only reads, from loopback",
                         .secret = true},
    [SET_THREADS] = NUMBER("threads", "0", 0, 1024,
                           "threads of each port, and again for long calls; 0: one a processor"),
    [SET_BODY_MAX] =
        NUMBER("body-max-bytes", "33554432", 1024, 1LL << 32, "largest body of a dataset call"),
    [SET_TOKEN_TTL] = NUMBER("token-ttl-s", "3600", 1, 31536000, "life of an access token"),
    [SET_REFRESH_TTL] = NUMBER("refresh-ttl-s", "2592000", 1, 315360000, "life of a refresh token"),
    [SET_AUDIT] = {.name = "audit",
                   .type = OPTION_SWITCH,
                   .fallback = "on",
                   .value = "on|off",
                   .help = "keep the audit trail"},
    [SET_AUDIT_QUEUE] =
        NUMBER("audit-queue", "10000", 1, 10000000, "records that may wait for the disk"),
    [SET_AUDIT_DEADLINE] = NUMBER("audit-deadline-ms", "2000", 1, 60000,
                                  "how long a call waits for a place among them before 503"),
    [SET_AUDIT_KEEP_DAYS] =
        NUMBER("audit-keep-days", "0", 0, 36500, "older records are removed; 0: never"),
    [SET_AUDIT_KEEP_ROWS] = NUMBER("audit-keep-rows", "0", 0, 1LL << 50,
                                   "records beyond so many are removed; 0: never"),
    [SET_LOG_LEVEL] = {.name = "log-level",
                       .type = OPTION_TEXT,
                       .fallback = "info",
                       .value = "L",
                       .help = "error, warn, info or debug (each call)",
                       .choices = "error|warn|info|debug"},
    [SET_LOG_FORMAT] = {.name = "log-format",
                        .type = OPTION_TEXT,
                        .fallback = "text",
                        .value = "text|json",
                        .help = "form of the log lines",
                        .choices = "text|json"},
    [SET_PORT_FILE] = TEXT("port-file", NULL, "FILE",
                           "written once all ports are open: a line \"option=port\" for each"),
    [SET_CLOCK] = TEXT("clock", NULL, "ISO-8601", "a time that stands still, for tests"),
    [SET_ENVOY_ADMIN] = TEXT("envoy-admin", NULL, "URL", "Envoy's admin port, shown on the page"),
    [SET_HEALTH] = FLAG("health", "ask the running service whether it is well, and exit 0 or 1"),
    [SET_PRINT_CONFIG] =
        FLAG("print-config", "print the options in effect and where they come from"),
    [SET_CHECK_CONFIG] = FLAG("check-config", "check the given paths, or --config's, and exit"),
    [SET_MANIFEST] = TEXT("manifest", NULL, "NAME", "explain, preview: the manifest"),
    [SET_COUNTRY] = TEXT("country", NULL, "CODE", "explain, preview: the requesting country"),
    [SET_OWNER] = TEXT("owner", NULL, "CODE", "explain, preview: the data owning country"),
    [SET_JOB] = TEXT("job", "Default", "JOB", "preview: the job type"),
    [SET_CLAIM] = {.name = "claim",
                   .type = OPTION_LIST,
                   .value = "NAME=VALUE",
                   .help = "explain, preview: a claim"},
    [SET_USAGE] = TEXT("usage", NULL, "N", "explain, preview: the purpose of use (dataUsageId)"),
    [SET_SNAPSHOT_DATE] = TEXT("snapshot-date", NULL, "ISO-8601",
                               "explain, preview: the time spoken of; default now"),
    [SET_TENANT] = TEXT("tenant", NULL, "NAME", "preview: the tenant; default the first"),
    [SET_TYPE] = TEXT("type", "JSON", "JSON|XML", "suggest, preview: what the data set is"),
    [SET_INPUT] = TEXT("input", NULL, "FILE", "suggest, preview: the data set; default stdin"),
    [SET_HELP] = FLAG("help", "this text"),
    [SET_VERSION] = FLAG("version", "the version"),
};

static const char *unless_off(const char *text)
{
    return text && strcmp(text, "off") != 0 ? text : NULL;
}

static void read_texts(const struct options *o, struct settings *s)
{
    s->listen = unless_off(options_text(o, SET_LISTEN));
    s->listen_plain = unless_off(options_text(o, SET_LISTEN_PLAIN));
    s->admin_listen = unless_off(options_text(o, SET_ADMIN_LISTEN));
    s->tls_cert = options_text(o, SET_TLS_CERT);
    s->tls_key = options_text(o, SET_TLS_KEY);
    s->database = options_text(o, SET_DATABASE);
    s->token_store = options_text(o, SET_TOKEN_STORE);
    s->key_file = options_text(o, SET_KEY_FILE);
    s->admin_token = options_text(o, SET_ADMIN_TOKEN);
    s->port_file = options_text(o, SET_PORT_FILE);
    s->envoy_admin = options_text(o, SET_ENVOY_ADMIN);
    s->log_json = strcmp(options_text(o, SET_LOG_FORMAT), "json") == 0;
}

/* Somebody's variable that was not set: taken for "none" it would be found out late. */
static enum status refuse_empty(const struct options *o, struct why *why)
{
    char flag[64];

    for (size_t row = 0; row < SETTINGS; row++) {
        for (size_t i = 0; i < options_count(o, row); i++) {
            if (options_item(o, row, i)[0] != '\0')
                continue;
            snprintf(flag, sizeof flag, "--%s", settings_table[row].name);
            return fail_at(why, ST_BAD_INPUT, flag, "is empty");
        }
    }
    for (size_t i = 0; i < options_words(o); i++)
        if (options_word(o, i)[0] == '\0')
            return fail(why, ST_BAD_INPUT, "argument %zu is empty", i + 1);
    return ST_OK;
}

static enum status check_texts(const struct options *o, const struct settings *s, struct why *why)
{
    enum status st = refuse_empty(o, why);

    if (st == ST_OK && s->envoy_admin && strncmp(s->envoy_admin, "http://", 7) != 0 &&
        strncmp(s->envoy_admin, "https://", 8) != 0)
        st = fail_at(why, ST_BAD_INPUT, "--envoy-admin", "must begin with http:// or https://");
    if (st == ST_OK && s->admin_token)
        st = http_check_value(s->admin_token, "--admin-token", why);
    return st;
}

enum status settings_read(const struct options *o, struct settings *ret, struct why *why)
{
    struct settings s = {.options = o};
    const char *clock = options_text(o, SET_CLOCK);
    enum status st = log_level_parse(options_text(o, SET_LOG_LEVEL), &s.log_level, why);

    if (st != ST_OK)
        return st;
    read_texts(o, &s);
    st = check_texts(o, &s, why);
    if (st != ST_OK)
        return st;
    s.threads = (unsigned)options_number(o, SET_THREADS);
    s.body_max_bytes = (size_t)options_number(o, SET_BODY_MAX);
    s.token_ttl_s = options_number(o, SET_TOKEN_TTL);
    s.refresh_ttl_s = options_number(o, SET_REFRESH_TTL);
    s.audit = options_on(o, SET_AUDIT);
    s.audit_queue = (size_t)options_number(o, SET_AUDIT_QUEUE);
    s.audit_deadline_ms = (unsigned)options_number(o, SET_AUDIT_DEADLINE);
    s.audit_keep_days = options_number(o, SET_AUDIT_KEEP_DAYS);
    s.audit_keep_rows = options_number(o, SET_AUDIT_KEEP_ROWS);
    if (clock) {
        s.clock.fixed = true;
        if (clock_parse_iso(slice_of(clock), &s.clock.fixed_us, why) != ST_OK)
            return fail_at(why, ST_BAD_INPUT, "--clock", "is no ISO 8601 instant with a zone");
    }
    *ret = s;
    return ST_OK;
}

enum status settings_check_ports(struct settings *s, struct why *why)
{
    if (!s->listen && !s->listen_plain && !s->admin_listen)
        return fail_at(why, ST_BAD_INPUT, "--listen", "every port is off");
    if (!s->listen || (s->tls_cert && s->tls_key))
        return ST_OK;
    if (options_given(s->options, SET_LISTEN) || s->tls_cert || s->tls_key || !s->listen_plain)
        return fail_at(
            why, ST_BAD_INPUT, s->tls_cert ? "--tls-key" : "--tls-cert",
            "is missing: the TLS port needs a certificate and its key (or --listen off)");
    s->listen = NULL;
    return ST_OK;
}
