#include "common/tls_keys.h"

#include "common/file.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

enum {
    FILE_MAX = 1 << 20,
    SERIAL_SIZE = 16,
    SELF_SIGNED_DAYS = 3650,
    DAY_S = 24 * 60 * 60,
};

static void drop_key(gnutls_x509_privkey_t *key)
{
    if (*key)
        gnutls_x509_privkey_deinit(*key);
}

#define auto_key __attribute__((cleanup(drop_key)))

/* A certificate and those that signed it. */
struct chain {
    gnutls_x509_crt_t *list;
    unsigned count;
};

static void drop_chain(struct chain *chain)
{
    for (unsigned i = 0; i < chain->count; i++)
        gnutls_x509_crt_deinit(chain->list[i]);
    gnutls_free(chain->list);
}

#define auto_chain __attribute__((cleanup(drop_chain)))

static gnutls_datum_t datum(const struct buf *b)
{
    return (gnutls_datum_t){(unsigned char *)b->data, (unsigned)b->len};
}

/* Keys and passwords do not stay in memory that goes back to the heap. */
static void wipe(struct buf *b)
{
    if (b->data)
        explicit_bzero(b->data, b->cap);
    buf_done(b);
}

#define auto_secret __attribute__((cleanup(wipe)))

static enum status read_text(const char *file, struct buf *ret, struct why *why)
{
    enum status st = file_read(file, ret, why);

    return st == ST_OK || st == ST_NO_MEMORY ? st : ST_BAD_INPUT;
}

static struct tls_keys *keys_new(void)
{
    struct tls_keys *keys = calloc(1, sizeof *keys);

    if (!keys)
        return NULL;
    atomic_init(&keys->users, 1);
    if (gnutls_certificate_allocate_credentials(&keys->credentials) != GNUTLS_E_SUCCESS) {
        free(keys);
        return NULL;
    }
    return keys;
}

void tls_keys_drop(struct tls_keys *keys)
{
    if (!keys || atomic_fetch_sub(&keys->users, 1) != 1)
        return;
    gnutls_certificate_free_credentials(keys->credentials);
    free(keys);
}

static enum status join(const struct chain *chain, gnutls_x509_privkey_t key, const char *place,
                        struct tls_keys **ret, struct why *why)
{
    auto_tls_keys struct tls_keys *keys = keys_new();
    int rc;

    if (!keys)
        return fail_memory(why);
    rc = gnutls_certificate_set_x509_key(keys->credentials, chain->list, (int)chain->count, key);
    if (rc == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
        return fail_at(why, ST_BAD_INPUT, place, "the key does not belong to the certificate");
    if (rc < 0)
        return fail_at(why, ST_BAD_INPUT, place, "%s", gnutls_strerror(rc));
    keys->ends_at_s = gnutls_x509_crt_get_expiration_time(chain->list[0]);
    *ret = take(keys);
    return ST_OK;
}

static enum status read_chain(const char *file, struct chain *ret, struct why *why)
{
    auto_buf struct buf text = BUF_INIT(FILE_MAX);
    gnutls_datum_t pem;
    enum status st = read_text(file, &text, why);
    int rc;

    if (st != ST_OK)
        return st;
    pem = datum(&text);
    rc = gnutls_x509_crt_list_import2(&ret->list, &ret->count, &pem, GNUTLS_X509_FMT_PEM,
                                      GNUTLS_X509_CRT_LIST_FAIL_IF_UNSORTED);
    if (rc < 0)
        return fail_at(why, ST_BAD_INPUT, file, "no certificate in PEM form: %s",
                       gnutls_strerror(rc));
    return ST_OK;
}

static enum status read_key(const char *file, gnutls_x509_privkey_t key, struct why *why)
{
    auto_secret struct buf text = BUF_INIT(FILE_MAX);
    gnutls_datum_t pem;
    enum status st = read_text(file, &text, why);
    int rc;

