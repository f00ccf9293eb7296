#include "employees-mock/template/json_text.h"

#include "employees-mock/match/json_cursor.h"
#include "employees-mock/template/java_number.h"
#include "employees-mock/template/java_text.h"

#include <ctype.h>

struct reader {
    struct arena *arena;
    struct slice text;
    size_t at;
    int depth;
};

static bool read_value(struct reader *r, struct value *ret);

static int peek(const struct reader *r)
{
    return r->at < r->text.len ? (unsigned char)r->text.data[r->at] : -1;
}

/* And comments. */
static void skip_blanks(struct reader *r)
{
    struct cursor c = {.text = r->text, .at = r->at};

    cursor_skip_blanks(&c);
    r->at = c.at;
}

/* ---- text ---- */

static bool read_hex(struct reader *r, uint32_t *ret)
{
    *ret = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(r);

        if (!isxdigit(c))
            return false;
        *ret = *ret * 16 + (uint32_t)(isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        r->at++;
    }
    return true;
}

static bool read_unicode(struct reader *r, struct buf *ret)
{
    uint32_t code;
    uint32_t low;
    size_t before;

    if (!read_hex(r, &code))
        return false;
    before = r->at;
    if (code >= 0xd800 && code < 0xdc00 && r->at + 1 < r->text.len &&
        memcmp(r->text.data + r->at, "\\u", 2) == 0) {
        r->at += 2;
        if (!read_hex(r, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000) {
            java_put_code(0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00), ret);
            return true;
        }
        r->at = before;
    }
    java_put_code(code >= 0xd800 && code < 0xe000 ? '?' : code, ret);
    return true;
}

static bool read_escape(struct reader *r, struct buf *ret)
{
    static const char from[] = "\"'\\/bfnrt";
    static const char to[] = "\"'\\/\b\f\n\r\t";
    const char *found;
    int c = peek(r);

    r->at++;
    if (c == 'u')
        return read_unicode(r, ret);
    found = c > 0 ? strchr(from, c) : NULL;
    if (!found)
        return false;
    buf_put_char(ret, to[found - from]);
    return true;
}

/* WireMock's Jackson takes names and texts in single quotes too. */
static bool is_quote(int c)
{
    return c == '"' || c == '\'';
}

static bool read_string(struct reader *r, struct slice *ret)
{
    char quote = r->text.data[r->at++];
    size_t from = r->at;
    bool escaped = false;
    auto_buf struct buf text = BUF_INIT(r->arena->max);

    for (; r->at < r->text.len && r->text.data[r->at] != quote; r->at++) {
        unsigned char c = (unsigned char)r->text.data[r->at];

        if (c < 0x20)
            return false;
        if (c != '\\') {
            if (escaped)
                buf_put_char(&text, (char)c);
            continue;
        }
        if (!escaped)
            buf_put(&text, r->text.data + from, r->at - from);
        escaped = true;
        r->at++;
        if (!read_escape(r, &text))
            return false;
        r->at--;
    }
    if (r->at >= r->text.len)
        return false;
    *ret = escaped ? arena_copy_buf(r->arena, &text)
                   : (struct slice){r->text.data + from, r->at - from};
    r->at++;
    return true;
}

/* ---- numbers ---- */

/* The length of a JSON number; 0: none. */
static size_t number_length(struct slice s)
{
    size_t i = s.len > 0 && s.data[0] == '-';
    size_t digits = i;

    while (i < s.len && isdigit((unsigned char)s.data[i]))
        i++;
    if (i == digits || (s.data[digits] == '0' && i > digits + 1))
        return 0;
    if (i < s.len && s.data[i] == '.') {
        size_t fraction = ++i;

        while (i < s.len && isdigit((unsigned char)s.data[i]))
            i++;
        if (i == fraction)
            return 0;
    }
    if (i < s.len && (s.data[i] | 0x20) == 'e') {
        size_t exponent = i + 1;

        exponent += exponent < s.len && (s.data[exponent] == '+' || s.data[exponent] == '-');
        if (exponent >= s.len || !isdigit((unsigned char)s.data[exponent]))
            return 0;
        for (i = exponent; i < s.len && isdigit((unsigned char)s.data[i]); i++)
            ;
    }
    return i;
}

static bool is_whole(struct slice s)
{
    return !memchr(s.data, '.', s.len) && !memchr(s.data, 'e', s.len) &&
           !memchr(s.data, 'E', s.len);
}

/* BigDecimal has no negative zero. */
static struct value number(struct slice s)
{
    int64_t whole;
    double d = 1;

    if (is_whole(s) && java_parse_long(s, &whole))
        return value_whole(whole);
    if (s.data[0] == '-' && java_parse_double(s, &d) && d == 0) {
        s.data++;
        s.len--;
    }
    return (struct value){.kind = V_DECIMAL, .text = s};
}

