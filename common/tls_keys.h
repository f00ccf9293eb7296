/* One certificate with its key, loaded and checked; immutable, and counted by its users. */
#ifndef COMMON_TLS_KEYS_H
#define COMMON_TLS_KEYS_H

#include "common/tls_session.h"

#include <stdatomic.h>
#include <stdint.h>

struct tls_keys {
    atomic_uint users;
    gnutls_certificate_credentials_t credentials;
    int64_t ends_at_s; /* of the certificate itself, not of those that signed it */
};

/* Each makes keys with one user; words as in tls.h. */
MUST_CHECK enum status tls_keys_read_pem(const char *cert_file, const char *key_file,
                                         struct tls_keys **ret, struct why *why);
MUST_CHECK enum status tls_keys_read_pkcs12(const char *file, const char *password,
                                            struct tls_keys **ret, struct why *why);
MUST_CHECK enum status tls_keys_make_self_signed(struct tls_keys **ret, struct why *why);

void tls_keys_drop(struct tls_keys *keys);

DEFINE_CLEANUP(tls_keys, struct tls_keys *, tls_keys_drop)
#define auto_tls_keys __attribute__((cleanup(cleanup_tls_keys)))

#endif
