/* The functions on SHA256_CTX are deprecated in OpenSSL 3, for they choose no provider; they remain,
 * and are the only ones that go on from a state without allocating. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "interceptor/engine/hmac.h"

#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

enum { BLOCK = SHA256_CBLOCK, LENGTH_AT = BLOCK - 8, SHORT_MAX = LENGTH_AT - 1 };

static void pad_state(const uint8_t bytes[HMAC_KEY_SIZE], uint8_t pad, uint32_t ret[HMAC_WORDS])
{
    uint8_t block[BLOCK];
    SHA256_CTX ctx;

    memset(block, pad, sizeof block);
    for (size_t i = 0; i < HMAC_KEY_SIZE; i++)
        block[i] ^= bytes[i];
    SHA256_Init(&ctx);
    SHA256_Transform(&ctx, block);
    memcpy(ret, ctx.h, sizeof ctx.h);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(&ctx, sizeof ctx);
}

void hmac_key_init(struct hmac_key *key, const uint8_t bytes[HMAC_KEY_SIZE])
{
    pad_state(bytes, 0x36, key->inner);
    pad_state(bytes, 0x5c, key->outer);
}

static void put_words(const uint32_t words[HMAC_WORDS], uint8_t *ret)
{
    for (size_t i = 0; i < HMAC_WORDS; i++) {
        uint32_t word = htobe32(words[i]);

        memcpy(ret + 4 * i, &word, sizeof word);
    }
}

/* The last block of a hash: `len` bytes of it are there, behind one block before. */
static void finish_block(const uint32_t from[HMAC_WORDS], uint8_t block[BLOCK], size_t len,
                         uint8_t ret[HMAC_SIZE])
{
    uint64_t bits = htobe64(8 * (uint64_t)(BLOCK + len));
    SHA256_CTX ctx;

    block[len] = 0x80;
    memset(block + len + 1, 0, LENGTH_AT - len - 1);
    memcpy(block + LENGTH_AT, &bits, sizeof bits);
    memcpy(ctx.h, from, sizeof ctx.h);
    SHA256_Transform(&ctx, block);
    put_words(ctx.h, ret);
}

static void hash_long(const uint32_t from[HMAC_WORDS], const struct slice parts[], size_t count,
                      uint8_t ret[HMAC_SIZE])
{
    SHA256_CTX ctx;

    SHA256_Init(&ctx);
    memcpy(ctx.h, from, sizeof ctx.h);
    ctx.Nl = 8 * BLOCK; /* bits hashed so far */
    for (size_t i = 0; i < count; i++)
        SHA256_Update(&ctx, parts[i].data, parts[i].len);
    SHA256_Final(ret, &ctx);
}

void hmac(const struct hmac_key *key, const struct slice parts[], size_t count,
          uint8_t ret[HMAC_SIZE])
{
    uint8_t block[BLOCK];
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > SHORT_MAX - len) {
            hash_long(key->inner, parts, count, block);
            finish_block(key->outer, block, HMAC_SIZE, ret);
            return;
        }
        if (parts[i].len > 0)
            memcpy(block + len, parts[i].data, parts[i].len);
        len += parts[i].len;
    }
    finish_block(key->inner, block, len, block);
    finish_block(key->outer, block, HMAC_SIZE, ret);
}
