/* Between the files of the fake host: fake_host.c is what the plugin calls, fake_drive.c what calls
 * the plugin. */
#ifndef TESTS_PLUGIN_FAKE_INTERNAL_H
#define TESTS_PLUGIN_FAKE_INTERNAL_H

#include "tests/plugin/fake_host.h"

enum { HEADERS_MAX = 16, MAPS = 4, CALLS_MAX = 256, SHARED_MAX = 8 };

struct fake_header {
    char name[64];
    char value[256];
};

struct fake_stream {
    struct fake_header headers[MAPS][HEADERS_MAX]; /* by enum abi_map */
    struct buf body[2];                            /* by enum abi_buffer */
    struct fake_client client;
    struct buf reply; /* the plugin's own, on its way */
    bool alive;
    bool known; /* the VM was told of it */
    bool request_paused;
    bool asked;    /* the request's headers have gone to the backend */
    bool answered; /* headers of an answer have come */
    bool end;      /* and all the rest of it */
};

struct fake_shared {
    char key[128];
    char *value;
    size_t len;
    uint32_t cas;
};

struct fake_host {
    struct fake_faults *faults;
    struct fake_stream streams[FAKE_STREAMS_MAX];
    struct fake_header call_status;
    struct buf call_body;
    struct buf configuration;
    struct fake_call calls[CALLS_MAX];
    unsigned calls_count;
    struct fake_shared shared[SHARED_MAX];
    uint32_t cas;
    uint32_t effective;
    bool ticks; /* are wanted */
};
extern struct fake_host fake_host;

struct fake_stream *fake_stream(uint32_t id);

/* The header, or NULL; "" finds a free place. */
struct fake_header *fake_header(struct fake_header *map, const char *name, size_t len);
void fake_set_header(struct fake_header *map, const char *name, const char *value);

/* The host's own memory does not fail with the plugin's. */
void fake_put(struct buf *b, const void *data, size_t len);
void fake_set(struct buf *b, const char *text);

/* What is buffered of the answer goes to the client. */
void fake_flush(struct fake_stream *stream);

#endif
