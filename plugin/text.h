/* Small writers of text that buf.h has only with printf, which would double the size of the
 * module and import files from the host. */
#ifndef PLUGIN_TEXT_H
#define PLUGIN_TEXT_H

#include "common/buf.h"

#include <stdint.h>

void text_put_number(struct buf *out, uint64_t number);

/* len bytes as 2 * len lower-case digits. */
void text_put_hex(struct buf *out, const void *bytes, size_t len);

/* What a form value may hold unencoded stays (RFC 3986, unreserved); all else becomes %XX. */
void text_put_percent(struct buf *out, struct slice value);

/* The inside of a JSON string: quotes, backslashes and control characters escaped, all else as
 * it is. Fast: whole bodies go through here. */
void text_put_json(struct buf *out, struct slice value);

/* "name":"value" with a comma before it. The name needs no escape. */
void text_put_member(struct buf *out, const char *name, struct slice value);

/* Is all of it visible ASCII, so no blank either? */
bool text_is_visible(struct slice text);

/* FNV-1a with 64 bits; begin with TEXT_HASH_SEED. For names of things, not against attackers. */
#define TEXT_HASH_SEED 0xcbf29ce484222325ULL
uint64_t text_hash(uint64_t hash, struct slice s);

static inline char text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The value of a hex digit; -1 for any other character. */
static inline int text_hex_digit(char c)
{
    if (text_is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
