/* A data key sealed under a key that comes of the master key: AES-256-GCM with a fresh nonce, bound
 * to the data key's number. Written as hexadecimal text: nonce, key, tag. */
#ifndef INTERCEPTOR_KEYWRAP_H
#define INTERCEPTOR_KEYWRAP_H

#include "common/status.h"
#include "interceptor/engine/crypt.h"
#include "interceptor/master.h"

enum { KEYWRAP_BYTES = 12 + KEY_SIZE + 16, KEYWRAP_TEXT_SIZE = 2 * KEYWRAP_BYTES + 1 };

MUST_CHECK enum status key_wrap(const struct master *master, const struct ring_key *key,
                                char ret[KEYWRAP_TEXT_SIZE], struct why *why);
/* ret->id tells the number that it must be bound to. ST_BAD_INPUT: not of this master key, of
 * another number, or damaged. */
MUST_CHECK enum status key_unwrap(const struct master *master, const char *text,
                                  struct ring_key *ret, struct why *why);

#endif
