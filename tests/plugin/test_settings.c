/* Configurations that can't work are refused, with the name of the member at fault. */
#include "plugin/settings_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEEDED                                                                                     \
    "\"interceptorCluster\":\"i\",\"apiKey\":\"k\",\"clientId\":\"c\",\"clientSecret\":\"s\","     \
    "\"jobType\":\"Restrict\",\"manifestName\":\"E\""
#define WHOLE "{" NEEDED ",\"routes\":[{\"pathPrefix\":\"/a\",\"intercept\":false}]}"

static void forget_environment(void)
{
    static const char *const names[] = {"INTERCEPTOR_CLUSTER_NAME",
                                        "API_KEY",
                                        "CLIENT_ID",
                                        "CLIENT_SECRET",
                                        "MANIFEST_NAME",
                                        "JOB_TYPE"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unsetenv(names[i]);
}

static void faults_name_the_member(void **state)
{
    static const struct {
        const char *text;
        const char *place;
    } faults[] = {
        {"{}", "interceptorCluster"},
        {"[]", "configuration"},
        {"{" NEEDED "}x", "configuration"},
        {"{" NEEDED ",\"odd\":1}", "odd"},
        {"{" NEEDED ",\"apiKey\":\"k\"}", "apiKey"},
        {"{\"apiKey\":\"a\\r\\nb\"}", "apiKey"},
        {"{\"apiKey\":5}", "apiKey"},
        {"{\"jobType\":\"None\"}", "jobType"},
        {"{\"manifestName\":\"a\xffz\"}", "manifestName"},
        {"{\"snapshotDate\":\"2023-01-32T00:00:00Z\"}", "snapshotDate"},
        {"{\"snapshotDate\":\"2023-01-01T00:60:00Z\"}", "snapshotDate"},
        {"{\"maxBodyBytes\":0}", "maxBodyBytes"},
        {"{\"maxBodyBytes\":-1}", "maxBodyBytes"},
        {"{\"maxBodyBytes\":\"5\"}", "maxBodyBytes"},
        {"{\"protectNullValues\":1}", "protectNullValues"},
        {"{\"basePath\":\"a\"}", "basePath"},
        {"{" NEEDED ",\"routes\":{}}", "routes"},
        {"{" NEEDED ",\"routes\":[{}]}", "pathPrefix"},
        {"{" NEEDED ",\"routes\":[{\"pathPrefix\":\"/a\",\"apiKey\":\"k\"}]}", "apiKey"},
    };

    (void)state;
    forget_environment();
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct settings *settings = NULL;
        struct why why = {0};

        assert_int_not_equal(settings_read(slice_of(faults[i].text), &settings, &why), ST_OK);
        assert_string_equal(why.place, faults[i].place);
        assert_null(settings);
    }
}

static void text_cut_anywhere_is_refused(void **state)
{
    (void)state;
    forget_environment();
    for (size_t len = 0; len <= sizeof WHOLE - 1; len++) {
        struct settings *settings = NULL;
        struct why why = {0};
        enum status st = settings_read((struct slice){WHOLE, len}, &settings, &why);

        assert_int_equal(st == ST_OK, len == sizeof WHOLE - 1);
        settings_free(settings);
    }
}

/* What each member takes, as letters: n null, t true, i an integer, r a real, s a text, o an object,
 * a a list. */
struct taken {
    const char *member;
    const char *kinds;
};

static const struct taken taken[] = {
    {"interceptorCluster", "s"},
    {"interceptorAuthority", "s"},
    {"basePath", ""},
    {"apiKey", "s"},
    {"clientId", "s"},
    {"clientSecret", "s"},
    {"jobType", ""},
    {"manifestName", "s"},
    {"restrictedText", "s"},
    {"protectNullValues", "t"},
    {"preserveStringLength", "t"},
    {"snapshotDate", ""},
    {"countryCode", "s"},
    {"dataOwningCountryCode", "s"},
    {"dataUsageId", "i"},
    {"matchingRule", ""},
    {"claimHeaders", "o"},
    {"timeoutMs", "i"},
    {"maxBodyBytes", "i"},
    {"responseBody", ""},
    {"holdResponseHeaders", ""},
    {"onFailure", ""},
    {"passContentTypes", "a"},
    {"requireCountry", "t"},
};

static const char *kinds_of(const char *member)
{
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (strcmp(taken[i].member, member) == 0)
            return taken[i].kinds;
    fail_msg("%s is not in the test", member);
    return "";
}

