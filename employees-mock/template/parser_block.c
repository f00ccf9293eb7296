/* Tags that have a body: blocks, raw blocks and partials. */
#include "employees-mock/template/parser_state.h"

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
    p->misnamed = !slice_equal(end.text, name);
    if (p->misnamed)
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
    struct node *n = parser_new_node(p, NODE_BLOCK);
    struct token name = p->token;
    enum status st;

    if (!n)
        return parser_out_of_memory(p);
    st = parser_expression(p, &n->call);
    if (st == ST_OK)
        st = parse_block_params(p, n);
    if (st == ST_OK)
        st = parser_check_helper(p, &n->call, &name);
    if (st == ST_OK)
        st = parser_close_tag(p, TOKEN_CLOSE);
    if (st == ST_OK)
        st = parser_body(p, &n->body);
    *ret = n;
    return st;
}

/* `trims`: the block began with {{~#, and so {{^ must be {{~^. */
static enum status parse_elses(struct parser *p, struct node *block, bool trims)
{
    struct token first = p->token;

    for (; else_ahead(p); first = p->token) {
        enum status st;

        if (first.type == TOKEN_OPEN_INVERSE && first.trims != trims)
            return parser_refuse(p, &first, "found: '%.*s'", (int)first.text.len, first.text.data);
        block->has_inverse = true;
        if (p->token.type == TOKEN_CLOSE) {
            st = parser_close_tag(p, TOKEN_CLOSE);
            if (st == ST_OK)
                st = parser_body(p, &block->inverse);
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

/* {{^name args}}: Handlebars.java forgets the arguments, and where the name is a helper's, that it
 * is inverted too. */
static void forget_arguments(struct node *n)
{
    n->call.param_count = 0;
    n->call.hash_count = 0;
}

/* name args as |x|}} of an opening tag; the name is the present token. */
static enum status parse_head(struct parser *p, struct node *n)
{
    struct token name = p->token;
    enum status st;

    p->forgets = n->inverted;
    st = parser_expression(p, &n->call);
    p->forgets = false;
    if (st == ST_OK)
        st = parse_block_params(p, n);
    if (n->inverted)
        forget_arguments(n);
    else if (st == ST_OK && n->type != NODE_INLINE)
        st = parser_check_helper(p, &n->call, &name);
    return st == ST_OK ? parser_close_tag(p, TOKEN_CLOSE) : st;
}

/* What stands between the tags of a block, in which {{#with}} may rule the names. */
static enum status parse_inside(struct parser *p, struct node *n, bool trims)
{
    struct slice outer = p->with_scope;
    enum status st;

    p->with_scope = with_argument(&n->call);
    st = parser_body(p, &n->body);
    if (st == ST_OK && n->type == NODE_BLOCK && !n->inverted)
        st = parse_elses(p, n, trims);
    p->with_scope = outer;
    return st;
}

/* {{#name}}, {{^name}} and {{#*inline}}: the opening token is present. */
enum status parser_block(struct parser *p, struct node **ret)
{
    bool inverted = p->token.type == TOKEN_OPEN_INVERSE;
    bool trims = p->token.trims;
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
    n = parser_new_node(p, decorator ? NODE_INLINE : NODE_BLOCK);
    if (!n)
        return parser_out_of_memory(p);
    if (decorator && !slice_is(name, "inline"))
        return parser_refuse(p, &p->token, "could not find decorator: '%.*s'", (int)name.len,
                             name.data);
    n->inverted = inverted;
    st = parse_head(p, n);
    if (st == ST_OK)
        st = parse_inside(p, n, trims);
    p->depth--;
    *ret = n;
    return st == ST_OK ? parse_end(p, name, TOKEN_OPEN_END, TOKEN_CLOSE) : st;
}

/* {{{{name}}}} ... {{{{/name}}}}: its body is text as it stands, but must be a template. */
enum status parser_raw(struct parser *p, struct node **ret)
{
    struct token name;
    struct node *text;
    struct node *n;
    struct body unused;
    enum status st = parser_deeper(p);
    size_t from;

    if (st != ST_OK)
        return st;
    parser_next_inside(p);
    name = p->token;
    n = parser_new_node(p, NODE_BLOCK);
    text = parser_new_node(p, NODE_TEXT);
    if (!n || !text)
        return parser_out_of_memory(p);
    st = parser_expression(p, &n->call);
    if (st == ST_OK)
        st = parser_check_helper(p, &n->call, &name);
    if (st != ST_OK)
        return st;
    from = p->lexer.at;
    st = parser_close_tag(p, TOKEN_CLOSE_RAW);
    if (st == ST_OK)
        st = parser_body(p, &unused);
    if (st != ST_OK)
        return st;
    text->text = (struct slice){p->lexer.text.data + from, p->lexer.at - p->token.text.len - from};
    n->body.first = text;
    p->depth--;
    *ret = n;
    return parse_end(p, name.text, TOKEN_OPEN_RAW_END, TOKEN_CLOSE_RAW);
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
enum status parser_partial(struct parser *p, struct node **ret)
{
    bool block = p->token.type == TOKEN_OPEN_PARTIAL_BLOCK;
    struct node *n;
    struct slice name;
    enum status st = parser_deeper(p);

    if (st != ST_OK)
        return st;
    parser_next_inside(p);
    name = p->token.text;
    n = parser_new_node(p, NODE_PARTIAL);
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
    st = parse_inside(p, n, false);
    return st == ST_OK ? parse_end(p, name, TOKEN_OPEN_END, TOKEN_CLOSE) : st;
}
