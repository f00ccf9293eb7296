#include "employees-mock/match/xpath.h"

#include "common/json.h"
#include "common/memory.h"
#include "employees-mock/match/xml_nodes.h"
#include "employees-mock/match/xpath_local.h"

#include <libxml/xpathInternals.h>
#include <stdlib.h>

enum { EXPRESSION_MAX = 16 * 1024, LOCAL_MAX = 1 << 20, OPERATIONS_MAX = 5000000 };

struct xpath {
    char *text;
    json_t *namespaces; /* NULL: default namespaces count for nothing, names are local */
};

void xpath_free(struct xpath *x)
{
    if (!x)
        return;
    free(x->text);
    json_decref(x->namespaces);
    free(x);
}

static void ignore_error(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static void release_context(xmlXPathContextPtr *context)
{
    xmlXPathFreeContext(*context);
}

static xmlXPathContextPtr new_context(xmlDocPtr doc)
{
    xmlXPathContextPtr context = xmlXPathNewContext(doc);

    if (context) {
        context->error = ignore_error;
        context->opLimit = OPERATIONS_MAX;
    }
    return context;
}

enum status xpath_compile(struct slice text, const json_t *namespaces, struct xpath **ret,
                          struct why *why)
{
    __attribute__((cleanup(release_context))) xmlXPathContextPtr context = new_context(NULL);
    auto_xpath struct xpath *x = calloc(1, sizeof *x);
    auto_buf struct buf local = BUF_INIT(LOCAL_MAX);
    xmlXPathCompExprPtr compiled;

    if (!context || !x)
        return fail_memory(why);
    if (text.len == 0 || text.len > EXPRESSION_MAX)
        return fail(why, ST_BAD_INPUT, "the XPath is empty or too long");
    if (json_object_size(namespaces) > 0)
        x->namespaces = json_deep_copy(namespaces);
    if (x->namespaces)
        buf_put_slice(&local, text);
    else
        xpath_local(text, &local);
    x->text = buf_take(&local, NULL);
    if (!x->text)
        return fail_memory(why);
    compiled = xmlXPathCtxtCompile(context, (const xmlChar *)x->text);
    if (!compiled)
        return fail(why, ST_BAD_INPUT, "no XPath: %.*s", (int)(text.len < 100 ? text.len : 100),
                    text.data);
    xmlXPathFreeCompExpr(compiled);
    *ret = take(x);
    return ST_OK;
}

static bool register_namespaces(xmlXPathContextPtr context, const json_t *namespaces)
{
    const char *prefix;
    json_t *uri;

    json_object_foreach ((json_t *)namespaces, prefix, uri) {
        if (json_is_string(uri) && xmlXPathRegisterNs(context, (const xmlChar *)prefix,
                                                      (const xmlChar *)json_string_value(uri)) != 0)
            return false;
    }
    return true;
}

enum status xpath_read(const struct xpath *x, const struct xml_document *d,
                       struct xpath_result **ret, struct why *why)
{
    struct xml_document *own = (struct xml_document *)d; /* never const where it was made */
    bool plain = x->namespaces == NULL;
    xmlDocPtr doc = plain ? xml_document_plain(own) : d->doc;
    __attribute__((cleanup(release_context))) xmlXPathContextPtr context = take(own->context);
    auto_xpath_result struct xpath_result *result = NULL;
    xmlXPathObjectPtr object;

    if (!context) /* to make one costs more than most expressions */
        context = new_context(doc);
    if (!doc || !context || !register_namespaces(context, x->namespaces))
        return fail_memory(why);
    context->doc = doc;
    context->opCount = 0;
    context->node = (xmlNodePtr)doc;
    object = xmlXPathEvalExpression((const xmlChar *)x->text, context);
    if (memory_failed()) {
        xmlXPathFreeObject(object);
        return fail_memory(why);
    }
    if (!object) {
        if (context->lastError.code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED)
            return fail(why, ST_TIMEOUT, "the XPath needs more work than is allowed");
        return fail(why, ST_BAD_INPUT, "the XPath could not be evaluated");
    }
    result = xpath_result_of(object, plain);
    xmlXPathFreeObject(object);
    xmlXPathRegisteredNsCleanup(context);
    own->context = take(context);
    if (!result || memory_failed()) /* its texts may be cut */
        return fail_memory(why);
    *ret = take(result);
    return ST_OK;
}
