/* Authorities whose signature is believed: a PEM file, or a PKCS12 store as Java's trust stores are
 * today. */
#ifndef COMMON_TLS_TRUST_H
#define COMMON_TLS_TRUST_H

#include "common/status.h"

#include <gnutls/x509.h>

struct tls_trust {
    gnutls_x509_crt_t *list;
    unsigned count;
};

/* ST_BAD_INPUT names the file: it can't be read, is of neither form, holds no certificate, or the
 * password of the store is wrong. */
MUST_CHECK enum status tls_trust_read(const char *file, const char *password, struct tls_trust *ret,
                                      struct why *why);
void tls_trust_done(struct tls_trust *trust);

#endif
