#include "interceptor/master.h"

#include "common/uuid.h"
#include "interceptor/hex.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdio.h>

enum { FINGERPRINT_BYTES = 8 };

struct master {
    uint8_t *key;
    size_t len;
    uint8_t credentials[DERIVED_KEY_SIZE];
    char fingerprint[2 * FINGERPRINT_BYTES + 1];
    EVP_KDF *kdf;
    EVP_MAC *mac;
    EVP_MAC_CTX *hmac; /* keyed with `credentials`; copied for each use */
};

void master_free(struct master *m)
{
    if (!m)
        return;
    EVP_MAC_CTX_free(m->hmac);
    EVP_MAC_free(m->mac);
    EVP_KDF_free(m->kdf);
    OPENSSL_clear_free(m->key, m->len);
    OPENSSL_cleanse(m->credentials, sizeof m->credentials);
    free(m);
}

enum status master_derive(const struct master *m, const char *label, uint8_t ret[DERIVED_KEY_SIZE],
                          struct why *why)
{
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(m->kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char[]){"SHA256"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, m->key, m->len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (char[]){"interceptor"}, 11),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)label,
                                          strlen(label)),
        OSSL_PARAM_construct_end(),
    };
    int done = ctx ? EVP_KDF_derive(ctx, ret, DERIVED_KEY_SIZE, params) : 0;

    EVP_KDF_CTX_free(ctx);
    return done == 1 ? ST_OK : fail(why, ST_INTERNAL, "a key could not be derived");
}

/* The keyed context of the hashes, and the fingerprint. */
static enum status prepare(struct master *m, struct why *why)
{
    OSSL_PARAM digest[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
        OSSL_PARAM_construct_end(),
    };
    uint8_t print[DERIVED_KEY_SIZE];
    enum status st;

    st = master_derive(m, "credentials", m->credentials, why);
    if (st == ST_OK)
        st = master_derive(m, "fingerprint", print, why);
    if (st != ST_OK)
        return st;
    hex_write(print, FINGERPRINT_BYTES, m->fingerprint);
    if (!m->hmac || EVP_MAC_init(m->hmac, m->credentials, sizeof m->credentials, digest) != 1)
        return fail(why, ST_INTERNAL, "HMAC-SHA256 is not available");
    return ST_OK;
}

enum status master_new(const void *bytes, size_t len, struct master **ret, struct why *why)
{
    auto_master struct master *m = NULL;
    enum status st;

    if (len < MASTER_KEY_MIN || len > MASTER_KEY_MAX)
        return fail(why, ST_BAD_INPUT, "a key file holds %d to %d bytes, not %zu", MASTER_KEY_MIN,
                    MASTER_KEY_MAX, len);
    m = calloc(1, sizeof *m);
    if (!m)
        return fail_memory(why);
    m->key = OPENSSL_memdup(bytes, len);
    m->len = len;
    m->kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    m->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (!m->key)
        return fail_memory(why);
    if (!m->kdf || !m->mac)
        return fail(why, ST_INTERNAL, "HKDF or HMAC is not available");
    m->hmac = EVP_MAC_CTX_new(m->mac);
    st = prepare(m, why);
    if (st != ST_OK)
        return st;
    *ret = take(m);
    return ST_OK;
}

static enum status write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ST_IO;
        bytes += n;
        len -= (size_t)n;
    }
    return ST_OK;
}

static enum status write_key(int fd, const char *file, struct why *why)
{
    uint8_t key[MASTER_KEY_MIN];
    enum status st;

    random_bytes(key, sizeof key);
    st = write_all(fd, key, sizeof key);
    OPENSSL_cleanse(key, sizeof key);
    if (st != ST_OK || fsync(fd) != 0)
        return fail_at(why, ST_IO, file, "can't write the key file: %s", strerror(errno));
    return ST_OK;
}

/* Written under another name and linked when it is whole, so that two processes that start at once
 * never see half a key, and end up with the same one. */
static enum status make_file(const char *file, struct why *why)
{
    auto_free char *draft = NULL;
    auto_fd int fd = -1;
    enum status st;

    if (asprintf(&draft, "%s.XXXXXX", file) < 0)
        return fail_memory(why);
    fd = mkostemp(draft, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return fail_at(why, ST_IO, file, "can't make the key file: %s", strerror(errno));
    st = write_key(fd, file, why);
    if (st == ST_OK && link(draft, file) != 0 && errno != EEXIST)
        st = fail_at(why, ST_IO, file, "can't make the key file: %s", strerror(errno));
    unlink(draft);
    return st;
}

static enum status read_file(const char *file, struct master **ret, struct why *why)
{
    auto_fd int fd = open(file, O_RDONLY | O_CLOEXEC);
    uint8_t key[MASTER_KEY_MAX + 1];
    size_t len = 0;
    enum status st;

    if (fd < 0)
        return fail_at(why, errno == ENOENT ? ST_NOT_FOUND : ST_IO, file,
                       "can't read the key file: %s", strerror(errno));
    while (len < sizeof key) {
        ssize_t n = read(fd, key + len, sizeof key - len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_at(why, ST_IO, file, "can't read the key file: %s", strerror(errno));
        if (n == 0)
            break;
        len += (size_t)n;
    }
    st = master_new(key, len, ret, why);
    OPENSSL_cleanse(key, sizeof key);
    if (st != ST_OK && why)
        snprintf(why->place, sizeof why->place, "%s", file);
    return st;
}

enum status master_open(const char *file, struct master **ret, struct why *why)
{
    enum status st = read_file(file, ret, why);

    if (st != ST_NOT_FOUND)
        return st;
    st = make_file(file, why);
    if (st != ST_OK)
        return st;
    return read_file(file, ret, why);
}

enum status master_hash(const struct master *m, const char *kind, struct slice text,
                        uint8_t ret[KEYED_HASH_SIZE], struct why *why)
{
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(m->hmac);
    size_t len = 0;
    bool done;

    done = ctx && EVP_MAC_update(ctx, (const uint8_t *)kind, strlen(kind) + 1) == 1 &&
           EVP_MAC_update(ctx, (const uint8_t *)text.data, text.len) == 1 &&
           EVP_MAC_final(ctx, ret, &len, KEYED_HASH_SIZE) == 1;
    EVP_MAC_CTX_free(ctx);
    return done ? ST_OK : fail(why, ST_INTERNAL, "a credential could not be hashed");
}

const char *master_fingerprint(const struct master *m)
{
    return m->fingerprint;
}

bool hash_equal(const uint8_t a[KEYED_HASH_SIZE], const uint8_t b[KEYED_HASH_SIZE])
{
    return CRYPTO_memcmp(a, b, KEYED_HASH_SIZE) == 0;
}
