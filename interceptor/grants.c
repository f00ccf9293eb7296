#include "interceptor/grants.h"

#include <stdint.h>
#include <string.h>

enum { WORD_BITS = 64 };

struct coverage {
    const struct rule *rule;
    uint64_t *bits; /* one for each attribute */
};

struct grants {
    const struct manifest *manifest;
    size_t words; /* of the bits of a rule */
    struct coverage *rules;
    size_t count;
    size_t capacity;
};

void grants_free(struct grants *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->count; i++)
        free(g->rules[i].bits);
    free(g->rules);
    free(g);
}

static bool covered(const struct coverage *c, size_t attribute)
{
    return c->bits[attribute / WORD_BITS] >> (attribute % WORD_BITS) & 1;
}

enum status grants_new(const struct manifest *manifest, struct grants **ret, struct why *why)
{
    struct grants *g = calloc(1, sizeof *g);

    if (!g)
        return fail_memory(why);
    g->manifest = manifest;
    g->words = manifest->count / WORD_BITS + 1;
    *ret = g;
    return ST_OK;
}

static enum status make_room(struct grants *g, struct why *why)
{
    size_t capacity = g->capacity ? 2 * g->capacity : 4;
    struct coverage *more;

    if (g->count < g->capacity)
        return ST_OK;
    more = realloc(g->rules, capacity * sizeof *more);
    if (!more)
        return fail_memory(why);
    g->rules = more;
    g->capacity = capacity;
    return ST_OK;
}

enum status grants_add(struct grants *g, const struct rule *rule, struct why *why)
{
    struct coverage *c;

    if (g->count > 0 && g->rules[g->count - 1].rule == rule)
        return ST_OK;
    if (make_room(g, why) != ST_OK)
        return ST_NO_MEMORY;
    c = &g->rules[g->count];
    c->rule = rule;
    c->bits = calloc(g->words, sizeof *c->bits);
    if (!c->bits)
        return fail_memory(why);
    g->count++;
    for (size_t i = 0; i < g->manifest->count; i++) {
        const struct manifest_attribute *a = &g->manifest->attributes[i];

        if (rule_covers_attribute(rule, a->path, a->classification))
            c->bits[i / WORD_BITS] |= (uint64_t)1 << (i % WORD_BITS);
    }
    return ST_OK;
}

bool grants_decide(const struct grants *g, const struct rule_request *request, bool *ret_granted)
{
    bool any = false;

    memset(ret_granted, 0, g->manifest->count * sizeof *ret_granted);
    for (size_t i = 0; i < g->count; i++) {
        const struct coverage *c = &g->rules[i];

        if (rule_test(c->rule, request) != RULE_GRANTS)
            continue;
        for (size_t a = 0; a < g->manifest->count; a++) {
            if (covered(c, a)) {
                ret_granted[a] = true;
                any = true;
            }
        }
    }
    return any;
}

void grants_explain(const struct grants *g, size_t attribute, const struct rule_request *request,
                    bool (*each)(void *ctx, const struct rule *rule, enum rule_outcome outcome),
                    void *ctx)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct coverage *c = &g->rules[i];

        if (covered(c, attribute) && !each(ctx, c->rule, rule_test(c->rule, request)))
            return;
    }
}
