#include "tests/unit/check.h"

#include "common/buf.h"
#include "common/file.h"
#include "employees-mock/flags.h"
#include "employees-mock/routes.h"

static enum status parse(struct flags *ret, struct why *why, const char *const *words, int count)
{
    char *argv[16] = {0};
    enum status st;

    for (int i = 0; i < count; i++)
        argv[i] = strdup(words[i]);
    st = flags_parse(count, argv, NULL, ret, why);
    for (int i = 0; i < count; i++)
        free(argv[i]);
    return st;
}

#define PARSE(ret, why, ...)                                                                       \
    parse((ret), (why), (const char *const[]){"employees-mock", __VA_ARGS__},                      \
          (int)COUNT(((const char *const[]){"employees-mock", __VA_ARGS__})))

static void defaults_are_wiremock_s(void **state)
{
    struct flags f = {0};
    struct why why = {0};

    (void)state;
    assert_ok(PARSE(&f, &why, "--verbose"), &why);
    assert_int_equal(f.port, 8080);
    assert_string_equal(f.bind_address, "0.0.0.0");
    assert_string_equal(f.root_dir, ".");
    assert_true(f.verbose);
    assert_false(f.https || f.no_journal || f.disable_gzip || f.templating_global);
    flags_done(&f);
}

static void values_come_with_blank_or_equals(void **state)
{
    struct flags f = {0};
    struct why why = {0};

    (void)state;
    assert_ok(PARSE(&f, &why, "--port", "0", "--root-dir=/tmp/-x", "--https-port=8443",
                    "--use-chunked-encoding", "body_file", "--max-request-journal-entries=7"),
              &why);
    assert_int_equal(f.port, 0);
    assert_string_equal(f.root_dir, "/tmp/-x");
    assert_true(f.https);
    assert_int_equal(f.https_port, 8443);
    assert_int_equal(f.chunking, CHUNK_FILES);
    assert_int_equal(f.journal_entries, 7);
    flags_done(&f);
}

static void refusals_name_the_flag(void **state)
{
    static const char *const cases[] = {"--nope",           "--port=x",
                                        "--port=70000",     "--use-chunked-encoding=x",
                                        "--extensions=a.B", "--enable-browser-proxying",
                                        "--disable-http"};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct flags f = {0};
        struct why why = {0};
        char name[64];

        if (PARSE(&f, &why, cases[i]) == ST_OK)
            fail_msg("taken: %s", cases[i]);
        snprintf(name, sizeof name, "%.*s", (int)strcspn(cases[i] + 2, "="), cases[i] + 2);
        assert_contains(why.text, name);
    }
}

static void values_are_checked_as_wiremock_checks_them(void **state)
{
    static const struct {
        const char *flag;
        bool good;
    } cases[] = {
        {"--admin-api-basic-auth=a:b", true},
        {"--admin-api-basic-auth=a:", false},
        {"--admin-api-basic-auth=:b", false},
        {"--admin-api-basic-auth=a", false},
        {"--admin-api-basic-auth=a:b:c", false},
        {"--filename-template={{{method}}}-{{{url}}}.json", true},
        {"--filename-template={{{method}}}-x.json", false},
        {"--filename-template={{method}}", false},
        {"--filename-template=", false},
        {"--permitted-system-keys=a.*,b", true},
        {"--permitted-system-keys=a,[", false},
        {"--jetty-header-request-size=0", true},
        {"--proxy-via=a", true},
        {"--proxy-via=a:", true},
        {"--proxy-via=http://u:p@a:80", true},
        {"--proxy-via=[::1]:80", true},
        {"--proxy-via=a:x", false},
        {"--proxy-via=a:99999", false},
        {"--proxy-via=:80", false},
        {"--proxy-via=", false},
        {"--proxy-all=x", true},
        {"--proxy-all=http://a", true},
        {"--proxy-all=http://", false},
        {"--proxy-timeout=0", true},
        {"--max-template-cache-entries=7", true},
        {"--max-template-cache-entries=x", false},
        {"--max-template-cache-entries=-1", false},
        {"--async-response-threads=-1", true},
        {"--async-response-threads=x", false},
        {"--jetty-acceptor-threads=", false},
        {"--jetty-header-buffer-size=1.5", false},
        {"--jetty-stop-timeout=99999999999", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct flags f = {0};
        struct why why = {0};

        assert_int_equal(PARSE(&f, &why, cases[i].flag), cases[i].good ? ST_OK : ST_BAD_INPUT);
        flags_done(&f);
    }
}

static void document_names_each_flag(void **state)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);
    struct why why = {0};
    size_t count;
    const struct option *table = flags_table(&count);

    (void)state;
    assert_ok(file_read("docs/employees-mock.md", &text, &why), &why);
    assert_non_null(buf_text(&text));
    for (size_t i = 0; i < count; i++) {
        char wanted[80];

        snprintf(wanted, sizeof wanted, "| `--%s", table[i].name);
        assert_contains(text.data, wanted);
    }
}

static void last_route_takes_all_the_rest(void **state)
{
    static const struct {
        const char *method;
        const char *path;
        const char *route;
    } cases[] = {
        {"GET", "/", "/{path...}"},
        {"FROB", "/a/b", "/{path...}"},
        {"GET", "/__adminx", "/{path...}"},
        {"GET", "/__admin/nope", "/__admin/{rest...}"},
        {"PUT", "/__admin/mappings", "/__admin/{rest...}"},
        {"GET", "/__admin/mappings/unmatched", "/__admin/mappings/unmatched"},
        {"GET", "/__admin/mappings/x", "/__admin/mappings/{id}"},
        {"POST", "/__admin/mappings/import", "/__admin/mappings/import"},
        {"GET", "/__admin/requests/unmatched/near-misses",
         "/__admin/requests/unmatched/near-misses"},
        {"PUT", "/__admin/files/a/b", "/__admin/files/{name...}"},
    };
    size_t count;
    const struct route *table = routes_table(&count);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_match m = router_find(table, count, cases[i].method, slice_of(cases[i].path));

        assert_non_null(m.route);
        assert_string_equal(m.route->path, cases[i].route);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_wiremock_s),
        cmocka_unit_test(values_come_with_blank_or_equals),
        cmocka_unit_test(refusals_name_the_flag),
        cmocka_unit_test(values_are_checked_as_wiremock_checks_them),
        cmocka_unit_test(document_names_each_flag),
        cmocka_unit_test(last_route_takes_all_the_rest),
    };

    return cmocka_run_group_tests_name("flags", tests, NULL, NULL);
}
