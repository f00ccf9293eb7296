#include "interceptor/claims.h"

#include "common/utf8.h"
#include "interceptor/place.h"

#include <string.h>

enum term_kind { OP_EQUALS, OP_ALL, OP_ANY, OP_NOT };

struct claims {
    enum term_kind op;
    char *name; /* OP_EQUALS */
    char *value;
    struct claims **terms; /* the others */
    size_t count;
};

static enum status parse_at(const json_t *expression, int depth, struct claims **ret,
                            struct why *why);

void claims_free(struct claims *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        claims_free(c->terms[i]);
    free(c->terms);
    free(c->name);
    free(c->value);
    free(c);
}

static enum status parse_equals(const json_t *object, struct claims *c, struct why *why)
{
    static const char *const known[] = {"claim", "equals", NULL};
    const char *name = NULL;
    const char *value = NULL;
    enum status st = json_only(object, known, why);

    if (st == ST_OK)
        st = json_need_text(object, "claim", &name, why);
    if (st == ST_OK)
        st = json_get_text(object, "equals", &value, why);
    if (st != ST_OK)
        return st;
    if (!value)
        return fail_at(why, ST_BAD_INPUT, "equals", "a claim needs the value it equals");
    c->name = strdup(name);
    c->value = strdup(value);
    return c->name && c->value ? ST_OK : fail_memory(why);
}

static enum status add_term(struct claims *c, const json_t *expression, int depth, struct why *why)
{
    enum status st = parse_at(expression, depth + 1, &c->terms[c->count], why);

    if (st == ST_OK)
        c->count++;
    return st;
}

static enum status parse_list(const json_t *list, const char *name, int depth, struct claims *c,
                              struct why *why)
{
    size_t count = json_array_size(list);

    if (!json_is_array(list))
        return fail_at(why, ST_BAD_INPUT, name, "must be a list of expressions");
    if (count == 0 || count > CLAIMS_TERMS_MAX)
        return fail_at(why, ST_TOO_LARGE, name, "must have 1 to %d expressions", CLAIMS_TERMS_MAX);
    c->terms = calloc(count, sizeof *c->terms);
    if (!c->terms)
        return fail_memory(why);
    for (size_t i = 0; i < count; i++) {
        enum status st = add_term(c, json_array_get(list, i), depth, why);

        if (st != ST_OK)
            return place_before(why, st, "%s[%zu]", name, i);
    }
    return ST_OK;
}

static enum status parse_not(const json_t *term, int depth, struct claims *c, struct why *why)
{
    c->terms = calloc(1, sizeof *c->terms);
    if (!c->terms)
        return fail_memory(why);
    return place_before(why, add_term(c, term, depth, why), "not");
}

/* Which of the forms an object is, by its one telling member. */
static enum status parse_form(const json_t *object, int depth, struct claims *c, struct why *why)
{
    static const char *const forms[] = {
        [OP_EQUALS] = "claim", [OP_ALL] = "all", [OP_ANY] = "any", [OP_NOT] = "not"};

    for (size_t op = 0; op < sizeof forms / sizeof forms[0]; op++) {
        const json_t *member = json_object_get(object, forms[op]);

        if (!member)
            continue;
        c->op = (enum term_kind)op;
        if (op == OP_EQUALS)
            return parse_equals(object, c, why);
        if (json_object_size(object) != 1)
            return fail(why, ST_BAD_INPUT, "\"%s\" stands alone in its object", forms[op]);
        return op == OP_NOT ? parse_not(member, depth, c, why)
                            : parse_list(member, forms[op], depth, c, why);
    }
    return fail(why, ST_BAD_INPUT, "must have one of \"claim\", \"all\", \"any\", \"not\"");
}

static enum status parse_at(const json_t *expression, int depth, struct claims **ret,
                            struct why *why)
{
    auto_claims struct claims *c = NULL;
    enum status st;

    if (why)
        why->place[0] = '\0';
    if (!json_is_object(expression))
        return fail(why, ST_BAD_INPUT, "a claims expression must be an object");
    if (depth > CLAIMS_DEPTH_MAX)
        return fail(why, ST_TOO_LARGE, "nested deeper than %d", CLAIMS_DEPTH_MAX);
    c = calloc(1, sizeof *c);
    if (!c)
        return fail_memory(why);
    st = parse_form(expression, depth, c, why);
    if (st != ST_OK)
        return st;
    *ret = take(c);
    return ST_OK;
}

enum status claims_parse(const json_t *expression, struct claims **ret, struct why *why)
{
    return parse_at(expression, 1, ret, why);
}

static bool equals(const struct claims *c, const struct claim *given, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (utf8_equal_nocase(given[i].name, slice_of(c->name)) &&
            slice_is(given[i].value, c->value))
            return true;
    return false;
}

bool claims_hold(const struct claims *c, const struct claim *given, size_t count)
{
    switch (c->op) {
    case OP_EQUALS:
        return equals(c, given, count);
    case OP_NOT:
        return !claims_hold(c->terms[0], given, count);
    case OP_ALL:
        for (size_t i = 0; i < c->count; i++)
            if (!claims_hold(c->terms[i], given, count))
                return false;
        return true;
    case OP_ANY:
        for (size_t i = 0; i < c->count; i++)
            if (claims_hold(c->terms[i], given, count))
                return true;
        return false;
    }
    return false;
}
