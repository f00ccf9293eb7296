#include "interceptor/keyring.h"

#include "common/clock.h"
#include "common/uuid.h"
#include "interceptor/keywrap.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_KEY = 1 };

struct keyring {
    struct key_ring ring;
    struct ring_key keys[KEYRING_MAX + 1];
};

/* What one document says. */
struct key_item {
    uint32_t id;
    bool retired;
    const char *created; /* borrowed from the document; NULL: of the first key */
    const char *wrapped;
};

static enum status read_item(const json_t *object, struct key_item *ret, struct why *why)
{
    static const char *const known[] = {"id", "state", "created", "wrapped", NULL};
    const char *state = "active";
    long long id = 0;
    enum status st = json_only(object, known, why);

    *ret = (struct key_item){0};
    if (st == ST_OK)
        st = json_get_int(object, "id", 1, KEYRING_MAX, &id, why);
    if (st == ST_OK)
        st = json_get_text(object, "state", &state, why);
    if (st == ST_OK)
        st = json_get_text(object, "created", &ret->created, why);
    if (st == ST_OK)
        st = json_get_text(object, "wrapped", &ret->wrapped, why);
    if (st != ST_OK)
        return st;
    if (id == 0)
        return fail_at(why, ST_BAD_INPUT, "id", "is missing");
    if (strcmp(state, "active") != 0 && strcmp(state, "retired") != 0)
        return fail_at(why, ST_BAD_INPUT, "state", "must be \"active\" or \"retired\"");
    if ((id == FIRST_KEY) != !ret->wrapped)
        return fail_at(why, ST_BAD_INPUT, "wrapped", "all keys but the first are wrapped");
    ret->id = (uint32_t)id;
    ret->retired = strcmp(state, "retired") == 0;
    return ST_OK;
}

enum status keyring_check_item(const json_t *object, char ret_name[KEY_NAME_SIZE], struct why *why)
{
    struct key_item item;
    enum status st;

    if (!json_is_object(object))
        return fail_at(why, ST_BAD_INPUT, "", "must be an object");
    st = read_item(object, &item, why);
    if (st == ST_OK)
        snprintf(ret_name, KEY_NAME_SIZE, "%u", item.id);
    return st;
}

/* Every key that the items and the built-in first one make, by number; 0 where there is none. */
struct key_table {
    json_t *documents[KEYRING_MAX + 1]; /* own the texts of `items` */
    struct key_item items[KEYRING_MAX + 1];
    const struct policy_item *origins[KEYRING_MAX + 1]; /* borrowed; NULL: the built-in one */
};

static void table_done(struct key_table *t)
{
    for (size_t i = 0; i <= KEYRING_MAX; i++)
        json_decref(t->documents[i]);
    free(t);
}

DEFINE_CLEANUP(table, struct key_table *, table_done)
#define auto_table __attribute__((cleanup(cleanup_table)))

static enum status table_add(struct key_table *t, const struct policy_item *origin, struct why *why)
{
    auto_json json_t *object = NULL;
    struct key_item item;
    enum status st = json_read_object(slice_of(origin->document), &object, why);

    if (st == ST_OK)
        st = read_item(object, &item, why);
    if (st != ST_OK)
        return st;
    t->items[item.id] = item;
    t->documents[item.id] = take(object);
    t->origins[item.id] = origin;
    return ST_OK;
}

static enum status table_load(const struct policy_items *items, struct key_table **ret,
                              struct why *why)
{
    auto_table struct key_table *t = calloc(1, sizeof *t);

    if (!t)
        return fail_memory(why);
    t->items[FIRST_KEY] = (struct key_item){.id = FIRST_KEY};
    for (size_t i = 0; i < items->count; i++) {
        enum status st;

        if (items->items[i].kind != POLICY_KEY)
            continue;
        st = table_add(t, &items->items[i], why);
        if (st != ST_OK)
            return policy_item_blame(&items->items[i], st, why);
    }
    *ret = take(t);
    return ST_OK;
}

static enum status read_material(const struct key_item *item, const struct master *master,
                                 struct ring_key *ret, struct why *why)
{
    enum status st;

    ret->id = item->id;
    if (item->id == FIRST_KEY)
        return master_derive(master, "data-key-1", ret->bytes, why);
    st = key_unwrap(master, item->wrapped, ret, why);
    if (st != ST_OK && why)
        snprintf(why->place, sizeof why->place, "wrapped");
    return st;
}

static enum status fill_key(struct keyring *k, const struct key_table *t, size_t id,
                            const struct master *master, struct why *why)
{
    enum status st = read_material(&t->items[id], master, &k->keys[k->ring.count], why);

    if (st != ST_OK)
        return t->origins[id] ? policy_item_blame(t->origins[id], st, why) : st;
    k->ring.count++;
    return ST_OK;
}

enum status keyring_new(const struct policy_items *items, const struct master *master,
                        struct keyring **ret, struct why *why)
{
    auto_table struct key_table *t = NULL;
    auto_keyring struct keyring *k = calloc(1, sizeof *k);
    enum status st;

    if (!k)
        return fail_memory(why);
    st = master_derive(master, "stable", k->ring.stable, why);
    if (st == ST_OK)
        st = table_load(items, &t, why);
    for (size_t id = KEYRING_MAX; st == ST_OK && id >= FIRST_KEY; id--)
        if (t->items[id].id != 0 && !t->items[id].retired)
            st = fill_key(k, t, id, master, why);
    if (st != ST_OK)
        return st;
    if (k->ring.count == 0)
        return fail_at(why, ST_BAD_INPUT, "keys", "no key is active");
    k->ring.keys = k->keys;
    *ret = take(k);
    return ST_OK;
}

