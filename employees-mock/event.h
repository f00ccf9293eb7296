/* A served request: what was asked, which stub answered, what went out.
 *
 * It owns copies of all text and holds its stub, so it outlives both. Counted. Filled in by the
 * thread that serves the request; immutable once a journal has it, but for sub-events and times. */
#ifndef EMPLOYEES_MOCK_EVENT_H
#define EMPLOYEES_MOCK_EVENT_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/uuid.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/stub.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What went out, where it is not the stub's own answer as it stands there. */
struct event_reply {
    unsigned status;
    struct mock_field *headers; /* all in the same piece of memory */
    size_t header_count;
    struct slice body;
};

struct event {
    atomic_uint refs;
    char id[UUID_SIZE];
    struct mock_source request;
    int64_t logged_at_ms;
    uint64_t started_us; /* monotonic */
    size_t bytes;        /* of memory, about */

    struct stub *stub;           /* NULL: no stub matched */
    const struct answer *answer; /* of the stub */
    struct event_reply *reply;
    json_t *file_name;  /* of the answer's body, filled in; NULL: the answer's own */
    json_t *definition; /* of a proxying answer that was filled in; NULL: the answer's own */
    bool failed;        /* a template of the answer did; reply has the words */
    unsigned status;    /* that went out */
    uint64_t added_delay_ms;
    atomic_ullong processed_us; /* until the answer was made */
    atomic_ullong sent_us;      /* until it was sent; 0: not yet */

    pthread_mutex_t lock; /* for sub_events */
    json_t *sub_events;   /* array; NULL: none */
};

/* A copy of the request; one reference is the caller's. NULL: memory is out. */
struct event *event_new(const struct mock_source *request);
struct event *event_hold(struct event *e);
void event_drop(struct event *e);
DEFINE_CLEANUP(event, struct event *, event_drop)
#define auto_event __attribute__((cleanup(cleanup_event)))

/* Keeps what went out: headers and body are copied, of the body at most body_max bytes. */
void event_set_reply(struct event *e, unsigned status, const struct mock_field *headers,
                     size_t header_count, struct slice body, size_t body_max);

/* The name of the file that went out, where it may have been filled in for this request. */
void event_set_file_name(struct event *e, struct slice name);

/* A note beside the request, such as "WEBHOOK_REQUEST"; data moves in. */
void event_add_note(struct event *e, const char *type, json_t *data);
/* Notes of matching, as they stand in an array, which WireMock gives no time; it is borrowed. */
void event_add_match_notes(struct event *e, const json_t *notes);
/* The note of something that went wrong, which WireMock gives no time. */
void event_add_error(struct event *e, const char *words);

#endif
