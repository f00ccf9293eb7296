#include "employees-mock/template/parser_state.h"

#include "employees-mock/template/helper.h"
#include "employees-mock/template/java_number.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- faults ---- */

enum status parser_refuse(struct parser *p, const struct token *t, const char *format, ...)
{
    char words[200];
    char place[64];
    va_list args;
    int column = t->column > 1 ? t->column : 1;

    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    snprintf(place, sizeof place, "line %d column %d", t->line, column);
    return fail_at(p->why, ST_BAD_INPUT, place, "%d:%d: %s", t->line, column, words);
}

enum status parser_refuse_found(struct parser *p, const char *expected)
{
    const struct token *t = &p->token;

    if (t->type == TOKEN_BAD)
        return parser_refuse(p, t, "found: '%.*s'", (int)t->text.len, t->text.data);
    if (t->type == TOKEN_END)
        return parser_refuse(p, t, "found: 'EOF', expected: '%s'", expected);
    return parser_refuse(p, t, "found: '%.*s', expected: '%s'",
                         t->text.len > 60 ? 60 : (int)t->text.len, t->text.data, expected);
}

enum status parser_out_of_memory(struct parser *p)
{
    if (p->arena->failed == ST_TOO_LARGE)
        return fail(p->why, ST_TOO_LARGE, "the template has too many parts");
    return fail_memory(p->why);
}

enum status parser_deeper(struct parser *p)
{
    if (++p->depth <= PARSER_DEPTH_MAX)
        return ST_OK;
    return fail(p->why, ST_TOO_LARGE, "the template is nested deeper than %d levels",
                PARSER_DEPTH_MAX);
}

/* ---- tokens ---- */

void parser_next_inside(struct parser *p)
{
    p->token = lexer_next_inside(&p->lexer);
}

void parser_next_outside(struct parser *p)
{
    p->token = lexer_next_outside(&p->lexer);
}

/* The end of a tag; the text behind it comes next. */
enum status parser_close_tag(struct parser *p, enum token_type type)
{
    static const char *const names[] = {
        [TOKEN_CLOSE_RAW] = "}}}}", [TOKEN_CLOSE_TRIPLE] = "}}}", [TOKEN_CLOSE] = "}}"};

    if (p->token.type != type)
        return parser_refuse_found(p, names[type]);
    p->trim_next = p->token.trims;
    p->after_escape = false;
    parser_next_outside(p);
    return ST_OK;
}

/* ---- arguments ---- */

static struct slice replace_escaped(struct arena *a, struct slice text, char quote)
{
    char *copy = arena_alloc(a, text.len + 1);
    size_t len = 0;

    if (!copy)
        return SLICE("");
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\\' && i + 1 < text.len && text.data[i + 1] == quote)
            i++;
        copy[len++] = text.data[i];
    }
    copy[len] = '\0';
    return (struct slice){copy, len};
}

static struct value string_literal(struct parser *p)
{
    struct slice quoted = p->token.text;
    struct slice inside = {quoted.data + 1, quoted.len - 2};

    return value_text(replace_escaped(p->arena, inside, quoted.data[0]));
}

static struct value number_literal(const struct parser *p)
{
    int32_t whole;
    double real = 0;

    if (java_parse_int(p->token.text, &whole))
        return value_int(whole);
    java_parse_double(p->token.text, &real);
    return value_double(real);
}

static enum status parse_call(struct parser *p, struct param *ret)
{
    struct expression *call = arena_new(p->arena, struct expression);
    struct token start;
    enum status st;

    if (!call)
        return parser_out_of_memory(p);
    st = parser_deeper(p);
    if (st != ST_OK)
        return st;
    parser_next_inside(p);
    start = p->token;
    st = parser_expression(p, call);
    if (st != ST_OK)
        return st;
    if (!call->helper && !p->forgets)
        return parser_refuse(p, &start, "could not find helper: '%.*s'", (int)call->name.len,
                             call->name.data);
    if (p->token.type != TOKEN_RIGHT)
        return parser_refuse_found(p, ")");
    p->depth--;
    ret->type = PARAM_CALL;
    ret->call = call;
    parser_next_inside(p);
    return ST_OK;
}

enum status parser_param(struct parser *p, struct param *ret)
{
    *ret = (struct param){.type = PARAM_LITERAL};
    switch (p->token.type) {
    case TOKEN_STRING:
        ret->literal = string_literal(p);
        break;
    case TOKEN_NUMBER:
        ret->literal = number_literal(p);
        break;
    case TOKEN_BOOL:
        ret->literal = value_bool(p->token.text.data[0] == 't');
        break;
    case TOKEN_NAME:
        ret->type = PARAM_PATH;
        ret->path = path_parse(p->arena, p->token.text);
        if (!ret->path)
            return parser_out_of_memory(p);
        break;
    case TOKEN_LEFT:
        return parse_call(p, ret);
    default:
        return parser_refuse_found(p, "id");
    }
    parser_next_inside(p);
    return p->arena->failed == ST_OK ? ST_OK : parser_out_of_memory(p);
}

