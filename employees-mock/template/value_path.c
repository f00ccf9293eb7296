#include "employees-mock/template/value_path.h"

#include "common/json.h"
#include "employees-mock/match/json_path.h"
#include "employees-mock/template/java_number.h"

#include <ctype.h>
#include <stdlib.h>

enum { STEPS_MAX = 100, FOUND_MAX = 100000, CHOICES_MAX = 64 };

enum kind { NAMES, INDEXES, RANGE, ALL, FILTER };

struct part {
    enum kind kind;
    bool scan; /* ".." before it */
    struct slice names[CHOICES_MAX];
    int32_t indexes[CHOICES_MAX]; /* RANGE: from and to */
    size_t count;
    bool has_from;
    bool has_to;
    struct slice filter; /* "[?(...)]" */
};

struct value_path {
    struct part *parts[STEPS_MAX];
    size_t count;
};

/* ---- parsing ---- */

struct reader {
    struct arena *arena;
    struct slice text;
    size_t at;
};

static int peek(const struct reader *r)
{
    return r->at < r->text.len ? (unsigned char)r->text.data[r->at] : -1;
}

static void skip_blanks(struct reader *r)
{
    while (peek(r) == ' ')
        r->at++;
}

static bool read_name(struct reader *r, struct part *ret)
{
    size_t from = r->at;

    if (peek(r) == '*') {
        r->at++;
        ret->kind = ALL;
        return true;
    }
    while (r->at < r->text.len && !strchr(".[( ", r->text.data[r->at]))
        r->at++;
    if (peek(r) == '(' || r->at == from)
        return false;
    ret->kind = NAMES;
    ret->names[0] = (struct slice){r->text.data + from, r->at - from};
    ret->count = 1;
    return true;
}

static bool read_quoted(struct reader *r, struct slice *ret)
{
    char quote = r->text.data[r->at++];
    char *copy = arena_alloc(r->arena, r->text.len);
    size_t len = 0;

    while (copy && r->at < r->text.len && r->text.data[r->at] != quote) {
        if (r->text.data[r->at] == '\\' && r->at + 1 < r->text.len)
            r->at++;
        copy[len++] = r->text.data[r->at++];
    }
    if (!copy || peek(r) != quote)
        return false;
    r->at++;
    *ret = (struct slice){copy, len};
    return true;
}

static bool read_index(struct reader *r, int32_t *ret)
{
    size_t from = r->at;

    skip_blanks(r);
    from = r->at;
    r->at += peek(r) == '-';
    while (isdigit(peek(r)))
        r->at++;
    return java_parse_int((struct slice){r->text.data + from, r->at - from}, ret);
}

static bool read_names(struct reader *r, struct part *ret)
{
    ret->kind = NAMES;
    for (;;) {
        skip_blanks(r);
        if (ret->count >= CHOICES_MAX || (peek(r) != '\'' && peek(r) != '"') ||
            !read_quoted(r, &ret->names[ret->count]))
            return false;
        ret->count++;
        skip_blanks(r);
        if (peek(r) != ',')
            return true;
        r->at++;
    }
}

static bool read_range(struct reader *r, struct part *ret)
{
    ret->kind = RANGE;
    r->at++; /* ':' */
    skip_blanks(r);
    ret->has_to = peek(r) != ']';
    return !ret->has_to || read_index(r, &ret->indexes[1]);
}

static bool read_indexes(struct reader *r, struct part *ret)
{
    if (peek(r) == ':')
        return read_range(r, ret);
    ret->kind = INDEXES;
    for (;;) {
        if (ret->count >= CHOICES_MAX || !read_index(r, &ret->indexes[ret->count]))
            return false;
        ret->count++;
        skip_blanks(r);
        if (peek(r) == ':' && ret->count == 1) {
            ret->has_from = true;
            return read_range(r, ret);
        }
        if (peek(r) != ',')
            return true;
        r->at++;
    }
}

/* The filter as it stands, up to the bracket that closes it. */
static bool read_filter(struct reader *r, size_t from, struct part *ret)
{
    int depth = 1;
    char quote = '\0';

    ret->kind = FILTER;
    for (; r->at < r->text.len; r->at++) {
        char c = r->text.data[r->at];

        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"' || c == '/')
            quote = c;
        else
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        if (depth == 0)
            break;
    }
    ret->filter = (struct slice){r->text.data + from, r->at + 1 - from};
    return depth == 0;
}

