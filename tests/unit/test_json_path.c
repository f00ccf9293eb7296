#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path.h"

static const char document[] =
    "{\"a\":{\"b\":[1,2,3]},\"s\":\"x\",\"n\":null,\"list\":[{\"p\":5,\"t\":\"u\"},{\"p\":15}]}";

/* What the path gives, as compact JSON; or "!" and the reason. */
static const struct {
    const char *path;
    const char *result;
} cases[] = {
    {"$.a.b[0]", "1"},
    {"$.a.b[-1]", "3"},
    {"$.a.b[1:]", "[2,3]"},
    {"$.a.b[:-1]", "[1,2]"},
    {"$.a.b.length()", "3"},
    {"$.a.b.sum()", "6.0"},
    {"$.a.b.avg()", "2.0"},
    {"$..p", "[5,15]"},
    {"$.list[?(@.p > 10)]", "[{\"p\":15}]"},
    {"$.list[?(@.t)].p", "[5]"},
    {"$.list[?(!@.t)].p", "[15]"},
    {"$.list[?(@.t =~ /U/i)].p", "[5]"},
    {"$.list[?(@.p in [5, 6])].p", "[5]"},
    {"$['a']['b'][0,2]", "[1,3]"},
    {"$['s','n']", "{\"s\":\"x\",\"n\":null}"},
    {"s", "\"x\""},
    {"$.n", "null"},
    {"$.missing", "!No results for path: $['missing']"},
    {"$.missing.x", "!Missing property in path $['missing']"},
    {"$.missing[*].x", "!Missing property in path $['missing']"},
    {"$.a.b[9]", "!No results for path: $['a']['b'][9]"},
    {"$.s.x", "!Expected to find an object with property ['x'] in path $['s'] but found "
              "'java.lang.String'. This is not a json object according to the JsonProvider: "
              "'wiremock.com.jayway.jsonpath.spi.json.JsonSmartJsonProvider'."},
    {"$..sum()", "!Current path token is a leaf"},
    {"$.nope()", "!Function with name: nope does not exist."},
};

static void paths_give_what_jayway_gives(void **state)
{
    auto_json json_t *doc = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(json_loose_read(slice_of(document), &doc, &why), &why);
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_json_path struct json_path *path = NULL;
        auto_json json_t *found = NULL;
        auto_buf struct buf text = BUF_INIT(4096);

        assert_ok(json_path_compile(slice_of(cases[i].path), &path, &why), &why);
        if (json_path_read(path, doc, &found, &why) == ST_OK)
            json_loose_write(found, JSON_LOOSE_COMPACT, &text);
        else
            buf_printf(&text, "!%s", why.text);
        assert_string_equal(buf_text(&text), cases[i].result);
    }
}

static void broken_paths_are_refused(void **state)
{
    static const char *const broken[] = {"",
                                         "$.",
                                         "$..",
                                         "$[",
                                         "$.a b",
                                         "$x",
                                         "$[?(@.a ==)]",
                                         "$[?()]",
                                         "$['a'b]",
                                         "$.a[x]",
                                         "$[?(@.a =~ /(/)]"};

    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        struct json_path *path = NULL;

        assert_int_equal(json_path_compile(slice_of(broken[i]), &path, NULL), ST_BAD_INPUT);
        assert_null(path);
    }
}

/* The same answer of a text as of what it is read to; NULL for none, as for null. */
static json_t *of_document(const struct json_path *path, const char *text)
{
    auto_json json_t *doc = NULL;
    json_t *found = NULL;

    if (json_loose_read(slice_of(text), &doc, NULL) == ST_OK)
        (void)!json_path_read_or_null(path, doc, &found, NULL);
    return json_is_null(found) ? NULL : found;
}

