#include "employees-mock/template/xml_cache.h"

#include "employees-mock/match/xpath.h"

struct xml_cache {
    struct slice text;
    struct xml_document *document;
    struct xpath_result *result;
    struct xml_cache *next;
};

static struct xml_cache *add(struct render *r)
{
    struct xml_cache *c = arena_new(&r->arena, struct xml_cache);

    if (c) {
        c->next = r->xml;
        r->xml = c;
    }
    return c;
}

const struct xml_document *xml_cache_document(struct render *r, struct slice text)
{
    struct xml_cache *c;

    for (c = r->xml; c; c = c->next)
        if (c->document && slice_equal(c->text, text))
            return c->document;
    c = add(r);
    if (!c || xml_document_parse(text, &c->document, NULL) != ST_OK)
        return NULL;
    c->text = text;
    return c->document;
}

bool xml_cache_keep(struct render *r, struct xpath_result *result)
{
    struct xml_cache *c = add(r);

    if (!c) {
        xpath_result_free(result);
        return false;
    }
    c->result = result;
    return true;
}

/* Results first: they point into documents, which are older. */
void xml_cache_free(struct xml_cache *cache)
{
    for (struct xml_cache *c = cache; c; c = c->next)
        xpath_result_free(c->result);
    for (struct xml_cache *c = cache; c; c = c->next)
        xml_document_free(c->document);
}