static bool read_bracket(struct reader *r, struct part *ret)
{
    size_t from = r->at++;
    bool ok;

    skip_blanks(r);
    if (peek(r) == '?')
        ok = read_filter(r, from, ret);
    else if (peek(r) == '\'' || peek(r) == '"')
        ok = read_names(r, ret);
    else if (peek(r) == '*') {
        ret->kind = ALL;
        r->at++;
        ok = true;
    } else
        ok = read_indexes(r, ret);
    skip_blanks(r);
    if (!ok || peek(r) != ']')
        return false;
    r->at++;
    return true;
}

static bool read_part(struct reader *r, struct part *ret)
{
    if (peek(r) == '[')
        return read_bracket(r, ret);
    if (peek(r) != '.')
        return false;
    r->at++;
    if (peek(r) == '.') {
        ret->scan = true;
        r->at++;
    }
    if (ret->scan && peek(r) == '[')
        return read_bracket(r, ret);
    return read_name(r, ret);
}

/* A path that does not say where it begins, begins at the root. */
static struct slice from_root(struct arena *a, struct slice text)
{
    char *whole = arena_alloc(a, text.len + 2);

    if (!whole)
        return (struct slice){"", 0};
    memcpy(whole, "$.", 2);
    memcpy(whole + 2, text.data, text.len);
    return (struct slice){whole, text.len + 2};
}

enum status value_path_parse(struct arena *a, struct slice text, struct value_path **ret)
{
    struct value_path *p = arena_new(a, struct value_path);
    struct reader r = {a, slice_trim(text), 1};

    if (!p || r.text.len == 0)
        return p ? ST_BAD_INPUT : a->failed;
    if (r.text.data[0] != '$')
        r.text = from_root(a, r.text);
    if (r.text.len == 0)
        return a->failed;
    while (r.at < r.text.len) {
        struct part *part = p->count < STEPS_MAX ? arena_new(a, struct part) : NULL;

        if (!part || !read_part(&r, part))
            return ST_BAD_INPUT;
        p->parts[p->count++] = part;
    }
    *ret = p;
    return ST_OK;
}

/* ---- finding ---- */

struct finder {
    struct arena *arena;
    const struct value_path *path;
    struct value_places *found;
    size_t room;
    size_t work;
    bool no_member; /* an object is there, but not the member at the path's end */
    enum status failed;
};

static void find(struct finder *f, size_t step, struct value *v);

static struct value *items_of(const struct value *v)
{
    return v->kind == V_LIST ? v->list->items : NULL;
}

static struct value *child(const struct value *v, size_t i)
{
    if (v->kind == V_LIST)
        return &v->list->items[i];
    return v->kind == V_MAP ? &v->map->entries[i].value : NULL;
}

static void add(struct finder *f, struct value_place place)
{
    struct value_places *found = f->found;

    if (found->count == f->room) {
        size_t room = f->room ? f->room * 2 : 16;
        struct value_place *larger = arena_array(f->arena, room, sizeof *larger);

        if (!larger || room > FOUND_MAX) {
            f->failed = ST_TOO_LARGE;
            return;
        }
        if (found->count > 0)
            memcpy(larger, found->items, found->count * sizeof *larger);
        found->items = larger;
        f->room = room;
    }
    found->items[found->count++] = place;
}

static void go(struct finder *f, size_t step, struct value *holder, size_t i)
{
    struct value_place place = {holder, i};

    if (step + 1 == f->path->count)
        add(f, place);
    else
        find(f, step + 1, child(holder, i));
}

static void by_name(struct finder *f, size_t step, struct value *v, struct slice name)
{
    size_t i = 0;

    if (v->kind != V_MAP)
        return;
    while (i < v->map->count && !slice_equal(v->map->entries[i].name, name))
        i++;
    if (i < v->map->count)
        go(f, step, v, i);
    else
        f->no_member = step + 1 == f->path->count;
}

static void by_index(struct finder *f, size_t step, struct value *v, int64_t index)
{
    int64_t count = v->kind == V_LIST ? (int64_t)v->list->count : 0;

    index += index < 0 ? count : 0;
    if (index >= 0 && index < count)
        go(f, step, v, (size_t)index);
}

static void by_range(struct finder *f, size_t step, struct value *v, const struct part *p)
{
    int64_t count = v->kind == V_LIST ? (int64_t)v->list->count : 0;
    int64_t from = p->has_from ? p->indexes[0] : 0;
    int64_t to = p->has_to ? p->indexes[1] : count;

    from += from < 0 ? count : 0;
    to += to < 0 ? count : 0;
    for (int64_t i = from < 0 ? 0 : from; i < to && i < count; i++)
        go(f, step, v, (size_t)i);
}

