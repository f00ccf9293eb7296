#include "tests/unit/check.h"

#include "employees-mock/match/xpath_local.h"

#define L(name) "*[local-name()='" name "']"

static void names_become_local_names(void **state)
{
    static const struct {
        const char *from;
        const char *to;
    } rows[] = {
        {"/a/b", "/" L("a") "/" L("b")},
        {"//e", "//e"},
        {"//e | //f", "//e | //f"},
        {"//e[1]", "//" L("e") "[1]"},
        {"//a/b", "//" L("a") "/" L("b")},
        {"/a//b", "/" L("a") "//" L("b")},
        {"a/@k", L("a") "/@" L("k")},
        {"/a/text()", "/" L("a") "/text()"},
        {"count(/a)", "count(/" L("a") ")"},
        {"name(//e)", "name(//e)"},
        {"child::a", "child::" L("a")},
        {"/p:a/*", "/p:a/*"},
        {"/*/p:*", "/*/p:*"},
        {"a and b", L("a") " and " L("b")},
        {"a[b or c]", L("a") "[" L("b") " or " L("c") "]"},
        {"2 * a div 3", "2 * " L("a") " div 3"},
        {"'a/b'", "'a/b'"},
        {"$v", "$v"},
        {"../a", "../" L("a")},
        {".", "."},
        {"", ""},
        {"'open", "'open"},
        {"a[", L("a") "["},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        auto_buf struct buf text = BUF_INIT(1000);

        xpath_local(slice_of(rows[i].from), &text);
        assert_string_equal(buf_text(&text), rows[i].to);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_become_local_names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
