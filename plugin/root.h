/* One configured plugin in one VM: its settings, its token, its calls under way and the streams
 * that wait for a token. The host calls it the root context; answers of calls arrive at it. */
#ifndef PLUGIN_ROOT_H
#define PLUGIN_ROOT_H

#include "plugin/cause.h"
#include "plugin/id_map.h"
#include "plugin/settings.h"
#include "plugin/statistics.h"
#include "plugin/token_cache.h"

struct stream;

/* Filled in by root.c; streams read it. */
struct root {
    uint32_t id;
    struct settings *settings; /* NULL until configured */
    struct token_cache *tokens;
    struct statistics statistics;
    struct id_map calls;        /* id of a data set call -> the stream's id, as a pointer */
    struct id_map *streams;     /* all of the VM's: id -> struct stream; borrowed */
    size_t *held_bytes;         /* of messages, held back for all streams of the VM; borrowed */
    struct stream *first_waits; /* for a token, oldest first */
    struct stream *last_waits;
    bool ticks;
};

/* NULL: no memory. What all roots of the VM share is borrowed. */
struct root *root_new(uint32_t id, struct id_map *streams, size_t *held_bytes);
void root_free(struct root *root);

/* False: the configuration is refused; the log says why. */
bool root_configure(struct root *root, struct slice configuration);

/* Asks for a token. While it is fetched, streams may wait: root_await(). */
enum token_state root_want_token(struct root *root, const struct trace *trace);
void root_await(struct root *root, struct stream *stream);
void root_forget(struct root *root, struct stream *stream); /* it waits no more; or never did */

/* The answer to a call has come: headers 0 means that there is none. */
void root_on_answer(struct root *root, uint32_t call, uint32_t headers, size_t body_len);
void root_on_tick(struct root *root);

/* One line to the log: what was refused, why, and what the interceptor's status was, if any. */
void root_log_refusal(const char *what, enum cause cause, uint32_t status, struct slice request_id);

#endif
