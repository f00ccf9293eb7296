#include "employees-mock/template/kv.h"

#include "employees-mock/match/json_loose.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUCKETS = 1024, DEFAULT_ENTRIES = 10000, DEFAULT_BYTES = 16 << 20, DEFAULT_VALUE = 1 << 20 };

struct entry {
    struct entry *next; /* of the bucket */
    struct slice store; /* these three own their bytes */
    struct slice key;
    struct slice json;
    int64_t ends_at_ms; /* 0: never */
};

struct kv {
    struct kv_limits limits;
    const struct clock *clock;
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS];
    size_t count;
    size_t bytes;
};

enum status kv_new(const struct kv_limits *limits, const struct clock *clock, struct kv **ret,
                   struct why *why)
{
    struct kv *kv = calloc(1, sizeof *kv);

    if (!kv)
        return fail_memory(why);
    if (limits)
        kv->limits = *limits;
    if (kv->limits.entries == 0)
        kv->limits.entries = DEFAULT_ENTRIES;
    if (kv->limits.bytes == 0)
        kv->limits.bytes = DEFAULT_BYTES;
    if (kv->limits.value_bytes == 0)
        kv->limits.value_bytes = DEFAULT_VALUE;
    kv->clock = clock;
    pthread_mutex_init(&kv->lock, NULL);
    *ret = kv;
    return ST_OK;
}

static void entry_free(struct entry *e)
{
    if (!e)
        return;
    free((char *)(uintptr_t)e->store.data);
    free((char *)(uintptr_t)e->key.data);
    free((char *)(uintptr_t)e->json.data);
    free(e);
}

void kv_free(struct kv *kv)
{
    if (!kv)
        return;
    kv_clear(kv, (struct slice){0});
    pthread_mutex_destroy(&kv->lock);
    free(kv);
}

/* ---- below, the lock is held ---- */

static void hash_bytes(uint64_t *hash, struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        *hash = (*hash ^ (unsigned char)s.data[i]) * 1099511628211u; /* FNV-1a */
    *hash = (*hash ^ 0x100) * 1099511628211u;
}

static struct entry **bucket_of(struct kv *kv, struct slice store, struct slice key)
{
    uint64_t hash = 14695981039346656037u;

    hash_bytes(&hash, store);
    hash_bytes(&hash, key);
    return &kv->buckets[(hash ^ hash >> 32) % BUCKETS];
}

static size_t weight(const struct entry *e)
{
    return e->store.len + e->key.len + e->json.len;
}

static void unlink_entry(struct kv *kv, struct entry **place)
{
    struct entry *e = *place;

    *place = e->next;
    kv->count--;
    kv->bytes -= weight(e);
    entry_free(e);
}

static bool has_ended(const struct kv *kv, const struct entry *e)
{
    return e->ends_at_ms != 0 && clock_now_ms(kv->clock) >= e->ends_at_ms;
}

/* The entry's place; NULL: there is none (any more). */
static struct entry **find(struct kv *kv, struct slice store, struct slice key)
{
    for (struct entry **e = bucket_of(kv, store, key); *e; e = &(*e)->next) {
        if (!slice_equal((*e)->key, key) || !slice_equal((*e)->store, store))
            continue;
        if (!has_ended(kv, *e))
            return e;
        unlink_entry(kv, e);
        return NULL;
    }
    return NULL;
}

static void drop_ended(struct kv *kv)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct entry **e = &kv->buckets[i];

        while (*e) {
            if (has_ended(kv, *e))
                unlink_entry(kv, e);
            else
                e = &(*e)->next;
        }
    }
}

static struct entry *entry_new(struct slice store, struct slice key, struct slice json)
{
    struct entry *e = calloc(1, sizeof *e);

    if (!e)
        return NULL;
    e->store = (struct slice){slice_dup(store), store.len};
    e->key = (struct slice){slice_dup(key), key.len};
    e->json = (struct slice){slice_dup(json), json.len};
    if (!e->store.data || !e->key.data || !e->json.data) {
        entry_free(e);
        return NULL;
    }
    return e;
}

