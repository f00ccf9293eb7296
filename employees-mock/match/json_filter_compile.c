/* Reading "[?(@.a > 1 && !(@.b))]", as Jayway's filter compiler does. */
#include "employees-mock/match/json_filter_reader.h"

#include <stdlib.h>
#include <string.h>

void json_filter_free(struct filter *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->part_count; i++)
        json_filter_free(f->parts[i]);
    free(f->parts);
    filter_operand_free(&f->left);
    filter_operand_free(&f->right);
    free(f);
}

DEFINE_CLEANUP(filter, struct filter *, json_filter_free)
#define auto_filter __attribute__((cleanup(cleanup_filter)))

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

static bool read_operator(struct filter_reader *r, enum filter_operator *ret)
{
    bool symbol = filter_is_relational(filter_skip_blanks(r));
    size_t begin = r->at;
    struct slice word;

    while (r->at < r->text.len && (symbol ? filter_is_relational(filter_char_at(r, r->at))
                                          : filter_char_at(r, r->at) != ' '))
        r->at++;
    word = filter_cut(r, begin, r->at);
    for (enum filter_operator op = OP_GTE; op < OP_COUNT; op++) {
        if (slice_equal_nocase(word, slice_of(operators[op]))) {
            *ret = op;
            return true;
        }
    }
    return false;
}

/* A path alone asks whether it is there. */
static enum status read_comparison(struct filter_reader *r, struct filter *f)
{
    enum status st = filter_read_operand(r, &f->left);
    struct why ignored;
    struct why *why = r->why;
    size_t behind = r->at;
    bool complete;

    f->kind = FILTER_COMPARE;
    if (st != ST_OK)
        return st;
    r->why = &ignored;
    complete = read_operator(r, &f->op) && filter_read_operand(r, &f->right) == ST_OK;
    r->why = why;
    if (complete)
        return ST_OK;
    r->at = behind;
    filter_operand_free(&f->right);
    f->right = (struct operand){0};
    f->op = OP_EXISTS;
    if (f->left.kind != OPERAND_PATH)
        return fail(r->why, ST_BAD_INPUT, "Expected path node");
    return ST_OK;
}

/* ---- and, or, not ---- */

static enum status read_any_of(struct filter_reader *r, struct filter **ret);

static enum status add_part(struct filter_reader *r, struct filter *f, struct filter *part)
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

static enum status read_term(struct filter_reader *r, struct filter **ret);

static enum status read_negation(struct filter_reader *r, struct filter *f)
{
    struct filter *part = NULL;
    enum status st;

    r->at++;
    f->kind = FILTER_NOT;
    st = read_term(r, &part);
    return st == ST_OK ? add_part(r, f, part) : st;
}

static bool negates_path(const struct filter_reader *r)
{
    size_t at = r->at + 1;

    while (filter_char_at(r, at) == ' ')
        at++;
    return filter_char_at(r, at) == '$' || filter_char_at(r, at) == '@';
}

static enum status read_term(struct filter_reader *r, struct filter **ret)
{
    auto_filter struct filter *f = NULL;
    char c = filter_skip_blanks(r);
    enum status st;

    if (++r->depth > PATH_NESTING_MAX * 4)
        return fail(r->why, ST_BAD_INPUT, "the filter is nested too deep");
    if (c == '(') {
        r->at++;
        st = read_any_of(r, ret);
        if (st != ST_OK)
            return st;
        if (filter_skip_blanks(r) != ')') {
            json_filter_free(*ret);
            *ret = NULL;
            return filter_broken(r);
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

typedef enum status read_part(struct filter_reader *r, struct filter **ret);

/* PART { sign PART }; one part alone stands for itself. */
static enum status read_list(struct filter_reader *r, const char *sign, enum filter_kind kind,
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
        filter_skip_blanks(r);
    } while (filter_take_word(r, sign));
    if (f->part_count > 1) {
        *ret = take(f);
        return ST_OK;
    }
    *ret = f->parts[0];
    f->part_count = 0;
    return ST_OK;
}

static enum status read_all_of(struct filter_reader *r, struct filter **ret)
{
    return read_list(r, "&&", FILTER_AND, read_term, ret);
}

static enum status read_any_of(struct filter_reader *r, struct filter **ret)
{
    return read_list(r, "||", FILTER_OR, read_all_of, ret);
}

enum status json_filter_compile(struct slice text, unsigned nesting, struct filter **ret,
                                struct why *why)
{
    struct filter_reader r = {.nesting = nesting, .why = why};
    auto_filter struct filter *f = NULL;
    enum status st;

    if (nesting > PATH_NESTING_MAX)
        return fail(why, ST_BAD_INPUT, "the path is nested too deep");
    r.text = slice_trim((struct slice){text.data + 1, text.len - 2}); /* without [ ] */
    r.text = slice_trim(slice_from(r.text, 1));                       /* without ? */
    st = read_any_of(&r, &f);
    if (st != ST_OK)
        return st;
    if (filter_skip_blanks(&r))
        return fail(why, ST_BAD_INPUT, "Expected end of filter expression instead of: %.*s",
                    (int)(r.text.len - r.at < 120 ? r.text.len - r.at : 120), r.text.data + r.at);
    *ret = take(f);
    return ST_OK;
}
