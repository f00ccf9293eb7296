/* References of a schema: ids and anchors are noted when it is compiled, as absolute references
 * and the JSON pointers they stand for. */
#include "common/json.h"
#include "employees-mock/match/json_schema_rules.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { REFERENCE_MAX = 4096 };

/* ---- references against a base ---- */

static bool is_absolute(const char *ref)
{
    size_t scheme = strcspn(ref, ":/?#");

    return scheme > 0 && ref[scheme] == ':';
}

/* Appends `ref` as it is meant under `base` (both may be empty). */
static void resolve(const char *base, const char *ref, struct buf *ret)
{
    size_t without_fragment = strcspn(base, "#");
    const char *authority = strstr(base, "://");
    size_t keep = without_fragment;

    if (is_absolute(ref)) {
        buf_put_text(ret, ref);
        return;
    }
    if (ref[0] == '/') {
        keep = authority ? (size_t)(authority - base) + 3 + strcspn(authority + 3, "/#") : 0;
    } else if (ref[0] != '#') {
        while (keep > 0 && base[keep - 1] != '/')
            keep--;
    }
    buf_put(ret, base, keep);
    buf_put_text(ret, ref);
}

/* An empty fragment says nothing. */
static void drop_empty_fragment(struct buf *ref)
{
    if (ref->len > 0 && ref->data[ref->len - 1] == '#')
        ref->len--;
}

/* ---- noting ---- */

/* A schema is noted by its address: the document lives as long as the index. */
static json_t *address_of(const json_t *schema)
{
    return json_integer((json_int_t)(uintptr_t)schema);
}

static const json_t *schema_at(const json_t *address)
{
    return address ? (const json_t *)(uintptr_t)json_integer_value(address) : NULL;
}

static enum status note(struct json_schema *s, struct buf *ref, const json_t *schema,
                        struct why *why)
{
    drop_empty_fragment(ref);
    if (!buf_text(ref) || json_object_set_new(s->targets, ref->data, address_of(schema)) != 0)
        return fail_memory(why);
    return ST_OK;
}

static void address_name(const json_t *schema, char ret[24])
{
    snprintf(ret, 24, "%llx", (unsigned long long)(uintptr_t)schema);
}

/* Every object knows its base, so that a $ref in it can be resolved. */
static enum status note_base(struct json_schema *s, const json_t *schema, const char *base,
                             struct why *why)
{
    char name[24];

    address_name(schema, name);
    if (json_object_set_new(s->bases, name, json_string(base)) != 0)
        return fail_memory(why);
    return ST_OK;
}

static enum status note_anchor(struct json_schema *s, const json_t *schema, const char *keyword,
                               const char *base, struct why *why)
{
    const char *anchor = json_string_value(json_object_get(schema, keyword));
    auto_buf struct buf ref = BUF_INIT(REFERENCE_MAX);

    if (!anchor)
        return ST_OK;
    buf_put(&ref, base, strcspn(base, "#"));
    buf_put_char(&ref, '#');
    buf_put_text(&ref, anchor);
    return note(s, &ref, schema, why);
}

static enum status index_value(struct json_schema *s, const json_t *value, const char *base,
                               unsigned depth, struct why *why);

static enum status index_children(struct json_schema *s, const json_t *value, const char *base,
                                  unsigned depth, struct why *why)
{
    enum status st = ST_OK;
    const char *name;
    json_t *child;
    size_t i;

    json_object_foreach ((json_t *)value, name, child) {
        bool is_data = strcmp(name, "enum") == 0 || strcmp(name, "const") == 0;

        if (st == ST_OK && !is_data)
            st = index_value(s, child, base, depth + 1, why);
    }
    json_array_foreach (value, i, child) {
        if (st == ST_OK)
            st = index_value(s, child, base, depth + 1, why);
    }
    return st;
}

