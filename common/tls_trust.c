#include "common/tls_trust.h"

#include "common/buf.h"
#include "common/file.h"

#include <gnutls/pkcs12.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 4 << 20, CERTIFICATES_MAX = 1000 };

void tls_trust_done(struct tls_trust *trust)
{
    for (unsigned i = 0; i < trust->count; i++)
        gnutls_x509_crt_deinit(trust->list[i]);
    gnutls_free(trust->list);
    *trust = (struct tls_trust){0};
}

static bool read_pem(const gnutls_datum_t *text, struct tls_trust *ret)
{
    return gnutls_x509_crt_list_import2(&ret->list, &ret->count, text, GNUTLS_X509_FMT_PEM, 0) >= 0;
}

/* ---- PKCS12 ---- */

static int add_certificate(const gnutls_datum_t *der, struct tls_trust *ret)
{
    gnutls_x509_crt_t made;
    int rc;

    if (ret->count == CERTIFICATES_MAX)
        return GNUTLS_E_MEMORY_ERROR;
    rc = gnutls_x509_crt_init(&made);
    if (rc < 0)
        return rc;
    rc = gnutls_x509_crt_import(made, der, GNUTLS_X509_FMT_DER);
    if (rc < 0)
        gnutls_x509_crt_deinit(made);
    else
        ret->list[ret->count++] = made;
    return rc;
}

static int read_bag(gnutls_pkcs12_bag_t bag, const char *password, struct tls_trust *ret)
{
    int rc = 0;
    int count;

    if (gnutls_pkcs12_bag_get_type(bag, 0) == GNUTLS_BAG_ENCRYPTED)
        rc = gnutls_pkcs12_bag_decrypt(bag, password);
    count = rc < 0 ? 0 : gnutls_pkcs12_bag_get_count(bag);
    for (int i = 0; i < count && rc >= 0; i++) {
        gnutls_datum_t der;

        if (gnutls_pkcs12_bag_get_type(bag, (unsigned)i) != GNUTLS_BAG_CERTIFICATE)
            continue;
        rc = gnutls_pkcs12_bag_get_data(bag, (unsigned)i, &der);
        if (rc >= 0)
            rc = add_certificate(&der, ret);
    }
    return rc;
}

static int read_bags(gnutls_pkcs12_t store, const char *password, struct tls_trust *ret)
{
    int rc = gnutls_pkcs12_verify_mac(store, password);

    for (int i = 0; rc >= 0; i++) {
        gnutls_pkcs12_bag_t bag;

        rc = gnutls_pkcs12_bag_init(&bag);
        if (rc < 0)
            return rc;
        rc = gnutls_pkcs12_get_bag(store, i, bag);
        if (rc >= 0)
            rc = read_bag(bag, password, ret);
        gnutls_pkcs12_bag_deinit(bag);
    }
    return rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ? 0 : rc;
}

static int read_pkcs12(const gnutls_datum_t *der, const char *password, struct tls_trust *ret)
{
    gnutls_pkcs12_t store;
    int rc;

    ret->list = gnutls_calloc(CERTIFICATES_MAX, sizeof *ret->list);
    if (!ret->list)
        return GNUTLS_E_MEMORY_ERROR;
    rc = gnutls_pkcs12_init(&store);
    if (rc < 0)
        return rc;
    rc = gnutls_pkcs12_import(store, der, GNUTLS_X509_FMT_DER, 0);
    if (rc >= 0)
        rc = read_bags(store, password, ret);
    gnutls_pkcs12_deinit(store);
    return rc;
}

enum status tls_trust_read(const char *file, const char *password, struct tls_trust *ret,
                           struct why *why)
{
    auto_buf struct buf bytes = BUF_INIT(FILE_MAX);
    struct tls_trust made = {0};
    enum status st = file_read(file, &bytes, why);
    gnutls_datum_t text = {(unsigned char *)bytes.data, (unsigned)bytes.len};
    int rc = 0;

    if (st != ST_OK)
        return st == ST_NO_MEMORY ? st : ST_BAD_INPUT;
    if (!read_pem(&text, &made))
        rc = read_pkcs12(&text, password, &made);
    if (rc >= 0 && made.count > 0) {
        *ret = made;
        return ST_OK;
    }
    tls_trust_done(&made);
    if (rc == GNUTLS_E_MAC_VERIFY_FAILED || rc == GNUTLS_E_DECRYPTION_FAILED)
        return fail_at(why, ST_BAD_INPUT, file, "the password of the trust store is wrong");
    if (rc < 0)
        return fail_at(why, ST_BAD_INPUT, file, "no trust store in PEM or PKCS12 form: %s",
                       gnutls_strerror(rc));
    return fail_at(why, ST_BAD_INPUT, file, "the trust store has no certificate");
}
