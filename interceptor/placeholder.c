#include "interceptor/placeholder.h"

#include "common/file.h"
#include "interceptor/place.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FILLED_MAX = 1 << 20, DEPTH_MAX = 100, NAME_MAX_BYTES = 200 };

static enum status find_in_file(const char *name, char **ret, struct why *why)
{
    auto_buf struct buf content = BUF_INIT(FILLED_MAX);
    char variable[NAME_MAX_BYTES + 8];
    struct why reason = {0};
    const char *file;
    enum status st;

    snprintf(variable, sizeof variable, "%s_FILE", name);
    file = getenv(variable);
    if (!file)
        return ST_OK;
    st = file_read(file, &content, &reason);
    if (st != ST_OK)
        return fail(why, st, "the file that %s names %s", variable, reason.text);
    if (memchr(content.data, '\0', content.len))
        return fail(why, ST_BAD_INPUT, "the file that %s names has a NUL byte", variable);
    while (content.len > 0 &&
           (content.data[content.len - 1] == '\n' || content.data[content.len - 1] == '\r'))
        content.len--;
    *ret = buf_take(&content, &(size_t){0});
    return *ret ? ST_OK : fail_memory(why);
}

static enum status find_in_environment(void *ctx, const char *name, char **ret, struct why *why)
{
    const char *value = getenv(name);

    (void)ctx;
    if (!value)
        return find_in_file(name, ret, why);
    *ret = strdup(value);
    return *ret ? ST_OK : fail_memory(why);
}

const struct variables environment_variables = {find_in_environment, NULL};

static bool name_valid(struct slice name)
{
    if (name.len == 0 || name.len > NAME_MAX_BYTES || (name.data[0] >= '0' && name.data[0] <= '9'))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '_'))
            return false;
    }
    return true;
}

/* `inside`: what stands between the braces. */
static enum status fill_one(struct slice inside, const struct variables *from, struct buf *ret,
                            struct why *why)
{
    const char *mark = memmem(inside.data, inside.len, ":-", 2);
    struct slice name = {inside.data, mark ? (size_t)(mark - inside.data) : inside.len};
    auto_free char *name_text = NULL;
    auto_free char *value = NULL;
    enum status st;

    if (!name_valid(name))
        return fail(why, ST_BAD_INPUT, "a placeholder is ${NAME} or ${NAME:-default}");
    if (!from)
        return fail(why, ST_BAD_INPUT, "placeholders are filled in files only");
    if (memmem(inside.data, inside.len, "${", 2))
        return fail(why, ST_BAD_INPUT, "a placeholder's default holds no other placeholder");
    name_text = slice_dup(name);
    if (!name_text)
        return fail_memory(why);
    st = from->find(from->ctx, name_text, &value, why);
    if (st != ST_OK)
        return st;
    if (value && (value[0] != '\0' || !mark))
        buf_put_text(ret, value);
    else if (mark)
        buf_put(ret, mark + 2, inside.len - name.len - 2);
    else
        return fail(why, ST_BAD_INPUT, "the variable %s is not set", name_text);
    return ST_OK;
}

static enum status fill_text(struct slice text, const struct variables *from, struct buf *ret,
                             struct why *why)
{
    while (text.len > 0) {
        const char *dollar = memmem(text.data, text.len, "${", 2);
        const char *close;
        size_t before = dollar ? (size_t)(dollar - text.data) : text.len;
        enum status st;

        buf_put(ret, text.data, before);
        if (!dollar)
            return buf_status(ret, why);
        text = (struct slice){dollar + 2, text.len - before - 2};
        if (before > 0 && dollar[-1] == '$') {
            buf_put_text(ret, "{"); /* the first dollar is there already */
            continue;
        }
        close = memchr(text.data, '}', text.len);
        if (!close)
            return fail(why, ST_BAD_INPUT, "a placeholder has no closing brace");
        st = fill_one((struct slice){text.data, (size_t)(close - text.data)}, from, ret, why);
        if (st != ST_OK)
            return st;
        text.len -= (size_t)(close + 1 - text.data);
        text.data = close + 1;
    }
    return buf_status(ret, why);
}

