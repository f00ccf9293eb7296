#include "interceptor/engine/crypt.h"

#include "common/memory.h"
#include "interceptor/engine/base62.h"
#include "interceptor/engine/domain.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

enum {
    TAG_SIZE = 16,
    NONCE_SIZE = 12,
    ID_SIZE = 4,
    SEALED_MIN = ID_SIZE + NONCE_SIZE + TAG_SIZE + 1
};

static const char token_prefix[] = "enc:v1:";

struct crypt {
    EVP_CIPHER_CTX *siv_ctx;
    EVP_CIPHER_CTX *gcm_ctx;
    EVP_CIPHER *siv;
    EVP_CIPHER *gcm;
    struct buf bytes; /* what is encrypted or decoded */
};

/* A value on its way into a cipher: its kind in one byte, then its text. */
static const char kind_bytes[VALUE_KINDS] = {
    [VALUE_NULL] = '0', [VALUE_BOOLEAN] = 'b', [VALUE_NUMBER] = 'n', [VALUE_STRING] = 's'};

static void *watched_alloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return memory_alloc(size);
}

static void *watched_resize(void *p, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return memory_resize(p, size);
}

static void release(void *p, const char *file, int line)
{
    (void)file, (void)line;
    free(p);
}

void crypt_watch_memory(void)
{
    CRYPTO_set_mem_functions(watched_alloc, watched_resize, release);
}

enum status crypt_new(struct crypt **ret, struct why *why)
{
    auto_crypt struct crypt *c = calloc(1, sizeof *c);

    if (!c)
        return fail_memory(why);
    buf_init(&c->bytes, SIZE_MAX / 4);
    c->siv_ctx = EVP_CIPHER_CTX_new();
    c->gcm_ctx = EVP_CIPHER_CTX_new();
    c->siv = EVP_CIPHER_fetch(NULL, "AES-256-SIV", NULL);
    c->gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (!c->siv_ctx || !c->gcm_ctx)
        return fail_memory(why);
    if (!c->siv || !c->gcm)
        return fail(why, ST_INTERNAL, "OpenSSL has no AES-256-SIV or AES-256-GCM");
    *ret = take(c);
    return ST_OK;
}

void crypt_free(struct crypt *c)
{
    if (!c)
        return;
    EVP_CIPHER_CTX_free(c->siv_ctx);
    EVP_CIPHER_CTX_free(c->gcm_ctx);
    EVP_CIPHER_free(c->siv);
    EVP_CIPHER_free(c->gcm);
    if (c->bytes.data)
        OPENSSL_cleanse(c->bytes.data, c->bytes.cap);
    buf_done(&c->bytes);
    free(c);
}

static enum status refused(struct why *why, const char *what)
{
    return memory_blame(fail(why, ST_INTERNAL, "OpenSSL refused %s", what), why);
}

void crypt_digest(const struct domain *d, const char *use, const struct value *v,
                  uint8_t ret[DIGEST_SIZE])
{
    const struct slice parts[] = {{use, strlen(use) + 1}, {&kind_bytes[v->kind], 1}, v->text};

    hmac(&d->masks, parts, sizeof parts / sizeof *parts, ret);
}

void crypt_stretch(const struct domain *d, const uint8_t seed[DIGEST_SIZE], uint8_t *ret,
                   size_t len)
{
    uint8_t block[DIGEST_SIZE];

    for (uint32_t i = 1; len > 0; i++) {
        const char counter[4] = {(char)(i >> 24), (char)(i >> 16), (char)(i >> 8), (char)i};
        const struct slice parts[] = {
            {"stretch", 8}, {(const char *)seed, DIGEST_SIZE}, {counter, sizeof counter}};
        size_t part = len < DIGEST_SIZE ? len : DIGEST_SIZE;

        hmac(&d->masks, parts, sizeof parts / sizeof *parts, block);
        memcpy(ret, block, part);
        ret += part;
        len -= part;
    }
}

void crypt_lookup(const struct domain *d, struct value v, uint8_t ret[LOOKUP_SIZE])
{
    uint8_t digest[DIGEST_SIZE];

    crypt_digest(d, "lookup", &v, digest);
    memcpy(ret, digest, LOOKUP_SIZE);
}

