/* The master key of a database: the database remembers which key file it was made with. With
 * another one, or a fresh one in the place of one that is missing, no credential, token or
 * pseudonym in it would mean anything, and nothing would say so. */
#ifndef INTERCEPTOR_BOUND_KEY_H
#define INTERCEPTOR_BOUND_KEY_H

#include "common/status.h"
#include "interceptor/master.h"
#include "interceptor/settings.h"
#include "interceptor/store.h"

/* The key of settings->key_file for the store at settings->database. A new database is bound to it;
 * a missing file is made only for a new one. ST_BAD_INPUT: it is another one, or missing. */
MUST_CHECK enum status bound_key_open(const struct settings *settings, struct store *store,
                                      struct master **ret, struct why *why);

#endif