static enum status fill_string(const json_t *value, const struct variables *from, json_t **ret,
                               struct why *why)
{
    auto_buf struct buf filled = BUF_INIT(FILLED_MAX);
    struct slice text = {json_string_value(value), json_string_length(value)};
    enum status st = fill_text(text, from, &filled, why);

    if (st != ST_OK)
        return place_here(why, st);
    *ret = json_stringn(filled.len ? filled.data : "", filled.len);
    return *ret ? ST_OK : fail_at(why, ST_BAD_INPUT, "", "is no UTF-8 text once it is filled in");
}

static enum status fill_at(const json_t *value, const struct variables *from, int depth,
                           json_t **ret, struct why *why);

static enum status fill_array(const json_t *value, const struct variables *from, int depth,
                              json_t **ret, struct why *why)
{
    auto_json json_t *copy = json_array();

    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *item = NULL;
        enum status st = fill_at(json_array_get(value, i), from, depth + 1, &item, why);

        if (st != ST_OK)
            return place_before(why, st, "[%zu]", i);
        if (json_array_append_new(copy, item) != 0)
            return fail_memory(why);
    }
    *ret = take(copy);
    return ST_OK;
}

static enum status fill_object(const json_t *value, const struct variables *from, int depth,
                               json_t **ret, struct why *why)
{
    auto_json json_t *copy = json_object();
    const char *name;
    json_t *member;

    json_object_foreach ((json_t *)(uintptr_t)value, name, member) {
        json_t *filled = NULL;
        enum status st = fill_at(member, from, depth + 1, &filled, why);

        if (st != ST_OK)
            return place_before(why, st, "%s", name);
        if (json_object_set_new(copy, name, filled) != 0)
            return fail_memory(why);
    }
    *ret = take(copy);
    return ST_OK;
}

static enum status fill_at(const json_t *value, const struct variables *from, int depth,
                           json_t **ret, struct why *why)
{
    if (depth > DEPTH_MAX)
        return fail_at(why, ST_TOO_LARGE, "", "nested deeper than %d", DEPTH_MAX);
    if (json_is_array(value))
        return fill_array(value, from, depth, ret, why);
    if (json_is_object(value))
        return fill_object(value, from, depth, ret, why);
    if (json_is_string(value))
        return fill_string(value, from, ret, why);
    *ret = json_deep_copy(value);
    return *ret ? ST_OK : fail_memory(why);
}

enum status placeholder_fill(const json_t *value, const struct variables *from, json_t **ret,
                             struct why *why)
{
    return fill_at(value, from, 1, ret, why);
}

static enum status escape_string(json_t *value, struct why *why)
{
    auto_buf struct buf escaped = BUF_INIT(2 * FILLED_MAX);
    struct slice text = {json_string_value(value), json_string_length(value)};
    enum status st;

    if (!memmem(text.data, text.len, "${", 2))
        return ST_OK;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '$' && i + 1 < text.len && text.data[i + 1] == '{')
            buf_put_char(&escaped, '$');
        buf_put_char(&escaped, text.data[i]);
    }
    st = buf_status(&escaped, why);
    if (st == ST_OK && json_string_setn(value, escaped.data, escaped.len) != 0)
        st = fail_memory(why);
    return st;
}

enum status placeholder_escape(json_t *value, struct why *why)
{
    enum status st = ST_OK;
    const char *name;
    json_t *member;
    size_t i;

    if (json_is_string(value))
        return escape_string(value, why);
    if (json_is_array(value)) {
        json_array_foreach (value, i, member) {
            if (st == ST_OK)
                st = placeholder_escape(member, why);
        }
    } else if (json_is_object(value)) {
        json_object_foreach (value, name, member) {
            if (st == ST_OK)
                st = placeholder_escape(member, why);
        }
    }
    return st;
}