/* Kind and text of a value, in the working bytes, behind `before` bytes left free. */
static uint8_t *pack(struct crypt *c, struct value v, size_t before, size_t after)
{
    char *room;

    buf_clear(&c->bytes);
    room = buf_reserve(&c->bytes, before + 1 + v.text.len + after);
    if (!room)
        return NULL;
    room[before] = kind_bytes[v.kind];
    if (v.text.len > 0)
        memcpy(room + before + 1, v.text.data, v.text.len);
    return (uint8_t *)room;
}

/* Moves an opened value into the caller's room. ST_NOT_FOUND: it is none of ours after all. */
static enum status unpack(const uint8_t *bytes, size_t len, struct buf *room, struct value *ret,
                          struct why *why)
{
    size_t from = room->len;

    for (int kind = 0; kind < VALUE_KINDS; kind++) {
        if (len == 0 || bytes[0] != (uint8_t)kind_bytes[kind])
            continue;
        buf_put(room, bytes + 1, len - 1);
        if (buf_status(room, why) != ST_OK)
            return buf_status(room, why);
        *ret = (struct value){(enum value_kind)kind, {room->data + from, len - 1}};
        return ST_OK;
    }
    return ST_NOT_FOUND;
}

/* The tag stands before the text, which is encrypted where it is. */
enum status crypt_pseudonym(struct crypt *c, const struct domain *d, struct value v,
                            struct buf *ret, struct why *why)
{
    uint8_t *bytes = pack(c, v, TAG_SIZE, 0);
    int len = (int)v.text.len + 1, written;

    if (!bytes)
        return fail_memory(why);
    if (!EVP_EncryptInit_ex(c->siv_ctx, c->siv, NULL, d->siv_key, NULL) ||
        !EVP_EncryptUpdate(c->siv_ctx, bytes + TAG_SIZE, &written, bytes + TAG_SIZE, len) ||
        !EVP_EncryptFinal_ex(c->siv_ctx, bytes + TAG_SIZE, &written) ||
        !EVP_CIPHER_CTX_ctrl(c->siv_ctx, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, bytes))
        return refused(why, "AES-SIV");
    base62_write(bytes, TAG_SIZE + (size_t)len, ret);
    return ST_OK;
}

enum status crypt_open_pseudonym(struct crypt *c, const struct domain *d, struct slice text,
                                 struct buf *room, struct value *ret, struct why *why)
{
    uint8_t *bytes;
    int len, written;

    buf_clear(&c->bytes);
    if (text.len < 22 || !base62_read(text, &c->bytes) || c->bytes.len < TAG_SIZE + 1)
        return c->bytes.failed ? fail_memory(why) : ST_NOT_FOUND;
    bytes = (uint8_t *)c->bytes.data;
    len = (int)(c->bytes.len - TAG_SIZE);
    if (!EVP_DecryptInit_ex(c->siv_ctx, c->siv, NULL, d->siv_key, NULL) ||
        !EVP_CIPHER_CTX_ctrl(c->siv_ctx, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, bytes))
        return refused(why, "AES-SIV");
    if (!EVP_DecryptUpdate(c->siv_ctx, bytes + TAG_SIZE, &written, bytes + TAG_SIZE, len))
        return memory_blame(ST_NOT_FOUND, why);
    return unpack(bytes + TAG_SIZE, (size_t)len, room, ret, why);
}

static void put_id(uint8_t *at, uint32_t id)
{
    for (int i = 0; i < ID_SIZE; i++)
        at[i] = (uint8_t)(id >> (24 - 8 * i));
}