static bool passes(const struct part *p, struct value item)
{
    auto_buf struct buf text = BUF_INIT(64 * 1024);
    auto_json_path struct json_path *path = NULL;
    auto_json json_t *array = json_array();
    auto_json json_t *found = NULL;
    json_t *json = value_to_jansson(item);

    buf_put_char(&text, '$');
    buf_put_slice(&text, p->filter);
    if (!json || !array || json_array_append_new(array, json) != 0 || text.failed != ST_OK ||
        json_path_compile(buf_slice(&text), &path, NULL) != ST_OK)
        return false;
    return json_path_read(path, array, &found, NULL) == ST_OK && json_array_size(found) > 0;
}

static void by_filter(struct finder *f, size_t step, struct value *v, const struct part *p)
{
    for (size_t i = 0; items_of(v) && i < v->list->count && f->failed == ST_OK; i++)
        if (passes(p, v->list->items[i]))
            go(f, step, v, i);
}

static void by_part(struct finder *f, size_t step, struct value *v)
{
    const struct part *p = f->path->parts[step];
    size_t count = v->kind == V_LIST || v->kind == V_MAP ? value_size(*v) : 0;

    for (size_t i = 0; p->kind == NAMES && i < p->count; i++)
        by_name(f, step, v, p->names[i]);
    for (size_t i = 0; p->kind == INDEXES && i < p->count; i++)
        by_index(f, step, v, p->indexes[i]);
    for (size_t i = 0; p->kind == ALL && i < count; i++)
        go(f, step, v, i);
    if (p->kind == RANGE)
        by_range(f, step, v, p);
    else if (p->kind == FILTER)
        by_filter(f, step, v, p);
}

static void find(struct finder *f, size_t step, struct value *v)
{
    size_t count = v->kind == V_LIST || v->kind == V_MAP ? value_size(*v) : 0;

    if (f->failed != ST_OK || ++f->work > FOUND_MAX) {
        f->failed = ST_TOO_LARGE;
        return;
    }
    by_part(f, step, v);
    for (size_t i = 0; f->path->parts[step]->scan && i < count; i++)
        find(f, step, child(v, i));
}

static bool is_definite(const struct value_path *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct part *part = p->parts[i];

        if (part->scan || part->count != 1 || (part->kind != NAMES && part->kind != INDEXES))
            return false;
    }
    return true;
}

enum status value_path_find(struct arena *a, const struct value_path *p, struct value *root,
                            struct value_places *ret)
{
    struct finder f = {.arena = a, .path = p, .found = ret};

    *ret = (struct value_places){0};
    if (p->count == 0)
        add(&f, (struct value_place){NULL, 0});
    else
        find(&f, 0, root);
    if (f.failed != ST_OK)
        return f.failed;
    return ret->count == 0 && is_definite(p) && !f.no_member ? ST_NOT_FOUND : ST_OK;
}

struct value *value_place_get(struct value *root, struct value_place place)
{
    return place.holder ? child(place.holder, place.index) : root;
}

/* ---- removing ---- */

static int compare_places(const void *left, const void *right)
{
    const struct value_place *a = left;
    const struct value_place *b = right;

    if (a->holder != b->holder)
        return (uintptr_t)a->holder < (uintptr_t)b->holder ? -1 : 1;
    return (a->index < b->index) - (a->index > b->index); /* the last first */
}

/* The tree was made for this call, so its lists and maps may change. */
static void remove_one(struct value_place place)
{
    struct value *v = place.holder;

    if (v->kind == V_LIST) {
        struct value_list *list = (struct value_list *)(uintptr_t)v->list;

        if (place.index >= list->count)
            return;
        list->count--;
        memmove(&list->items[place.index], &list->items[place.index + 1],
                (list->count - place.index) * sizeof list->items[0]);
    } else if (v->kind == V_MAP) {
        struct value_map *map = (struct value_map *)(uintptr_t)v->map;

        if (place.index >= map->count)
            return;
        map->count--;
        memmove(&map->entries[place.index], &map->entries[place.index + 1],
                (map->count - place.index) * sizeof map->entries[0]);
    }
}

/* Holders that stand in other holders move when those shrink: the list of each is shared by its
 * copies, so only the index order within one holder counts. */
void value_places_remove(struct value_places *places)
{
    struct value *holders = NULL;

    if (places->count == 0)
        return;
    qsort(places->items, places->count, sizeof places->items[0], compare_places);
    holders = malloc(places->count * sizeof *holders);
    for (size_t i = 0; holders && i < places->count; i++)
        holders[i] = *places->items[i].holder;
    for (size_t i = 0; holders && i < places->count; i++) {
        bool again = i > 0 && places->items[i].holder == places->items[i - 1].holder &&
                     places->items[i].index == places->items[i - 1].index;

        if (!again)
            remove_one((struct value_place){&holders[i], places->items[i].index});
    }
    free(holders);
}
