/* The digests of a call's last values: first names, cities and days of birth come again and again,
 * and to compare them costs a tenth of hashing them. Not for two threads at once. */
#ifndef ENGINE_DIGEST_MEMO_H
#define ENGINE_DIGEST_MEMO_H

#include "interceptor/engine/crypt.h"

enum { MEMO_SLOTS = 64, MEMO_TEXT = 40 };

struct memo_slot {
    const struct domain *domain; /* NULL: free */
    uint64_t hash;
    enum value_kind kind;
    uint32_t len;
    char text[MEMO_TEXT];
    uint8_t digest[DIGEST_SIZE];
};

struct digest_memo {
    struct memo_slot slots[MEMO_SLOTS];
    uint8_t other[DIGEST_SIZE]; /* of a text too long for a slot */
    bool used;
};

/* crypt_digest() for masks: DIGEST_SIZE bytes, borrowed until the next call. */
const uint8_t *digest_memo_mask(struct digest_memo *m, const struct domain *d,
                                const struct value *v);

/* Forgets the values; at the end of a call, since a domain may go after it. */
void digest_memo_clear(struct digest_memo *m);

#endif
