#include "interceptor/bound_key.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum status bound_key_open(const struct settings *settings, struct store *store,
                           struct master **ret, struct why *why)
{
    const char *file = settings->key_file;
    auto_master struct master *master = NULL;
    auto_free char *known = NULL;
    const char *own;
    enum status st = store_load_meta(store, "key", &known, why);

    if (st == ST_OK && known && access(file, F_OK) != 0 && errno == ENOENT)
        st = fail_at(why, ST_BAD_INPUT, file,
                     "does not exist, and the database %s was made with another key file",
                     settings->database);
    if (st == ST_OK)
        st = master_open(file, &master, why);
    if (st != ST_OK)
        return st;
    own = master_fingerprint(master);
    if (known && strcmp(known, own) != 0)
        return fail_at(why, ST_BAD_INPUT, file, "the database %s was made with another key file",
                       settings->database);
    if (!known)
        st = store_save_meta(store, "key", own, why);
    if (st == ST_OK)
        *ret = take(master);
    return st;
}
