#include "interceptor/engine/json_item.h"

#include "interceptor/engine/name_hash.h"
#include "interceptor/engine/scan.h"

#include <stdlib.h>

/* An object or array that is stepped over. */
struct level {
    struct name_scope scope;
    bool object;
    bool filled;
};

struct skipper {
    struct json_text *t;
    const char *p;
    struct name_set *names; /* NULL: the text was checked before */
    size_t depth;
    size_t outside;
    struct level levels[NAME_SET_DEPTH_MAX];
};

bool json_item_same_name(void *ctx, const struct name_place *a, const struct name_place *b)
{
    const struct json_text *t = ctx;

    return json_text_same(t, (struct slice){t->start + a->offset, a->len},
                          (struct slice){t->start + b->offset, b->len});
}

/* Names that differ only in how they are escaped must have the same hash. False: no memory. */
static bool hash_of(const struct json_text *t, struct slice raw, uint64_t *ret)
{
    auto_buf struct buf decoded = BUF_INIT(SIZE_MAX / 2);
    const uint64_t seed = (uintptr_t)t->start * 0x9e3779b97f4a7c15u;

    if (memchr(raw.data, '\\', raw.len)) {
        json_text_decode(t, raw, &decoded);
        raw = buf_slice(&decoded);
    }
    *ret = name_hash(seed, raw);
    return decoded.failed == ST_OK;
}

bool json_item_given_twice(struct json_text *t, struct slice name)
{
    json_text_fail(t, name.data - 1, "a member is given twice");
    return false;
}

bool json_item_add_name(struct json_text *t, struct name_set *names, struct name_scope *scope,
                        size_t depth, struct slice name)
{
    enum status st;
    uint64_t hash;

    if (!hash_of(t, name, &hash))
        return false;
    st = name_set_add(names, scope, depth, (uint32_t)(hash >> 32), (uint32_t)(name.data - t->start),
                      (uint32_t)name.len);
    return st == ST_CONFLICT ? json_item_given_twice(t, name) : st == ST_OK;
}

const char *json_item_name(struct json_text *t, const char *p, struct slice *ret)
{
    struct json_string name;

    if (p == t->end || *p != '"')
        return json_text_fail(t, p, "a name is expected");
    p = json_text_string(t, p + 1, ROLE_NAME, &name);
    if (!p)
        return NULL;
    p = scan_blanks(p, t->end);
    if (p == t->end || *p != ':')
        return json_text_fail(t, p, "a colon is expected");
    *ret = name.raw;
    return scan_blanks(p + 1, t->end);
}

static const char *read_string(struct json_text *t, const char *p, struct json_item *ret)
{
    struct json_string string;

    p = json_text_string(t, p + 1, ROLE_IN_ARRAY, &string);
    if (p)
        *ret = (struct json_item){ITEM_STRING, string.raw};
    return p;
}

static const char *read_scalar(struct json_text *t, const char *p, struct json_item *ret)
{
    const char *from = p;

    if (p == t->end)
        return json_text_fail(t, p, "the text ends before a value");
    if (*p == '"')
        return read_string(t, p, ret);
    ret->kind = *p == 'n' ? ITEM_NULL : *p == 't' || *p == 'f' ? ITEM_BOOLEAN : ITEM_NUMBER;
    p = ret->kind == ITEM_NUMBER ? json_text_number(t, p) : json_text_word(t, p);
    if (p)
        ret->raw = (struct slice){from, (size_t)(p - from)};
    return p;
}

static bool push(struct skipper *s)
{
    struct level *level;

    if (s->depth + s->outside >= NAME_SET_DEPTH_MAX)
        return json_text_fail(s->t, s->p, "nested deeper than 512");
    level = &s->levels[s->depth++];
    level->object = *s->p++ == '{';
    level->filled = false;
    if (s->names)
        name_set_open(s->names, &level->scope);
    return true;
}

static void pop(struct skipper *s)
{
    s->p++;
    s->depth--;
    if (s->names)
        name_set_close(s->names, &s->levels[s->depth].scope);
}

static bool skip_name(struct skipper *s, struct level *level)
{
    struct slice name;

    s->p = json_item_name(s->t, s->p, &name);
    return s->p && (!s->names ||
                    json_item_add_name(s->t, s->names, &level->scope, s->depth + s->outside, name));
}

/* A value inside a container, or the opening of one. */
static bool skip_value(struct skipper *s)
{
    struct json_item item;

    if (s->p < s->t->end && (*s->p == '{' || *s->p == '['))
        return push(s);
    s->p = read_scalar(s->t, s->p, &item);
    return s->p != NULL;
}

/* One entry of the innermost container with the comma before it, or its end. */
static bool skip_entry(struct skipper *s)
{
    struct level *level = &s->levels[s->depth - 1];

    s->p = scan_blanks(s->p, s->t->end);
    if (s->p < s->t->end && *s->p == (level->object ? '}' : ']')) {
        pop(s);
        return true;
    }
    if (level->filled) {
        if (s->p == s->t->end || *s->p != ',')
            return json_text_fail(s->t, s->p, "a comma is expected");
        s->p = scan_blanks(s->p + 1, s->t->end);
    }
    level->filled = true;
    return (!level->object || skip_name(s, level)) && skip_value(s);
}

static const char *skip_container(struct json_text *t, const char *p, struct name_set *names,
                                  size_t depth, struct json_item *ret)
{
    struct skipper s; /* its levels are filled in as they open: clearing all would cost more */

    s.t = t;
    s.p = p;
    s.names = names;
    s.depth = 0;
    s.outside = depth;
    if (!push(&s))
        return NULL;
    while (s.depth > 0) {
        if (!skip_entry(&s))
            return NULL;
    }
    *ret = (struct json_item){*p == '{' ? ITEM_OBJECT : ITEM_ARRAY, {p, (size_t)(s.p - p)}};
    return s.p;
}

const char *json_item_read(struct json_text *t, const char *p, struct name_set *names, size_t depth,
                           struct json_item *ret)
{
    if (p < t->end && (*p == '{' || *p == '['))
        return skip_container(t, p, names, depth, ret);
    return read_scalar(t, p, ret);
}

bool json_item_next(struct json_text *t, const struct json_item *container, const char **at,
                    struct slice *ret_name, struct json_item *ret)
{
    const char *p = *at ? *at : container->raw.data;

    p = scan_blanks(p, t->end);
    if (*at && (*p == '}' || *p == ']'))
        return false;
    p = scan_blanks(p + 1, t->end); /* the opening bracket, or a comma */
    if (*p == '}' || *p == ']')
        return false;
    *ret_name = (struct slice){NULL, 0};
    if (container->kind == ITEM_OBJECT)
        p = json_item_name(t, p, ret_name);
    if (p)
        p = json_item_read(t, p, NULL, 0, ret);
    *at = p;
    return p != NULL;
}
