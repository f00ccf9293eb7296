/* The command line: every flag of WireMock 3.13.2's --help, and a few of our own.
 *
 * A flag about the JVM, Jetty or WireMock's extensions is taken with a note; an unknown one is
 * refused. */
#ifndef EMPLOYEES_MOCK_FLAGS_H
#define EMPLOYEES_MOCK_FLAGS_H

#include "common/cleanup.h"
#include "common/options.h"
#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* When an answer goes out in chunks instead of with a Content-Length (--use-chunked-encoding). */
/* unset: with a Content-Length, but packed as if it went in chunks */
enum chunking { CHUNK_UNSET, CHUNK_NEVER, CHUNK_ALWAYS, CHUNK_FILES };

struct flags {
    struct options *options; /* owner of all text below */

    bool help, version, health;
    unsigned port;
    const char *bind_address;
    bool http_off;
    bool https;
    unsigned https_port;
    const char *keystore; /* NULL: a certificate made at start */
    const char *keystore_password;
    const char *keystore_type;
    bool needs_client_cert;
    const char *truststore; /* NULL: the system's authorities */
    const char *truststore_password;
    unsigned threads; /* 0: one for each processor */
    unsigned idle_timeout_ms;
    unsigned header_bytes;

    const char *root_dir;
    const char *admin_auth; /* "user:password"; NULL: open */
    bool admin_needs_https;

    bool no_journal;
    size_t journal_entries; /* 0: the default bound */
    size_t journal_body_max;
    bool no_request_logging;
    bool verbose;
    bool print_traffic;
    bool no_banner;
    bool fail_on_empty;

    bool templating_off, templating_global;
    const char *permitted_keys; /* comma-separated regexes; NULL: WireMock's default */
    bool disable_gzip;
    bool stub_cors;
    enum chunking chunking;

    const char *proxy_all;       /* NULL: no */
    const char *proxy_encodings; /* comma-separated; NULL: any */
    bool preserve_host;
    bool preserve_user_agent;
    bool record_mappings;
    const char *match_headers; /* comma-separated; NULL: none */
    const char *proxy_via;
    unsigned proxy_timeout_ms;
    const char *allow_targets, *deny_targets;
    bool proxy_pass_through;
    size_t outgoing_connections;
    const char *filename_template;
};

/* ST_BAD_INPUT: one line that names the flag. Notes on flags without meaning here go to `notes`
 * (NULL: nowhere), a line each. */
MUST_CHECK enum status flags_parse(int argc, char **argv, FILE *notes, struct flags *ret,
                                   struct why *why);
void flags_done(struct flags *f);

void flags_help(struct buf *ret);

/* The option table, for the test that docs/employees-mock.md names each row. */
const struct option *flags_table(size_t *ret_count);

#endif