/* ---- words ---- */

static const struct {
    const char *word;
    struct value value;
} words[] = {
    {"true", {.kind = V_BOOL, .truth = true}},
    {"false", {.kind = V_BOOL}},
    {"null", {.kind = V_NULL}},
};

static bool is_word(int c)
{
    return c >= 0x80 || c == '_' || c == '$' || (c >= 0 && isalnum(c));
}

static bool read_word(struct reader *r, struct value *ret)
{
    struct slice rest = {r->text.data + r->at, r->text.len - r->at};
    size_t len = number_length(rest);

    if (len > 0) {
        *ret = number((struct slice){rest.data, len});
        r->at += len;
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (slice_starts(rest, slice_of(words[i].word))) {
            *ret = words[i].value;
            r->at += strlen(words[i].word);
            return !is_word(peek(r));
        }
    }
    return false;
}

/* ---- arrays and objects: their parts are kept in a list until their number is known ---- */

struct part {
    struct value_entry entry;
    struct part *next;
};

static struct part *add_part(struct reader *r, struct part ***place)
{
    struct part *part = arena_new(r->arena, struct part);

    if (part) {
        **place = part;
        *place = &part->next;
    }
    return part;
}

static bool read_array(struct reader *r, struct value *ret)
{
    struct part *parts = NULL;
    struct part **place = &parts;
    struct value_list *list;
    size_t count = 0;

    r->at++;
    for (skip_blanks(r); peek(r) != ']'; skip_blanks(r)) {
        struct part *part;

        part = add_part(r, &place);
        if (!part || !read_value(r, &part->entry.value))
            return false;
        count++;
        skip_blanks(r);
        if (peek(r) == ',') {
            r->at++;
            skip_blanks(r);
            if (peek(r) == ']')
                return false;
        } else if (peek(r) != ']') {
            return false;
        }
    }
    r->at++;
    list = value_new_list(r->arena, count);
    for (size_t i = 0; list && i < count; i++, parts = parts->next)
        list->items[i] = parts->entry.value;
    *ret = value_of_list(list, STYLE_PLAIN);
    return list != NULL;
}

/* Of members with one name the last counts, in the place of the first. */
static struct value map_of(struct reader *r, const struct part *parts, size_t count)
{
    struct value_map *map = value_new_map(r->arena, count);

    if (!map)
        return VALUE_NULL;
    map->count = 0;
    for (; parts; parts = parts->next) {
        size_t i = 0;

        while (i < map->count && !slice_equal(map->entries[i].name, parts->entry.name))
            i++;
        map->entries[i] = parts->entry;
        map->count += i == map->count;
    }
    return value_of_map(map, STYLE_PLAIN);
}

enum { MEMBERS_MAX = 5000 }; /* names are compared pair by pair */

static bool read_object(struct reader *r, struct value *ret)
{
    struct part *parts = NULL;
    struct part **place = &parts;
    size_t count = 0;

    r->at++;
    for (skip_blanks(r); peek(r) != '}'; skip_blanks(r)) {
        struct part *part;

        part = add_part(r, &place);
        if (!part || ++count > MEMBERS_MAX || !is_quote(peek(r)) ||
            !read_string(r, &part->entry.name))
            return false;
        skip_blanks(r);
        if (peek(r) != ':')
            return false;
        r->at++;
        if (!read_value(r, &part->entry.value))
            return false;
        skip_blanks(r);
        if (peek(r) == ',') {
            r->at++;
            skip_blanks(r);
            if (peek(r) == '}')
                return false;
        } else if (peek(r) != '}') {
            return false;
        }
    }
    r->at++;
    *ret = map_of(r, parts, count);
    return r->arena->failed == ST_OK;
}

static bool read_value(struct reader *r, struct value *ret)
{
    struct slice text;
    bool ok;
    int c;

    skip_blanks(r);
    c = peek(r);
    if (c == '[' || c == '{') {
        if (++r->depth > JSON_TEXT_DEPTH_MAX)
            return false;
        ok = c == '[' ? read_array(r, ret) : read_object(r, ret);
        r->depth--;
        return ok;
    }
    if (!is_quote(c))
        return c >= 0 && read_word(r, ret);
    ok = read_string(r, &text);
    if (ok)
        *ret = value_text(text);
    return ok;
}

bool json_text_read(struct arena *a, struct slice text, struct value *ret, size_t *ret_place)
{
    struct reader r = {a, text, 0, 0};
    bool ok;

    *ret = VALUE_NULL;
    ok = read_value(&r, ret);
    if (ok && value_is_number(*ret) && peek(&r) > ' ') /* a number needs an end */
        ok = false;
    if (ret_place)
        *ret_place = r.at;
    return ok && a->failed == ST_OK;
}
