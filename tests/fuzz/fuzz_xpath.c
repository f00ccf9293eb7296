/* An XPath in the first line, a document behind it; the XPath is asked as it stands and as the JDK
 * reads it. */
#include "employees-mock/match/xpath.h"
#include "employees-mock/match/xpath_local.h"
#include "tests/fuzz/target.h"

static void read_item(const struct xpath_result *r, size_t i)
{
    auto_buf struct buf name = BUF_INIT(1 << 16);
    json_t *attributes = xpath_result_attributes(r, i);

    (void)xpath_result_text(r, i);
    (void)xpath_result_content(r, i);
    xpath_result_put_name(r, i, &name);
    json_decref(attributes);
}

static void ask(struct slice expression, const struct xml_document *d)
{
    struct xpath *x = NULL;
    struct xpath_result *r = NULL;

    if (xpath_compile(expression, NULL, &x, NULL) != ST_OK)
        return;
    if (xpath_read(x, d, &r, NULL) == ST_OK) {
        for (size_t i = 0; i < xpath_result_count(r) && i < 100; i++)
            read_item(r, i);
        xpath_result_free(r);
    }
    xpath_free(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct slice expression = fuzz_take(&text, '\n');
    auto_buf struct buf local = BUF_INIT(1 << 20);
    struct xml_document *d = NULL;

    xpath_local(expression, &local);
    if (xml_document_parse(text, &d, NULL) != ST_OK)
        return 0;
    ask(expression, d);
    ask(buf_slice(&local), d);
    xml_document_free(d);
    return 0;
}
