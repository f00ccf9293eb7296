/* Over JSON text that nobody asks for, or that need only be whole. */
#include "employees-mock/match/json_grammar.h"
#include "employees-mock/match/json_loose.h"

static enum status skip_item(struct cursor *r, size_t index, void *context)
{
    (void)index;
    (void)context;
    return json_skip_value(r);
}

static enum status skip_member(struct cursor *r, struct slice name, void *context)
{
    (void)name;
    (void)context;
    return json_skip_value(r);
}

static enum status skip_text(struct cursor *r)
{
    auto_buf struct buf space = BUF_INIT(r->text.len + 64);
    struct slice text;

    return grammar_text(r, &space, &text);
}

enum status json_skip_value(struct cursor *r)
{
    enum grammar_value begins;
    struct slice number;
    json_t *word;
    enum status st = grammar_begin(r, &begins);

    if (st != ST_OK)
        return st;
    switch (begins) {
    case GRAMMAR_OBJECT:
        return grammar_members(r, skip_member, NULL);
    case GRAMMAR_ARRAY:
        return grammar_items(r, skip_item, NULL);
    case GRAMMAR_TEXT:
        return skip_text(r);
    case GRAMMAR_NUMBER:
        return grammar_number(r, &number);
    case GRAMMAR_WORD:
        break;
    }
    return grammar_word(r, &word);
}

bool json_loose_is_whole(struct slice text)
{
    struct cursor r = {.text = text};

    return json_skip_value(&r) == ST_OK;
}
