#include "interceptor/snapshot.h"

#include "interceptor/lookup.h"
#include "interceptor/place.h"

#include <stdatomic.h>
#include <string.h>

struct snapshot {
    atomic_size_t holders;
    int64_t revision;
    struct tenant **tenants;
    struct account *accounts;
    size_t tenant_count;
    struct manifest **manifests;
    struct grants **grants;
    struct ward *wards;
    size_t manifest_count;
    struct rule **rules;
    size_t rule_count;
    struct keyring *keyring;
    struct lookup by_key;
    struct lookup by_name;
    struct lookup by_manifest;
    _Atomic(struct plan *) *plans; /* tenant index * manifest_count + manifest index */
};

static void snapshot_free(struct snapshot *s)
{
    for (size_t i = 0; s->plans && i < s->tenant_count * s->manifest_count; i++)
        plan_free(atomic_load(&s->plans[i]));
    free(s->plans);
    for (size_t i = 0; i < s->tenant_count; i++)
        tenant_free(s->tenants[i]);
    for (size_t i = 0; i < s->manifest_count; i++) {
        grants_free(s->grants[i]);
        manifest_free(s->manifests[i]);
    }
    for (size_t i = 0; i < s->rule_count; i++)
        rule_free(s->rules[i]);
    free(s->tenants);
    free(s->accounts);
    free(s->manifests);
    free(s->grants);
    free(s->wards);
    free(s->rules);
    keyring_free(s->keyring);
    lookup_done(&s->by_key);
    lookup_done(&s->by_name);
    lookup_done(&s->by_manifest);
    free(s);
}

void snapshot_count_in(struct snapshot *s)
{
    atomic_fetch_add(&s->holders, 1);
}

void snapshot_release(struct snapshot *s)
{
    if (s && atomic_fetch_sub(&s->holders, 1) == 1)
        snapshot_free(s);
}

/* ---- building ---- */

struct building {
    struct snapshot *snapshot;
    const struct master *master;
    struct quota_book *book;
    struct store *store;
};

static enum status add_tenant(struct building *b, const json_t *object,
                              const struct policy_item *item, struct why *why)
{
    struct snapshot *s = b->snapshot;
    struct account *account = &s->accounts[s->tenant_count];
    struct tenant **tenant = &s->tenants[s->tenant_count];
    enum status st = tenant_parse(object, b->master, tenant, why);

    (void)item;
    if (st != ST_OK)
        return st;
    *account = (struct account){
        .tenant = *tenant,
        .limits = {(*tenant)->rate_per_minute, (*tenant)->quota_per_month},
        .index = s->tenant_count,
    };
    s->tenant_count++;
    if (!lookup_add(&s->by_name, slice_of((*tenant)->name), account->index))
        return fail_at(why, ST_CONFLICT, "name", "there is another tenant of this name");
    if (!lookup_add(&s->by_key, (struct slice){(const char *)(*tenant)->key_hash, KEYED_HASH_SIZE},
                    account->index))
        return fail_at(why, ST_CONFLICT, "apiKey", "another tenant has the same API key");
    return quota_book_find(b->book, b->store, (*tenant)->name, &account->quota, why);
}

static enum status add_manifest(struct building *b, const json_t *object,
                                const struct policy_item *item, struct why *why)
{
    struct snapshot *s = b->snapshot;
    struct ward *ward = &s->wards[s->manifest_count];
    struct manifest **manifest = &s->manifests[s->manifest_count];
    enum status st = manifest_parse(object, manifest, why);

    if (st != ST_OK)
        return st;
    *ward =
        (struct ward){.manifest = *manifest, .version = item->version, .index = s->manifest_count};
    s->manifest_count++;
    if (!lookup_add(&s->by_manifest, slice_of((*manifest)->name), ward->index))
        return fail_at(why, ST_CONFLICT, "name", "there is another manifest of this name");
    return ST_OK;
}

