#include "employees-mock/stub_index.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct index_bucket {
    struct index_bucket *next;
    uint64_t hash;
    bool prefix;
    size_t len;
    struct stub_list stubs;
    char text[];
};

/* ---- lists ---- */

/* Whether a is tried before b. */
static bool is_before(const struct stub *a, const struct stub *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority;
    return a->order > b->order;
}

static size_t place_of(const struct stub_list *list, const struct stub *s)
{
    size_t low = 0;
    size_t high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_before(list->items[middle], s))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool stub_list_add(struct stub_list *list, struct stub *s)
{
    size_t at;

    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 1;
        struct stub **items = realloc(list->items, cap * sizeof *items);

        if (!items)
            return false;
        list->items = items;
        list->cap = cap;
    }
    at = place_of(list, s);
    memmove(list->items + at + 1, list->items + at, (list->count - at) * sizeof *list->items);
    list->items[at] = s;
    list->count++;
    return true;
}

void stub_list_remove(struct stub_list *list, const struct stub *s)
{
    size_t at = place_of(list, s);

    if (at >= list->count || list->items[at] != s)
        return;
    list->count--;
    memmove(list->items + at, list->items + at + 1, (list->count - at) * sizeof *list->items);
}

void stub_list_done(struct stub_list *list)
{
    free(list->items);
    *list = (struct stub_list){0};
}

/* ---- buckets ---- */

static uint64_t hash_of(struct slice text, bool prefix)
{
    uint64_t hash = prefix ? 0x9e3779b97f4a7c15 : 0xcbf29ce484222325;

    /* FNV-1a */
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3;
    return hash ^ hash >> 29;
}

static struct index_bucket *find(const struct stub_index *index, struct slice text, bool prefix)
{
    uint64_t hash = hash_of(text, prefix);
    struct index_bucket *b;

    if (!index->bucket_count)
        return NULL;
    for (b = index->buckets[hash & (index->bucket_count - 1)]; b; b = b->next)
        if (b->hash == hash && b->prefix == prefix && b->len == text.len &&
            memcmp(b->text, text.data, text.len) == 0)
            return b;
    return NULL;
}

static bool grow(struct stub_index *index)
{
    size_t count = index->bucket_count ? index->bucket_count * 2 : 64;
    struct index_bucket **buckets = calloc(count, sizeof(struct index_bucket *));

    if (!buckets)
        return false;
    for (size_t i = 0; i < index->bucket_count; i++) {
        struct index_bucket *b = index->buckets[i];

        while (b) {
            struct index_bucket *next = b->next;

            b->next = buckets[b->hash & (count - 1)];
            buckets[b->hash & (count - 1)] = b;
            b = next;
        }
    }
    free(index->buckets);
    index->buckets = buckets;
    index->bucket_count = count;
    return true;
}

static struct index_bucket *add_bucket(struct stub_index *index, struct slice text, bool prefix)
{
    struct index_bucket *b;

    if (index->used >= index->bucket_count && !grow(index))
        return NULL;
    b = calloc(1, sizeof *b + text.len + 1);
    if (!b)
        return NULL;
    b->hash = hash_of(text, prefix);
    b->prefix = prefix;
    b->len = text.len;
    if (text.len)
        memcpy(b->text, text.data, text.len);
    b->next = index->buckets[b->hash & (index->bucket_count - 1)];
    index->buckets[b->hash & (index->bucket_count - 1)] = b;
    index->used++;
    return b;
}

static void remove_bucket(struct stub_index *index, struct index_bucket *gone)
{
    struct index_bucket **at = &index->buckets[gone->hash & (index->bucket_count - 1)];

    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    index->used--;
    stub_list_done(&gone->stubs);
    free(gone);
}

void stub_index_done(struct stub_index *index)
{
    for (size_t i = 0; i < index->bucket_count; i++)
        while (index->buckets[i])
            remove_bucket(index, index->buckets[i]);
    free(index->buckets);
    *index = (struct stub_index){0};
}

static struct slice until_query(struct slice url)
{
    const char *mark = url.len ? memchr(url.data, '?', url.len) : NULL;

    return mark ? (struct slice){url.data, (size_t)(mark - url.data)} : url;
}

/* The text under which a stub is filed, and whether only the start of the URL has to be so. */
static struct slice key_of(const struct stub *s, bool *prefix)
{
    struct pattern_key key = request_pattern_key(s->pattern);

    *prefix = key.place == PATTERN_PREFIX || key.place == PATTERN_ANYWHERE;
    if (key.place == PATTERN_ANYWHERE)
        return (struct slice){"", 0};
    if (key.place == PATTERN_URL)
        return until_query(key.text);
    if (*prefix && key.text.len > INDEX_PREFIX_MAX)
        key.text.len = INDEX_PREFIX_MAX;
    return key.text;
}

bool stub_index_add(struct stub_index *index, struct stub *s)
{
    bool prefix;
    struct slice key = key_of(s, &prefix);
    struct index_bucket *b = find(index, key, prefix);

    if (!b)
        b = add_bucket(index, key, prefix);
    if (!b || !stub_list_add(&b->stubs, s))
        return false;
    if (prefix)
        index->prefixes[key.len]++;
    return true;
}

void stub_index_remove(struct stub_index *index, const struct stub *s)
{
    bool prefix;
    struct slice key = key_of(s, &prefix);
    struct index_bucket *b = find(index, key, prefix);

    if (!b)
        return;
    stub_list_remove(&b->stubs, s);
    if (prefix)
        index->prefixes[key.len]--;
    if (b->stubs.count == 0)
        remove_bucket(index, b);
}

/* ---- walking ---- */

static void consider(const struct stub_index *index, struct slice text, bool prefix,
                     struct index_walk *walk)
{
    struct index_bucket *b = find(index, text, prefix);

    if (!b)
        return;
    walk->lists[walk->count] = &b->stubs;
    walk->at[walk->count++] = 0;
}

void index_walk_start(const struct stub_index *index, struct slice url, struct slice path,
                      struct index_walk *ret)
{
    ret->count = 0;
    consider(index, path, false, ret);
    for (size_t len = 0; len <= INDEX_PREFIX_MAX && len <= url.len; len++)
        if (index->prefixes[len])
            consider(index, (struct slice){url.data, len}, true, ret);
}

struct stub *index_walk_next(struct index_walk *walk)
{
    size_t best = walk->count;

    for (size_t i = 0; i < walk->count; i++) {
        if (walk->at[i] >= walk->lists[i]->count)
            continue;
        if (best == walk->count ||
            is_before(walk->lists[i]->items[walk->at[i]], walk->lists[best]->items[walk->at[best]]))
            best = i;
    }
    return best < walk->count ? walk->lists[best]->items[walk->at[best]++] : NULL;
}
