/* The data keys: what encryption tokens are made with.
 *
 * Key 1 is derived of the master key, so replicas with the same key file agree without more. The
 * others are random, wrapped under the master key (AES-256-GCM, bound to their number), and part of
 * the configuration ("keys"), so replicas with the same configuration agree too. The newest active
 * key protects; every active key opens; what a retired key made is a token no more. Immutable once
 * built. */
#ifndef INTERCEPTOR_KEYRING_H
#define INTERCEPTOR_KEYRING_H

#include "common/cleanup.h"
#include "common/json.h"
#include "common/status.h"
#include "interceptor/engine/crypt.h"
#include "interceptor/master.h"
#include "interceptor/store.h"

enum { KEYRING_MAX = 1000 };

struct keyring;

/* The items of POLICY_KEY among `items`. ST_BAD_INPUT: a key that the master key does not unwrap,
 * or none is active. */
MUST_CHECK enum status keyring_new(const struct policy_items *items, const struct master *master,
                                   struct keyring **ret, struct why *why);
void keyring_free(struct keyring *k); /* wipes the keys */

DEFINE_CLEANUP(keyring, struct keyring *, keyring_free)
#define auto_keyring __attribute__((cleanup(cleanup_keyring)))

/* As the engine takes it; borrowed. */
const struct key_ring *keyring_ring(const struct keyring *k);

/* Checks the form of one member of "keys" and returns its number as text, borrowed from nowhere. */
enum { KEY_NAME_SIZE = 12 };
MUST_CHECK enum status keyring_check_item(const json_t *object, char ret_name[KEY_NAME_SIZE],
                                          struct why *why);

/* The document of a fresh key, one above the highest number in use. */
MUST_CHECK enum status keyring_make_key(const struct policy_items *items,
                                        const struct master *master, int64_t now_us, json_t **ret,
                                        struct why *why);
/* The document of a key that is retired from now on. ST_NOT_FOUND: there is no such key;
 * ST_CONFLICT: it is the only active one. */
MUST_CHECK enum status keyring_retire_key(const struct policy_items *items, uint32_t id,
                                          json_t **ret, struct why *why);

/* What stays of a stored key where a configuration brings one of its number: the same material, and
 * once retired it is retired for good. ST_CONFLICT: another key has this number; ST_BAD_INPUT: what
 * comes does not unwrap. The place is a member. */
MUST_CHECK enum status keyring_merge(const char *stored, const char *given,
                                     const struct master *master, char **ret_document,
                                     struct why *why);

/* {"keys":[{"id":1,"state":"active","newest":true,"created":...}]}; never key material. */
json_t *keyring_list(const struct policy_items *items);

#endif