static bool fits(const struct kv *kv, const struct entry *old, const struct entry *new)
{
    return kv->count - (old != NULL) < kv->limits.entries &&
           kv->bytes - (old ? weight(old) : 0) + weight(new) <= kv->limits.bytes;
}

static enum status put(struct kv *kv, struct slice store, struct slice key, struct slice json,
                       int64_t ends_at_ms, struct why *why)
{
    struct entry **place = find(kv, store, key);
    struct entry *e = entry_new(store, key, json);
    struct entry **bucket;

    if (!e)
        return fail_memory(why);
    if (!fits(kv, place ? *place : NULL, e)) {
        drop_ended(kv);
        place = find(kv, store, key);
    }
    if (!fits(kv, place ? *place : NULL, e)) {
        entry_free(e);
        return fail(why, ST_TOO_LARGE, "the key-value stores hold at most %zu entries, %zu bytes",
                    kv->limits.entries, kv->limits.bytes);
    }
    if (place)
        unlink_entry(kv, place);
    bucket = bucket_of(kv, store, key);
    e->ends_at_ms = ends_at_ms;
    e->next = *bucket;
    *bucket = e;
    kv->count++;
    kv->bytes += weight(e);
    return ST_OK;
}

static enum status number_of(struct slice json, int64_t *ret, struct why *why)
{
    char text[32];
    char *end;

    if (json.len > 0 && json.len < sizeof text) {
        memcpy(text, json.data, json.len);
        text[json.len] = '\0';
        *ret = strtoll(text, &end, 10);
        if (*end == '\0' && end != text)
            return ST_OK;
    }
    return fail(why, ST_CONFLICT, "the value is no whole number");
}

static enum status add(struct kv *kv, struct slice store, struct slice key, int64_t by,
                       int64_t *ret, struct why *why)
{
    struct entry **place = find(kv, store, key);
    int64_t ends_at_ms = place ? (*place)->ends_at_ms : 0;
    int64_t value = 0;
    char text[32];
    enum status st = place ? number_of((*place)->json, &value, why) : ST_OK;

    if (st != ST_OK)
        return st;
    if (__builtin_add_overflow(value, by, &value))
        return fail(why, ST_CONFLICT, "the number would leave 64 bits");
    snprintf(text, sizeof text, "%" PRId64, value);
    st = put(kv, store, key, slice_of(text), ends_at_ms, why);
    if (st == ST_OK)
        *ret = value;
    return st;
}

/* ---- what others call ---- */

static enum status check_names(struct slice store, struct slice key, struct why *why)
{
    if (store.len == 0 || store.len > KV_NAME_MAX)
        return fail_at(why, ST_BAD_INPUT, "store", "a store's name has 1 to %d bytes", KV_NAME_MAX);
    if (key.len == 0 || key.len > KV_NAME_MAX)
        return fail_at(why, ST_BAD_INPUT, "key", "a key has 1 to %d bytes", KV_NAME_MAX);
    return ST_OK;
}

enum status kv_get(struct kv *kv, struct slice store, struct slice key, struct buf *ret,
                   struct why *why)
{
    struct entry **place;

    pthread_mutex_lock(&kv->lock);
    place = find(kv, store, key);
    if (place)
        buf_put_slice(ret, (*place)->json);
    pthread_mutex_unlock(&kv->lock);
    return place ? buf_status(ret, why) : fail(why, ST_NOT_FOUND, "no such entry");
}

enum status kv_put(struct kv *kv, struct slice store, struct slice key, struct slice json,
                   int64_t ttl_ms, struct why *why)
{
    enum status st = check_names(store, key, why);

    if (st != ST_OK)
        return st;
    if (json.len > kv->limits.value_bytes)
        return fail(why, ST_TOO_LARGE, "a value has at most %zu bytes", kv->limits.value_bytes);
    pthread_mutex_lock(&kv->lock);
    st = put(kv, store, key, json, ttl_ms > 0 ? clock_now_ms(kv->clock) + ttl_ms : 0, why);
    pthread_mutex_unlock(&kv->lock);
    return st;
}

