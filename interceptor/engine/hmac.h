/* HMAC-SHA256 (RFC 2104) under a key whose two first blocks are hashed once.
 *
 * For texts of a few bytes, hashed by the hundred thousand: OpenSSL's EVP interface copies and
 * allocates for each more than the hash itself costs, so its SHA-256 is called directly. Pure; a
 * key is immutable: any thread. */
#ifndef ENGINE_HMAC_H
#define ENGINE_HMAC_H

#include "common/buf.h"

#include <stddef.h>
#include <stdint.h>

enum { HMAC_KEY_SIZE = 32, HMAC_SIZE = 32, HMAC_WORDS = 8 };

/* The states of SHA-256 behind the first block of the inner and of the outer hash. Secret. */
struct hmac_key {
    uint32_t inner[HMAC_WORDS];
    uint32_t outer[HMAC_WORDS];
};

void hmac_key_init(struct hmac_key *key, const uint8_t bytes[HMAC_KEY_SIZE]);

/* Of the parts one behind the other. */
void hmac(const struct hmac_key *key, const struct slice parts[], size_t count,
          uint8_t ret[HMAC_SIZE]);

#endif
