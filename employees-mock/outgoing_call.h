/* One outgoing request as libcurl has it, and its answer as it comes in. Used by outgoing.c only;
 * belongs to one thread at a time. */
#ifndef EMPLOYEES_MOCK_OUTGOING_CALL_H
#define EMPLOYEES_MOCK_OUTGOING_CALL_H

#include "employees-mock/outgoing.h"

#include <curl/curl.h>

struct outgoing_call {
    struct outgoing_call *next; /* in outgoing's queue, then among those under way */
    struct outgoing_call *previous;
    uint64_t start_at_us; /* monotonic */
    CURL *easy;
    struct curl_slist *headers;
    char *body;
    outgoing_done *done;
    void *ctx;

    struct buf head; /* header lines as they came, each ended by NUL */
    bool head_is_whole;
    struct buf content;
    char reason[128];
};

/* NULL: memory is out. */
struct outgoing_call *outgoing_call_new(const struct outgoing_request *r, unsigned timeout_ms,
                                        const char *via);
void outgoing_call_free(struct outgoing_call *call);

/* Tells the caller, by `done`. */
void outgoing_call_finish(struct outgoing_call *call, CURLcode code);
void outgoing_call_fail(struct outgoing_call *call, enum status st, const char *words);

#endif
