#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/match/xpath.h"

static const char document[] = "<a:r xmlns:a='urn:a' n='7'><b k='1'>x</b><b>y<c/></b></a:r>";

static void expressions_find_what_java_prints(void **state)
{
    static const struct {
        const char *expression;
        size_t count;
        const char *first;
    } cases[] = {
        {"//b", 2, "<b k=\"1\">x</b>\n"},
        {"//b/text()", 2, "x"},
        {"//@n", 1, "7"},
        {"//c", 1, "<c/>\n"},
        {"count(//b)", 1, "2"},
        {"1234.5678 * 10", 1, "12,345.678"},
        {"boolean(//nope)", 1, "false"},
        {"string(//b)", 1, "x"},
        {"//nope", 0, NULL},
        {"//r", 0, NULL},
        {"//*[local-name()='r']/b[2]", 1, "<b>\n  y\n  <c/>\n</b>\n"},
    };
    auto_xml_document struct xml_document *d = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(xml_document_parse(slice_of(document), &d, &why), &why);
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_xpath struct xpath *x = NULL;
        auto_xpath_result struct xpath_result *found = NULL;

        assert_ok(xpath_compile(slice_of(cases[i].expression), NULL, &x, &why), &why);
        assert_ok(xpath_read(x, d, &found, &why), &why);
        assert_int_equal(xpath_result_count(found), cases[i].count);
        if (cases[i].first)
            assert_string_equal(xpath_result_text(found, 0).data, cases[i].first);
    }
}

static void namespaces_count_where_they_are_given(void **state)
{
    auto_json json_t *namespaces = json_pack("{s:s}", "p", "urn:a");
    auto_xml_document struct xml_document *d = NULL;
    auto_xpath struct xpath *x = NULL;
    auto_xpath_result struct xpath_result *found = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(xml_document_parse(slice_of(document), &d, &why), &why);
    assert_ok(xpath_compile(SLICE("/p:r"), namespaces, &x, &why), &why);
    assert_ok(xpath_read(x, d, &found, &why), &why);
    assert_int_equal(xpath_result_count(found), 1);
}

/* One after the other, and none knows the namespaces or the failure of the one before. */
static void expressions_of_one_document_are_strangers(void **state)
{
    auto_json json_t *p = json_pack("{s:s}", "p", "urn:a");
    auto_json json_t *q = json_pack("{s:s}", "q", "urn:a");
    const struct {
        const char *expression;
        const json_t *namespaces;
        int count; /* -1: it fails */
    } steps[] = {{"/p:r", p, 1},   {"/p:r", q, -1}, {"/q:r", q, 1}, {"b[2]", NULL, 0},
                 {"//b", NULL, 2}, {"/p:r", q, -1}, {"//b", q, 2},  {"//b[last()]", NULL, 1},
                 {"/q:r/b", q, 2}, {"/p:r", p, 1}};
    auto_xml_document struct xml_document *d = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(xml_document_parse(slice_of(document), &d, &why), &why);
    for (size_t i = 0; i < COUNT(steps); i++) {
        auto_xpath struct xpath *x = NULL;
        auto_xpath_result struct xpath_result *found = NULL;
        enum status st;

        assert_ok(xpath_compile(slice_of(steps[i].expression), steps[i].namespaces, &x, &why),
                  &why);
        st = xpath_read(x, d, &found, &why);
        assert_int_equal(st == ST_OK ? (int)xpath_result_count(found) : -1, steps[i].count);
    }
}

static void broken_documents_and_paths_are_refused(void **state)
{
    static const char *const broken[] = {"", "x", "<a>", "<a></b>", "<a", "<a/><b/>", "\xFF"};
    struct xml_document *d = NULL;
    struct xpath *x = NULL;

    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++)
        assert_int_equal(xml_document_parse(slice_of(broken[i]), &d, NULL), ST_BAD_INPUT);
    assert_int_equal(xpath_compile(SLICE("//["), NULL, &x, NULL), ST_BAD_INPUT);
    assert_int_equal(xpath_compile(SLICE(""), NULL, &x, NULL), ST_BAD_INPUT);
}

static void entities_reach_no_file(void **state)
{
    auto_xml_document struct xml_document *d = NULL;
    auto_xpath struct xpath *x = NULL;
    auto_xpath_result struct xpath_result *found = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(
        xml_document_parse(
            SLICE("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"), &d, &why),
        &why);
    assert_ok(xpath_compile(SLICE("string(/a)"), NULL, &x, &why), &why);
    assert_ok(xpath_read(x, d, &found, &why), &why);
    assert_string_equal(xpath_result_text(found, 0).data, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_find_what_java_prints),
        cmocka_unit_test(namespaces_count_where_they_are_given),
        cmocka_unit_test(expressions_of_one_document_are_strangers),
        cmocka_unit_test(broken_documents_and_paths_are_refused),
        cmocka_unit_test(entities_reach_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
