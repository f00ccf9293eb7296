/* What the HTTP server needs of tls.h: for nobody else. */
#ifndef COMMON_TLS_SESSION_H
#define COMMON_TLS_SESSION_H

#include "common/tls.h"

#include <gnutls/gnutls.h>

struct tls_keys; /* certificate and key as they were when a connection came; counted */

/* The protocol versions and ciphers, in GnuTLS's own language. */
extern const char tls_priorities[];

/* Gives a new session what it needs for its handshake. The caller holds the result until the
 * session is gone. NULL: GnuTLS refused. */
struct tls_keys *tls_session_begin(struct tls *tls, gnutls_session_t session);
void tls_session_end(struct tls_keys *keys);

#endif
