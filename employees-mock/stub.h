/* One mapping: WireMock's stub JSON to a struct that matches and answers, and back without loss.
 *
 * A stub is immutable once a store holds it, but for its counters and answers made ready; it is
 * counted, so a request may go on with a stub that was deleted meanwhile. */
#ifndef EMPLOYEES_MOCK_STUB_H
#define EMPLOYEES_MOCK_STUB_H

#include "common/cleanup.h"
#include "common/status.h"
#include "common/uuid.h"
#include "employees-mock/answer.h"
#include "employees-mock/match/match.h"

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { STUB_DEFAULT_PRIORITY = 5 };

struct scenario;
struct path_template;

struct stub {
    atomic_uint refs;
    char id[UUID_SIZE];
    json_t *json; /* as WireMock writes it back; texts below are borrowed from it */
    const char *name;
    char *name_sent; /* the name in ASCII, for headers; or NULL */

    struct request_pattern *pattern;
    struct path_template *path_template; /* of its urlPathTemplate; or NULL */
    struct answer *answers;              /* one, or several with weights ("responses") */
    size_t answer_count;
    json_t *listeners;    /* [{"name":…,"parameters":…}]: webhooks; or NULL */
    bool listens_to_null; /* null is among its serveEventListeners: it can't be served */

    long long priority;
    uint64_t order;      /* the store's: a higher one was added later */
    uint64_t order_said; /* what it was when its file was written; 0: the file does not say */
    uint64_t left;       /* the store's: when it was left to its scenario; 0: it was not */
    bool persistent;
    char *file; /* its mapping file; or NULL. In a store, the lock of mapping_files rules */
    bool file_is_shared; /* others came from it too: it is never written */
    bool file_is_old;    /* ... and says something else, as the stub was edited */

    const char *scenario_name;
    const char *required_state;
    const char *new_state;
    struct scenario *scenario; /* the store's */

    bool limited; /* "times": it serves so often */
    atomic_llong times_left;
    long long ttl_s;        /* "ttlSeconds"; 0: none */
    uint64_t expires_at_us; /* monotonic; set when a store takes it; 0: never */
    atomic_ullong served;   /* how often it answered */
};

/* What is switched on by flags and changes how a mapping is read. */
struct stub_rules {
    enum templating templating;
};

/* `mapping` is borrowed, but its values are shared, not copied: it is to be released before a store
 * has the stub (json_own.h says why). pointer is its place in its document ("" or "/mappings/3").
 * One reference is the caller's. ST_BAD_INPUT, ST_UNSUPPORTED: fault says what is wrong and
 * where. */
MUST_CHECK enum status stub_parse(const json_t *mapping, const char *pointer,
                                  const struct stub_rules *rules, struct stub **ret,
                                  struct match_fault *fault);

/* Another id; before a store has it. */
MUST_CHECK enum status stub_set_id(struct stub *s, const char *id);

struct stub *stub_hold(struct stub *s); /* one reference more */
void stub_drop(struct stub *s);         /* one less; NULL is accepted */
DEFINE_CLEANUP(stub, struct stub *, stub_drop)
#define auto_stub __attribute__((cleanup(cleanup_stub)))

/* One of its answers, by weight. */
const struct answer *stub_choose_answer(const struct stub *s);

/* Whether its times or its life are over. */
bool stub_is_spent(const struct stub *s, uint64_t now_us);
/* Takes one of its times; false: there is none left. */
bool stub_take_turn(struct stub *s);

/* Its JSON, for the caller alone (json_own.h). NULL: memory is out. */
json_t *stub_json_copy(const struct stub *s);

/* Its metadata; NULL: none. */
const json_t *stub_metadata(const struct stub *s);

#endif