/* Where the i-th manifest stands that the rule speaks of; false behind the last. */
static bool manifest_of(const struct snapshot *s, const struct rule *rule, size_t i, size_t *ret_at)
{
    const char *name = rule_manifest_at(rule, i);

    if (!rule_covers_all(rule))
        return name && lookup_find(&s->by_manifest, slice_of(name), ret_at);
    *ret_at = i;
    return i < s->manifest_count;
}

static bool attribute_exists(const struct snapshot *s, const struct rule *rule, const char *path)
{
    size_t at;

    for (size_t i = 0; manifest_of(s, rule, i, &at); i++) {
        const struct manifest *m = s->manifests[at];

        for (size_t a = 0; a < m->count; a++)
            if (strcmp(m->attributes[a].path, path) == 0)
                return true;
    }
    return false;
}

/* A rule that names what does not exist is a slip of the pen, and would grant less than meant. */
static enum status check_rule(const struct snapshot *s, const struct rule *rule, struct why *why)
{
    const char *word;
    size_t ignored;

    for (size_t i = 0; (word = rule_manifest_at(rule, i)); i++)
        if (strcmp(word, "*") != 0 && !lookup_find(&s->by_manifest, slice_of(word), &ignored))
            return place_before(why, fail_at(why, ST_BAD_INPUT, "", "there is no such manifest"),
                                "manifests[%zu]", i);
    for (size_t i = 0; (word = rule_attribute_at(rule, i)); i++)
        if (strcmp(word, "*") != 0 && !attribute_exists(s, rule, word))
            return place_before(
                why,
                fail_at(why, ST_BAD_INPUT, "", "none of the rule's manifests has this attribute"),
                "attributes[%zu]", i);
    return ST_OK;
}

static enum status add_rule(struct building *b, const json_t *object,
                            const struct policy_item *item, struct why *why)
{
    struct snapshot *s = b->snapshot;
    enum status st = rule_parse(object, &s->rules[s->rule_count], why);

    (void)item;
    if (st != ST_OK)
        return st;
    s->rule_count++;
    return check_rule(s, s->rules[s->rule_count - 1], why);
}

typedef enum status add_item(struct building *b, const json_t *object,
                             const struct policy_item *item, struct why *why);

/* An entry without a source was stored before, and valid then: what was read now contradicts it. */
static enum status fault_of(const struct policy_item *item, enum status st)
{
    return st == ST_BAD_INPUT && !item->source ? ST_CONFLICT : st;
}

static enum status add_kind(struct building *b, const struct policy_items *items,
                            enum policy_kind kind, add_item *add, struct why *why)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct policy_item *item = &items->items[i];
        auto_json json_t *object = NULL;
        enum status st;

        if (item->kind != kind)
            continue;
        st = json_read_object(slice_of(item->document), &object, why);
        if (st == ST_OK)
            st = add(b, object, item, why);
        if (st != ST_OK)
            return policy_item_blame(item, fault_of(item, st), why);
    }
    return ST_OK;
}

static size_t count_kind(const struct policy_items *items, enum policy_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < items->count; i++)
        count += items->items[i].kind == kind;
    return count;
}

static enum status make_room(struct snapshot *s, const struct policy_items *items, struct why *why)
{
    size_t tenants = count_kind(items, POLICY_TENANT);
    size_t manifests = count_kind(items, POLICY_MANIFEST);
    enum status st = lookup_init(&s->by_name, tenants, why);

    if (st == ST_OK)
        st = lookup_init(&s->by_key, tenants, why);
    if (st == ST_OK)
        st = lookup_init(&s->by_manifest, manifests, why);
    if (st != ST_OK)
        return st;
    s->tenants = calloc(tenants + 1, sizeof *s->tenants);
    s->accounts = calloc(tenants + 1, sizeof *s->accounts);
    s->manifests = calloc(manifests + 1, sizeof *s->manifests);
    s->grants = calloc(manifests + 1, sizeof *s->grants);
    s->wards = calloc(manifests + 1, sizeof *s->wards);
    s->rules = calloc(count_kind(items, POLICY_RULE) + 1, sizeof *s->rules);
    s->plans = calloc(tenants * manifests + 1, sizeof *s->plans);
    if (!s->tenants || !s->accounts || !s->manifests || !s->grants || !s->wards || !s->rules ||
        !s->plans)
        return fail_memory(why);
    return ST_OK;
}

