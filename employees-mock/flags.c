#include "employees-mock/flags.h"

#include "employees-mock/flags_check.h"
#include "employees-mock/journal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum row {
    ADMIN_AUTH,
    ADMIN_HTTPS,
    ALLOW_TARGETS,
    ASYNC_ENABLED,
    ASYNC_THREADS,
    BIND_ADDRESS,
    CA_KEYSTORE,
    CA_PASSWORD,
    CA_TYPE,
    CONTAINER_THREADS,
    DENY_TARGETS,
    NO_BANNER,
    NO_REUSE,
    NO_SCANNING,
    NO_GZIP,
    NO_HTTP,
    NO_HTTP2_PLAIN,
    NO_HTTP2_TLS,
    NO_XML_FACTORIES,
    NO_REQUEST_LOGGING,
    NO_TEMPLATING,
    NO_STRICT_HEADERS,
    BROWSER_PROXYING,
    STUB_CORS,
    EXTENSIONS,
    FILENAME_TEMPLATE,
    GLOBAL_TEMPLATING,
    HELP,
    KEYSTORE,
    HTTPS_PORT,
    CLIENT_CERT,
    TRUSTSTORE,
    JETTY_QUEUE,
    JETTY_ACCEPTORS,
    JETTY_BUFFER,
    JETTY_REQUEST,
    JETTY_RESPONSE,
    JETTY_IDLE,
    JETTY_STOP,
    KEY_PASSWORD,
    KEYSTORE_PASSWORD,
    KEYSTORE_TYPE,
    CLASSPATH,
    LOCAL_TEMPLATING,
    BODY_LIMIT,
    MATCH_HEADERS,
    HTTP_CLIENTS,
    JOURNAL_MAX,
    TEMPLATE_CACHE,
    NO_JOURNAL,
    PERMITTED_KEYS,
    PORT,
    PRESERVE_HOST,
    PRESERVE_AGENT,
    PRINT_TRAFFIC,
    PROXY_ALL,
    PASS_THROUGH,
    PROXY_TIMEOUT,
    PROXY_VIA,
    RECORD,
    ROOT_DIR,
    PROXY_ENCODINGS,
    TIMEOUT,
    TRUST_ALL,
    TRUST_ONE,
    TRUST_PASSWORD,
    TRUST_TYPE,
    CHUNKED,
    VERBOSE,
    VERSION_FLAG,
    WEBHOOK_POOL,
    FAIL_ON_EMPTY,
    HEALTH,
    ROWS
};

#define TEXT(flag, word, text)                                                                     \
    {                                                                                              \
        .name = flag, .type = OPTION_TEXT, .value = word, .help = text                             \
    }
#define SECRET(flag, word, text)                                                                   \
    {                                                                                              \
        .name = flag, .type = OPTION_TEXT, .value = word, .help = text, .secret = true             \
    }
#define FLAG(flag, text)                                                                           \
    {                                                                                              \
        .name = flag, .type = OPTION_FLAG, .help = text                                            \
    }
#define NUMBER(flag, low, high, text)                                                              \
    {                                                                                              \
        .name = flag, .type = OPTION_NUMBER, .value = "N", .min = low, .max = high, .help = text   \
    }

/* whatever Java takes for an int */
#define COUNT(flag, text) NUMBER(flag, INT32_MIN, INT32_MAX, text)

#define NO_EFFECT "taken, without effect"

