/* json_path_read_text: a path is followed while the text is read, and what lies beside it is only
 * looked over. */
#include "employees-mock/match/json_grammar.h"
#include "employees-mock/match/json_path_tokens.h"

static enum status follow(struct cursor *r, const struct token *t, json_t **found);

/* ---- the way ---- */

struct way {
    const struct token *token;
    json_t **found;
};

static enum status follow_item(struct cursor *r, size_t index, void *context)
{
    const struct way *w = context;

    if (index != (size_t)w->token->indexes[0])
        return json_skip_value(r);
    return follow(r, w->token->next, w->found);
}

/* Of members with the same name the last counts. */
static enum status follow_member(struct cursor *r, struct slice name, void *context)
{
    const struct way *w = context;

    if (!slice_is(name, w->token->names[0]))
        return json_skip_value(r);
    json_decref(*w->found);
    *w->found = NULL;
    return follow(r, w->token->next, w->found);
}

static enum status follow(struct cursor *r, const struct token *t, json_t **found)
{
    struct way w = {t, found};
    enum grammar_value begins;
    enum status st;

    if (!t)
        return json_read_value(r, found);
    st = grammar_begin(r, &begins);
    if (st != ST_OK)
        return st;
    if (begins == GRAMMAR_OBJECT && t->kind == TOKEN_PROPERTY)
        return grammar_members(r, follow_member, &w);
    if (begins == GRAMMAR_ARRAY && t->kind == TOKEN_INDEX)
        return grammar_items(r, follow_item, &w);
    return json_skip_value(r);
}

/* ---- all together ---- */

/* Only names and places counted from the front can be met while reading on. */
static bool can_be_followed(const struct token *t)
{
    if (!t)
        return false;
    for (; t; t = t->next) {
        bool name = t->kind == TOKEN_PROPERTY && t->name_count == 1;
        bool place = t->kind == TOKEN_INDEX && t->index_count == 1 && t->indexes[0] >= 0;

        if (!name && !place)
            return false;
    }
    return true;
}

enum status json_path_read_text(const struct json_path *p, struct slice text, json_t **ret)
{
    struct cursor r = {.text = text};
    const struct token *first = p->root->next;
    enum grammar_value begins;
    json_t *found = NULL;

    if (!can_be_followed(first) || grammar_begin(&r, &begins) != ST_OK ||
        (begins != GRAMMAR_OBJECT && begins != GRAMMAR_ARRAY))
        return ST_UNSUPPORTED;
    if (follow(&r, first, &found) != ST_OK) {
        json_decref(found);
        return ST_UNSUPPORTED;
    }
    if (!found)
        return ST_NOT_FOUND;
    *ret = found;
    return ST_OK;
}
