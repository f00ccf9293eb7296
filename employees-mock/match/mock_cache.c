#include "employees-mock/match/mock_cache.h"

#include "employees-mock/match/json_loose.h"

void mock_cache_done(struct mock_cache *c)
{
    fields_done(&c->cookies);
    fields_done(&c->query);
    fields_done(&c->form);
    buf_done(&c->absolute_url);
    buf_done(&c->decoded);
    multipart_free(c->multipart);
    json_decref(c->json);
    json_decref(c->loose);
    xml_document_free(c->xml);
}

const json_t *mock_cache_json(struct mock_cache *c, struct slice text)
{
    if (!c->has_json) {
        c->has_json = true;
        if (json_loose_read(text, &c->json, NULL) != ST_OK)
            c->json = NULL;
    }
    return c->json;
}

const json_t *mock_cache_permissive_json(struct mock_cache *c, struct slice text)
{
    if (!c->has_loose) {
        c->has_loose = true;
        if (json_loose_read_permissive(text, &c->loose, NULL) != ST_OK)
            c->loose = NULL;
    }
    return c->loose;
}

const struct xml_document *mock_cache_xml(struct mock_cache *c, struct slice text)
{
    if (!c->has_xml) {
        c->has_xml = true;
        if (xml_document_parse(text, &c->xml, NULL) != ST_OK)
            c->xml = NULL;
    }
    return c->xml;
}
