/* The listeners: the service over TLS and plain, the admin API. */
#ifndef INTERCEPTOR_PORTS_H
#define INTERCEPTOR_PORTS_H

#include "common/status.h"
#include "interceptor/app.h"

struct ports;

/* Opens all that the settings ask for, then writes the port file. `app` is borrowed. ST_BAD_INPUT:
 * an address or a certificate; ST_CONFLICT: a port is in use. */
MUST_CHECK enum status ports_open(struct app *app, struct ports **ret, struct why *why);

/* Certificates are read again. On failure the old ones stay. */
MUST_CHECK enum status ports_reload(struct ports *ports, struct why *why);

/* Takes nothing new, lets calls under way end for so long, then closes. NULL is accepted. */
void ports_close(struct ports *ports, unsigned grace_ms);

#endif
