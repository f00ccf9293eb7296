/* Bytes as letters and digits, 8 bytes in 11 of them; one text for one sequence of bytes. */
#ifndef ENGINE_BASE62_H
#define ENGINE_BASE62_H

#include "common/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0-9, A-Z, a-z */
extern const char base62_alphabet[63];

void base62_write(const uint8_t *bytes, size_t len, struct buf *ret);

/* Appends the bytes; false: the text is none of base62_write's. */
bool base62_read(struct slice text, struct buf *ret);

/* Whether all of it are letters and digits. */
bool base62_is(struct slice text);

/* base64url without padding (RFC 4648, section 5), read strictly. */
void base64url_write(const uint8_t *bytes, size_t len, struct buf *ret);
bool base64url_read(struct slice text, struct buf *ret);

#endif
