#include "employees-mock/template/parser.h"

#include "employees-mock/template/helper.h"
#include "employees-mock/template/java_number.h"
#include "employees-mock/template/lexer.h"

#include <ctype.h>
#include <stdlib.h>

struct parser {
    struct arena *arena;
    struct prepared **prepared;
    struct why *why;
    struct lexer lexer;
    struct token token; /* the present one */
    int depth;
    bool trim_next;          /* the tag before had '~' at its end */
    int tries;               /* {{^name}} read both ways */
    struct slice with_scope; /* first argument of the {{#with}} we are in; data NULL: none */
};

static enum status parse_body(struct parser *p, struct body *ret);
static enum status parse_expression(struct parser *p, struct expression *ret);

/* ---- faults ---- */

static enum status refuse(struct parser *p, const struct token *t, const char *format, ...)
    PRINTF_LIKE(3, 4);

static enum status refuse(struct parser *p, const struct token *t, const char *format, ...)
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

static enum status refuse_found(struct parser *p, const char *expected)
{
    const struct token *t = &p->token;

    if (t->type == TOKEN_BAD)
        return refuse(p, t, "found: '%.*s'", (int)t->text.len, t->text.data);
    if (t->type == TOKEN_END)
        return refuse(p, t, "found: 'EOF', expected: '%s'", expected);
    return refuse(p, t, "found: '%.*s', expected: '%s'", t->text.len > 60 ? 60 : (int)t->text.len,
                  t->text.data, expected);
}

static enum status out_of_memory(struct parser *p)
{
    if (p->arena->failed == ST_TOO_LARGE)
        return fail(p->why, ST_TOO_LARGE, "the template has too many parts");
    return fail_memory(p->why);
}

static enum status deeper(struct parser *p)
{
    if (++p->depth <= PARSER_DEPTH_MAX)
        return ST_OK;
    return fail(p->why, ST_TOO_LARGE, "the template is nested deeper than %d levels",
                PARSER_DEPTH_MAX);
}

/* ---- tokens ---- */

static void next_inside(struct parser *p)
{
    p->token = lexer_next_inside(&p->lexer);
}

static void next_outside(struct parser *p)
{
    p->token = lexer_next_outside(&p->lexer);
}

/* The end of a tag; the text behind it comes next. */
static enum status close_tag(struct parser *p, enum token_type type)
{
    static const char *const names[] = {
        [TOKEN_CLOSE_RAW] = "}}}}", [TOKEN_CLOSE_TRIPLE] = "}}}", [TOKEN_CLOSE] = "}}"};

    if (p->token.type != type)
        return refuse_found(p, names[type]);
    p->trim_next = p->token.trims;
    next_outside(p);
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
        return out_of_memory(p);
    st = deeper(p);
    if (st != ST_OK)
        return st;
    next_inside(p);
    start = p->token;
    st = parse_expression(p, call);
    if (st != ST_OK)
        return st;
    if (!call->helper)
        return refuse(p, &start, "could not find helper: '%.*s'", (int)call->name.len,
                      call->name.data);
    if (p->token.type != TOKEN_RIGHT)
        return refuse_found(p, ")");
    p->depth--;
    ret->type = PARAM_CALL;
    ret->call = call;
    next_inside(p);
    return ST_OK;
}

static enum status parse_param(struct parser *p, struct param *ret)
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
            return out_of_memory(p);
        break;
    case TOKEN_LEFT:
        return parse_call(p, ret);
    default:
        return refuse_found(p, "id");
    }
    next_inside(p);
    return p->arena->failed == ST_OK ? ST_OK : out_of_memory(p);
}

/* Lists grow by doubling in the arena; what is left behind goes with it. */
static void *grown(struct arena *a, void *items, size_t count, size_t size)
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

    next_inside(p); /* '=' */
    st = parse_param(p, &param);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < ret->hash_count; i++) {
        if (slice_equal(ret->hash[i].name, name)) {
            ret->hash[i].param = param;
            return ST_OK;
        }
    }
    ret->hash = grown(p->arena, ret->hash, ret->hash_count, sizeof *ret->hash);
    if (!ret->hash)
        return out_of_memory(p);
    ret->hash[ret->hash_count++] = (struct named_param){arena_copy(p->arena, name), param};
    return ST_OK;
}

