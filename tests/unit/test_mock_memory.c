/* Each allocation of employees-mock's parts fails in turn: what is made is whole, or is not. See
 * failing_memory.h. */
#include "tests/unit/failing_memory.h"
#include "tests/unit/interceptor_fixture.h"
#include "tests/unit/stub_fixture.h"

#include "common/memory.h"
#include "employees-mock/event_json.h"
#include "employees-mock/mapping_files.h"
#include "employees-mock/match/xpath.h"

/* What comes before is not what is tested. */
static json_t *parse_with_memory(const char *text)
{
    long left = until_failure;
    json_t *value;

    until_failure = NONE_FAILS;
    value = parse(text);
    until_failure = left;
    return value;
}

static enum status stub_scenario(void *ctx, struct why *why)
{
    static const struct stub_rules rules = {TEMPLATING_LOCAL};
    auto_json json_t *mapping = parse_with_memory(ctx);
    auto_stub struct stub *s = NULL;
    struct match_fault fault = {0};
    enum status st;

    (void)why;
    memory_forget();
    st = stub_parse(mapping, "", &rules, &s, &fault);
    if (st != ST_OK)
        return st;
    assert_string_equal(s->id, "00000000-0000-0000-0000-00000000000a");
    assert_int_equal(json_object_size(s->json), json_object_size(mapping) + 1);
    assert_non_null(json_object_get(json_object_get(s->json, "metadata"), "a"));
    return ST_OK;
}

static void stubs_survive(void **state)
{
    static char text[] =
        "{'id':'00000000-0000-0000-0000-00000000000a','priority':3,'request':{'urlPathPattern':"
        "'/a/(b|c)','headers':{'X':{'matches':'y+'}},'bodyPatterns':[{'matchesXPath':'//a'},"
        "{'equalToJson':{'a':[1,{}]}}]},'response':{'status':201,'jsonBody':{'a':[]},'headers':"
        "{'X':['y','z']},'transformers':['response-template']},'metadata':{'a':{'b':null}}}";

    (void)state;
    walk_allocations(stub_scenario, text, 50);
}

/* A stub that was written knows its file. */
static enum status file_scenario(void *ctx, struct why *why)
{
    static const struct stub_rules rules = {TEMPLATING_LOCAL};
    const struct mapping_files_settings settings = {.folder = ctx, .rules = &rules};
    auto_json json_t *mapping = parse_with_memory("{'persistent':true,'request':{'url':'/a'}}");
    struct mapping_files *files = NULL;
    auto_stub struct stub *s = NULL;
    struct match_fault fault = {0};
    long left = until_failure;
    enum status st;

    until_failure = NONE_FAILS;
    assert_ok(mapping_files_open(&settings, &files, why), why);
    memory_forget();
    assert_int_equal(stub_parse(mapping, "", &rules, &s, &fault), ST_OK);
    until_failure = left;
    st = mapping_files_note(files, s, why);
    if (st == ST_OK)
        assert_non_null(s->file);
    mapping_files_close(files);
    return st;
}

static void files_of_stubs_survive(void **state)
{
    walk_allocations(file_scenario, ((struct temp *)*state)->folder, 3);
}

static enum status xpath_scenario(void *ctx, struct why *why)
{
    static const char text[] = "<a xmlns='urn:d' xmlns:p='urn:p'><b p:k='1'>in</b><!-- c --></a>";
    auto_xml_document struct xml_document *d = NULL;
    auto_xpath struct xpath *x = NULL;
    auto_xpath_result struct xpath_result *found = NULL;
    struct slice content;
    enum status st;

    (void)ctx;
    memory_forget();
    st = xml_document_parse(slice_of(text), &d, why);
    if (st == ST_OK)
        st = xpath_compile(SLICE("//b/text()"), NULL, &x, why);
    if (st == ST_OK)
        st = xpath_read(x, d, &found, why);
    if (st != ST_OK)
        return st;
    assert_int_equal(xpath_result_count(found), 1);
    content = xpath_result_text(found, 0);
    if (!memory_failed())
        assert_true(slice_is(content, "in"));
    return memory_blame(ST_OK, why);
}

/* Our own memory alone: some versions of libxml2 read through NULL where theirs is out. */
static void xpaths_survive(void **state)
{
    (void)state;
    walk_allocations(xpath_scenario, NULL, 3);
}

static enum status journal_scenario(void *ctx, struct why *why)
{
    static const char bytes[] = "\xff 0123456789 0123456789 0123456789 0123456789 0123456789";
    auto_json json_t *text = NULL;
    auto_json json_t *base64 = NULL;

    (void)ctx;
    memory_forget();
    text = text_json(slice_of(bytes));
    if (text)
        assert_int_equal(json_string_length(text), strlen(bytes) + 2);
    base64 = base64_json(slice_of(bytes));
    if (base64)
        assert_int_equal(json_string_length(base64), 76);
    return memory_blame(ST_OK, why);
}

static void texts_of_the_journal_survive(void **state)
{
    (void)state;
    walk_allocations(journal_scenario, NULL, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stubs_survive),
        cmocka_unit_test_setup_teardown(files_of_stubs_survive, temp_setup, temp_teardown),
        cmocka_unit_test(xpaths_survive),
        cmocka_unit_test(texts_of_the_journal_survive),
    };

    json_watch_memory();
    return cmocka_run_group_tests_name("mock memory", tests, NULL, NULL);
}
