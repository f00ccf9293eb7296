/* Configuration documents: what is accepted compiles or is refused with words, and what is written
 * of it is read again. */
#include "common/json.h"
#include "interceptor/config.h"
#include "interceptor/snapshot.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

static enum status any_variable(void *ctx, const char *name, char **ret, struct why *why)
{
    (void)ctx;
    (void)why;
    if (name[0] != 'U')
        *ret = strdup("value");
    return ST_OK;
}

static void read_again(const struct policy_items *items, const struct master *master)
{
    const struct variables variables = {any_variable, NULL};
    auto_policy_items struct policy_items again = {0};
    auto_json json_t *written = config_write(items, items->key_file);
    struct why why = {0};

    if (!written || config_read(written, NULL, &variables, master, &again, &why) != ST_OK ||
        again.count != items->count)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t key[MASTER_KEY_MIN] = {1};
    const struct variables variables = {any_variable, NULL};
    auto_master struct master *master = NULL;
    auto_quota_book struct quota_book *book = NULL;
    auto_policy_items struct policy_items items = {0};
    auto_json json_t *document = NULL;
    struct snapshot *snapshot = NULL;
    struct why why = {0};

    if (json_read((struct slice){(const char *)data, size}, &document, &why) != ST_OK)
        return 0;
    if (master_new(key, sizeof key, &master, &why) != ST_OK || quota_book_new(&book, &why) != ST_OK)
        abort();
    if (config_read(document, "f", &variables, master, &items, &why) != ST_OK) {
        if (why.text[0] == '\0')
            abort();
        return 0;
    }
    read_again(&items, master);
    if (snapshot_new(&items, master, book, NULL, 1, &snapshot, &why) == ST_OK)
        snapshot_release(snapshot);
    else if (why.text[0] == '\0')
        abort();
    return 0;
}
