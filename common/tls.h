/* Certificate, key and protocol floor of a TLS listener; they can be replaced while it serves.
 *
 * TLS 1.2 and 1.3 only. All functions may be called from any thread. */
#ifndef COMMON_TLS_H
#define COMMON_TLS_H

#include "common/cleanup.h"
#include "common/status.h"

#include <stdint.h>

struct tls;

/* PEM files: the certificate with its chain, and its key. ST_BAD_INPUT names the file that can't
 * be read or parsed, or says that the key does not belong to the certificate. */
MUST_CHECK enum status tls_open_pem(const char *cert_file, const char *key_file, struct tls **ret,
                                    struct why *why);

/* A PKCS12 file (as Java keystores are today). */
MUST_CHECK enum status tls_open_pkcs12(const char *file, const char *password, struct tls **ret,
                                       struct why *why);

/* A certificate made on the spot for localhost and 127.0.0.1, signed by itself. */
MUST_CHECK enum status tls_open_self_signed(struct tls **ret, struct why *why);

/* Before a server has it: only clients are let in that show a certificate which an authority of the
 * trust store signed (tls_trust.h); file NULL: one of the system's. It stays so over a reload. */
MUST_CHECK enum status tls_require_clients(struct tls *tls, const char *file, const char *password,
                                           struct why *why);

/* Reads the files again. New connections get what they hold now; on failure all stays as it was. */
MUST_CHECK enum status tls_reload(struct tls *tls, struct why *why);

/* When the certificate that new connections get ends, in seconds since 1970. */
int64_t tls_ends_at_s(struct tls *tls);

void tls_close(struct tls *tls);

DEFINE_CLEANUP(tls, struct tls *, tls_close)
#define auto_tls __attribute__((cleanup(cleanup_tls)))

#endif
