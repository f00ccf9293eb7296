#include "employees-mock/template/parser_state.h"

#include "employees-mock/template/helper.h"

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
    return e->path ? ST_OK : parser_out_of_memory(p);
}

static enum status parse_variable(struct parser *p, enum token_type close, struct node **ret)
{
    struct node *n;
    struct token name;
    enum status st;

    parser_next_inside(p);
    name = p->token;
    if (name.type == TOKEN_STAR)
        return parser_refuse(p, &name, "could not find decorator");
    n = parser_new_node(p, NODE_VARIABLE);
    if (!n)
        return parser_out_of_memory(p);
    st = parser_expression(p, &n->call);
    if (st == ST_OK)
        st = qualify(p, &n->call);
    if (st != ST_OK)
        return st;
    st = parser_check_helper(p, &n->call, &name);
    if (st != ST_OK)
        return st;
    *ret = n;
    return parser_close_tag(p, close);
}

static bool is_blank(char c)
{
    return (c >= '\t' && c <= '\r') || c == ' ' || (c >= 0x1c && c <= 0x1f);
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
    parser_next_inside(p);
    ends = p->token.type == TOKEN_ELSE;
    *p = before;
    return ends;
}

/* Text between two tags, cut by their '~'. */
static enum status parse_text(struct parser *p, struct node **ret)
{
    struct node *n = parser_new_node(p, NODE_TEXT);
    struct slice text = p->token.text;
    bool plain = p->token.type == TOKEN_TEXT;
    bool kept; /* as Handlebars.java does not join it to the escaped tag before */

    if (!n)
        return parser_out_of_memory(p);
    while (plain && p->trim_next && text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }
    p->trim_next = false;
    parser_next_outside(p);
    kept = p->after_escape && ends_body(p);
    p->after_escape = !plain;
    while (plain && p->token.trims && !kept && text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    n->text = text;
    *ret = n;
    return ST_OK;
}

static enum status parse_delimiters(struct parser *p)
{
    if (!lexer_change_delimiters(&p->lexer))
        return parser_refuse(p, &p->token, "found: '{{=', expected: '{{=OPEN CLOSE=}}'");
    parser_next_outside(p);
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
        parser_next_outside(p);
        return ST_OK;
    case TOKEN_OPEN:
    case TOKEN_OPEN_AMP:
        return parse_variable(p, TOKEN_CLOSE, ret);
    case TOKEN_OPEN_TRIPLE:
        return parse_variable(p, TOKEN_CLOSE_TRIPLE, ret);
    case TOKEN_OPEN_BLOCK:
    case TOKEN_OPEN_INVERSE:
        return parser_block(p, ret);
    case TOKEN_OPEN_RAW:
        return parser_raw(p, ret);
    case TOKEN_OPEN_PARTIAL:
    case TOKEN_OPEN_PARTIAL_BLOCK:
        return parser_partial(p, ret);
    case TOKEN_OPEN_DELIMITERS:
        return parse_delimiters(p);
    default:
        return parser_refuse_found(p, "EOF");
    }
}

/* {{^name}} begins a block of its own or is the else of the block around: what can be read as the
 * former is, whatever name its end has. *ret_ends: it is the latter, and nothing was read. */
static enum status parse_inverse(struct parser *p, struct node **ret, bool *ret_ends)
{
    struct parser before = *p;
    enum status st;

    parser_next_inside(p);
    if (p->token.type == TOKEN_CLOSE) {
        *p = before;
        *ret_ends = true;
        return ST_OK;
    }
    p->lexer = before.lexer;
    p->token = before.token;
    st = ++p->tries > 100 ? ST_BAD_INPUT : parser_block(p, ret);
    if (st != ST_BAD_INPUT || p->misnamed)
        return st;
    before.tries = p->tries;
    *p = before;
    *ret = NULL;
    *ret_ends = true;
    return ST_OK;
}

enum status parser_body(struct parser *p, struct body *ret)
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
    parser_next_outside(&p);
    st = parser_body(&p, ret);
    if (st == ST_OK && p.token.type != TOKEN_END)
        st = parser_refuse_found(&p, "EOF");
    return st;
}
