/* A proxy of our own around the plugin, built natively, for one VM with many streams: it calls the
 * plugin's callbacks in Envoy's order and writes down every byte that would go to each client. Any
 * of the host's functions can be told to fail, and so can memory. It aborts where the plugin does
 * what would hit another stream, or answers one twice.
 *
 * fake_script.h plays the life of one stream with it; test_streams.c drives many by hand. */
#ifndef TESTS_PLUGIN_FAKE_HOST_H
#define TESTS_PLUGIN_FAKE_HOST_H

#include "common/buf.h"
#include "plugin/abi.h"

enum { FAKE_ROOT = 1, FAKE_STREAM = 2, FAKE_STREAMS_MAX = 40 };

/* What has happened since fake_start(), and which call or allocation, counted from 1, is to fail;
 * 0: none. Nothing is counted, and nothing fails, until then. */
struct fake_faults {
    unsigned fail_host;
    unsigned fail_memory;
    unsigned host_calls;
    unsigned allocations;
    const char *failed; /* the host's function that failed, if one did */
};

/* Begins a VM. Returns what proxy_on_configure() said. */
bool fake_start(const char *configuration, struct fake_faults *faults);

/* Configures it once more. */
bool fake_configure(const char *configuration);

/* Ends all streams and the VM. What the clients got is gone then. */
void fake_end(void);

struct fake_request {
    const char *path;    /* NULL: /employees */
    const char *country; /* X-Country-Code; NULL: none */
    const char *body;    /* NULL: none */
    bool open;           /* more of the body would follow */
    uint32_t root;       /* another than FAKE_ROOT, which the test made; 0: that one */
};

struct fake_answer {
    const char *content_type;
    const char *body;
    bool trailers;
    bool open; /* more of the body would follow */
};

/* Streams are FAKE_STREAM, FAKE_STREAM + 1 and so on. A request that the plugin holds back does
 * not come to a backend; an answer would be none of Envoy's then, but may be tried all the same. */
void fake_request(uint32_t stream, struct fake_request request);
void fake_answer(uint32_t stream, struct fake_answer answer);

/* More of a request or an answer that was left open. Trailers end it. What comes after an answer of
 * the plugin's own, or of a request after its whole answer, is dropped, as Envoy does. */
void fake_request_piece(uint32_t stream, const char *piece, bool end);
void fake_request_trailers(uint32_t stream);
void fake_answer_piece(uint32_t stream, const char *piece, bool end);
void fake_answer_trailers(uint32_t stream);

/* Would a backend have got the request's headers? */
bool fake_is_asked(uint32_t stream);
void fake_close(uint32_t stream); /* the client hangs up, or all is done */

/* What the client of a stream that was begun got. */
struct fake_client {
    struct buf bytes;
    uint32_t status; /* of a reply of the plugin's own; 0: none */
    bool ended;      /* answered, in either way */
    bool marked;     /* x-data-protected: true */
};
struct fake_client *fake_client(uint32_t stream);

/* Calls to the interceptor, in their order; one that is out of range is all zeros. */
struct fake_call {
    uint32_t id;
    bool is_token;
    bool answered;
    struct buf body;
};
const struct fake_call *fake_call(unsigned index);

/* Answers it; status "": no answer will come. */
void fake_answer_call(unsigned index, const char *status, const char *body);
void fake_tick(void); /* if the plugin wants ticks */

/* The clock, in ms; it moves by one with each look. */
extern uint64_t fake_now_ms;

/* The host's buffer limit: a body of more bytes that the plugin puts in place ends the stream
 * within that call, as in Envoy. 0: none. */
extern size_t fake_answer_max;

#endif
