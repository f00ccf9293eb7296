#include "interceptor/engine/domain.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

/* What a domain's keys are derived for: label, tenant and name, each ended by its length before
 * it, so that no two of them can run together. */
struct origin {
    EVP_KDF_CTX *kdf;
    struct slice tenant;
    struct slice name;
};

static void put_part(struct buf *info, struct slice part)
{
    uint8_t len[4] = {(uint8_t)(part.len >> 24), (uint8_t)(part.len >> 16),
                      (uint8_t)(part.len >> 8), (uint8_t)part.len};

    buf_put(info, len, sizeof len);
    buf_put_slice(info, part);
}

static enum status derive(const struct origin *o, const uint8_t key[KEY_SIZE], const char *label,
                          uint8_t *ret, size_t len, struct why *why)
{
    auto_buf struct buf info = BUF_INIT(SIZE_MAX / 2);
    OSSL_PARAM params[4];

    put_part(&info, slice_of(label));
    put_part(&info, o->tenant);
    put_part(&info, o->name);
    if (buf_status(&info, why) != ST_OK)
        return buf_status(&info, why);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char[]){"SHA256"}, 0);
    params[1] =
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)key, KEY_SIZE);
    params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data, info.len);
    params[3] = OSSL_PARAM_construct_end();
    EVP_KDF_CTX_reset(o->kdf);
    if (EVP_KDF_derive(o->kdf, ret, len, params) != 1)
        return fail(why, ST_INTERNAL, "OpenSSL refused to derive a key");
    return ST_OK;
}

static enum status derive_mask_key(const struct origin *o, const uint8_t stable[KEY_SIZE],
                                   struct domain *d, struct why *why)
{
    uint8_t key[KEY_SIZE];
    enum status st = derive(o, stable, "mask", key, sizeof key, why);

    if (st != ST_OK)
        return st;
    hmac_key_init(&d->masks, key);
    OPENSSL_cleanse(key, sizeof key);
    return ST_OK;
}

static enum status derive_openers(const struct origin *o, const struct key_ring *ring,
                                  struct domain *d, struct why *why)
{
    static const char *const labels[GCM_USES] = {[GCM_TOKEN] = "token", [GCM_STORE] = "store"};
    enum status st = ST_OK;

    d->openers = calloc(ring->count + 1, sizeof *d->openers);
    if (!d->openers)
        return fail_memory(why);
    d->opener_count = ring->count + 1;
    for (size_t i = 0; i < d->opener_count; i++) {
        struct opener *opener = &d->openers[i];
        bool stable = i == ring->count;
        const uint8_t *key = stable ? ring->stable : ring->keys[i].bytes;

        opener->id = stable ? STABLE_KEY_ID : ring->keys[i].id;
        for (int use = 0; st == ST_OK && use < GCM_USES; use++)
            st = derive(o, key, labels[use], opener->keys[use], KEY_SIZE, why);
    }
    return st;
}

static enum status derive_all(const struct origin *o, const struct key_ring *ring, struct domain *d,
                              struct why *why)
{
    enum status st = derive(o, ring->stable, "scope", d->scope, sizeof d->scope, why);

    if (st == ST_OK)
        st = derive(o, ring->stable, "pseudonym", d->siv_key, sizeof d->siv_key, why);
    if (st == ST_OK)
        st = derive_mask_key(o, ring->stable, d, why);
    return st == ST_OK ? derive_openers(o, ring, d, why) : st;
}

enum status domain_new(const struct key_ring *ring, struct slice tenant, struct slice name,
                       struct domain **ret, struct why *why)
{
    auto_domain struct domain *d = calloc(1, sizeof *d);
    EVP_KDF *hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    struct origin o = {EVP_KDF_CTX_new(hkdf), tenant, name};
    enum status st;

    EVP_KDF_free(hkdf);
    if (ring->count == 0)
        st = fail(why, ST_INTERNAL, "the key ring is empty");
    else
        st = d && o.kdf ? derive_all(&o, ring, d, why) : fail_memory(why);
    EVP_KDF_CTX_free(o.kdf);
    if (st == ST_OK)
        *ret = take(d);
    return st;
}

void domain_free(struct domain *d)
{
    if (!d)
        return;
    if (d->openers)
        OPENSSL_cleanse(d->openers, d->opener_count * sizeof *d->openers);
    free(d->openers);
    OPENSSL_cleanse(d, sizeof *d);
    free(d);
}

const uint8_t *domain_scope(const struct domain *d)
{
    return d->scope;
}