/* param* hash*, up to what begins neither. */
static enum status parse_arguments(struct parser *p, struct expression *ret)
{
    while (begins_param(p->token.type)) {
        struct lexer before = p->lexer;
        struct token first = p->token;
        enum status st;

        if (first.type == TOKEN_NAME) {
            next_inside(p);
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
            return refuse_found(p, "}}");
        ret->params = grown(p->arena, ret->params, ret->param_count, sizeof *ret->params);
        if (!ret->params)
            return out_of_memory(p);
        st = parse_param(p, &ret->params[ret->param_count]);
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
    return param->prepared ? ST_OK : out_of_memory(p);
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
static enum status parse_expression(struct parser *p, struct expression *ret)
{
    enum status st;

    *ret = (struct expression){0};
    if (p->token.type != TOKEN_NAME)
        return refuse_found(p, "id");
    ret->name = arena_copy(p->arena, p->token.text);
    next_inside(p);
    st = parse_arguments(p, ret);
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
    return ret->path ? ST_OK : out_of_memory(p);
}

/* ---- statements ---- */

static struct node *new_node(struct parser *p, enum node_type type)
{
    struct node *n = arena_new(p->arena, struct node);

    if (n) {
        n->type = type;
        n->line = p->token.line;
        n->column = p->token.column;
    }
    return n;
}

/* Within {{#with a}} "a.b" means "this.b"... of a: Handlebars.java's "this.a.b". */
static enum status qualify(struct parser *p, struct expression *e)
{
    struct slice scope = p->with_scope;
    auto_buf struct buf name = BUF_INIT(64 * 1024);

    if (!scope.data || e->param_count > 0 || e->hash_count > 0 || e->name.data[0] == '.' ||
        !slice_starts(e->name, scope) ||
        (e->name.len > scope.len && e->name.data[scope.len] != '.'))
        return ST_OK;
    buf_put_text(&name, "this.");
    buf_put_slice(&name, e->name);
    e->name = arena_copy_buf(p->arena, &name);
    e->helper = helper_find(e->name);
    e->path = path_parse(p->arena, e->name);
    return e->path ? ST_OK : out_of_memory(p);
}

static enum status check_helper(struct parser *p, const struct expression *e,
                                const struct token *name)
{
    if (e->helper || (e->param_count == 0 && e->hash_count == 0))
        return ST_OK;
    return refuse(p, name, "could not find helper: '%.*s'", (int)e->name.len, e->name.data);
}

static enum status parse_variable(struct parser *p, enum token_type close, struct node **ret)
{
    struct node *n;
    struct token name;
    enum status st;

    next_inside(p);
    name = p->token;
    if (name.type == TOKEN_STAR)
        return refuse(p, &name, "could not find decorator");
    n = new_node(p, NODE_VARIABLE);
    if (!n)
        return out_of_memory(p);
    st = parse_expression(p, &n->call);
    if (st == ST_OK)
        st = qualify(p, &n->call);
    if (st != ST_OK)
        return st;
    st = check_helper(p, &n->call, &name);
    if (st != ST_OK)
        return st;
    *ret = n;
    return close_tag(p, close);
}

static enum status parse_block_params(struct parser *p, struct node *n)
{
    struct slice *names = NULL;

    if (p->token.type != TOKEN_AS)
        return ST_OK;
    next_inside(p);
    if (p->token.type != TOKEN_PIPE)
        return refuse_found(p, "|");
    for (next_inside(p); p->token.type == TOKEN_NAME; next_inside(p)) {
        names = grown(p->arena, names, n->block_param_count, sizeof *names);
        if (!names)
            return out_of_memory(p);
        names[n->block_param_count++] = arena_copy(p->arena, p->token.text);
    }
    n->block_params = names;
    if (p->token.type != TOKEN_PIPE || n->block_param_count == 0)
        return refuse_found(p, n->block_param_count ? "|" : "id");
    next_inside(p);
    return ST_OK;
}

/* {{/name}}; the present token is what ended the body. */
static enum status parse_end(struct parser *p, struct slice name, enum token_type open,
                             enum token_type close)
{
    struct token end;

    if (p->token.type != open)
        return refuse_found(p, open == TOKEN_OPEN_END ? "{{/" : "{{{{/");
    next_inside(p);
    end = p->token;
    if (end.type != TOKEN_NAME)
        return refuse_found(p, "id");
    if (!slice_equal(end.text, name))
        return refuse(p, &end, "found: '%.*s', expected: '%.*s'", (int)end.text.len, end.text.data,
                      (int)name.len, name.data);
    next_inside(p);
    return close_tag(p, close);
}

/* Whether the present token opens {{else or {{^; then the token behind that is present. */
static bool else_ahead(struct parser *p)
{
    struct lexer before = p->lexer;
    struct token first = p->token;

    if (first.type == TOKEN_OPEN_INVERSE) {
        next_inside(p);
        return true;
    }
    if (first.type != TOKEN_OPEN)
        return false;
    next_inside(p);
    if (p->token.type == TOKEN_ELSE) {
        next_inside(p);
        return true;
    }
    p->lexer = before;
    p->token = first;
    return false;
}

/* {{else if x}}: a block of its own that ends with the outer one. */
static enum status parse_chained(struct parser *p, struct node **ret)
{
    struct node *n = new_node(p, NODE_BLOCK);
    struct token name = p->token;
    enum status st;

    if (!n)
        return out_of_memory(p);
    st = parse_expression(p, &n->call);
    if (st == ST_OK)
        st = parse_block_params(p, n);
    if (st == ST_OK)
        st = check_helper(p, &n->call, &name);
    if (st == ST_OK)
        st = close_tag(p, TOKEN_CLOSE);
    if (st == ST_OK)
        st = parse_body(p, &n->body);
    *ret = n;
    return st;
}

static enum status parse_elses(struct parser *p, struct node *block)
{
    while (else_ahead(p)) {
        enum status st;

        block->has_inverse = true;
        if (p->token.type == TOKEN_CLOSE) {
            st = close_tag(p, TOKEN_CLOSE);
            if (st == ST_OK)
                st = parse_body(p, &block->inverse);
        } else {
            struct node *chained = NULL;

            st = parse_chained(p, &chained);
            block->inverse.first = chained;
            block = chained;
        }
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* The text of the first argument, as the {{#with}} rule compares it. */
static struct slice with_argument(const struct expression *e)
{
    if (!slice_is(e->name, "with") || e->param_count == 0 || e->params[0].type != PARAM_PATH)
        return (struct slice){0};
    return e->params[0].path->text;
}

/* name args as |x|}} of an opening tag; the name is the present token. */
static enum status parse_head(struct parser *p, struct node *n)
{
    struct token name = p->token;
    enum status st = parse_expression(p, &n->call);

    if (st == ST_OK)
        st = parse_block_params(p, n);
    if (st == ST_OK && n->type != NODE_INLINE)
        st = check_helper(p, &n->call, &name);
    return st == ST_OK ? close_tag(p, TOKEN_CLOSE) : st;
}

/* What stands between the tags of a block, in which {{#with}} may rule the names. */
static enum status parse_inside(struct parser *p, struct node *n)
{
    struct slice outer = p->with_scope;
    enum status st;

    p->with_scope = with_argument(&n->call);
    st = parse_body(p, &n->body);
    if (st == ST_OK && n->type == NODE_BLOCK && !n->inverted)
        st = parse_elses(p, n);
    p->with_scope = outer;
    return st;
}

/* {{#name}}, {{^name}} and {{#*inline}}: the opening token is present. */
static enum status parse_block(struct parser *p, struct node **ret)
{
    bool inverted = p->token.type == TOKEN_OPEN_INVERSE;
    struct slice name;
    struct node *n;
    enum status st = deeper(p);
    bool decorator;

    if (st != ST_OK)
        return st;
    next_inside(p);
    decorator = !inverted && p->token.type == TOKEN_STAR;
    if (decorator)
        next_inside(p);
    name = p->token.text;
    n = new_node(p, decorator ? NODE_INLINE : NODE_BLOCK);
    if (!n)
        return out_of_memory(p);
    if (decorator && !slice_is(name, "inline"))
        return refuse(p, &p->token, "could not find decorator: '%.*s'", (int)name.len, name.data);
    n->inverted = inverted;
    st = parse_head(p, n);
    if (st == ST_OK)
        st = parse_inside(p, n);
    p->depth--;
    *ret = n;
    return st == ST_OK ? parse_end(p, name, TOKEN_OPEN_END, TOKEN_CLOSE) : st;
}

/* {{{{name}}}} ... {{{{/name}}}}: its body is text as it stands. */
static enum status parse_raw(struct parser *p, struct node **ret)
{
    struct node *text;
    struct node *n;
    struct slice name;
    enum status st;
    size_t from;
    size_t end;

    next_inside(p);
    name = p->token.text;
    n = new_node(p, NODE_BLOCK);
    text = new_node(p, NODE_TEXT);
    if (!n || !text)
        return out_of_memory(p);
    st = parse_expression(p, &n->call);
    if (st != ST_OK)
        return st;
    from = p->lexer.at;
    if (p->token.type != TOKEN_CLOSE_RAW)
        return refuse_found(p, "}}}}");
    do {
        next_outside(p);
        end = p->lexer.at - p->token.text.len;
    } while (p->token.type != TOKEN_OPEN_RAW_END && p->token.type != TOKEN_END &&
             p->token.type != TOKEN_BAD);
    text->text = (struct slice){p->lexer.text.data + from, end - from};
    n->body.first = text;
    *ret = n;
    return parse_end(p, name, TOKEN_OPEN_RAW_END, TOKEN_CLOSE_RAW);
}

/* The name of a partial: a word, a string or a call. */
static enum status parse_partial_name(struct parser *p, struct param *ret)
{
    struct slice word = p->token.text;

    if (p->token.type == TOKEN_STRING || p->token.type == TOKEN_LEFT)
        return parse_param(p, ret);
    if (p->token.type != TOKEN_NAME && p->token.type != TOKEN_PATH)
        return refuse_found(p, "id");
    if (word.data[0] == '/')
        return refuse(p, &p->token, "found: '/', partial shouldn't start with '/'");
    if (word.len > 2 && word.data[0] == '[')
        word = (struct slice){word.data + 1, word.len - 2};
    ret->type = PARAM_LITERAL;
    ret->literal = value_text(arena_copy(p->arena, word));
    next_inside(p);
    return ST_OK;
}

/* {{> name scope a=1}} and {{#> name}}...{{/name}}. */
static enum status parse_partial(struct parser *p, struct node **ret)
{
    bool block = p->token.type == TOKEN_OPEN_PARTIAL_BLOCK;
    struct node *n;
    struct slice name;
    enum status st = deeper(p);

    if (st != ST_OK)
        return st;
    next_inside(p);
    name = p->token.text;
    n = new_node(p, NODE_PARTIAL);
    if (!n)
        return out_of_memory(p);
    st = parse_partial_name(p, &n->partial);
    if (st == ST_OK)
        st = parse_arguments(p, &n->call);
    if (st == ST_OK && n->call.param_count > 0 &&
        (n->call.param_count > 1 || n->call.params[0].type != PARAM_PATH))
        st = refuse_found(p, "}}");
    if (st == ST_OK)
        st = close_tag(p, TOKEN_CLOSE);
    if (st != ST_OK)
        return st;
    n->scope = n->call.param_count > 0 ? n->call.params[0].path : NULL;
    n->has_body = block;
    p->depth--;
    *ret = n;
    if (!block)
        return ST_OK;
    st = parse_inside(p, n);
    return st == ST_OK ? parse_end(p, name, TOKEN_OPEN_END, TOKEN_CLOSE) : st;
}

static bool is_blank(char c)
{
    return (c >= '\t' && c <= '\r') || c == ' ' || (c >= 0x1c && c <= 0x1f);
}

/* Text between two tags, cut by their '~'. */
static enum status parse_text(struct parser *p, struct node **ret)
{
    struct node *n = new_node(p, NODE_TEXT);
    struct slice text = p->token.text;
    bool plain = p->token.type == TOKEN_TEXT;

    if (!n)
        return out_of_memory(p);
    while (plain && p->trim_next && text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }
    p->trim_next = false;
    next_outside(p);
    while (plain && p->token.trims && text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    n->text = text;
    *ret = n;
    return ST_OK;
}

static enum status parse_delimiters(struct parser *p)
{
    if (!lexer_change_delimiters(&p->lexer))
        return refuse(p, &p->token, "found: '{{=', expected: '{{=OPEN CLOSE=}}'");
    next_outside(p);
    return ST_OK;
}

/* One statement; *ret stays NULL for what writes nothing. */
static enum status parse_statement(struct parser *p, struct node **ret)
{
    switch (p->token.type) {
    case TOKEN_TEXT:
    case TOKEN_ESCAPED:
        return parse_text(p, ret);
    case TOKEN_COMMENT:
        p->trim_next = false;
        next_outside(p);
        return ST_OK;
    case TOKEN_OPEN:
    case TOKEN_OPEN_AMP:
        return parse_variable(p, TOKEN_CLOSE, ret);
    case TOKEN_OPEN_TRIPLE:
        return parse_variable(p, TOKEN_CLOSE_TRIPLE, ret);
    case TOKEN_OPEN_BLOCK:
    case TOKEN_OPEN_INVERSE:
        return parse_block(p, ret);
    case TOKEN_OPEN_RAW:
        return parse_raw(p, ret);
    case TOKEN_OPEN_PARTIAL:
    case TOKEN_OPEN_PARTIAL_BLOCK:
        return parse_partial(p, ret);
    case TOKEN_OPEN_DELIMITERS:
        return parse_delimiters(p);
    default:
        return refuse_found(p, "EOF");
    }
}

/* {{^name}} begins a block of its own or is the else of the block around: what can be read as the
 * former is. *ret_ends: it is the latter, and nothing was read. */
static enum status parse_inverse(struct parser *p, struct node **ret, bool *ret_ends)
{
    struct parser before = *p;
    enum status st;

    next_inside(p);
    if (p->token.type == TOKEN_CLOSE) {
        *p = before;
        *ret_ends = true;
        return ST_OK;
    }
    p->lexer = before.lexer;
    p->token = before.token;
    st = ++p->tries > 100 ? ST_BAD_INPUT : parse_block(p, ret);
    if (st != ST_BAD_INPUT)
        return st;
    before.tries = p->tries;
    *p = before;
    *ret = NULL;
    *ret_ends = true;
    return ST_OK;
}

/* Whether the present token ends a body: {{/, {{else or the end of the text. */
static bool ends_body(struct parser *p)
{
    struct parser before = *p;
    bool ends;

    if (p->token.type == TOKEN_END || p->token.type == TOKEN_OPEN_END ||
        p->token.type == TOKEN_OPEN_RAW_END)
        return true;
    if (p->token.type != TOKEN_OPEN)
        return false;
    next_inside(p);
    ends = p->token.type == TOKEN_ELSE;
    *p = before;
    return ends;
}

static enum status parse_body(struct parser *p, struct body *ret)
{
    const struct node **place = &ret->first;
    bool ends = false;

    ret->first = NULL;
    while (!ends && !ends_body(p)) {
        struct node *n = NULL;
        enum status st = p->token.type == TOKEN_OPEN_INVERSE && p->depth > 0
                             ? parse_inverse(p, &n, &ends)
                             : parse_statement(p, &n);

        if (st != ST_OK)
            return st;
        if (!n)
            continue;
        *place = n;
        place = &n->next;
    }
    return ST_OK;
}

enum status parser_run(struct arena *a, struct slice text, struct body *ret,
                       struct prepared **prepared, struct why *why)
{
    struct parser p = {.arena = a, .prepared = prepared, .why = why};
    enum status st;

    lexer_init(&p.lexer, text);
    next_outside(&p);
    st = parse_body(&p, ret);
    if (st == ST_OK && p.token.type != TOKEN_END)
        st = refuse_found(&p, "EOF");
    return st;
}
