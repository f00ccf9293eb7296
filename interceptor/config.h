/* The declarative document: tenants, manifests, rules, data keys. Read from files and folders that
 * add up, or from the admin API; written again from what is stored.
 *
 * Reading checks each entry by itself; what they are together is checked by snapshot_new. */
#ifndef INTERCEPTOR_CONFIG_H
#define INTERCEPTOR_CONFIG_H

#include "common/json.h"
#include "common/status.h"
#include "interceptor/master.h"
#include "interceptor/placeholder.h"
#include "interceptor/store.h"

enum { CONFIG_FILE_MAX = 64 << 20, CONFIG_FILES_MAX = 10000 };

/* One document, added to `ret`: credentials are hashed, placeholders filled in from `variables`
 * (NULL: none may stand there); `file`, for later complaints, may be NULL. ST_BAD_INPUT: place is the member; ST_CONFLICT: an entry of that
 * name is in `ret` already. */
MUST_CHECK enum status config_read(const json_t *document, const char *file,
                                   const struct variables *variables, const struct master *master,
                                   struct policy_items *ret, struct why *why);

/* The same for a file, or for all *.json of a folder in the order of their names; place begins with
 * the file's name. What can't be read is ST_BAD_INPUT too: the path was a wrong one. */
MUST_CHECK enum status config_read_path(const char *path, const struct variables *variables,
                                        const struct master *master, struct policy_items *ret,
                                        struct why *why);

/* What a fault in files is when a program starts from them: entries that contradict each other
 * (ST_CONFLICT) are as wrong as any. */
static inline enum status config_fault(enum status st)
{
    return st == ST_CONFLICT ? ST_BAD_INPUT : st;
}

/* ST_BAD_INPUT: credentials of the documents were hashed under another key file than this one. */
MUST_CHECK enum status config_check_key(const struct policy_items *items,
                                        const struct master *master, struct why *why);

/* One entry by itself. *ret_name and *ret_document are for the caller to free. */
MUST_CHECK enum status config_read_entry(enum policy_kind kind, const json_t *object,
                                         const struct master *master, char **ret_name,
                                         char **ret_document, struct why *why);

/* The whole document; credentials as hashes, made under the key file of that fingerprint (NULL: of
 * none that is kept). NULL when memory is out. */
json_t *config_write(const struct policy_items *items, const char *key_file);

#endif
