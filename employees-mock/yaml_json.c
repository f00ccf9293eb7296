#include "employees-mock/yaml_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 100 };

/* A place in the document's table of nodes. */
static enum status fail_mark(struct why *why, yaml_mark_t mark, const char *words)
{
    char place[64];

    snprintf(place, sizeof place, "line %zu column %zu", mark.line + 1, mark.column + 1);
    return fail_at(why, ST_BAD_INPUT, place, "%s", words);
}

static bool is_one_of(const char *text, const char *const words[])
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static json_t *number_of(const char *text)
{
    size_t digits = strspn(text, "0123456789+-.eE");
    char *end;
    long long whole;
    double real;

    if (!*text || text[digits] || !strpbrk(text, "0123456789"))
        return NULL;
    errno = 0;
    whole = strtoll(text, &end, 10);
    if (!*end && errno == 0)
        return json_integer(whole);
    real = strtod(text, &end);
    return *end ? NULL : json_real(real);
}

static json_t *scalar_of(const yaml_node_t *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    const char *text = (const char *)node->data.scalar.value;
    json_t *number;

    if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        if (is_one_of(text, nulls))
            return json_null();
        if (is_one_of(text, trues))
            return json_true();
        if (is_one_of(text, falses))
            return json_false();
        number = number_of(text);
        if (number)
            return number;
    }
    return json_stringn(text, node->data.scalar.length);
}

static enum status convert(yaml_document_t *d, const yaml_node_t *node, int depth, json_t **ret,
                           struct why *why);

static enum status convert_sequence(yaml_document_t *d, const yaml_node_t *node, int depth,
                                    json_t **ret, struct why *why)
{
    json_t *list = json_array();

    for (yaml_node_item_t *at = node->data.sequence.items.start; at < node->data.sequence.items.top;
         at++) {
        json_t *value = NULL;
        enum status st = convert(d, yaml_document_get_node(d, *at), depth + 1, &value, why);

        if (st != ST_OK) {
            json_decref(list);
            return st;
        }
        json_array_append_new(list, value);
    }
    *ret = list;
    return ST_OK;
}

static enum status convert_pair(yaml_document_t *d, const yaml_node_pair_t *pair, int depth,
                                json_t *object, struct why *why)
{
    const yaml_node_t *key = yaml_document_get_node(d, pair->key);
    const char *name;
    json_t *value = NULL;
    enum status st;

    if (key->type != YAML_SCALAR_NODE)
        return fail_mark(why, key->start_mark, "a name must be text");
    name = (const char *)key->data.scalar.value;
    if (json_object_get(object, name))
        return fail_mark(why, key->start_mark, "the name is there twice");
    st = convert(d, yaml_document_get_node(d, pair->value), depth + 1, &value, why);
    if (st == ST_OK && json_object_set_new(object, name, value) != 0)
        st = fail_mark(why, key->start_mark, "the name is not UTF-8");
    return st;
}

static enum status convert_mapping(yaml_document_t *d, const yaml_node_t *node, int depth,
                                   json_t **ret, struct why *why)
{
    json_t *object = json_object();

    for (yaml_node_pair_t *at = node->data.mapping.pairs.start; at < node->data.mapping.pairs.top;
         at++) {
        enum status st = convert_pair(d, at, depth, object, why);

        if (st != ST_OK) {
            json_decref(object);
            return st;
        }
    }
    *ret = object;
    return ST_OK;
}

static enum status convert(yaml_document_t *d, const yaml_node_t *node, int depth, json_t **ret,
                           struct why *why)
{
    if (depth > DEPTH_MAX)
        return fail_mark(why, node->start_mark, "nested too deep");
    if (node->type == YAML_SEQUENCE_NODE)
        return convert_sequence(d, node, depth, ret, why);
    if (node->type == YAML_MAPPING_NODE)
        return convert_mapping(d, node, depth, ret, why);
    *ret = scalar_of(node);
    return *ret ? ST_OK : fail_mark(why, node->start_mark, "the text is not UTF-8");
}

/* Aliases could make a small text a huge value. */
static enum status refuse_aliases(struct slice text, struct why *why)
{
    yaml_parser_t parser;
    yaml_event_t event;
    enum status st = ST_OK;
    bool more = true;

    if (!yaml_parser_initialize(&parser))
        return fail_memory(why);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
    while (more && st == ST_OK && yaml_parser_parse(&parser, &event)) {
        if (event.type == YAML_ALIAS_EVENT)
            st = fail_mark(why, event.start_mark, "aliases are not supported");
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return st;
}

static enum status load(yaml_parser_t *parser, json_t **ret, struct why *why)
{
    yaml_document_t document;
    yaml_node_t *root;
    enum status st;

    if (!yaml_parser_load(parser, &document))
        return fail_mark(why, parser->problem_mark, parser->problem ? parser->problem : "no YAML");
    root = yaml_document_get_root_node(&document);
    if (root) {
        st = convert(&document, root, 0, ret, why);
    } else {
        *ret = json_object();
        st = ST_OK;
    }
    yaml_document_delete(&document);
    return st;
}

enum status yaml_read(struct slice text, json_t **ret, struct why *why)
{
    yaml_parser_t parser;
    enum status st = refuse_aliases(text, why);

    if (st != ST_OK)
        return st;
    if (!yaml_parser_initialize(&parser))
        return fail_memory(why);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.len);
    st = load(&parser, ret, why);
    yaml_parser_delete(&parser);
    return st;
}