void keyring_free(struct keyring *k)
{
    if (k)
        OPENSSL_cleanse(k, sizeof *k);
    free(k);
}

const struct key_ring *keyring_ring(const struct keyring *k)
{
    return &k->ring;
}

static json_t *write_item(const struct key_item *item)
{
    return json_pack("{s:i, s:s, s:s*, s:s*}", "id", (int)item->id, "state",
                     item->retired ? "retired" : "active", "created", item->created, "wrapped",
                     item->wrapped);
}

enum status keyring_make_key(const struct policy_items *items, const struct master *master,
                             int64_t now_us, json_t **ret, struct why *why)
{
    auto_table struct key_table *t = NULL;
    struct ring_key key = {.id = FIRST_KEY + 1};
    char wrapped[KEYWRAP_TEXT_SIZE];
    char created[CLOCK_ISO_SIZE];
    enum status st = table_load(items, &t, why);

    if (st != ST_OK)
        return st;
    for (uint32_t id = FIRST_KEY; id <= KEYRING_MAX; id++)
        if (t->items[id].id != 0)
            key.id = id + 1;
    if (key.id > KEYRING_MAX)
        return fail(why, ST_TOO_LARGE, "there are %d keys already", KEYRING_MAX);
    random_bytes(key.bytes, sizeof key.bytes);
    st = key_wrap(master, &key, wrapped, why);
    OPENSSL_cleanse(key.bytes, sizeof key.bytes);
    if (st != ST_OK)
        return st;
    clock_format_iso(now_us, created);
    *ret = write_item(&(struct key_item){key.id, false, created, wrapped});
    return *ret ? ST_OK : fail_memory(why);
}

enum status keyring_retire_key(const struct policy_items *items, uint32_t id, json_t **ret,
                               struct why *why)
{
    auto_table struct key_table *t = NULL;
    size_t others = 0;
    enum status st = table_load(items, &t, why);

    if (st != ST_OK)
        return st;
    if (id > KEYRING_MAX || t->items[id].id == 0)
        return fail(why, ST_NOT_FOUND, "there is no key %u", id);
    for (uint32_t i = FIRST_KEY; i <= KEYRING_MAX; i++)
        others += i != id && t->items[i].id != 0 && !t->items[i].retired;
    if (others == 0)
        return fail(why, ST_CONFLICT, "key %u is the only active one: rotate first", id);
    t->items[id].retired = true;
    *ret = write_item(&t->items[id]);
    return *ret ? ST_OK : fail_memory(why);
}

static bool same_material(const struct key_item *a, const struct key_item *b,
                          const struct master *master)
{
    struct ring_key keys[2];
    bool same = read_material(a, master, &keys[0], NULL) == ST_OK &&
                read_material(b, master, &keys[1], NULL) == ST_OK &&
                CRYPTO_memcmp(keys[0].bytes, keys[1].bytes, KEY_SIZE) == 0;

    OPENSSL_cleanse(keys, sizeof keys);
    return same;
}

/* Both documents are of one number. */
static enum status merge(struct key_item *old, const struct key_item *given,
                         const struct master *master, char **ret_document, struct why *why)
{
    struct ring_key key;
    auto_json json_t *merged = NULL;
    enum status st = read_material(given, master, &key, why);

    OPENSSL_cleanse(&key, sizeof key);
    if (st != ST_OK)
        return st;
    if (!same_material(old, given, master))
        return fail_at(why, ST_CONFLICT, "id",
                       "another key %u is stored: what it made would be lost", old->id);
    old->retired = old->retired || given->retired;
    merged = write_item(old);
    *ret_document = merged ? json_dumps(merged, JSON_COMPACT) : NULL;
    return *ret_document ? ST_OK : fail_memory(why);
}

enum status keyring_merge(const char *stored, const char *given, const struct master *master,
                          char **ret_document, struct why *why)
{
    auto_json json_t *old_object = NULL;
    auto_json json_t *new_object = NULL;
    struct key_item old_item, new_item;
    enum status st = json_read_object(slice_of(stored), &old_object, why);

    if (st == ST_OK)
        st = json_read_object(slice_of(given), &new_object, why);
    if (st == ST_OK)
        st = read_item(old_object, &old_item, why);
    if (st == ST_OK)
        st = read_item(new_object, &new_item, why);
    return st == ST_OK ? merge(&old_item, &new_item, master, ret_document, why) : st;
}

json_t *keyring_list(const struct policy_items *items)
{
    auto_table struct key_table *t = NULL;
    json_t *list = json_array();
    uint32_t newest = 0;

    if (table_load(items, &t, NULL) != ST_OK) {
        json_decref(list);
        return NULL;
    }
    for (uint32_t id = FIRST_KEY; id <= KEYRING_MAX; id++)
        if (t->items[id].id != 0 && !t->items[id].retired)
            newest = id;
    for (uint32_t id = FIRST_KEY; id <= KEYRING_MAX; id++)
        if (t->items[id].id != 0)
            json_array_append_new(list,
                                  json_pack("{s:i, s:s, s:b, s:s*}", "id", (int)id, "state",
                                            t->items[id].retired ? "retired" : "active", "newest",
                                            id == newest, "created", t->items[id].created));
    return json_pack("{s:o}", "keys", list);
}
