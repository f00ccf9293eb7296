/* The options of the program, and their values as the parts take them. */
#ifndef INTERCEPTOR_SETTINGS_H
#define INTERCEPTOR_SETTINGS_H

#include "common/clock.h"
#include "common/log.h"
#include "common/options.h"
#include "common/status.h"

/* Rows of the table. */
enum setting {
    SET_LISTEN,
    SET_LISTEN_PLAIN,
    SET_ADMIN_LISTEN,
    SET_TLS_CERT,
    SET_TLS_KEY,
    SET_DATABASE,
    SET_TOKEN_STORE,
    SET_CONFIG,
    SET_KEY_FILE,
    SET_ADMIN_TOKEN,
    SET_THREADS,
    SET_BODY_MAX,
    SET_TOKEN_TTL,
    SET_REFRESH_TTL,
    SET_AUDIT,
    SET_AUDIT_QUEUE,
    SET_AUDIT_DEADLINE,
    SET_AUDIT_KEEP_DAYS,
    SET_AUDIT_KEEP_ROWS,
    SET_LOG_LEVEL,
    SET_LOG_FORMAT,
    SET_PORT_FILE,
    SET_CLOCK,
    SET_ENVOY_ADMIN,
    SET_HEALTH,
    SET_PRINT_CONFIG,
    SET_CHECK_CONFIG,
    /* of the subcommands explain, suggest, preview */
    SET_MANIFEST,
    SET_COUNTRY,
    SET_OWNER,
    SET_JOB,
    SET_CLAIM,
    SET_USAGE,
    SET_SNAPSHOT_DATE,
    SET_TENANT,
    SET_TYPE,
    SET_INPUT,
    SET_HELP,
    SET_VERSION,
    SETTINGS
};

extern const struct option settings_table[SETTINGS];
#define SETTINGS_PREFIX "INTERCEPTOR"

struct settings {
    const struct options *options; /* borrowed; texts below are its own */
    const char *listen;            /* NULL: no TLS listener */
    const char *listen_plain;      /* NULL: off */
    const char *admin_listen;      /* NULL: off */
    const char *tls_cert;
    const char *tls_key;
    const char *database;
    const char *token_store; /* NULL: the database; "none"; a URL */
    const char *key_file;
    const char *admin_token; /* NULL: only reads, only from loopback */
    unsigned threads;
    size_t body_max_bytes;
    long long token_ttl_s;
    long long refresh_ttl_s;
    bool audit;
    size_t audit_queue;
    unsigned audit_deadline_ms;
    long long audit_keep_days;
    long long audit_keep_rows;
    enum log_level log_level;
    bool log_json;
    const char *port_file;
    const char *envoy_admin;
    struct clock clock;
};

/* ST_BAD_INPUT: place is the option. */
MUST_CHECK enum status settings_read(const struct options *options, struct settings *ret,
                                     struct why *why);

/* Before ports are opened: without certificate and key there is no TLS port, which is an error
 * (ST_BAD_INPUT) unless plain HTTP is asked for and the TLS port is not. So is no port at all. */
MUST_CHECK enum status settings_check_ports(struct settings *s, struct why *why);

#endif
