/* The two calls to the interceptor (docs/contract.md): what is sent, and what their answers say.
 * Pure: bytes in, bytes out. */
#ifndef PLUGIN_MESSAGE_H
#define PLUGIN_MESSAGE_H

#include "plugin/settings.h"

/* The form of the token call. */
void message_put_token_form(const struct settings *settings, struct buf *out);

/* Who asks, as far as the request tells. Empty slices: not known. */
struct caller {
    struct slice country;
    struct slice owner;
    struct slice claims; /* JSON objects, each with a comma behind it */
};

/* The data set call's body up to the data set, and what follows it. Between them goes the data
 * set through text_put_json(). */
void message_put_head(const struct policy *policy, const struct caller *caller, struct buf *out);
void message_put_tail(struct buf *out);

/* One claim for struct caller. */
void message_put_claim(struct slice name, struct slice value, struct buf *out);

enum { MESSAGE_TOKEN_MAX = 16384 };

struct token_reply {
    struct slice token; /* visible ASCII, at most so long; lies in the text */
    uint64_t expires_in_s;
};

/* Both use up the text. False: it is no valid answer, *ret is not written. */
bool message_read_token(char *text, size_t len, struct token_reply *ret);

/* *ret is the data set itself. It must begin like one of its kind. */
bool message_read_data_set(char *text, size_t len, bool is_xml, struct slice *ret);

#endif
