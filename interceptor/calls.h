/* The last calls, as an integration test or an operator wants to see them: who asked for what, how
 * it went, never a value of the data. A ring of fixed size; any thread. */
#ifndef INTERCEPTOR_CALLS_H
#define INTERCEPTOR_CALLS_H

#include "common/cleanup.h"
#include "common/json.h"
#include "common/status.h"
#include "common/utf8.h"

#include <stdint.h>

/* A manifest's name has 200 bytes, the others 100; unknown ones may be longer. */
enum { CALLS_KEPT = 1000, CALL_NAME_SIZE = 104, CALL_MANIFEST_SIZE = 204, CALL_ID_MAX = 128 };

struct call_record {
    uint64_t number; /* from 1; given by calls_add */
    int64_t at_us;
    uint64_t duration_us;
    const char *endpoint; /* literal: "token", "dataset" */
    unsigned status;
    const char *error; /* literal; NULL: none */
    const char *job;   /* literal; NULL: not known */
    char tenant[CALL_NAME_SIZE];
    char client[CALL_NAME_SIZE];
    char manifest[CALL_MANIFEST_SIZE];
    int64_t manifest_version;
    char country[3];
    char owner[3];
    char request_id[CALL_ID_MAX + 1];
    char transaction_id[37];
    bool silent;
    bool protected_;
    bool has_usage;
    int64_t usage_id;
    uint32_t bytes_in;
    uint32_t bytes_out;
    uint32_t values_protected;
    uint32_t values_granted;
};

/* Keeps as much of a name as there is room for. */
static inline void call_name(char *ret, size_t size, struct slice name)
{
    struct slice kept = utf8_cut(name, size - 1);

    memcpy(ret, kept.data, kept.len);
    ret[kept.len] = '\0';
}

struct calls;

MUST_CHECK enum status calls_new(struct calls **ret, struct why *why);
void calls_free(struct calls *calls);

DEFINE_CLEANUP(calls, struct calls *, calls_free)
#define auto_calls __attribute__((cleanup(cleanup_calls)))

void calls_add(struct calls *calls, const struct call_record *record);
void calls_clear(struct calls *calls);

/* Newest first, at most `limit`, those with a number above `after`: {"calls":[...],"total":n}. */
json_t *calls_write(struct calls *calls, size_t limit, uint64_t after);

#endif
