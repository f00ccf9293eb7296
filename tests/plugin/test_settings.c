/* Configurations that can't work are refused, with the name of the member at fault. */
#include "plugin/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_name_the_member),
        cmocka_unit_test(text_cut_anywhere_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
