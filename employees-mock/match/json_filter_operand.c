/* Reading the operands of a filter's comparisons. */
#include "common/json.h"
#include "employees-mock/match/json_filter_reader.h"
#include "employees-mock/match/json_loose.h"

#include <stdlib.h>
#include <string.h>

void filter_operand_free(struct operand *o)
{
    json_decref(o->value);
    regex_free(o->regex);
    json_path_free(o->path);
}

/* ---- characters ---- */

char filter_char_at(const struct filter_reader *r, size_t at)
{
    return at < r->text.len ? r->text.data[at] : '\0';
}

char filter_skip_blanks(struct filter_reader *r)
{
    while (filter_char_at(r, r->at) == ' ')
        r->at++;
    return filter_char_at(r, r->at);
}

struct slice filter_cut(const struct filter_reader *r, size_t from, size_t to)
{
    return (struct slice){r->text.data + from, to - from};
}

enum status filter_broken(struct filter_reader *r)
{
    return fail(r->why, ST_BAD_INPUT, "Failed to parse filter: [?%.*s], error on position: %zu",
                (int)(r->text.len < 120 ? r->text.len : 120), r->text.data, r->at);
}

bool filter_is_relational(char c)
{
    return c == '<' || c == '>' || c == '=' || c == '~' || c == '!';
}

/* Behind the unescaped `end` that is next behind the place; false: there is none. */
static bool skip_to(struct filter_reader *r, char end)
{
    for (r->at++; r->at < r->text.len; r->at++) {
        if (r->text.data[r->at] == '\\')
            r->at++;
        else if (r->text.data[r->at] == end) {
            r->at++;
            return true;
        }
    }
    return false;
}

/* Behind the bracket that closes the one here; texts in quotes are passed over. */
static bool skip_brackets(struct filter_reader *r, char open, char close)
{
    unsigned depth = 0;

    while (r->at < r->text.len) {
        char c = r->text.data[r->at];

        if (c == '\'' || c == '"') {
            if (!skip_to(r, c))
                return false;
            continue;
        }
        depth += c == open;
        r->at++;
        if (c == close && --depth == 0)
            return true;
    }
    return false;
}

bool filter_take_word(struct filter_reader *r, const char *word)
{
    if (!slice_starts(filter_cut(r, r->at, r->text.len), slice_of(word)))
        return false;
    r->at += strlen(word);
    return true;
}

/* ---- operands ---- */

/* ')' right behind '(' of a function: @.a.length() */
static bool closes_function(const struct filter_reader *r, size_t begin)
{
    size_t at = r->at;

    if (at == 0)
        return false;
    at--;
    while (at > begin && r->text.data[at] == ' ')
        at--;
    if (r->text.data[at] != '(')
        return false;
    while (--at > begin) {
        if (r->text.data[at] == '.')
            return true;
    }
    return false;
}

static enum status read_path(struct filter_reader *r, bool should_exist, struct operand *ret)
{
    size_t begin = r->at++;

    while (r->at < r->text.len) {
        char c;

        if (filter_char_at(r, r->at) == '[' && !skip_brackets(r, '[', ']'))
            return fail(r->why, ST_BAD_INPUT, "Square brackets does not match in filter");
        c = filter_char_at(r, r->at);
        if (!c || filter_is_relational(c) || c == ' ' || (c == ')' && !closes_function(r, begin)))
            break;
        r->at++;
    }
    ret->kind = OPERAND_PATH;
    ret->should_exist = should_exist;
    return json_path_compile_nested(filter_cut(r, begin, r->at), r->nesting + 1, &ret->path,
                                    r->why);
}

static enum status take_value(struct filter_reader *r, json_t *value, struct operand *ret)
{
    ret->kind = OPERAND_VALUE;
    ret->value = value;
    return value ? ST_OK : fail_memory(r->why);
}

static enum status read_text(struct filter_reader *r, struct operand *ret)
{
    auto_buf struct buf text = BUF_INIT(PATH_LENGTH_MAX * 4);
    size_t begin = r->at;

    if (!skip_to(r, filter_char_at(r, r->at)))
        return fail(r->why, ST_BAD_INPUT, "String literal does not have matching quotes.");
    json_path_unescape(filter_cut(r, begin + 1, r->at - 1), &text);
    return take_value(r, json_stringn(text.data ? text.data : "", text.len), ret);
}

static enum status read_json(struct filter_reader *r, struct operand *ret)
{
    size_t begin = r->at;
    char open = filter_char_at(r, r->at);

    if (!skip_brackets(r, open, open == '[' ? ']' : '}'))
        return fail(r->why, ST_BAD_INPUT, "String not closed.");
    ret->kind = OPERAND_VALUE;
    return json_loose_read_permissive(filter_cut(r, begin, r->at), &ret->value, r->why);
}

static enum status read_regex(struct filter_reader *r, struct operand *ret)
{
    size_t begin = r->at;
    size_t end;
    unsigned flags = 0;

    if (!skip_to(r, '/'))
        return fail(r->why, ST_BAD_INPUT, "Pattern not closed. Expected /");
    end = r->at - 1;
    while (filter_char_at(r, r->at) && strchr("dixmsuU", filter_char_at(r, r->at))) {
        flags |= filter_char_at(r, r->at) == 'i' ? REGEX_ANY_CASE : 0;
        flags |= filter_char_at(r, r->at) == 's' ? REGEX_DOTALL : 0;
        r->at++;
    }
    ret->kind = OPERAND_REGEX;
    return regex_compile(filter_cut(r, begin + 1, end), flags, &ret->regex, r->why);
}

/* Java's BigDecimal takes what JSON does and ".5", "5.", too. */
static bool is_number(struct slice text)
{
    char digits[64];
    char *end;

    if (text.len == 0 || text.len >= sizeof digits)
        return false;
    memcpy(digits, text.data, text.len);
    digits[text.len] = '\0';
    strtod(digits, &end);
    return *end == '\0';
}

static enum status read_number(struct filter_reader *r, struct operand *ret)
{
    size_t begin = r->at;
    struct slice text;

    while (filter_char_at(r, r->at) && strchr("0123456789-.eE", filter_char_at(r, r->at)))
        r->at++;
    text = filter_cut(r, begin, r->at);
    return is_number(text) ? take_value(r, json_loose_number(text), ret) : filter_broken(r);
}

enum status filter_read_operand(struct filter_reader *r, struct operand *ret)
{
    char c = filter_skip_blanks(r);
    bool should_exist = true;

    if (c == '!') {
        should_exist = false;
        r->at++;
        c = filter_skip_blanks(r);
        if (c != '$' && c != '@')
            return fail(r->why, ST_BAD_INPUT, "Unexpected character: !");
    }
    if (c == '$' || c == '@')
        return read_path(r, should_exist, ret);
    if (c == '\'' || c == '"')
        return read_text(r, ret);
    if (c == '[' || c == '{')
        return read_json(r, ret);
    if (c == '/')
        return read_regex(r, ret);
    if (filter_take_word(r, "true"))
        return take_value(r, json_true(), ret);
    if (filter_take_word(r, "false"))
        return take_value(r, json_false(), ret);
    if (filter_take_word(r, "null"))
        return take_value(r, json_null(), ret);
    if (c == 't' || c == 'f' || c == 'n')
        return fail(r->why, ST_BAD_INPUT, "Expected boolean literal");
    return read_number(r, ret);
}
