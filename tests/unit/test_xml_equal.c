#include "tests/unit/check.h"

#include "employees-mock/match/xml_equal.h"

static const struct xml_equal_options strict = {0};
static const struct xml_equal_options placeholders = {.placeholders = true};
static const struct xml_equal_options by_text = {.order_by_text = true};
static const struct xml_equal_options no_namespace = {.exempted = 1u << XML_CMP_NAMESPACE_URI};
static const struct xml_equal_options legacy = {.namespaces = XML_NS_LEGACY};

static const struct {
    const struct xml_equal_options *options;
    const char *expected;
    const char *actual;
    bool equal;
} cases[] = {
    {&strict, "<a><b>1</b><c/></a>", "<a> <c></c><b> 1 </b></a>", true},
    {&strict, "<a><b>1</b></a>", "<a><b>2</b></a>", false},
    {&strict, "<a x='1'/>", "<a x='1' y='2'/>", false},
    {&strict, "<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", false},
    {&by_text, "<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", true},
    {&strict, "<a xmlns='urn:x'/>", "<p:a xmlns:p='urn:x'/>", true},
    {&strict, "<a xmlns='urn:x'/>", "<a xmlns='urn:y'/>", false},
    {&no_namespace, "<a xmlns='urn:x'/>", "<a xmlns='urn:y'/>", true},
    {&strict, "<a/>", "<a xmlns='urn:y'/>", true},
    {&legacy, "<p:a/>", "<q:a/>", true},
    {&strict, "<a/>", "<a><!-- c --></a>", true},
    {&strict, "<a>x</a>", "<a><![CDATA[x]]></a>", false},
    {&placeholders, "<a>${xmlunit.ignore}</a>", "<a/>", true},
    {&placeholders, "<a>${xmlunit.isNumber}</a>", "<a>x</a>", false},
    {&placeholders, "<a x='${xmlunit.matchesRegex(^a+$)}'/>", "<a x='aa'/>", true},
    {&strict, "<a/>", "nonsense", false},
    {&strict, "<a/>", "<p:a/>", false},
};

static void documents_compare_as_xmlunit_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_xml_equal struct xml_equal *x = NULL;
        struct why why = {0};
        bool equal = !cases[i].equal;

        assert_ok(xml_equal_compile(slice_of(cases[i].expected), cases[i].options, &x, &why), &why);
        assert_ok(xml_equal_matches(x, slice_of(cases[i].actual), &equal, &why), &why);
        if (equal != cases[i].equal)
            print_error("%s and %s\n", cases[i].expected, cases[i].actual);
        assert_int_equal(equal, cases[i].equal);
        assert_true(xml_equal_distance(x, slice_of(cases[i].actual)) >= 0);
    }
}

static void broken_expectations_are_refused(void **state)
{
    struct xml_equal *x = NULL;
    struct why why = {0};
    struct xml_equal_options delimiter = {.placeholders = true, .opening = "("};

    (void)state;
    assert_status(ST_BAD_INPUT, xml_equal_compile(SLICE("<a>"), &strict, &x, &why), &why);
    assert_string_equal(why.text, "XML document structures must start and end within the same "
                                  "entity.; line 1; column 4");
    assert_status(ST_BAD_INPUT, xml_equal_compile(SLICE("<p:a/>"), &strict, &x, &why), &why);
    assert_status(ST_BAD_INPUT, xml_equal_compile(SLICE("<a/>"), &delimiter, &x, &why), &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_compare_as_xmlunit_does),
        cmocka_unit_test(broken_expectations_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
