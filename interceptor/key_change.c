#include "interceptor/key_change.h"

#include <stdio.h>

struct change {
    const struct master *master; /* NULL: retire `id` */
    int64_t now_us;
    uint32_t id;
};

static enum status edit(void *ctx, const struct policy_items *items, char **ret_name,
                        char **ret_document, struct why *why)
{
    const struct change *c = ctx;
    auto_json json_t *object = NULL;
    char name[KEY_NAME_SIZE];
    enum status st = c->master ? keyring_make_key(items, c->master, c->now_us, &object, why)
                               : keyring_retire_key(items, c->id, &object, why);

    if (st == ST_OK)
        st = keyring_check_item(object, name, why);
    if (st != ST_OK)
        return st;
    *ret_name = strdup(name);
    *ret_document = json_dumps(object, JSON_COMPACT);
    return *ret_name && *ret_document ? ST_OK : fail_memory(why);
}

enum status key_rotate(struct policy *policy, const struct master *master, int64_t now_us,
                       struct why *why)
{
    return policy_change(policy, POLICY_KEY, edit, &(struct change){master, now_us, 0}, NULL, why);
}

enum status key_retire(struct policy *policy, uint32_t id, struct why *why)
{
    return policy_change(policy, POLICY_KEY, edit, &(struct change){.id = id}, NULL, why);
}
