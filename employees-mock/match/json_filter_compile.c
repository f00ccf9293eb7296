/* Reading "[?(@.a > 1 && !(@.b))]", as Jayway's filter compiler does. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path_tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

struct reader {
    struct slice text; /* "(...)" */
    size_t at;
    unsigned nesting;
    unsigned depth;
    struct why *why;
};

static void free_operand(struct operand *o)
{
    json_decref(o->value);
    regex_free(o->regex);
    json_path_free(o->path);
}

void json_filter_free(struct filter *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->part_count; i++)
        json_filter_free(f->parts[i]);
    free(f->parts);
    free_operand(&f->left);
    free_operand(&f->right);
    free(f);
}

DEFINE_CLEANUP(filter, struct filter *, json_filter_free)
#define auto_filter __attribute__((cleanup(cleanup_filter)))

/* ---- characters ---- */

static char char_at(const struct reader *r, size_t at)
{
    return at < r->text.len ? r->text.data[at] : '\0';
}

static char skip_blanks(struct reader *r)
{
    while (char_at(r, r->at) == ' ')
        r->at++;
    return char_at(r, r->at);
}

static struct slice cut(const struct reader *r, size_t from, size_t to)
{
    return (struct slice){r->text.data + from, to - from};
}

static enum status broken(struct reader *r)
{
    return fail(r->why, ST_BAD_INPUT, "Failed to parse filter: [?%.*s], error on position: %zu",
                (int)(r->text.len < 120 ? r->text.len : 120), r->text.data, r->at);
}

static bool is_relational(char c)
{
    return c == '<' || c == '>' || c == '=' || c == '~' || c == '!';
}

/* Behind the unescaped `end` that is next behind the place; false: there is none. */
static bool skip_to(struct reader *r, char end)
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
static bool skip_brackets(struct reader *r, char open, char close)
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

/* ---- operands ---- */

/* ')' right behind '(' of a function: @.a.length() */
static bool closes_function(const struct reader *r, size_t begin)
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

static enum status read_path(struct reader *r, bool should_exist, struct operand *ret)
{
    size_t begin = r->at++;

    while (r->at < r->text.len) {
        char c;

        if (char_at(r, r->at) == '[' && !skip_brackets(r, '[', ']'))
            return fail(r->why, ST_BAD_INPUT, "Square brackets does not match in filter");
        c = char_at(r, r->at);
        if (!c || is_relational(c) || c == ' ' || (c == ')' && !closes_function(r, begin)))
            break;
        r->at++;
    }
    ret->kind = OPERAND_PATH;
    ret->should_exist = should_exist;
    return json_path_compile_nested(cut(r, begin, r->at), r->nesting + 1, &ret->path, r->why);
}

static enum status take_value(struct reader *r, json_t *value, struct operand *ret)
{
    ret->kind = OPERAND_VALUE;
    ret->value = value;
    return value ? ST_OK : fail_memory(r->why);
}

static enum status read_text(struct reader *r, struct operand *ret)
{
    auto_buf struct buf text = BUF_INIT(PATH_LENGTH_MAX * 4);
    size_t begin = r->at;

    if (!skip_to(r, char_at(r, r->at)))
        return fail(r->why, ST_BAD_INPUT, "String literal does not have matching quotes.");
    json_path_unescape(cut(r, begin + 1, r->at - 1), &text);
    return take_value(r, json_stringn(text.data ? text.data : "", text.len), ret);
}

static enum status read_json(struct reader *r, struct operand *ret)
{
    size_t begin = r->at;
    char open = char_at(r, r->at);

    if (!skip_brackets(r, open, open == '[' ? ']' : '}'))
        return fail(r->why, ST_BAD_INPUT, "String not closed.");
    ret->kind = OPERAND_VALUE;
    return json_loose_read_permissive(cut(r, begin, r->at), &ret->value, r->why);
}

static enum status read_regex(struct reader *r, struct operand *ret)
{
    size_t begin = r->at;
    size_t end;
    unsigned flags = 0;

