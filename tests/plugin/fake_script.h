/* The whole life of a VM with one stream, from a script. */
#ifndef TESTS_PLUGIN_FAKE_SCRIPT_H
#define TESTS_PLUGIN_FAKE_SCRIPT_H

#include "tests/plugin/fake_host.h"

struct fake_reply {
    const char *status;
    const char *body;
};

/* What happens in one run; NULLs and zeros are the plain case. */
struct fake_script {
    const char *configuration;
    const char *request_body;
    const char *content_type;
    const char *answer_body;
    const char *path;
    bool trailers;
    bool aborts;                   /* the stream goes while calls are under way */
    bool again;                    /* the VM is configured once more, while calls are under way */
    struct fake_reply token;       /* status NULL: a good one */
    struct fake_reply data_set[2]; /* first and second call; the same */
};

struct fake_outcome {
    struct fake_client client; /* the caller releases its bytes */
    struct fake_faults faults;
    bool configured;
    unsigned token_calls;
    unsigned data_set_calls;
};

/* fail_host, fail_memory: as in struct fake_faults. */
void fake_run(const struct fake_script *script, unsigned fail_host, unsigned fail_memory,
              struct fake_outcome *ret);

#endif
