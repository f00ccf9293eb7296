/* json_loose_read: JSON text becomes jansson's values. */
#include "common/json.h"
#include "employees-mock/match/json_grammar.h"
#include "employees-mock/match/json_loose.h"

#include <stdio.h>

static enum status read_value(struct cursor *r, struct slice name, json_t **ret);

static enum status read_item(struct cursor *r, size_t index, void *array)
{
    json_t *item = NULL;
    char name[24];
    size_t len = r->place ? (size_t)snprintf(name, sizeof name, "%zu", index) : 0;
    enum status st = read_value(r, (struct slice){name, len}, &item);

    if (st == ST_OK && json_array_append_new(array, item) != 0)
        st = fail_memory(r->why);
    return st;
}

static enum status read_array(struct cursor *r, json_t **ret)
{
    auto_json json_t *array = json_array();
    enum status st = array ? grammar_items(r, read_item, array) : fail_memory(r->why);

    if (st == ST_OK)
        *ret = take(array);
    return st;
}

static enum status read_member(struct cursor *r, struct slice name, void *object)
{
    json_t *value = NULL;
    enum status st = read_value(r, name, &value);

    if (st == ST_OK && json_object_setn_new_nocheck(object, name.data, name.len, value) != 0)
        st = fail_memory(r->why);
    return st;
}

static enum status read_object(struct cursor *r, json_t **ret)
{
    auto_json json_t *object = json_object();
    enum status st = object ? grammar_members(r, read_member, object) : fail_memory(r->why);

    if (st == ST_OK)
        *ret = take(object);
    return st;
}

static enum status read_string(struct cursor *r, json_t **ret)
{
    auto_buf struct buf space = BUF_INIT(r->text.len + 64);
    struct slice text;
    enum status st = grammar_text(r, &space, &text);

    if (st != ST_OK)
        return st;
    *ret = json_stringn(text.data, text.len);
    return *ret ? ST_OK : fail(r->why, ST_BAD_INPUT, "Invalid UTF-8");
}

static enum status read_number(struct cursor *r, json_t **ret)
{
    struct slice literal;
    enum status st = grammar_number(r, &literal);

    if (st != ST_OK)
        return st;
    *ret = json_loose_number(literal);
    return *ret ? ST_OK : fail_memory(r->why);
}

static enum status read_begun(struct cursor *r, enum grammar_value begins, json_t **ret)
{
    switch (begins) {
    case GRAMMAR_OBJECT:
        return read_object(r, ret);
    case GRAMMAR_ARRAY:
        return read_array(r, ret);
    case GRAMMAR_TEXT:
        return read_string(r, ret);
    case GRAMMAR_NUMBER:
        return read_number(r, ret);
    case GRAMMAR_WORD:
        break;
    }
    return grammar_word(r, ret);
}

/* The place is a value's own as soon as that has begun. Numbers and words are read at once. */
static enum status read_value(struct cursor *r, struct slice name, json_t **ret)
{
    enum grammar_value begins;
    enum status st = grammar_begin(r, &begins);
    size_t before;

    if (st != ST_OK)
        return st;
    if (!r->place || begins == GRAMMAR_NUMBER || begins == GRAMMAR_WORD)
        return read_begun(r, begins, ret);
    before = r->place->len;
    buf_put_char(r->place, '/');
    buf_put_slice(r->place, name);
    st = read_begun(r, begins, ret);
    if (st == ST_OK)
        r->place->len = before;
    return st;
}

enum status json_read_value(struct cursor *r, json_t **ret)
{
    enum grammar_value begins;
    enum status st = grammar_begin(r, &begins);

    return st == ST_OK ? read_begun(r, begins, ret) : st;
}

void json_loose_explain(struct slice text, struct json_fault *ret)
{
    struct why why = {0};
    struct cursor r = {.text = text, .why = &why, .words = ret->words, .place = ret->place};
    json_t *value = NULL;

    if (json_read_value(&r, &value) == ST_OK)
        json_decref(value);
    else if (ret->words->len == 0)
        buf_put_text(ret->words, why.text);
    ret->items = r.items;
}

enum status json_loose_read(struct slice text, json_t **ret, struct why *why)
{
    struct cursor r = {.text = text, .why = why};

    return json_read_value(&r, ret);
}