static const struct option table[ROWS] = {
    [ADMIN_AUTH] = SECRET("admin-api-basic-auth", "USER:PASSWORD", "the admin API asks for them"),
    [ADMIN_HTTPS] = FLAG("admin-api-require-https", "the admin API answers over HTTPS only"),
    [ALLOW_TARGETS] = TEXT("allow-proxy-targets", "LIST",
                           "addresses, ranges and names (with *) that may be proxied to"),
    [ASYNC_ENABLED] =
        TEXT("async-response-enabled", "BOOL", NO_EFFECT ": no answer ever holds a thread"),
    [ASYNC_THREADS] = COUNT("async-response-threads", NO_EFFECT),
    [BIND_ADDRESS] = {.name = "bind-address",
                      .type = OPTION_TEXT,
                      .fallback = "0.0.0.0",
                      .value = "IP",
                      .help = "the address to listen on"},
    [CA_KEYSTORE] = TEXT("ca-keystore", "FILE", NO_EFFECT),
    [CA_PASSWORD] = SECRET("ca-keystore-password", "TEXT", NO_EFFECT),
    [CA_TYPE] = TEXT("ca-keystore-type", "TYPE", NO_EFFECT),
    [CONTAINER_THREADS] = NUMBER("container-threads", 1, 1024,
                                 "threads that serve; each serves any number of connections"),
    [DENY_TARGETS] =
        TEXT("deny-proxy-targets", "LIST", "those that may not, judged after the allowed ones"),
    [NO_BANNER] = FLAG("disable-banner", "no banner at start"),
    [NO_REUSE] = TEXT("disable-connection-reuse", "BOOL", NO_EFFECT),
    [NO_SCANNING] = FLAG("disable-extensions-scanning", NO_EFFECT),
    [NO_GZIP] = FLAG("disable-gzip", "neither packs answers nor unpacks requests"),
    [NO_HTTP] = FLAG("disable-http", "no plain HTTP"),
    [NO_HTTP2_PLAIN] = FLAG("disable-http2-plain", NO_EFFECT ": HTTP/1.1 is all there is"),
    [NO_HTTP2_TLS] = FLAG("disable-http2-tls", NO_EFFECT ": HTTP/1.1 is all there is"),
    [NO_XML_FACTORIES] = FLAG("disable-optimize-xml-factories-loading", NO_EFFECT),
    [NO_REQUEST_LOGGING] =
        FLAG("disable-request-logging", "requests are not logged, even with --verbose"),
    [NO_TEMPLATING] = FLAG("disable-response-templating", "answers are never templates"),
    [NO_STRICT_HEADERS] = TEXT("disable-strict-http-headers", "BOOL", NO_EFFECT),
    [BROWSER_PROXYING] = FLAG("enable-browser-proxying", "not provided: refused"),
    [STUB_CORS] = FLAG("enable-stub-cors", "answers carry CORS headers"),
    [EXTENSIONS] = TEXT("extensions", "CLASSES", "Java classes: refused"),
    [FILENAME_TEMPLATE] =
        TEXT("filename-template", "TEMPLATE", "names of the mapping files that are saved"),
    [GLOBAL_TEMPLATING] = FLAG("global-response-templating", "all answers are templates"),
    [HELP] = FLAG("help", "this text"),
    [KEYSTORE] = TEXT("https-keystore", "FILE",
                      "certificate and key, PKCS12 or PEM; else one is made at start"),
    [HTTPS_PORT] = NUMBER("https-port", -1, 65535, "serves HTTPS there too; 0: any free port"),
    [CLIENT_CERT] = FLAG("https-require-client-cert", "HTTPS clients must show a certificate"),
    [TRUSTSTORE] = TEXT("https-truststore", "FILE",
                        "who may have signed it, PKCS12 or PEM; else the system's authorities"),
    [JETTY_QUEUE] = COUNT("jetty-accept-queue-size", NO_EFFECT),
    [JETTY_ACCEPTORS] = COUNT("jetty-acceptor-threads", NO_EFFECT),
    [JETTY_BUFFER] = COUNT("jetty-header-buffer-size", NO_EFFECT),
    [JETTY_REQUEST] =
        NUMBER("jetty-header-request-size", -1, 16 << 20, "bytes of a request's line and headers"),
    [JETTY_RESPONSE] = COUNT("jetty-header-response-size", NO_EFFECT),
    [JETTY_IDLE] =
        NUMBER("jetty-idle-timeout", 1, 86400000, "ms after which an idle connection is closed"),
    [JETTY_STOP] = COUNT("jetty-stop-timeout", NO_EFFECT ": a stop takes 2 s at most"),
    [KEY_PASSWORD] = SECRET("key-manager-password", "TEXT", NO_EFFECT),
    [KEYSTORE_PASSWORD] = {.name = "keystore-password",
                           .type = OPTION_TEXT,
                           .fallback = "password",
                           .value = "TEXT",
                           .help = "of the keystore",
                           .secret = true},
    [KEYSTORE_TYPE] = TEXT("keystore-type", "TYPE", "told from the file itself; JKS is refused"),
    [CLASSPATH] = TEXT("load-resources-from-classpath", "PATH", "not provided: refused"),
    [LOCAL_TEMPLATING] =
        FLAG("local-response-templating",
             "answers with the transformer response-template are templates (the default)"),
    [BODY_LIMIT] = NUMBER("logged-response-body-size-limit", 0, INT32_MAX,
                          "bytes of an answer that the journal keeps"),
    [MATCH_HEADERS] = TEXT("match-headers", "LIST", "request headers that recorded stubs ask for"),
    [HTTP_CLIENTS] =
        NUMBER("max-http-client-connections", 0, 100000, "outgoing connections at once"),
    [JOURNAL_MAX] = NUMBER("max-request-journal-entries", 0, 10000000,
                           "requests that the journal keeps (10000)"),
    [TEMPLATE_CACHE] = NUMBER("max-template-cache-entries", 0, INT64_MAX,
                              NO_EFFECT ": templates are parsed when a stub is loaded"),
    [NO_JOURNAL] = FLAG("no-request-journal", "requests are not kept"),
    [PERMITTED_KEYS] =
        TEXT("permitted-system-keys", "LIST", "regexes of the variables that templates may read"),
    [PORT] = {.name = "port",
              .type = OPTION_NUMBER,
              .fallback = "8080",
              .value = "N",
              .min = 0,
              .max = 65535,
              .help = "serves HTTP there; 0: any free port, which is printed"},
    [PRESERVE_HOST] = FLAG("preserve-host-header", "proxied requests keep their Host"),
    [PRESERVE_AGENT] =
        FLAG("preserve-user-agent-proxy-header", "proxied requests keep their User-Agent"),
    [PRINT_TRAFFIC] = FLAG("print-all-network-traffic", "prints every request and answer"),
    [PROXY_ALL] = TEXT("proxy-all", "URL", "what no stub answers is passed on there"),
    [PASS_THROUGH] =
        TEXT("proxy-pass-through", "BOOL", "the setting proxyPassThrough at the start"),
    [PROXY_TIMEOUT] =
        NUMBER("proxy-timeout", 0, 86400000, "ms that a proxied server has (300000); 0: any time"),
    [PROXY_VIA] = TEXT("proxy-via", "HOST:PORT", "the proxy through which others are asked"),
    [RECORD] = FLAG("record-mappings", "proxied answers become mapping files"),
    [ROOT_DIR] = {.name = "root-dir",
                  .type = OPTION_TEXT,
                  .fallback = ".",
                  .value = "FOLDER",
                  .help = "the folder of mappings/ and __files/"},
    [PROXY_ENCODINGS] = TEXT("supported-proxy-encodings", "LIST",
                             "codings that proxied requests may ask for (unset: any)"),
    [TIMEOUT] = TEXT("timeout", "MS", NO_EFFECT),
    [TRUST_ALL] = FLAG("trust-all-proxy-targets",
                       NO_EFFECT ": certificates of proxied servers are not checked"),
    [TRUST_ONE] = TEXT("trust-proxy-target", "HOST", NO_EFFECT),
    [TRUST_PASSWORD] = {.name = "truststore-password",
                        .type = OPTION_TEXT,
                        .fallback = "password",
                        .value = "TEXT",
                        .help = "of the truststore",
                        .secret = true},
    [TRUST_TYPE] = TEXT("truststore-type", "TYPE", "told from the file itself; JKS is refused"),
    [CHUNKED] = {.name = "use-chunked-encoding",
                 .type = OPTION_TEXT,
                 .value = "WHEN",
                 .choices = "always|never|body_file",
                 .help = "answers in chunks (unset: with a Content-Length)"},
    [VERBOSE] = FLAG("verbose", "logs each request to standard output"),
    [VERSION_FLAG] = FLAG("version", "the version of WireMock whose behaviour this is"),
    [WEBHOOK_POOL] = COUNT("webhook-threadpool-size", NO_EFFECT),
    [FAIL_ON_EMPTY] = FLAG("fail-on-empty", "refuses to start without any stub"),
    [HEALTH] = FLAG("health", "asks the server on --port for its health and exits 0 or 1"),
};

