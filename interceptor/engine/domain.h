/* The keys of a domain, for crypt.c alone. */
#ifndef ENGINE_DOMAIN_H
#define ENGINE_DOMAIN_H

#include "interceptor/engine/crypt.h"
#include "interceptor/engine/hmac.h"

/* What is encrypted with AES-GCM, each with keys of its own. */
enum gcm_use { GCM_TOKEN, GCM_STORE, GCM_USES };

/* What the token store keeps is sealed by a key that never changes: a pseudonym that was handed out
 * is good for ever, whichever keys of the ring were retired. */
enum { STABLE_KEY_ID = 0 };

/* The keys that one data key gives for the domain. */
struct opener {
    uint32_t id;
    uint8_t keys[GCM_USES][KEY_SIZE];
};

struct domain {
    uint8_t scope[SCOPE_SIZE];
    struct hmac_key masks;
    uint8_t siv_key[2 * KEY_SIZE];
    struct opener *openers; /* newest first, then the one that outlives them all */
    size_t opener_count;
};

#endif
