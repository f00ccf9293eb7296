/* Options in the first byte, the expected XML up to a NUL, the actual one behind it. */
#include "employees-mock/match/xml_equal.h"
#include "employees-mock/template/xml_format.h"
#include "tests/fuzz/target.h"

static void format(struct slice text)
{
    auto_buf struct buf out = BUF_INIT(1 << 20);

    (void)!xml_format(text, true, &out, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice actual = {(const char *)data, size};
    struct slice expected;
    struct xml_equal_options options = {0};
    struct xml_equal *x = NULL;
    bool equal;

    if (size == 0)
        return 0;
    actual = slice_from(actual, 1);
    expected = fuzz_take(&actual, '\0');
    options.placeholders = data[0] & 1;
    options.order_by_text = data[0] & 2;
    options.exempted = data[0] & 4 ? 1U << (data[0] % XML_CMP_UNCOUNTED) : 0;
    options.namespaces = (enum xml_namespaces)((data[0] >> 3) % (XML_NS_NONE + 1));
    if (xml_equal_compile(expected, &options, &x, NULL) != ST_OK)
        return 0;
    (void)!xml_equal_matches(x, actual, &equal, NULL);
    (void)xml_equal_distance(x, actual);
    format(actual);
    xml_equal_free(x);
    return 0;
}
