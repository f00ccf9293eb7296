/* The one context of the program: what main opens, handed down to every handler. Nothing in it is
 * replaced while the servers run; each part locks for itself. */
#ifndef EMPLOYEES_MOCK_APP_H
#define EMPLOYEES_MOCK_APP_H

#include "common/http.h"
#include "common/log.h"
#include "common/metrics.h"
#include "employees-mock/body_files.h"
#include "employees-mock/event.h"
#include "employees-mock/flags.h"
#include "employees-mock/journal.h"
#include "employees-mock/settings.h"
#include "employees-mock/stub_store.h"
#include "employees-mock/template/kv.h"
#include "employees-mock/template/template.h"

#include <stdatomic.h>

/* What this program says it is, where WireMock says so of itself. */
#define WIREMOCK_VERSION "3.13.2"

struct outgoing;
struct recorder;
struct mapping_files;

struct app {
    const struct flags *flags;
    struct log log;
    struct stub_rules rules;
    struct stub_store *stubs;
    struct journal *journal;
    struct settings *settings;
    struct body_files *files;
    struct mapping_files *mappings;
    struct kv *kv;
    struct template_settings templates;
    char **permitted_keys;     /* of templates; NULL at the end; or NULL: WireMock's default */
    struct outgoing *outgoing; /* proxying and webhooks */
    struct recorder *recorder;

    struct metrics *metrics;
    struct metric *served[10]; /* requests by the first digit of their status */
    struct metric *served_time;

    atomic_uint port; /* the one in use */
    uint64_t started_us;
    atomic_bool loaded; /* all stubs are there */
    int stop_fd;        /* an eventfd: written to, the program stops */
};

/* Bytes that each request has for the application. */
struct request_state {
    struct event *event; /* held, for the time when the answer was sent */
    struct stub *stub;   /* held: the bytes of its body are being sent */
};

#endif
