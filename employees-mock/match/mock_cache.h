/* What a request's first questions have found out, kept for the next: private to matching. */
#ifndef EMPLOYEES_MOCK_MOCK_CACHE_H
#define EMPLOYEES_MOCK_MOCK_CACHE_H

#include "employees-mock/match/fields.h"
#include "employees-mock/match/multipart.h"
#include "employees-mock/match/xml_document.h"

struct mock_cache {
    bool has_cookies, has_query, has_form, has_text, has_parts, has_json, has_loose, has_xml;
    struct fields cookies;
    struct fields query;
    struct fields form;
    struct buf absolute_url;
    struct buf decoded;
    struct slice text;
    struct multipart *multipart;
    unsigned paths_read;       /* in the text, while there was no ... */
    json_t *json;              /* ... by json_loose_read */
    json_t *loose;             /* by json_loose_read_permissive */
    struct xml_document *xml;  /* namespace-aware */
    struct match_notes *notes; /* borrowed: where matching leaves notes; or NULL */
};

struct mock_cache *mock_request_cache(const struct mock_request *r);
void mock_cache_done(struct mock_cache *c);

/* The body's text as JSON, XML; NULL: it is none. Borrowed. */
const json_t *mock_cache_json(struct mock_cache *c, struct slice text);
const json_t *mock_cache_permissive_json(struct mock_cache *c, struct slice text);
const struct xml_document *mock_cache_xml(struct mock_cache *c, struct slice text);

#endif
