#include "employees-mock/template/request_path.h"

#include "common/hex.h"
#include "employees-mock/match/path_template.h"
#include "employees-mock/template/java_text.h"

#include <stdio.h>

/* What Java's URI takes for the path: behind "//" stands an authority. */
static struct slice path_of_uri(struct slice raw)
{
    size_t at = 2;

    if (!slice_starts(raw, SLICE("//")))
        return raw;
    while (at < raw.len && raw.data[at] != '/')
        at++;
    return slice_from(raw, at);
}

/* URI.getPath(): %xx decoded, '+' stays. */
static struct slice decoded_path(struct arena *a, struct slice raw)
{
    char *copy;
    size_t len = 0;

    if (!raw.len || !memchr(raw.data, '%', raw.len))
        return raw;
    copy = arena_alloc(a, raw.len);
    if (!copy)
        return raw;
    for (size_t i = 0; i < raw.len; i++) {
        bool escape = raw.data[i] == '%' && i + 2 < raw.len && hex_digit(raw.data[i + 1]) >= 0 &&
                      hex_digit(raw.data[i + 2]) >= 0;

        copy[len++] = escape ? (char)(hex_digit(raw.data[i + 1]) * 16 + hex_digit(raw.data[i + 2]))
                             : raw.data[i];
        i += escape ? 2 : 0;
    }
    return (struct slice){copy, len};
}

/* The next segment behind *at that is not empty; false: there is none. */
static bool next_segment(struct slice path, size_t *at, struct slice *ret)
{
    size_t end;

    while (*at < path.len && path.data[*at] == '/')
        ++*at;
    if (*at >= path.len)
        return false;
    for (end = *at; end < path.len && path.data[end] != '/'; end++)
        ;
    *ret = (struct slice){path.data + *at, end - *at};
    *at = end;
    return true;
}

static size_t count_segments(struct slice path)
{
    size_t at = 0;
    size_t count = 0;
    struct slice segment;

    while (next_segment(path, &at, &segment))
        count++;
    return count;
}

static struct value plain_path(struct arena *a, struct slice path)
{
    struct value_list *list = value_new_list(a, count_segments(path));
    struct slice segment;
    size_t at = 0;

    for (size_t i = 0; list && next_segment(path, &at, &segment); i++)
        list->items[i] = value_text(segment);
    if (list)
        list->text = path;
    return value_of_list(list, STYLE_PATH);
}

static void put(struct value_map *map, struct slice name, struct value value)
{
    size_t at = 0;

    while (at < map->count && !slice_equal(map->entries[at].name, name))
        at++;
    map->entries[at] = (struct value_entry){name, value};
    map->count += at == map->count;
}

/* With a path template: "0", "1", ..., then the names of its variables, which take the place of what
 * has the same name; wildcards are numbers, too. */
static struct value named_path(struct arena *a, const struct path_template *template,
                               struct slice raw)
{
    size_t names = path_template_count(template);
    size_t segments = count_segments(raw);
    struct value_map *map = value_new_map(a, segments + names);
    struct slice segment;
    size_t at = 0;

    if (!map)
        return VALUE_NULL;
    map->text = raw;
    map->count = 0;
    for (size_t i = 0; next_segment(raw, &at, &segment); i++) {
        char number[24];

        snprintf(number, sizeof number, "%zu", i);
        put(map, arena_copy(a, slice_of(number)), value_text(segment));
    }
    for (size_t i = 0; i < names; i++) {
        struct slice value;
        bool there = path_template_value(template, i, raw, &value);

        put(map, path_template_name(template, i), there ? value_text(value) : VALUE_NULL);
    }
    return value_of_map(map, STYLE_PATH);
}

struct value request_path(struct arena *a, struct slice raw, const struct path_template *template)
{
    if (template && path_template_count(template) > 0)
        return named_path(a, template, raw);
    return plain_path(a, decoded_path(a, path_of_uri(raw)));
}

static struct value split_at_slashes(struct arena *a, struct slice path)
{
    struct value_list *list;
    size_t count = 1;
    size_t from = 0;

    for (size_t i = 0; i < path.len; i++)
        count += path.data[i] == '/';
    list = value_new_list(a, count);
    for (size_t i = 0; list && i < count; i++) {
        size_t end = java_find(path, SLICE("/"), from);

        end = end == SIZE_MAX ? path.len : end;
        list->items[i] = value_text((struct slice){path.data + from, end - from});
        from = end + 1;
    }
    while (list && list->count > 0 && list->items[list->count - 1].text.len == 0)
        list->count--;
    return value_of_list(list, STYLE_PLAIN);
}

struct value request_path_iterated(struct arena *a, struct value v)
{
    return v.kind == V_MAP && v.style == STYLE_PATH ? split_at_slashes(a, v.map->text) : v;
}