/* What promises something that would be missed. */
static const enum row refused[] = {BROWSER_PROXYING, EXTENSIONS, CLASSPATH};

/* Files whose own complaint would have no name to tell. */
static const enum row stores[] = {KEYSTORE, TRUSTSTORE};

const struct option *flags_table(size_t *ret_count)
{
    *ret_count = ROWS;
    return table;
}

static bool has_no_effect(const struct option *row)
{
    return strncmp(row->help, NO_EFFECT, sizeof NO_EFFECT - 1) == 0;
}

static void note_others(const struct options *o, FILE *notes)
{
    for (size_t i = 0; notes && i < ROWS; i++)
        if (options_given(o, i) && has_no_effect(&table[i]))
            fprintf(notes, "--%s: %s\n", table[i].name, table[i].help);
}

static enum status check(const struct options *o, struct why *why)
{
    const struct flags_check texts = {.admin_auth = options_text(o, ADMIN_AUTH),
                                      .filename_template = options_text(o, FILENAME_TEMPLATE),
                                      .permitted_keys = options_text(o, PERMITTED_KEYS),
                                      .proxy_all = options_text(o, PROXY_ALL),
                                      .proxy_via = options_text(o, PROXY_VIA)};

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (options_given(o, refused[i]))
            return fail(why, ST_UNSUPPORTED, "--%s is not provided by this program",
                        table[refused[i]].name);
    for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++)
        if (options_given(o, stores[i]) && options_text(o, stores[i])[0] == '\0')
            return fail(why, ST_BAD_INPUT, "--%s is empty", table[stores[i]].name);
    if (options_on(o, NO_HTTP) && !options_given(o, HTTPS_PORT))
        return fail(why, ST_BAD_INPUT, "--disable-http needs --https-port");
    return flags_check(&texts, why);
}

