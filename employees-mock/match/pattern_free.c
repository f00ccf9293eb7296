/* Releasing a request pattern and its lists. */
#include "employees-mock/match/pattern.h"

#include <stdlib.h>

void pattern_free_value_matchers(struct value_matchers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        value_matcher_free(list->items[i].matcher);
    }
    free(list->items);
}

void pattern_free_multi_matchers(struct multi_matchers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        multi_matcher_free(list->items[i].matcher);
    }
    free(list->items);
}

void pattern_free_content_matchers(struct content_matchers *list)
{
    for (size_t i = 0; i < list->count; i++)
        value_matcher_free(list->items[i]);
    free(list->items);
}

void pattern_free_parts(struct request_pattern *p)
{
    for (size_t i = 0; i < p->part_count; i++) {
        free(p->parts[i].name);
        free(p->parts[i].file_name);
        pattern_free_multi_matchers(&p->parts[i].headers);
        pattern_free_content_matchers(&p->parts[i].body);
    }
    free(p->parts);
}

void request_pattern_free(struct request_pattern *p)
{
    if (!p)
        return;
    free(p->scheme);
    value_matcher_free(p->host);
    value_matcher_free(p->client_ip);
    value_matcher_free(p->url);
    free(p->method);
    pattern_free_multi_matchers(&p->headers);
    pattern_free_value_matchers(&p->path_params);
    pattern_free_multi_matchers(&p->query);
    pattern_free_multi_matchers(&p->form);
    pattern_free_value_matchers(&p->cookies);
    free(p->username);
    free(p->password);
    multi_matcher_free(p->authorization);
    pattern_free_content_matchers(&p->body);
    free(p->custom_name);
    json_decref(p->custom_parameters);
    pattern_free_parts(p);
    free(p);
}
