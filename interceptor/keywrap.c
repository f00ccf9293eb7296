#include "interceptor/keywrap.h"

#include "common/uuid.h"
#include "interceptor/hex.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

enum { NONCE = 12, TAG = 16 };

/* The number as associated data, so that wrapped keys can't change places. */
static void write_id(uint32_t id, uint8_t ret[4])
{
    for (int i = 0; i < 4; i++)
        ret[i] = (uint8_t)(id >> (24 - 8 * i));
}

/* Encrypts `in` to `out`, or back; the tag is written or checked behind. */
static bool run(const uint8_t wrapping[DERIVED_KEY_SIZE], const uint8_t *nonce, uint32_t id,
                const uint8_t in[KEY_SIZE], uint8_t out[KEY_SIZE], uint8_t tag[TAG], int encrypt)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t bound[4];
    int len;
    bool done;

    write_id(id, bound);
    done = ctx && EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, wrapping, nonce, encrypt) == 1 &&
           EVP_CipherUpdate(ctx, NULL, &len, bound, sizeof bound) == 1 &&
           EVP_CipherUpdate(ctx, out, &len, in, KEY_SIZE) == 1;
    if (done && !encrypt)
        done = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1;
    done = done && EVP_CipherFinal_ex(ctx, out + KEY_SIZE, &len) == 1;
    if (done && encrypt)
        done = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG, tag) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return done;
}

enum status key_wrap(const struct master *master, const struct ring_key *key,
                     char ret[KEYWRAP_TEXT_SIZE], struct why *why)
{
    uint8_t wrapping[DERIVED_KEY_SIZE];
    uint8_t sealed[KEYWRAP_BYTES];
    enum status st = master_derive(master, "key-wrap", wrapping, why);

    if (st != ST_OK)
        return st;
    random_bytes(sealed, NONCE);
    if (!run(wrapping, sealed, key->id, key->bytes, sealed + NONCE, sealed + NONCE + KEY_SIZE, 1))
        st = fail(why, ST_INTERNAL, "a data key could not be wrapped");
    OPENSSL_cleanse(wrapping, sizeof wrapping);
    if (st == ST_OK)
        hex_write(sealed, sizeof sealed, ret);
    return st;
}

enum status key_unwrap(const struct master *master, const char *text, struct ring_key *ret,
                       struct why *why)
{
    uint8_t wrapping[DERIVED_KEY_SIZE];
    uint8_t sealed[KEYWRAP_BYTES];
    uint8_t plain[KEY_SIZE];
    enum status st;

    if (!hex_read(text, sealed, sizeof sealed))
        return fail(why, ST_BAD_INPUT, "is no wrapped key");
    st = master_derive(master, "key-wrap", wrapping, why);
    if (st != ST_OK)
        return st;
    if (run(wrapping, sealed, ret->id, sealed + NONCE, plain, sealed + NONCE + KEY_SIZE, 0))
        memcpy(ret->bytes, plain, KEY_SIZE);
    else
        st = fail(why, ST_BAD_INPUT, "was wrapped under another key file, or is damaged");
    OPENSSL_cleanse(wrapping, sizeof wrapping);
    OPENSSL_cleanse(plain, sizeof plain);
    return st;
}
