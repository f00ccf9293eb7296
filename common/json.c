#include "common/json.h"

#include "common/file.h"
#include "common/memory.h"

#include <stdio.h>
#include <string.h>

void json_watch_memory(void)
{
    json_set_alloc_funcs(memory_alloc, memory_release);
}

/* ---- reading ---- */

/* jansson's words quote the text behind "near", which may be somebody's data; a duplicate is the
 * exception, since only the member's name stands there. */
static enum status fail_syntax(const json_error_t *error, struct why *why)
{
    const char *quote = strstr(error->text, " near '");
    size_t len = strlen(error->text);

    /* Where jansson's own memory ends it has no words. */
    if (json_error_code(error) == json_error_out_of_memory || !error->text[0] || memory_failed())
        return fail_memory(why);
    if (quote && json_error_code(error) != json_error_duplicate_key)
        len = (size_t)(quote - error->text);
    if (json_error_code(error) == json_error_null_character)
        return fail(why, ST_BAD_INPUT, "text with \\u0000 is not taken");
    return fail(why, ST_BAD_INPUT, "%.*s", (int)len, error->text);
}

/* No token is longer. */
static size_t longest_token(struct slice text)
{
    size_t longest = 0, from = 0;

    for (size_t at = 0; at < text.len; at++) {
        at = slice_find(text, at, '"');
        if (at > 0 && at < text.len && text.data[at - 1] == '\\')
            continue;
        if (at - from > longest)
            longest = at - from;
        from = at;
    }
    return longest;
}

/* A buffer that doubles until such a token fits takes no more than this, all its blocks together. */
static size_t room_for(size_t token)
{
    enum { FIRST = 64 };

    return 4 * token + FIRST;
}

static json_t *load(struct slice text, size_t flags, json_error_t *error)
{
    json_t *value = NULL;

    *error = (json_error_t){.line = 1, .column = 1};
    if (!memory_keep(room_for(longest_token(text))))
        return NULL;
    value = json_loadb(text.len > 0 ? text.data : "", text.len,
                       flags | JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, error);
    if (memory_was_needed()) {
        json_decref(value);
        value = NULL;
    }
    memory_keep_end();
    return value;
}

static enum status read_text(struct slice text, size_t flags, json_t **ret, struct why *why)
{
    json_error_t error;
    json_t *value = load(text, flags, &error);

    if (!value) {
        if (why)
            snprintf(why->place, sizeof why->place, "line %d column %d", error.line, error.column);
        return fail_syntax(&error, why);
    }
    *ret = value;
    return ST_OK;
}

enum status json_read(struct slice text, json_t **ret, struct why *why)
{
    return read_text(text, 0, ret, why);
}

enum status json_read_nul(struct slice text, json_t **ret, struct why *why)
{
    return read_text(text, JSON_ALLOW_NUL, ret, why);
}

enum status json_read_object(struct slice text, json_t **ret, struct why *why)
{
    auto_json json_t *value = NULL;
    enum status st = json_read(text, &value, why);

    if (st != ST_OK)
        return st;
    if (!json_is_object(value))
        return fail_at(why, ST_BAD_INPUT, "line 1 column 1", "must be a JSON object");
    *ret = take(value);
    return ST_OK;
}

/* Of a name that is too long, the end is kept: there the file is named, and the line must show. */
static void put_file_place(const char *file, const json_error_t *error, struct why *why)
{
    enum { SHOWN = 120 };
    size_t len = strlen(file);

    if (why)
        snprintf(why->place, sizeof why->place, "%s:%d:%d", len > SHOWN ? file + len - SHOWN : file,
                 error->line, error->column);
}

enum status json_read_file(const char *file, size_t max, json_t **ret, struct why *why)
{
    auto_buf struct buf text = BUF_INIT(max);
    enum status st = file_read(file, &text, why);
    json_error_t error;
    json_t *value;

    if (st != ST_OK)
        return st;
    value = load(buf_slice(&text), 0, &error);
    if (!value) {
        put_file_place(file, &error, why);
        return fail_syntax(&error, why);
    }
    *ret = value;
    return ST_OK;
}

/* ---- members ---- */

static bool is_listed(const char *name, const char *const known[])
{
    for (; *known; known++) {
        if (strcmp(name, *known) == 0)
            return true;
    }
    return false;
}

enum status json_only(const json_t *object, const char *const known[], struct why *why)
{
    /* jansson's iterators take no const, but change nothing. */
    json_t *walked = (json_t *)object;

    for (void *at = json_object_iter(walked); at; at = json_object_iter_next(walked, at)) {
        const char *name = json_object_iter_key(at);

        if (!is_listed(name, known))
            return fail_at(why, ST_BAD_INPUT, name, "unknown member");
    }
    return ST_OK;
}

/* NULL when it is absent or null. */
static const json_t *find(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_null(value) ? NULL : value;
}

const char *json_text(const json_t *value)
{
    const char *text = json_string_value(value);

    return text && strlen(text) == json_string_length(value) ? text : NULL;
}

enum status json_get_text(const json_t *object, const char *name, const char **ret, struct why *why)
{
    const json_t *value = find(object, name);

    if (!value)
        return ST_OK;
    if (!json_is_string(value))
        return fail_at(why, ST_BAD_INPUT, name, "must be a string");
    if (!json_text(value))
        return fail_at(why, ST_BAD_INPUT, name, "must not hold a NUL character");
    *ret = json_text(value);
    return ST_OK;
}

enum status json_need_text(const json_t *object, const char *name, const char **ret,
                           struct why *why)
{
    const char *text = NULL;
    enum status st = json_get_text(object, name, &text, why);

    if (st != ST_OK)
        return st;
    if (!text || !*text)
        return fail_at(why, ST_BAD_INPUT, name, text ? "must not be empty" : "is missing");
    *ret = text;
    return ST_OK;
}

enum status json_get_bool(const json_t *object, const char *name, bool *ret, struct why *why)
{
    const json_t *value = find(object, name);

    if (!value)
        return ST_OK;
    if (!json_is_boolean(value))
        return fail_at(why, ST_BAD_INPUT, name, "must be true or false");
    *ret = json_is_true(value);
    return ST_OK;
}

enum status json_get_int(const json_t *object, const char *name, long long min, long long max,
                         long long *ret, struct why *why)
{
    const json_t *value = find(object, name);

    if (!value)
        return ST_OK;
    if (!json_is_integer(value) || json_integer_value(value) < min ||
        json_integer_value(value) > max)
        return fail_at(why, ST_BAD_INPUT, name, "must be an integer from %lld to %lld", min, max);
    *ret = json_integer_value(value);
    return ST_OK;
}

enum status json_get_array(const json_t *object, const char *name, const json_t **ret,
                           struct why *why)
{
    const json_t *value = find(object, name);

    if (!value)
        return ST_OK;
    if (!json_is_array(value))
        return fail_at(why, ST_BAD_INPUT, name, "must be an array");
    *ret = value;
    return ST_OK;
}

enum status json_get_object(const json_t *object, const char *name, const json_t **ret,
                            struct why *why)
{
    const json_t *value = find(object, name);

    if (!value)
        return ST_OK;
    if (!json_is_object(value))
        return fail_at(why, ST_BAD_INPUT, name, "must be an object");
    *ret = value;
    return ST_OK;
}
