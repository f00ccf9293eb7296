/* Reads JSON text (RFC 8259) member by member, strictly, without recursion and without memory of
 * its own: strings are decoded in place, so the text must be writable and is used up by reading.
 *
 * For texts that are whole: settings and the interceptor's answers. A data set of many megabytes
 * is one string here, decoded at the speed of text8.h. (jsmn would need a token for each value,
 * takes broken text for good, and leaves strings encoded.) */
#ifndef PLUGIN_JSON_IN_H
#define PLUGIN_JSON_IN_H

#include "common/buf.h"

enum { JSON_IN_DEPTH_MAX = 64 };

/* After a failure every call answers false, and json_in_ended() too. */
struct json_in {
    char *at;
    char *end;
    bool failed;
};

struct json_in json_in_open(char *text, size_t len);

/* True if only blanks are left, and nothing failed. */
bool json_in_ended(struct json_in *in);

/* The next character that is no blank, without reading it; '\0' at the end. */
char json_in_peek(struct json_in *in);

/* Steps into an object or array. */
bool json_in_enter(struct json_in *in, char bracket);

/* Goes to the next member or item of what was entered; *first tells that none was read yet and
 * is cleared. False at the end, which is read too, and after a failure. */
bool json_in_member(struct json_in *in, bool *first, struct slice *ret_name);
bool json_in_item(struct json_in *in, bool *first);

/* A member that counts may stand there once only: false when it was seen before. */
bool json_in_once(bool *seen);

/* Reads a string; *ret lies in the text. Escapes become UTF-8; a lone surrogate is a failure. */
bool json_in_string(struct json_in *in, struct slice *ret);

/* Reads any value, and gives it as it stands in the text. */
bool json_in_raw(struct json_in *in, struct slice *ret);

#endif