static void read_one_member(const char *member, const char *value, bool in_route, bool is_taken)
{
    struct settings *settings = NULL;
    struct why why = {0};
    char text[512];
    enum status st;

    snprintf(text, sizeof text,
             in_route ? "{" NEEDED ",\"routes\":[{\"pathPrefix\":\"/\",\"%s\":%s}]}"
                      : "{\"%s\":%s," NEEDED "}",
             member, value);
    st = settings_read(slice_of(text), &settings, &why);
    /* outside of a route the needed ones stand a second time */
    if (is_taken && !in_route && strstr(NEEDED, member)) {
        assert_string_equal(why.text, "is given twice");
    } else if (is_taken) {
        assert_int_equal(st, ST_OK);
    } else {
        assert_int_not_equal(st, ST_OK);
        assert_string_equal(why.place, member);
        assert_string_not_equal(why.text, "is given twice");
    }
    settings_free(settings);
}

static void each_member_takes_values_of_its_type_alone(void **state)
{
    static const struct {
        char kind;
        const char *value;
    } values[] = {{'n', "null"},  {'t', "true"},          {'i', "1"},        {'r', "1.5"},
                  {'s', "\"x\""}, {'o', "{\"x\":\"y\"}"}, {'a', "[\"x/y\"]"}};

    (void)state;
    forget_environment();
    for (size_t m = 0; m < settings_members_count; m++) {
        const struct member *member = &settings_members[m];

        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            bool fits = strchr(kinds_of(member->name), values[v].kind) != NULL;

            read_one_member(member->name, values[v].value, false, fits);
            read_one_member(member->name, values[v].value, true, fits && member->in_routes);
        }
    }
}

/* `count` items, the n-th by `format`, between `before` and `after`. */
static enum status read_many(const char *before, const char *format, size_t count,
                             const char *after)
{
    auto_buf struct buf text = BUF_INIT(1 << 22);
    struct settings *settings = NULL;
    struct why why = {0};
    enum status st;

    buf_put_text(&text, "{" NEEDED ",");
    buf_put_text(&text, before);
    for (size_t i = 0; i < count; i++) {
        char item[64];

        snprintf(item, sizeof item, format, i);
        buf_put_text(&text, i > 0 ? "," : "");
        buf_put_text(&text, item);
    }
    buf_put_text(&text, after);
    buf_put_text(&text, "}");
    st = settings_read(buf_slice(&text), &settings, &why);
    settings_free(settings);
    return st;
}

static void lists_have_the_ceilings_that_the_document_names(void **state)
{
    static const struct {
        const char *before, *format, *after;
        size_t most;
    } lists[] = {
        {"\"claimHeaders\":{", "\"x-%zu\":\"c\"", "}", 32},
        {"\"routes\":[", "{\"pathPrefix\":\"/%zu\"}", "]", 256},
        {"\"passContentTypes\":[", "\"a/%zu\"", "]", 256},
    };

    (void)state;
    forget_environment();
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        assert_int_equal(read_many(lists[i].before, lists[i].format, lists[i].most, lists[i].after),
                         ST_OK);
        assert_int_not_equal(
            read_many(lists[i].before, lists[i].format, lists[i].most + 1, lists[i].after), ST_OK);
    }
    assert_int_equal(read_many("\"restrictedText\":\"", "%04zu", 4096 / 5, "\""), ST_OK);
    assert_int_not_equal(read_many("\"restrictedText\":\"", "%04zu", 4096 / 5 + 1, "\""), ST_OK);
    assert_int_not_equal(read_many("\"routes\":[", "%zu", 200000, "]"), ST_OK);
}

/* What stands in the document as a range. */
static void numbers_have_the_ranges_that_the_document_names(void **state)
{
    static const struct {
        const char *member;
        long long most;
    } numbers[] = {{"timeoutMs", 600000}, {"maxBodyBytes", 268435456}};

    (void)state;
    forget_environment();
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char value[32];

        for (int beyond = 0; beyond < 2; beyond++) {
            snprintf(value, sizeof value, "%lld", numbers[i].most + beyond);
            read_one_member(numbers[i].member, value, false, !beyond);
        }
        read_one_member(numbers[i].member, "0", false, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_name_the_member),
        cmocka_unit_test(text_cut_anywhere_is_refused),
        cmocka_unit_test(each_member_takes_values_of_its_type_alone),
        cmocka_unit_test(lists_have_the_ceilings_that_the_document_names),
        cmocka_unit_test(numbers_have_the_ranges_that_the_document_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