static uint32_t get_id(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Key id, nonce, encrypted text, tag, in the working bytes; the id is authenticated too. */
static enum status gcm_seal(struct crypt *c, const struct domain *d, enum gcm_use use,
                            struct value v, struct why *why)
{
    const size_t head = ID_SIZE + NONCE_SIZE;
    uint8_t *bytes = pack(c, v, head, TAG_SIZE);
    const struct opener *key = &d->openers[use == GCM_STORE ? d->opener_count - 1 : 0];
    int len = (int)v.text.len + 1, written;

    if (!bytes)
        return fail_memory(why);
    put_id(bytes, key->id);
    if (RAND_bytes(bytes + ID_SIZE, NONCE_SIZE) != 1 ||
        !EVP_EncryptInit_ex(c->gcm_ctx, c->gcm, NULL, key->keys[use], bytes + ID_SIZE) ||
        !EVP_EncryptUpdate(c->gcm_ctx, NULL, &written, bytes, ID_SIZE) ||
        !EVP_EncryptUpdate(c->gcm_ctx, bytes + head, &written, bytes + head, len) ||
        !EVP_EncryptFinal_ex(c->gcm_ctx, bytes + head + len, &written) ||
        !EVP_CIPHER_CTX_ctrl(c->gcm_ctx, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE, bytes + head + len))
        return refused(why, "AES-GCM");
    buf_advance(&c->bytes, head + (size_t)len + TAG_SIZE);
    return ST_OK;
}

static const struct opener *find_opener(const struct domain *d, uint32_t id)
{
    for (size_t i = 0; i < d->opener_count; i++) {
        if (d->openers[i].id == id)
            return &d->openers[i];
    }
    return NULL;
}

/* Opens what is in the working bytes. */
static enum status gcm_open(struct crypt *c, const struct domain *d, enum gcm_use use,
                            struct buf *room, struct value *ret, struct why *why)
{
    const size_t head = ID_SIZE + NONCE_SIZE;
    uint8_t *bytes = (uint8_t *)c->bytes.data;
    const struct opener *key;
    int len, written;

    if (c->bytes.len < SEALED_MIN)
        return ST_NOT_FOUND;
    key = find_opener(d, get_id(bytes));
    if (!key)
        return ST_NOT_FOUND;
    len = (int)(c->bytes.len - head - TAG_SIZE);
    if (!EVP_DecryptInit_ex(c->gcm_ctx, c->gcm, NULL, key->keys[use], bytes + ID_SIZE) ||
        !EVP_DecryptUpdate(c->gcm_ctx, NULL, &written, bytes, ID_SIZE) ||
        !EVP_DecryptUpdate(c->gcm_ctx, bytes + head, &written, bytes + head, len) ||
        !EVP_CIPHER_CTX_ctrl(c->gcm_ctx, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, bytes + head + len))
        return refused(why, "AES-GCM");
    if (!EVP_DecryptFinal_ex(c->gcm_ctx, bytes + head + len, &written))
        return ST_NOT_FOUND;
    return unpack(bytes + head, (size_t)len, room, ret, why);
}

enum status crypt_token(struct crypt *c, const struct domain *d, struct value v, struct buf *ret,
                        struct why *why)
{
    enum status st = gcm_seal(c, d, GCM_TOKEN, v, why);

    if (st != ST_OK)
        return st;
    buf_put(ret, token_prefix, sizeof token_prefix - 1);
    base64url_write((const uint8_t *)c->bytes.data, c->bytes.len, ret);
    return ST_OK;
}

enum status crypt_open_token(struct crypt *c, const struct domain *d, struct slice text,
                             struct buf *room, struct value *ret, struct why *why)
{
    const size_t prefix = sizeof token_prefix - 1;

    if (!slice_starts(text, (struct slice){token_prefix, prefix}))
        return ST_NOT_FOUND;
    buf_clear(&c->bytes);
    if (!base64url_read(slice_from(text, prefix), &c->bytes))
        return ST_NOT_FOUND;
    return c->bytes.failed ? fail_memory(why) : gcm_open(c, d, GCM_TOKEN, room, ret, why);
}

enum status crypt_seal(struct crypt *c, const struct domain *d, struct value v, struct buf *ret,
                       struct why *why)
{
    enum status st = gcm_seal(c, d, GCM_STORE, v, why);

    if (st == ST_OK)
        buf_put(ret, c->bytes.data, c->bytes.len);
    return st;
}

enum status crypt_unseal(struct crypt *c, const struct domain *d, struct slice sealed,
                         struct buf *room, struct value *ret, struct why *why)
{
    buf_clear(&c->bytes);
    buf_put_slice(&c->bytes, sealed);
    return c->bytes.failed ? fail_memory(why) : gcm_open(c, d, GCM_STORE, room, ret, why);
}
