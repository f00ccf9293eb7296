/* The master key: the bytes of the key file, and every key that is derived of them.
 *
 * Keys come by HKDF-SHA256 (RFC 5869), one label for each purpose, so replicas with the same file
 * have the same keys and no purpose can stand in for another. Immutable once opened: any thread. */
#ifndef INTERCEPTOR_MASTER_H
#define INTERCEPTOR_MASTER_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { MASTER_KEY_MIN = 32, MASTER_KEY_MAX = 4096, DERIVED_KEY_SIZE = 32, KEYED_HASH_SIZE = 32 };

struct master;

/* Reads the file; makes it, with mode 0600 and MASTER_KEY_MIN random bytes, where it is missing.
 * ST_BAD_INPUT: shorter than MASTER_KEY_MIN bytes or longer than MASTER_KEY_MAX; ST_IO: can't be
 * read or made. */
MUST_CHECK enum status master_open(const char *file, struct master **ret, struct why *why);
/* Of bytes in memory. ST_BAD_INPUT as above. */
MUST_CHECK enum status master_new(const void *bytes, size_t len, struct master **ret,
                                  struct why *why);
void master_free(struct master *m); /* wipes the keys */

DEFINE_CLEANUP(master, struct master *, master_free)
#define auto_master __attribute__((cleanup(cleanup_master)))

/* The key for a purpose. ST_INTERNAL: the library refused. */
MUST_CHECK enum status master_derive(const struct master *m, const char *label,
                                     uint8_t ret[DERIVED_KEY_SIZE], struct why *why);

/* HMAC-SHA256 of a credential under a key for that use alone: what the database keeps instead of
 * it. `kind` ("api-key", "client-secret") separates equal texts of different uses. */
MUST_CHECK enum status master_hash(const struct master *m, const char *kind, struct slice text,
                                   uint8_t ret[KEYED_HASH_SIZE], struct why *why);

/* Tells files apart without telling about them: derived of the key, hexadecimal. */
const char *master_fingerprint(const struct master *m);

/* Whether the two are equal, in a time that does not tell where they differ. */
bool hash_equal(const uint8_t a[KEYED_HASH_SIZE], const uint8_t b[KEYED_HASH_SIZE]);

#endif