/* Lists grow by doubling in the arena; what is left behind goes with it. */
void *parser_grown(struct arena *a, void *items, size_t count, size_t size)
{
    void *larger;

    if (count > 0 && (count & (count - 1)) != 0)
        return items;
    larger = arena_array(a, count ? count * 2 : 1, size);
    if (larger && count > 0)
        memcpy(larger, items, count * size);
    return larger;
}

static bool begins_param(enum token_type type)
{
    return type == TOKEN_STRING || type == TOKEN_NUMBER || type == TOKEN_BOOL ||
           type == TOKEN_NAME || type == TOKEN_LEFT;
}

/* NAME '=' param; a name twice: the last counts, in the place of the first. */
static enum status parse_hash(struct parser *p, struct slice name, struct expression *ret)
{
    struct param param;
    enum status st;

    parser_next_inside(p); /* '=' */
    st = parser_param(p, &param);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < ret->hash_count; i++) {
        if (slice_equal(ret->hash[i].name, name)) {
            ret->hash[i].param = param;
            return ST_OK;
        }
    }
    ret->hash = parser_grown(p->arena, ret->hash, ret->hash_count, sizeof *ret->hash);
    if (!ret->hash)
        return parser_out_of_memory(p);
    ret->hash[ret->hash_count++] = (struct named_param){arena_copy(p->arena, name), param};
    return ST_OK;
}

/* param* hash*, up to what begins neither. */
enum status parser_arguments(struct parser *p, struct expression *ret)
{
    while (begins_param(p->token.type)) {
        struct lexer before = p->lexer;
        struct token first = p->token;
        enum status st;

        if (first.type == TOKEN_NAME) {
            parser_next_inside(p);
            if (p->token.type == TOKEN_EQUALS) {
                st = parse_hash(p, first.text, ret);
                if (st != ST_OK)
                    return st;
                continue;
            }
            p->lexer = before;
            p->token = first;
        }
        if (ret->hash_count > 0)
            return parser_refuse_found(p, "}}");
        ret->params = parser_grown(p->arena, ret->params, ret->param_count, sizeof *ret->params);
        if (!ret->params)
            return parser_out_of_memory(p);
        st = parser_param(p, &ret->params[ret->param_count]);
        if (st != ST_OK)
            return st;
        ret->param_count++;
    }
    return ST_OK;
}

static enum status prepare_param(struct parser *p, struct param *param, enum prepared_kind kind)
{
    if (param->type != PARAM_LITERAL || param->literal.kind != V_STRING)
        return ST_OK;
    param->prepared = prepared_make(p->arena, p->prepared, kind, param->literal.text);
    return param->prepared ? ST_OK : parser_out_of_memory(p);
}

static enum status prepare(struct parser *p, struct expression *e,
                           const struct helper_prepares *what)
{
    if (what->param >= 0 && !what->hash)
        return (size_t)what->param < e->param_count
                   ? prepare_param(p, &e->params[what->param], what->kind)
                   : ST_OK;
    for (size_t i = 0; i < e->hash_count; i++)
        if (slice_is(e->hash[i].name, what->hash))
            return prepare_param(p, &e->hash[i].param, what->kind);
    return ST_OK;
}

/* The name is the present token. */
enum status parser_expression(struct parser *p, struct expression *ret)
{
    enum status st;

    *ret = (struct expression){0};
    if (p->token.type != TOKEN_NAME)
        return parser_refuse_found(p, "id");
    ret->name = arena_copy(p->arena, p->token.text);
    parser_next_inside(p);
    st = parser_arguments(p, ret);
    if (st != ST_OK)
        return st;
    ret->helper = helper_find(ret->name);
    for (size_t i = 0;
         ret->helper && i < sizeof ret->helper->prepares / sizeof ret->helper->prepares[0]; i++) {
        if (ret->helper->prepares[i].kind == PREPARED_NONE)
            break;
        st = prepare(p, ret, &ret->helper->prepares[i]);
        if (st != ST_OK)
            return st;
    }
    ret->path = path_parse(p->arena, ret->name);
    return ret->path ? ST_OK : parser_out_of_memory(p);
}

struct node *parser_new_node(struct parser *p, enum node_type type)
{
    struct node *n = arena_new(p->arena, struct node);

    if (n) {
        n->type = type;
        n->line = p->token.line;
        n->column = p->token.column;
    }
    return n;
}

enum status parser_check_helper(struct parser *p, const struct expression *e,
                                const struct token *name)
{
    if (e->helper || (e->param_count == 0 && e->hash_count == 0))
        return ST_OK;
    return parser_refuse(p, name, "could not find helper: '%.*s'", (int)e->name.len, e->name.data);
}