static enum chunking chunking_of(const char *word)
{
    if (!word)
        return CHUNK_UNSET;
    if (strcmp(word, "never") == 0)
        return CHUNK_NEVER;
    return strcmp(word, "always") == 0 ? CHUNK_ALWAYS : CHUNK_FILES;
}

static size_t number_or(const struct options *o, enum row row, size_t otherwise)
{
    return options_given(o, row) ? (size_t)options_number(o, row) : otherwise;
}

static void read_server(const struct options *o, struct flags *f)
{
    f->help = options_on(o, HELP);
    f->version = options_on(o, VERSION_FLAG);
    f->health = options_on(o, HEALTH);
    f->port = (unsigned)options_number(o, PORT);
    f->bind_address = options_text(o, BIND_ADDRESS);
    f->http_off = options_on(o, NO_HTTP);
    f->https = options_given(o, HTTPS_PORT) && options_number(o, HTTPS_PORT) >= 0;
    f->https_port = f->https ? (unsigned)options_number(o, HTTPS_PORT) : 0;
    f->keystore = options_text(o, KEYSTORE);
    f->keystore_password = options_text(o, KEYSTORE_PASSWORD);
    f->keystore_type = options_text(o, KEYSTORE_TYPE);
    f->needs_client_cert = options_on(o, CLIENT_CERT);
    f->truststore = options_text(o, TRUSTSTORE);
    f->truststore_password = options_text(o, TRUST_PASSWORD);
    f->threads = (unsigned)number_or(o, CONTAINER_THREADS, 0);
    f->idle_timeout_ms = (unsigned)number_or(o, JETTY_IDLE, 0);
    f->header_bytes =
        options_number(o, JETTY_REQUEST) > 0 ? (unsigned)options_number(o, JETTY_REQUEST) : 0;
    f->admin_auth = options_text(o, ADMIN_AUTH);
    f->admin_needs_https = options_on(o, ADMIN_HTTPS);
    f->verbose = options_on(o, VERBOSE);
    f->print_traffic = options_on(o, PRINT_TRAFFIC);
    f->no_banner = options_on(o, NO_BANNER);
    f->no_request_logging = options_on(o, NO_REQUEST_LOGGING);
}

static void read_stubs(const struct options *o, struct flags *f)
{
    f->root_dir = options_text(o, ROOT_DIR);
    f->fail_on_empty = options_on(o, FAIL_ON_EMPTY);
    f->filename_template = options_text(o, FILENAME_TEMPLATE);
    f->no_journal = options_on(o, NO_JOURNAL);
    f->journal_entries = number_or(o, JOURNAL_MAX, JOURNAL_ENTRIES);
    f->journal_body_max = number_or(o, BODY_LIMIT, SIZE_MAX);
    f->templating_off = options_on(o, NO_TEMPLATING);
    f->templating_global = options_on(o, GLOBAL_TEMPLATING);
    f->permitted_keys = options_text(o, PERMITTED_KEYS);
    f->disable_gzip = options_on(o, NO_GZIP);
    f->stub_cors = options_on(o, STUB_CORS);
    f->chunking = chunking_of(options_text(o, CHUNKED));
}

static void read_proxy(const struct options *o, struct flags *f)
{
    const char *pass = options_text(o, PASS_THROUGH);

    f->proxy_all = options_text(o, PROXY_ALL);
    f->preserve_host = options_on(o, PRESERVE_HOST);
    f->preserve_user_agent = options_on(o, PRESERVE_AGENT);
    f->record_mappings = options_on(o, RECORD);
    f->match_headers = options_text(o, MATCH_HEADERS);
    f->proxy_via = options_text(o, PROXY_VIA);
    f->proxy_timeout_ms = (unsigned)number_or(o, PROXY_TIMEOUT, 300000);
    f->allow_targets = options_text(o, ALLOW_TARGETS);
    f->deny_targets = options_text(o, DENY_TARGETS);
    f->proxy_encodings = options_text(o, PROXY_ENCODINGS);
    f->proxy_pass_through = !pass || strcasecmp(pass, "true") == 0;
    f->outgoing_connections = number_or(o, HTTP_CLIENTS, 1000);
}

enum status flags_parse(int argc, char **argv, FILE *notes, struct flags *ret, struct why *why)
{
    auto_options struct options *o = NULL;
    struct flags f = {0};
    enum status st = options_parse(table, ROWS, NULL, argc, argv, &o, why);

    if (st == ST_OK)
        st = check(o, why);
    if (st != ST_OK)
        return st;
    read_server(o, &f);
    read_stubs(o, &f);
    read_proxy(o, &f);
    note_others(o, notes);
    f.options = take(o);
    *ret = f;
    return ST_OK;
}

void flags_done(struct flags *f)
{
    options_free(f->options);
    f->options = NULL;
}

void flags_help(struct buf *ret)
{
    options_help(table, ROWS, NULL, ret);
}
