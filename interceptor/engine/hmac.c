/* The functions on SHA256_CTX are deprecated in OpenSSL 3, for they choose no provider; they remain,
 * and are the only ones that go on from a state without allocating. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "interceptor/engine/hmac.h"

#include "interceptor/engine/short_text.h"

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

typedef uint32_t four_words __attribute__((vector_size(16)));

/* Four words at once, for the hash reads them again as wide: from narrower writes it would have to
 * wait until they are in the cache. */
static four_words to_big_endian(four_words w)
{
#if __BYTE_ORDER == __LITTLE_ENDIAN
    const four_words halves = (w << 16) | (w >> 16);

    return ((halves & 0x00ff00ff) << 8) | ((halves >> 8) & 0x00ff00ff);
#else
    return w;
#endif
}

static void put_words(const uint32_t words[HMAC_WORDS], uint8_t *ret)
{
    for (size_t i = 0; i < HMAC_WORDS; i += 4) {
        four_words w;

        memcpy(&w, words + i, sizeof w);
        w = to_big_endian(w);
        memcpy(ret + 4 * i, &w, sizeof w);
    }
}

/* The last block of a hash: `len` bytes of it are there and zeros, behind one block before. */
static void finish_block(const uint32_t from[HMAC_WORDS], uint8_t block[BLOCK], size_t len,
                         uint8_t ret[HMAC_SIZE])
{
    uint64_t bits = htobe64(8 * (uint64_t)(BLOCK + len));
    SHA256_CTX ctx;

    block[len] = 0x80;
    memcpy(block + LENGTH_AT, &bits, sizeof bits);
    memcpy(ctx.h, from, sizeof ctx.h);
    SHA256_Transform(&ctx, block);
    put_words(ctx.h, ret);
}

static void hash_long(const uint32_t from[HMAC_WORDS], const struct slice parts[], size_t count,
                      uint8_t ret[HMAC_SIZE])
{
    uint8_t gathered[4 * BLOCK]; /* of parts that are short: a call of OpenSSL's costs as much */
    size_t len = 0;
    SHA256_CTX ctx;

    SHA256_Init(&ctx);
    memcpy(ctx.h, from, sizeof ctx.h);
    ctx.Nl = 8 * BLOCK; /* bits hashed so far */
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > sizeof gathered - len) {
            SHA256_Update(&ctx, gathered, len);
            len = 0;
        }
        if (parts[i].len > sizeof gathered) {
            SHA256_Update(&ctx, parts[i].data, parts[i].len);
        } else {
            short_copy((char *)gathered + len, parts[i].data, parts[i].len);
            len += parts[i].len;
        }
    }
    SHA256_Update(&ctx, gathered, len);
    SHA256_Final(ret, &ctx);
}

/* The hash of the inner one, which is as long for every text. */
static void finish_outer(const struct hmac_key *key, const uint8_t inner[HMAC_SIZE],
                         uint8_t ret[HMAC_SIZE])
{
    uint8_t block[BLOCK] = {0};

    memcpy(block, inner, HMAC_SIZE);
    finish_block(key->outer, block, HMAC_SIZE, ret);
}

void hmac(const struct hmac_key *key, const struct slice parts[], size_t count,
          uint8_t ret[HMAC_SIZE])
{
    uint8_t block[BLOCK] = {0}, inner[HMAC_SIZE];
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > SHORT_MAX - len) {
            hash_long(key->inner, parts, count, inner);
            finish_outer(key, inner, ret);
            return;
        }
        short_copy((char *)block + len, parts[i].data, parts[i].len);
        len += parts[i].len;
    }
    finish_block(key->inner, block, len, inner);
    finish_outer(key, inner, ret);
}
