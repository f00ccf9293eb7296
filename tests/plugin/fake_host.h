/* A proxy of our own around the plugin, built natively: it calls the plugin's callbacks in Envoy's
 * order, answers its calls, and writes down every byte that would go to the client. Any of the
 * host's functions can be told to fail, and so can memory. One stream, one VM. */
#ifndef TESTS_PLUGIN_FAKE_HOST_H
#define TESTS_PLUGIN_FAKE_HOST_H

#include "common/buf.h"
#include "plugin/abi.h"

enum { FAKE_ROOT = 1, FAKE_STREAM = 2 };

struct fake_answer {
    const char *status;
    const char *body;
};

/* What happens in one run; NULLs and zeros are the plain case. */
struct fake_script {
    const char *configuration;
    const char *request_body;
    const char *content_type;
    const char *answer_body;
    bool trailers;
    bool aborts;                    /* the stream goes while calls are under way */
    struct fake_answer token;       /* status NULL: a good one */
    struct fake_answer data_set[2]; /* first and second call; the same */
};

struct fake_outcome {
    struct buf client; /* all bytes that the client gets */
    uint32_t status;   /* of a reply of the plugin's own; 0: none */
    bool ended;        /* the client has been answered, in either way */
    bool configured;
    unsigned host_calls;
    unsigned allocations;
    const char *failed; /* the host's function that failed, if one did */
    unsigned token_calls;
    unsigned data_set_calls;
    bool marked; /* x-data-protected: true */
};

/* Runs the whole life of a VM. fail_host, fail_memory: which call or allocation, counted from 1,
 * fails; 0: none. The caller releases ret->client. */
void fake_run(const struct fake_script *script, unsigned fail_host, unsigned fail_memory,
              struct fake_outcome *ret);

/* The clock, in ms; it moves by one with each look. */
extern uint64_t fake_now_ms;

#endif