static enum status index_value(struct json_schema *s, const json_t *value, const char *base,
                               unsigned depth, struct why *why)
{
    const char *id =
        json_string_value(json_object_get(value, s->version == SCHEMA_V4 ? "id" : "$id"));
    auto_buf struct buf own = BUF_INIT(REFERENCE_MAX);
    enum status st = ST_OK;

    if (depth > SCHEMA_DEPTH_MAX)
        return fail(why, ST_BAD_INPUT, "the schema is nested too deep");
    if (id) {
        resolve(base, id, &own);
        st = note(s, &own, value, why);
        base = own.data;
    }
    if (st == ST_OK && json_is_object(value))
        st = note_base(s, value, base, why);
    if (st == ST_OK)
        st = note_anchor(s, value, "$anchor", base, why);
    if (st == ST_OK)
        st = note_anchor(s, value, "$dynamicAnchor", base, why);
    return st == ST_OK ? index_children(s, value, base, depth, why) : st;
}

enum status schema_index_refs(struct json_schema *s, struct why *why)
{
    return index_value(s, s->root, "", 0, why);
}

/* ---- finding ---- */

/* "%25" and "~1" of a JSON pointer in a fragment. */
static void decode_step(struct slice step, struct buf *ret)
{
    for (size_t i = 0; i < step.len; i++) {
        char c = step.data[i];

        if (c == '%' && i + 2 < step.len) {
            char hex[3] = {step.data[i + 1], step.data[i + 2], '\0'};

            buf_put_char(ret, (char)strtol(hex, NULL, 16));
            i += 2;
        } else if (c == '~' && i + 1 < step.len) {
            buf_put_char(ret, step.data[++i] == '1' ? '/' : '~');
        } else {
            buf_put_char(ret, c);
        }
    }
}

static const json_t *follow_pointer(const json_t *value, const char *pointer)
{
    while (value && *pointer == '/') {
        size_t len = strcspn(pointer + 1, "/");
        auto_buf struct buf step = BUF_INIT(REFERENCE_MAX);

        decode_step((struct slice){pointer + 1, len}, &step);
        if (!buf_text(&step))
            return NULL;
        value = json_is_array(value) ? json_array_get(value, strtoul(step.data, NULL, 10))
                                     : json_object_get(value, step.data);
        pointer += 1 + len;
    }
    return *pointer ? NULL : value;
}

static const char *base_of(const struct json_schema *s, const json_t *schema)
{
    char name[24];
    const char *base;

    address_name(schema, name);
    base = json_string_value(json_object_get(s->bases, name));
    return base ? base : "";
}

static const json_t *find_absolute(const struct json_schema *s, const char *ref)
{
    const char *fragment = strchr(ref, '#');
    const json_t *known = schema_at(json_object_get(s->targets, ref));
    auto_buf struct buf resource = BUF_INIT(REFERENCE_MAX);

    if (known)
        return known;
    buf_put(&resource, ref, strcspn(ref, "#"));
    if (!buf_text(&resource))
        return NULL;
    known = resource.len == 0 ? s->root : schema_at(json_object_get(s->targets, resource.data));
    if (!known || !fragment || !fragment[1])
        return known;
    return fragment[1] == '/' ? follow_pointer(known, fragment + 1) : NULL;
}

const json_t *schema_find_ref(const struct json_schema *s, const json_t *from, const char *ref)
{
    auto_buf struct buf whole = BUF_INIT(REFERENCE_MAX);

    resolve(base_of(s, from), ref, &whole);
    return buf_text(&whole) ? find_absolute(s, whole.data) : NULL;
}

/* Of all schemas entered, the outermost that has the anchor. */
const json_t *schema_find_dynamic(const struct validation *v, const json_t *from, const char *ref)
{
    const json_t *plain = schema_find_ref(v->schema, from, ref);
    const char *anchor = json_string_value(json_object_get(plain, "$dynamicAnchor"));
    auto_buf struct buf fragment = BUF_INIT(REFERENCE_MAX);

    if (!anchor)
        return plain;
    buf_put_char(&fragment, '#');
    buf_put_text(&fragment, anchor);
    for (size_t i = 0; i < v->scope_count && buf_text(&fragment); i++) {
        const json_t *found = schema_find_ref(v->schema, v->scopes[i], fragment.data);

        if (found && json_object_get(found, "$dynamicAnchor"))
            return found;
    }
    return plain;
}
