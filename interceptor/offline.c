#include "interceptor/offline.h"

#include "common/uuid.h"
#include "interceptor/bound_key.h"
#include "interceptor/config.h"

#include <string.h>
#include <unistd.h>

void offline_close(struct offline *o)
{
    policy_free(o->policy);
    snapshot_release(o->snapshot);
    snapshot_box_free(o->box);
    policy_items_done(&o->items);
    quota_book_free(o->quotas);
    store_close(o->store);
    master_free(o->master);
    *o = (struct offline){0};
}

static enum status passing_key(struct master **ret, struct why *why)
{
    uint8_t key[MASTER_KEY_MIN];

    random_bytes(key, sizeof key);
    return master_new(key, sizeof key, ret, why);
}

static enum status read_files(const struct options *options, struct offline *o, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < options_count(options, SET_CONFIG) && st == ST_OK; i++)
        st = config_read_path(options_item(options, SET_CONFIG, i), &environment_variables,
                              o->master, &o->items, why);
    return st;
}

static enum status leave_keys_out(struct offline *o, struct why *why)
{
    size_t before = o->items.count;
    enum status st = policy_items_remove(&o->items, POLICY_KEY, why);

    o->left_out = before - o->items.count;
    return st;
}

static enum status open_files(const struct settings *settings, struct offline *o, struct why *why)
{
    bool has_key = access(settings->key_file, F_OK) == 0;
    enum status st =
        has_key ? master_open(settings->key_file, &o->master, why) : passing_key(&o->master, why);

    if (st == ST_OK)
        st = read_files(settings->options, o, why);
    if (st == ST_OK && !has_key)
        st = leave_keys_out(o, why);
    if (st == ST_OK)
        st = quota_book_new(&o->quotas, why);
    if (st == ST_OK)
        st = snapshot_new(&o->items, o->master, o->quotas, NULL, 1, &o->snapshot, why);
    return config_fault(st);
}

static enum status open_store(const struct settings *settings, struct offline *o, struct why *why)
{
    if (strcmp(settings->database, ":memory:") == 0 || access(settings->database, F_OK) != 0)
        return fail_at(why, ST_NOT_FOUND, settings->database, "there is no such database");
    return store_open(settings->database, &o->store, why);
}

static enum status open_trail(const struct settings *settings, struct offline *o, struct why *why)
{
    enum status st;

    if (access(settings->key_file, F_OK) != 0)
        return fail_at(why, ST_NOT_FOUND, settings->key_file, "there is no such key file");
    st = open_store(settings, o, why);
    return st == ST_OK ? bound_key_open(settings, o->store, &o->master, why) : st;
}

static enum status open_database(const struct settings *settings, struct offline *o,
                                 struct why *why)
{
    enum status st = open_trail(settings, o, why);

    if (st == ST_OK)
        st = store_load_policy(o->store, &o->items, why);
    if (st == ST_OK)
        st = quota_book_new(&o->quotas, why);
    if (st == ST_OK)
        st = snapshot_new(&o->items, o->master, o->quotas, o->store, 1, &o->snapshot, why);
    if (st == ST_OK)
        st = snapshot_box_new(&o->box, why);
    if (st == ST_OK)
        st = policy_new(o->store, o->master, o->quotas, o->box, &o->policy, why);
    return st;
}

static enum status done(enum status st, struct offline *o, struct offline *ret)
{
    if (st == ST_OK)
        *ret = *o;
    else
        offline_close(o);
    return st;
}

enum status offline_open(const struct settings *settings, struct offline *ret, struct why *why)
{
    struct offline o = {0};

    if (options_count(settings->options, SET_CONFIG) == 0)
        return offline_open_database(settings, ret, why);
    return done(open_files(settings, &o, why), &o, ret);
}

enum status offline_open_database(const struct settings *settings, struct offline *ret,
                                  struct why *why)
{
    struct offline o = {0};

    return done(open_database(settings, &o, why), &o, ret);
}

enum status offline_open_trail(const struct settings *settings, struct offline *ret,
                               struct why *why)
{
    struct offline o = {0};

    return done(open_trail(settings, &o, why), &o, ret);
}

enum status offline_open_store(const struct settings *settings, struct offline *ret,
                               struct why *why)
{
    struct offline o = {0};

    return done(open_store(settings, &o, why), &o, ret);
}
