#include "employees-mock/template/parser_state.h"

#include "employees-mock/template/helper.h"

static enum status parse_body(struct parser *p, struct body *ret);

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
    return e->path ? ST_OK : parser_out_of_memory(p);
}

static enum status check_helper(struct parser *p, const struct expression *e,
                                const struct token *name)
{
    if (e->helper || (e->param_count == 0 && e->hash_count == 0))
        return ST_OK;
    return parser_refuse(p, name, "could not find helper: '%.*s'", (int)e->name.len, e->name.data);
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
    n = new_node(p, NODE_VARIABLE);
    if (!n)
        return parser_out_of_memory(p);
    st = parser_expression(p, &n->call);
    if (st == ST_OK)
        st = qualify(p, &n->call);
    if (st != ST_OK)
        return st;
    st = check_helper(p, &n->call, &name);
    if (st != ST_OK)
        return st;
    *ret = n;
    return parser_close_tag(p, close);
}

static enum status parse_block_params(struct parser *p, struct node *n)
{
    struct slice *names = NULL;

    if (p->token.type != TOKEN_AS)
        return ST_OK;
    parser_next_inside(p);
    if (p->token.type != TOKEN_PIPE)
        return parser_refuse_found(p, "|");
    for (parser_next_inside(p); p->token.type == TOKEN_NAME; parser_next_inside(p)) {
        names = parser_grown(p->arena, names, n->block_param_count, sizeof *names);
        if (!names)
            return parser_out_of_memory(p);
        names[n->block_param_count++] = arena_copy(p->arena, p->token.text);
    }
    n->block_params = names;
    if (p->token.type != TOKEN_PIPE || n->block_param_count == 0)
        return parser_refuse_found(p, n->block_param_count ? "|" : "id");
    parser_next_inside(p);
    return ST_OK;
}

/* {{/name}}; the present token is what ended the body. */
static enum status parse_end(struct parser *p, struct slice name, enum token_type open,
                             enum token_type close)
{
    struct token end;

    if (p->token.type != open)
        return parser_refuse_found(p, open == TOKEN_OPEN_END ? "{{/" : "{{{{/");
    parser_next_inside(p);
    end = p->token;
    if (end.type != TOKEN_NAME)
        return parser_refuse_found(p, "id");
    if (!slice_equal(end.text, name))
        return parser_refuse(p, &end, "found: '%.*s', expected: '%.*s'", (int)end.text.len,
                             end.text.data, (int)name.len, name.data);
    parser_next_inside(p);
    return parser_close_tag(p, close);
}

/* Whether the present token opens {{else or {{^; then the token behind that is present. */
static bool else_ahead(struct parser *p)
{
    struct lexer before = p->lexer;
    struct token first = p->token;

    if (first.type == TOKEN_OPEN_INVERSE) {
        parser_next_inside(p);
        return true;
    }
    if (first.type != TOKEN_OPEN)
        return false;
    parser_next_inside(p);
    if (p->token.type == TOKEN_ELSE) {
        parser_next_inside(p);
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
        return parser_out_of_memory(p);
    st = parser_expression(p, &n->call);
    if (st == ST_OK)
        st = parse_block_params(p, n);
    if (st == ST_OK)
        st = check_helper(p, &n->call, &name);
    if (st == ST_OK)
        st = parser_close_tag(p, TOKEN_CLOSE);
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
            st = parser_close_tag(p, TOKEN_CLOSE);
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
    enum status st = parser_expression(p, &n->call);

    if (st == ST_OK)
        st = parse_block_params(p, n);
    if (st == ST_OK && n->type != NODE_INLINE)
        st = check_helper(p, &n->call, &name);
    return st == ST_OK ? parser_close_tag(p, TOKEN_CLOSE) : st;
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
    enum status st = parser_deeper(p);
    bool decorator;

    if (st != ST_OK)
        return st;
    parser_next_inside(p);
    decorator = !inverted && p->token.type == TOKEN_STAR;
    if (decorator)
        parser_next_inside(p);
    name = p->token.text;
    n = new_node(p, decorator ? NODE_INLINE : NODE_BLOCK);
    if (!n)
        return parser_out_of_memory(p);
    if (decorator && !slice_is(name, "inline"))
        return parser_refuse(p, &p->token, "could not find decorator: '%.*s'", (int)name.len,
                             name.data);
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

    parser_next_inside(p);
    name = p->token.text;
    n = new_node(p, NODE_BLOCK);
    text = new_node(p, NODE_TEXT);
    if (!n || !text)
        return parser_out_of_memory(p);
    st = parser_expression(p, &n->call);
    if (st != ST_OK)
        return st;
    from = p->lexer.at;
    if (p->token.type != TOKEN_CLOSE_RAW)
        return parser_refuse_found(p, "}}}}");
    do {
        parser_next_outside(p);
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
        return parser_param(p, ret);
    if (p->token.type != TOKEN_NAME && p->token.type != TOKEN_PATH)
        return parser_refuse_found(p, "id");
    if (word.data[0] == '/')
        return parser_refuse(p, &p->token, "found: '/', partial shouldn't start with '/'");
    if (word.len > 2 && word.data[0] == '[')
        word = (struct slice){word.data + 1, word.len - 2};
    ret->type = PARAM_LITERAL;
    ret->literal = value_text(arena_copy(p->arena, word));
    parser_next_inside(p);
    return ST_OK;
}

/* {{> name scope a=1}} and {{#> name}}...{{/name}}. */
static enum status parse_partial(struct parser *p, struct node **ret)
{
    bool block = p->token.type == TOKEN_OPEN_PARTIAL_BLOCK;
    struct node *n;
    struct slice name;
    enum status st = parser_deeper(p);

    if (st != ST_OK)
        return st;
    parser_next_inside(p);
    name = p->token.text;
    n = new_node(p, NODE_PARTIAL);
    if (!n)
        return parser_out_of_memory(p);
    st = parse_partial_name(p, &n->partial);
    if (st == ST_OK)
        st = parser_arguments(p, &n->call);
    if (st == ST_OK && n->call.param_count > 0 &&
        (n->call.param_count > 1 || n->call.params[0].type != PARAM_PATH))
        st = parser_refuse_found(p, "}}");
    if (st == ST_OK)
        st = parser_close_tag(p, TOKEN_CLOSE);
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
        return parser_out_of_memory(p);
    while (plain && p->trim_next && text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }
    p->trim_next = false;
    parser_next_outside(p);
    while (plain && p->token.trims && text.len > 0 && is_blank(text.data[text.len - 1]))
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
        return parse_block(p, ret);
    case TOKEN_OPEN_RAW:
        return parse_raw(p, ret);
    case TOKEN_OPEN_PARTIAL:
    case TOKEN_OPEN_PARTIAL_BLOCK:
        return parse_partial(p, ret);
    case TOKEN_OPEN_DELIMITERS:
        return parse_delimiters(p);
    default:
        return parser_refuse_found(p, "EOF");
    }
}

/* {{^name}} begins a block of its own or is the else of the block around: what can be read as the
 * former is. *ret_ends: it is the latter, and nothing was read. */
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
    parser_next_inside(p);
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
    parser_next_outside(&p);
    st = parse_body(&p, ret);
    if (st == ST_OK && p.token.type != TOKEN_END)
        st = parser_refuse_found(&p, "EOF");
    return st;
}
