/* Keys, masks, pseudonyms and encryption tokens over OpenSSL.
 *
 * Every key is derived (HKDF-SHA256, RFC 5869) of the tenant and of a domain: an attribute's own,
 * or one that several attributes share so that joins keep working. What one tenant or domain made
 * means nothing to another.
 *   masks        HMAC-SHA256
 *   pseudonyms   AES-256-SIV (RFC 5297): deterministic, authenticated; letters and digits
 *   tokens       AES-256-GCM, fresh nonce, "enc:v1:" and base64url of key id, nonce, text and tag
 * A struct domain is immutable: any thread. A struct crypt is a thread's own working state. */
#ifndef ENGINE_CRYPT_H
#define ENGINE_CRYPT_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/engine/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_SIZE = 32, DIGEST_SIZE = 32, SCOPE_SIZE = 16, LOOKUP_SIZE = 16 };

/* A data key. Ids tell the keys of a ring apart, and stand readable in the tokens. */
struct ring_key {
    uint32_t id;
    uint8_t bytes[KEY_SIZE];
};

/* The newest key encrypts, every listed one opens. Masks and pseudonyms, which must stay the same
 * whatever happens to the data keys, come of `stable` alone. */
struct key_ring {
    uint8_t stable[KEY_SIZE];
    const struct ring_key *keys; /* newest first */
    size_t count;                /* at least 1 */
};

struct domain;

/* Derives all keys of a domain of a tenant; nothing is kept of the arguments.
 * ST_INTERNAL: OpenSSL refused. */
MUST_CHECK enum status domain_new(const struct key_ring *ring, struct slice tenant,
                                  struct slice name, struct domain **ret, struct why *why);
void domain_free(struct domain *d); /* wipes the keys */

DEFINE_CLEANUP(domain, struct domain *, domain_free)
#define auto_domain __attribute__((cleanup(cleanup_domain)))

/* Names tenant and domain to the token store, telling about neither. */
const uint8_t *domain_scope(const struct domain *d);

struct crypt;

/* Lets OpenSSL take its memory from common/memory.h, so that a text which it could not look at is
 * not one that is forged. Before OpenSSL is first used; without it the two are one. */
void crypt_watch_memory(void);

MUST_CHECK enum status crypt_new(struct crypt **ret, struct why *why);
void crypt_free(struct crypt *c);

DEFINE_CLEANUP(crypt, struct crypt *, crypt_free)
#define auto_crypt __attribute__((cleanup(cleanup_crypt)))

/* HMAC of use, kind and text under the domain's key for masks. `use` separates what is made of the
 * same value ("mask", "shape", "shift"). */
void crypt_digest(const struct domain *d, const char *use, const struct value *v,
                  uint8_t ret[DIGEST_SIZE]);

/* Fills `len` bytes with a stream that the digest determines. */
void crypt_stretch(const struct domain *d, const uint8_t seed[DIGEST_SIZE], uint8_t *ret,
                   size_t len);

/* Appends a pseudonym of 22 letters and digits or more; the same for the same value. */
MUST_CHECK enum status crypt_pseudonym(struct crypt *c, const struct domain *d, struct value v,
                                       struct buf *ret, struct why *why);

/* Appends an encryption token; another one each time. */
MUST_CHECK enum status crypt_token(struct crypt *c, const struct domain *d, struct value v,
                                   struct buf *ret, struct why *why);

/* The value that a pseudonym or a token stands for; its text is appended to `room`, and borrowed
 * from there. ST_NOT_FOUND: none of this tenant and domain; not an error, no words. */
MUST_CHECK enum status crypt_open_pseudonym(struct crypt *c, const struct domain *d,
                                            struct slice text, struct buf *room, struct value *ret,
                                            struct why *why);
MUST_CHECK enum status crypt_open_token(struct crypt *c, const struct domain *d, struct slice text,
                                        struct buf *room, struct value *ret, struct why *why);

/* For rows of the token store: what finds a value again, and the value sealed. */
void crypt_lookup(const struct domain *d, struct value v, uint8_t ret[LOOKUP_SIZE]);
MUST_CHECK enum status crypt_seal(struct crypt *c, const struct domain *d, struct value v,
                                  struct buf *ret, struct why *why);
/* ST_NOT_FOUND: sealed by another key, tenant or domain, or damaged. */
MUST_CHECK enum status crypt_unseal(struct crypt *c, const struct domain *d, struct slice sealed,
                                    struct buf *room, struct value *ret, struct why *why);

#endif
