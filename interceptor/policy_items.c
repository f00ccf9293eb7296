#include "interceptor/place.h"
#include "interceptor/store.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    const char *member;
} kinds[POLICY_KINDS] = {
    [POLICY_TENANT] = {"tenant", "tenants"},
    [POLICY_MANIFEST] = {"manifest", "manifests"},
    [POLICY_RULE] = {"rule", "rules"},
    [POLICY_KEY] = {"key", "keys"},
};

const char *policy_kind_word(enum policy_kind kind)
{
    return kinds[kind].word;
}

const char *policy_kind_member(enum policy_kind kind)
{
    return kinds[kind].member;
}

static void item_done(struct policy_item *item)
{
    free(item->name);
    free(item->document);
    free(item->source);
}

void policy_items_done(struct policy_items *list)
{
    for (size_t i = 0; i < list->count; i++)
        item_done(&list->items[i]);
    free(list->items);
    lookup_done(&list->by_name);
    free(list->key_file);
    free(list->key_source);
    *list = (struct policy_items){0};
}

/* Of one name there may be one item of each kind. */
static void index_item(struct policy_items *list, size_t at)
{
    struct policy_item *item = &list->items[at];
    size_t other;

    item->next_of_name = 0;
    if (!item->name || lookup_add(&list->by_name, slice_of(item->name), at) ||
        !lookup_find(&list->by_name, slice_of(item->name), &other))
        return;
    while (list->items[other].next_of_name)
        other = list->items[other].next_of_name - 1;
    list->items[other].next_of_name = at + 1;
}

/* With room for so many names; the list has that capacity only if there is memory for both. */
static enum status index_all(struct policy_items *list, size_t capacity, struct why *why)
{
    lookup_done(&list->by_name);
    list->capacity = 0;
    if (lookup_init(&list->by_name, capacity, why) != ST_OK)
        return ST_NO_MEMORY;
    list->capacity = capacity;
    for (size_t i = 0; i < list->count; i++)
        index_item(list, i);
    return ST_OK;
}

static enum status grow(struct policy_items *list, struct why *why)
{
    size_t capacity = list->count ? 2 * list->count : 16;
    struct policy_item *more = realloc(list->items, capacity * sizeof *more);

    if (!more)
        return fail_memory(why);
    list->items = more;
    return index_all(list, capacity, why);
}

enum status policy_items_add(struct policy_items *list, enum policy_kind kind, const char *name,
                             const char *document, const char *source, struct why *why)
{
    struct policy_item *item;

    if (list->count >= list->capacity && grow(list, why) != ST_OK)
        return ST_NO_MEMORY;
    item = &list->items[list->count];
    *item = (struct policy_item){
        .kind = kind,
        .name = strdup(name),
        .document = strdup(document),
        .source = source ? strdup(source) : NULL,
    };
    index_item(list, list->count++);
    return item->name && item->document && !source == !item->source ? ST_OK : fail_memory(why);
}

enum status policy_items_trace(struct policy_items *list, const struct policy_items *from,
                               struct why *why)
{
    for (size_t i = 0; i < list->count; i++) {
        struct policy_item *item = &list->items[i];
        const struct policy_item *origin = policy_items_find(from, item->kind, item->name);

        if (!origin || !origin->source || item->source)
            continue;
        item->source = strdup(origin->source);
        if (!item->source)
            return fail_memory(why);
    }
    return ST_OK;
}

enum status policy_item_blame(const struct policy_item *item, enum status st, struct why *why)
{
    if (!item->source)
        return place_before(why, st, "%s \"%s\"", kinds[item->kind].word, item->name);
    return item->source[0] != '\0' ? place_before(why, st, "%s", item->source) : st;
}

enum status policy_items_remove(struct policy_items *list, enum policy_kind kind, struct why *why)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == kind) {
            item_done(&list->items[i]);
        } else {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
    return index_all(list, list->capacity, why);
}

const struct policy_item *policy_items_find(const struct policy_items *list, enum policy_kind kind,
                                            const char *name)
{
    size_t at;

    if (!lookup_find(&list->by_name, slice_of(name), &at))
        return NULL;
    for (;;) {
        const struct policy_item *item = &list->items[at];

        if (item->kind == kind)
            return item;
        if (item->next_of_name == 0)
            return NULL;
        at = item->next_of_name - 1;
    }
}