/* By way of the rules: most of them speak of few manifests. */
static enum status add_grants(struct snapshot *s, struct why *why)
{
    enum status st = ST_OK;
    size_t at;

    for (size_t i = 0; st == ST_OK && i < s->manifest_count; i++) {
        st = grants_new(s->manifests[i], &s->grants[i], why);
        s->wards[i].grants = s->grants[i];
    }
    for (size_t r = 0; r < s->rule_count; r++)
        for (size_t i = 0; st == ST_OK && manifest_of(s, s->rules[r], i, &at); i++)
            st = grants_add(s->grants[at], s->rules[r], why);
    return st;
}

enum status snapshot_new(const struct policy_items *items, const struct master *master,
                         struct quota_book *book, struct store *store, int64_t revision,
                         struct snapshot **ret, struct why *why)
{
    auto_snapshot struct snapshot *s = calloc(1, sizeof *s);
    struct building b = {s, master, book, store};
    enum status st;

    if (!s)
        return fail_memory(why);
    atomic_store(&s->holders, 1);
    s->revision = revision;
    st = make_room(s, items, why);
    if (st == ST_OK)
        st = add_kind(&b, items, POLICY_TENANT, add_tenant, why);
    if (st == ST_OK)
        st = add_kind(&b, items, POLICY_MANIFEST, add_manifest, why);
    if (st == ST_OK)
        st = add_kind(&b, items, POLICY_RULE, add_rule, why);
    if (st == ST_OK)
        st = add_grants(s, why);
    if (st == ST_OK)
        st = keyring_new(items, master, &s->keyring, why);
    if (st != ST_OK)
        return st;
    *ret = take(s);
    return ST_OK;
}

/* ---- asking ---- */

int64_t snapshot_revision(const struct snapshot *s)
{
    return s->revision;
}

size_t snapshot_tenant_count(const struct snapshot *s)
{
    return s->tenant_count;
}

size_t snapshot_manifest_count(const struct snapshot *s)
{
    return s->manifest_count;
}

size_t snapshot_rule_count(const struct snapshot *s)
{
    return s->rule_count;
}

const struct account *snapshot_account_by_key(const struct snapshot *s,
                                              const uint8_t hash[KEYED_HASH_SIZE])
{
    size_t at;

    if (!lookup_find(&s->by_key, (struct slice){(const char *)hash, KEYED_HASH_SIZE}, &at))
        return NULL;
    return &s->accounts[at];
}

const struct account *snapshot_account(const struct snapshot *s, struct slice tenant)
{
    size_t at;

    return lookup_find(&s->by_name, tenant, &at) ? &s->accounts[at] : NULL;
}

const struct account *snapshot_account_at(const struct snapshot *s, size_t i)
{
    return i < s->tenant_count ? &s->accounts[i] : NULL;
}

const struct ward *snapshot_ward(const struct snapshot *s, struct slice manifest)
{
    size_t at;

    return lookup_find(&s->by_manifest, manifest, &at) ? &s->wards[at] : NULL;
}

enum status snapshot_plan(const struct snapshot *s, const struct account *account,
                          const struct ward *ward, const struct plan **ret, struct why *why)
{
    _Atomic(struct plan *) *slot = &s->plans[account->index * s->manifest_count + ward->index];
    struct plan *plan = atomic_load_explicit(slot, memory_order_acquire);
    struct plan *other = NULL;
    enum status st;

    if (!plan) {
        st = manifest_plan(ward->manifest, account->tenant->name, keyring_ring(s->keyring), &plan,
                           why);
        if (st != ST_OK)
            return st;
        if (!atomic_compare_exchange_strong(slot, &other, plan)) {
            plan_free(plan); /* another thread was first */
            plan = other;
        }
    }
    *ret = plan;
    return ST_OK;
}