static void a_text_gives_what_its_document_gives(void **state)
{
    static const char *const texts[] = {
        document,
        "{\"a\":1,\"s\":{\"x\":2},\"a\":{\"b\":[7,[8,9]]}}",
        "{\"a\":{\"b\":[1]},\"a\":null}",
        "[[1,2],{\"a\":1.50,\"s\":'q'}, // c\n \"\\u00e9\"]",
        "{\"\\u0061\" : {\"b\":[ ]} , /* [ */ \"n\":\"\\ud83d\\ude00\"} and more",
        "{\"a\":[{}],\"s\":{\"\":1}}",
        "{}",
        "[]",
    };
    static const char *const paths[] = {"$.a",    "$.a.b",  "$.a.b[0]", "$.a.b[1]",  "$.a.b[1][0]",
                                        "$[0]",   "$[1].a", "$[2]",     "$.s",       "$.s.x",
                                        "$['n']", "$.n.x",  "$.a[0]",   "$['s']['']"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t j = 0; j < COUNT(paths); j++) {
            auto_json_path struct json_path *path = NULL;
            auto_json json_t *found = NULL;
            auto_json json_t *wanted = NULL;

            assert_int_equal(json_path_compile(slice_of(paths[j]), &path, NULL), ST_OK);
            wanted = of_document(path, texts[i]);
            if (json_path_read_text(path, slice_of(texts[i]), &found) == ST_NOT_FOUND)
                assert_null(found);
            if (wanted)
                assert_true(json_loose_equal(found, wanted));
            else
                assert_true(!found || json_is_null(found));
        }
    }
}

/* What only the document can tell. */
static void other_paths_and_texts_are_not_read_on_the_way(void **state)
{
    static const struct {
        const char *path;
        const char *text;
    } others[] = {
        {"$", "{}"},
        {"$..a", "{\"a\":1}"},
        {"$.*", "{\"a\":1}"},
        {"$[-1]", "[1]"},
        {"$[0,1]", "[1]"},
        {"$['a','b']", "{\"a\":1}"},
        {"$.a.length()", "{\"a\":[1]}"},
        {"$.a", "1"},
        {"$.a", "null"},
        {"$.a", ""},
        {"$.a", "{\"a\":1"},
        {"$.a", "{\"a\":1,}"},
        {"$.a", "{\"a\":1,\"b\":01}"},
        {"$.a", "{\"a\":1,\"b\":[yes]}"},
        {"$.a", "{\"a\":1,\"b\":\"\\x\"}"},
        {"$.a", "{\"a\":1,\"b\\u0000\":2}"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        auto_json_path struct json_path *path = NULL;
        json_t *found = NULL;

        assert_int_equal(json_path_compile(slice_of(others[i].path), &path, NULL), ST_OK);
        assert_int_equal(json_path_read_text(path, slice_of(others[i].text), &found),
                         ST_UNSUPPORTED);
        assert_null(found);
    }
}

static void definite_paths_are_known(void **state)
{
    static const struct {
        const char *path;
        bool definite;
    } paths[] = {{"$.a.b[0]", true},    {"$..a", false},     {"$.a[*]", false},
                 {"$.a[0,1]", false},   {"$.a[0:1]", false}, {"$[?(@.a)]", false},
                 {"$.a.length()", true}};

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        auto_json_path struct json_path *path = NULL;

        assert_int_equal(json_path_compile(slice_of(paths[i].path), &path, NULL), ST_OK);
        assert_int_equal(json_path_is_definite(path), paths[i].definite);
    }
}

/* Each ".." visits all below: many of them would multiply. */
static void too_much_work_is_ended(void **state)
{
    auto_json json_t *doc = NULL;
    auto_json json_t *found = NULL;
    auto_json_path struct json_path *path = NULL;
    auto_buf struct buf text = BUF_INIT(1 << 20);
    struct why why = {0};

    (void)state;
    for (int i = 0; i < 300; i++)
        buf_put_text(&text, "[[1],");
    buf_put_char(&text, '1');
    for (int i = 0; i < 300; i++)
        buf_put_char(&text, ']');
    assert_ok(json_loose_read(buf_slice(&text), &doc, &why), &why);
    assert_ok(json_path_compile(SLICE("$..*..*..*..*..*"), &path, &why), &why);
    assert_status(ST_TIMEOUT, json_path_read(path, doc, &found, &why), &why);
}

static void deep_documents_are_refused(void **state)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);
    json_t *doc = NULL;

    (void)state;
    for (int i = 0; i <= JSON_LOOSE_DEPTH; i++)
        buf_put_char(&text, '[');
    assert_int_equal(json_loose_read(buf_slice(&text), &doc, NULL), ST_BAD_INPUT);
    assert_int_equal(json_loose_read_permissive(buf_slice(&text), &doc, NULL), ST_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_give_what_jayway_gives),
        cmocka_unit_test(broken_paths_are_refused),
        cmocka_unit_test(a_text_gives_what_its_document_gives),
        cmocka_unit_test(other_paths_and_texts_are_not_read_on_the_way),
        cmocka_unit_test(definite_paths_are_known),
        cmocka_unit_test(too_much_work_is_ended),
        cmocka_unit_test(deep_documents_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