    if (st != ST_OK)
        return st;
    pem = datum(&text);
    rc = gnutls_x509_privkey_import2(key, &pem, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN);
    if (rc < 0)
        return fail_at(why, ST_BAD_INPUT, file, "no private key in PEM form: %s",
                       gnutls_strerror(rc));
    return ST_OK;
}

enum status tls_keys_read_pem(const char *cert_file, const char *key_file, struct tls_keys **ret,
                              struct why *why)
{
    auto_chain struct chain chain = {0};
    auto_key gnutls_x509_privkey_t key = NULL;
    enum status st = read_chain(cert_file, &chain, why);

    if (st != ST_OK)
        return st;
    if (gnutls_x509_privkey_init(&key) < 0)
        return fail_memory(why);
    st = read_key(key_file, key, why);
    if (st != ST_OK)
        return st;
    return join(&chain, key, key_file, ret, why);
}

enum status tls_keys_read_pkcs12(const char *file, const char *password, struct tls_keys **ret,
                                 struct why *why)
{
    auto_secret struct buf bytes = BUF_INIT(FILE_MAX);
    auto_tls_keys struct tls_keys *keys = keys_new();
    gnutls_datum_t der;
    enum status st = read_text(file, &bytes, why);
    int rc;

    if (!keys)
        return fail_memory(why);
    if (st != ST_OK)
        return st;
    der = datum(&bytes);
    rc = gnutls_certificate_set_x509_simple_pkcs12_mem(keys->credentials, &der, GNUTLS_X509_FMT_DER,
                                                       password);
    if (rc == GNUTLS_E_MAC_VERIFY_FAILED || rc == GNUTLS_E_DECRYPTION_FAILED)
        return fail_at(why, ST_BAD_INPUT, file, "the password of the key store is wrong");
    if (rc < 0)
        return fail_at(why, ST_BAD_INPUT, file, "no key store in PKCS12 form: %s",
                       gnutls_strerror(rc));
    *ret = take(keys);
    return ST_OK;
}

static int name_localhost(gnutls_x509_crt_t cert)
{
    static const unsigned char loopback[] = {127, 0, 0, 1};
    static const char name[] = "localhost";
    int rc =
        gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0, name, sizeof name - 1);

    if (rc >= 0)
        rc = gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, name, sizeof name - 1,
                                                  GNUTLS_FSAN_SET);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, loopback,
                                                  sizeof loopback, GNUTLS_FSAN_APPEND);
    return rc;
}

static int number_and_date(gnutls_x509_crt_t cert)
{
    unsigned char serial[SERIAL_SIZE];
    time_t now = time(NULL);
    int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);

    serial[0] &= 0x7f; /* serial numbers are positive */
    if (rc >= 0)
        rc = gnutls_x509_crt_set_serial(cert, serial, sizeof serial);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_version(cert, 3);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_activation_time(cert, now - DAY_S);
    if (rc >= 0)
        rc = gnutls_x509_crt_set_expiration_time(cert, now + (time_t)SELF_SIGNED_DAYS * DAY_S);
    return rc;
}

static int sign_itself(gnutls_x509_crt_t cert, gnutls_x509_privkey_t key)
{
    int rc = gnutls_x509_privkey_generate(
        key, GNUTLS_PK_ECDSA, (unsigned)GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);

    if (rc >= 0)
        rc = gnutls_x509_crt_set_key(cert, key);
    if (rc >= 0)
        rc = name_localhost(cert);
    if (rc >= 0)
        rc = number_and_date(cert);
    if (rc >= 0)
        rc = gnutls_x509_crt_sign2(cert, cert, key, GNUTLS_DIG_SHA256, 0);
    return rc;
}

enum status tls_keys_make_self_signed(struct tls_keys **ret, struct why *why)
{
    auto_chain struct chain chain = {0};
    auto_key gnutls_x509_privkey_t key = NULL;
    int rc;

    chain.list = gnutls_calloc(1, sizeof(gnutls_x509_crt_t));
    if (!chain.list || gnutls_x509_privkey_init(&key) < 0 ||
        gnutls_x509_crt_init(&chain.list[0]) < 0)
        return fail_memory(why);
    chain.count = 1;
    rc = sign_itself(chain.list[0], key);
    if (rc < 0)
        return fail(why, ST_INTERNAL, "no certificate could be made: %s", gnutls_strerror(rc));
    return join(&chain, key, NULL, ret, why);
}
