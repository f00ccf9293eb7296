#include "interceptor/engine/digest_memo.h"

#include "interceptor/engine/name_hash.h"

#include <openssl/crypto.h>

static const char use[] = "mask";

/* The hash decides all but never, and which way is better guessed than that of a comparison. */
static bool holds(const struct memo_slot *slot, const struct domain *d, uint64_t hash,
                  const struct value *v)
{
    return slot->hash == hash && slot->domain == d && slot->kind == v->kind &&
           slice_equal((struct slice){slot->text, slot->len}, v->text);
}

const uint8_t *digest_memo_mask(struct digest_memo *m, const struct domain *d,
                                const struct value *v)
{
    struct memo_slot *slot;
    uint64_t hash;

    m->used = true;
    if (v->text.len > MEMO_TEXT || v->text.len == 0) {
        crypt_digest(d, use, v, m->other);
        return m->other;
    }
    hash = name_hash((uintptr_t)d, v->text);
    slot = &m->slots[(hash >> 32) % MEMO_SLOTS];
    if (!holds(slot, d, hash, v)) {
        slot->domain = d;
        slot->hash = hash;
        slot->kind = v->kind;
        slot->len = (uint32_t)v->text.len;
        short_copy(slot->text, v->text.data, v->text.len);
        crypt_digest(d, use, v, slot->digest);
    }
    return slot->digest;
}

void digest_memo_clear(struct digest_memo *m)
{
    if (m->used)
        OPENSSL_cleanse(m, sizeof *m);
}