enum status kv_add(struct kv *kv, struct slice store, struct slice key, int64_t by, int64_t *ret,
                   struct why *why)
{
    enum status st = check_names(store, key, why);

    if (st != ST_OK)
        return st;
    pthread_mutex_lock(&kv->lock);
    st = add(kv, store, key, by, ret, why);
    pthread_mutex_unlock(&kv->lock);
    return st;
}

enum status kv_delete(struct kv *kv, struct slice store, struct slice key, struct why *why)
{
    struct entry **place;

    pthread_mutex_lock(&kv->lock);
    place = find(kv, store, key);
    if (place)
        unlink_entry(kv, place);
    pthread_mutex_unlock(&kv->lock);
    return place ? ST_OK : fail(why, ST_NOT_FOUND, "no such entry");
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Members by name, so that lists are the same each time. */
static json_t *sorted(json_t *object)
{
    size_t count = json_object_size(object);
    const char **names = calloc(count + 1, sizeof *names);
    json_t *result = json_object();
    const char *name;
    json_t *value;
    size_t i = 0;

    if (names && result) {
        json_object_foreach (object, name, value)
            names[i++] = name;
        qsort(names, count, sizeof *names, compare_names);
        for (i = 0; i < count; i++)
            json_object_set(result, names[i], json_object_get(object, names[i]));
    }
    free(names);
    return result;
}

static json_t *collect(struct kv *kv, struct slice store)
{
    json_t *all = json_object();

    for (size_t i = 0; all && i < BUCKETS; i++) {
        for (struct entry *e = kv->buckets[i]; e; e = e->next) {
            json_t *json = NULL;

            if (has_ended(kv, e) || (store.len > 0 && !slice_equal(e->store, store)))
                continue;
            if (store.len == 0)
                json_object_set_new_nocheck(all, e->store.data, json_true());
            else if (json_loose_read(e->json, &json, NULL) == ST_OK)
                json_object_set_new_nocheck(all, e->key.data, json);
        }
    }
    return all;
}

static enum status list(struct kv *kv, struct slice store, json_t **ret, struct why *why)
{
    json_t *all;

    pthread_mutex_lock(&kv->lock);
    all = collect(kv, store);
    pthread_mutex_unlock(&kv->lock);
    *ret = all ? sorted(all) : NULL;
    json_decref(all);
    return *ret ? ST_OK : fail_memory(why);
}

enum status kv_list(struct kv *kv, struct slice store, json_t **ret, struct why *why)
{
    if (store.len == 0)
        return fail_at(why, ST_BAD_INPUT, "store", "the store's name is empty");
    return list(kv, store, ret, why);
}

enum status kv_list_stores(struct kv *kv, json_t **ret, struct why *why)
{
    json_t *names = NULL;
    json_t *array;
    enum status st = list(kv, (struct slice){0}, &names, why);
    const char *name;
    json_t *unused;

    if (st != ST_OK)
        return st;
    array = json_array();
    json_object_foreach (names, name, unused)
        json_array_append_new(array, json_string(name));
    (void)unused;
    json_decref(names);
    if (!array)
        return fail_memory(why);
    *ret = array;
    return ST_OK;
}

size_t kv_clear(struct kv *kv, struct slice store)
{
    size_t before;
    size_t after;

    pthread_mutex_lock(&kv->lock);
    before = kv->count;
    for (size_t i = 0; i < BUCKETS; i++) {
        struct entry **e = &kv->buckets[i];

        while (*e) {
            if (store.len == 0 || slice_equal((*e)->store, store))
                unlink_entry(kv, e);
            else
                e = &(*e)->next;
        }
    }
    after = kv->count;
    pthread_mutex_unlock(&kv->lock);
    return before - after;
}

size_t kv_count(struct kv *kv)
{
    size_t count;

    pthread_mutex_lock(&kv->lock);
    count = kv->count;
    pthread_mutex_unlock(&kv->lock);
    return count;
}
