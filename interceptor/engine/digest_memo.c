#include "interceptor/engine/digest_memo.h"

#include "interceptor/engine/name_hash.h"

#include <openssl/crypto.h>

static const char use[] = "mask";

static struct memo_slot *slot_of(struct digest_memo *m, const struct domain *d, struct slice text)
{
    return &m->slots[(name_hash((uintptr_t)d, text) >> 32) % MEMO_SLOTS];
}

static bool holds(const struct memo_slot *slot, const struct domain *d, struct value v)
{
    return slot->domain == d && slot->kind == v.kind &&
           slice_equal((struct slice){slot->text, slot->len}, v.text);
}

void digest_memo_mask(struct digest_memo *m, const struct domain *d, struct value v,
                      uint8_t ret[DIGEST_SIZE])
{
    struct memo_slot *slot;

    if (v.text.len > MEMO_TEXT || v.text.len == 0) {
        crypt_digest(d, use, v, ret);
        return;
    }
    slot = slot_of(m, d, v.text);
    if (!holds(slot, d, v)) {
        m->used = true;
        slot->domain = d;
        slot->kind = v.kind;
        slot->len = (uint32_t)v.text.len;
        memcpy(slot->text, v.text.data, v.text.len);
        crypt_digest(d, use, v, slot->digest);
    }
    memcpy(ret, slot->digest, DIGEST_SIZE);
}

void digest_memo_clear(struct digest_memo *m)
{
    if (m->used)
        OPENSSL_cleanse(m, sizeof *m);
}