    if (!skip_to(r, '/'))
        return fail(r->why, ST_BAD_INPUT, "Pattern not closed. Expected /");
    end = r->at - 1;
    while (char_at(r, r->at) && strchr("dixmsuU", char_at(r, r->at))) {
        flags |= char_at(r, r->at) == 'i' ? REGEX_ANY_CASE : 0;
        flags |= char_at(r, r->at) == 's' ? REGEX_DOTALL : 0;
        r->at++;
    }
    ret->kind = OPERAND_REGEX;
    return regex_compile(cut(r, begin + 1, end), flags, &ret->regex, r->why);
}

static bool take_word(struct reader *r, const char *word)
{
    if (!slice_starts(cut(r, r->at, r->text.len), slice_of(word)))
        return false;
    r->at += strlen(word);
    return true;
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

static enum status read_number(struct reader *r, struct operand *ret)
{
    size_t begin = r->at;
    struct slice text;

    while (char_at(r, r->at) && strchr("0123456789-.eE", char_at(r, r->at)))
        r->at++;
    text = cut(r, begin, r->at);
    return is_number(text) ? take_value(r, json_loose_number(text), ret) : broken(r);
}

static enum status read_operand(struct reader *r, struct operand *ret)
{
    char c = skip_blanks(r);
    bool should_exist = true;

    if (c == '!') {
        should_exist = false;
        r->at++;
        c = skip_blanks(r);
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
    if (take_word(r, "true"))
        return take_value(r, json_true(), ret);
    if (take_word(r, "false"))
        return take_value(r, json_false(), ret);
    if (take_word(r, "null"))
        return take_value(r, json_null(), ret);
    if (c == 't' || c == 'f' || c == 'n')
        return fail(r->why, ST_BAD_INPUT, "Expected boolean literal");
    return read_number(r, ret);
}

/* ---- comparisons ---- */

static const char *const operators[OP_COUNT] = {
    [OP_GTE] = ">=",
    [OP_LTE] = "<=",
    [OP_EQ] = "==",
    [OP_TSEQ] = "===",
    [OP_NE] = "!=",
    [OP_TSNE] = "!==",
    [OP_LT] = "<",
    [OP_GT] = ">",
    [OP_REGEX] = "=~",
    [OP_NIN] = "NIN",
    [OP_IN] = "IN",
    [OP_CONTAINS] = "CONTAINS",
    [OP_ALL] = "ALL",
    [OP_SIZE] = "SIZE",
    [OP_EXISTS] = "EXISTS",
    [OP_TYPE] = "TYPE",
    [OP_MATCHES] = "MATCHES",
    [OP_EMPTY] = "EMPTY",
    [OP_SUBSETOF] = "SUBSETOF",
    [OP_ANYOF] = "ANYOF",
    [OP_NONEOF] = "NONEOF",
};

static bool read_operator(struct reader *r, enum filter_operator *ret)
{
    bool symbol = is_relational(skip_blanks(r));
    size_t begin = r->at;
    struct slice word;

    while (r->at < r->text.len &&
           (symbol ? is_relational(char_at(r, r->at)) : char_at(r, r->at) != ' '))
        r->at++;
    word = cut(r, begin, r->at);
    for (enum filter_operator op = OP_GTE; op < OP_COUNT; op++) {
        if (slice_equal_nocase(word, slice_of(operators[op]))) {
            *ret = op;
            return true;
        }
    }
    return false;
}

/* A path alone asks whether it is there. */
static enum status read_comparison(struct reader *r, struct filter *f)
{
    enum status st = read_operand(r, &f->left);
    struct why ignored;
    struct why *why = r->why;
    size_t behind = r->at;
    bool complete;

    f->kind = FILTER_COMPARE;
    if (st != ST_OK)
        return st;
    r->why = &ignored;
    complete = read_operator(r, &f->op) && read_operand(r, &f->right) == ST_OK;
    r->why = why;
    if (complete)
        return ST_OK;
    r->at = behind;
    free_operand(&f->right);
    f->right = (struct operand){0};
    f->op = OP_EXISTS;
    if (f->left.kind != OPERAND_PATH)
        return fail(r->why, ST_BAD_INPUT, "Expected path node");
    return ST_OK;
}

/* ---- and, or, not ---- */

static enum status read_any_of(struct reader *r, struct filter **ret);

static enum status add_part(struct reader *r, struct filter *f, struct filter *part)
{
    struct filter **parts = realloc(f->parts, (f->part_count + 1) * sizeof(struct filter *));

    if (!parts) {
        json_filter_free(part);
        return fail_memory(r->why);
    }
    f->parts = parts;
    f->parts[f->part_count++] = part;
    return ST_OK;
}

static enum status read_term(struct reader *r, struct filter **ret);

static enum status read_negation(struct reader *r, struct filter *f)
{
    struct filter *part = NULL;
    enum status st;

    r->at++;
    f->kind = FILTER_NOT;
    st = read_term(r, &part);
    return st == ST_OK ? add_part(r, f, part) : st;
}

static bool negates_path(const struct reader *r)
{
    size_t at = r->at + 1;

    while (char_at(r, at) == ' ')
        at++;
    return char_at(r, at) == '$' || char_at(r, at) == '@';
}

static enum status read_term(struct reader *r, struct filter **ret)
{
    auto_filter struct filter *f = NULL;
    char c = skip_blanks(r);
    enum status st;

    if (++r->depth > PATH_NESTING_MAX * 4)
        return fail(r->why, ST_BAD_INPUT, "the filter is nested too deep");
    if (c == '(') {
        r->at++;
        st = read_any_of(r, ret);
        if (st != ST_OK)
            return st;
        if (skip_blanks(r) != ')') {
            json_filter_free(*ret);
            *ret = NULL;
            return broken(r);
        }
        r->at++;
        r->depth--;
        return ST_OK;
    }
    f = calloc(1, sizeof *f);
    if (!f)
        return fail_memory(r->why);
    st = c == '!' && !negates_path(r) ? read_negation(r, f) : read_comparison(r, f);
    if (st != ST_OK)
        return st;
    r->depth--;
    *ret = take(f);
    return ST_OK;
}

typedef enum status read_part(struct reader *r, struct filter **ret);

/* PART { sign PART }; one part alone stands for itself. */
static enum status read_list(struct reader *r, const char *sign, enum filter_kind kind,
                             read_part *read, struct filter **ret)
{
    auto_filter struct filter *f = calloc(1, sizeof *f);
    enum status st;

    if (!f)
        return fail_memory(r->why);
    f->kind = kind;
    do {
        struct filter *part = NULL;

        st = read(r, &part);
        if (st == ST_OK)
            st = add_part(r, f, part);
        if (st != ST_OK)
            return st;
        skip_blanks(r);
    } while (take_word(r, sign));
    if (f->part_count > 1) {
        *ret = take(f);
        return ST_OK;
    }
    *ret = f->parts[0];
    f->part_count = 0;
    return ST_OK;
}

static enum status read_all_of(struct reader *r, struct filter **ret)
{
    return read_list(r, "&&", FILTER_AND, read_term, ret);
}

static enum status read_any_of(struct reader *r, struct filter **ret)
{
    return read_list(r, "||", FILTER_OR, read_all_of, ret);
}

enum status json_filter_compile(struct slice text, unsigned nesting, struct filter **ret,
                                struct why *why)
{
    struct reader r = {.nesting = nesting, .why = why};
    auto_filter struct filter *f = NULL;
    enum status st;

    if (nesting > PATH_NESTING_MAX)
        return fail(why, ST_BAD_INPUT, "the path is nested too deep");
    r.text = slice_trim((struct slice){text.data + 1, text.len - 2});     /* without [ ] */
    r.text = slice_trim((struct slice){r.text.data + 1, r.text.len - 1}); /* without ? */
    st = read_any_of(&r, &f);
    if (st != ST_OK)
        return st;
    if (skip_blanks(&r))
        return fail(why, ST_BAD_INPUT, "Expected end of filter expression instead of: %.*s",
                    (int)(r.text.len - r.at < 120 ? r.text.len - r.at : 120), r.text.data + r.at);
    *ret = take(f);
    return ST_OK;
}
