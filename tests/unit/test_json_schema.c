#include "tests/unit/check.h"

#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema.h"

static const struct {
    enum json_schema_version version;
    const char *schema;
    const char *instance;
    bool valid;
} cases[] = {
    {SCHEMA_V4, "{\"type\":\"integer\"}", "1.0", false},
    {SCHEMA_V7, "{\"type\":\"integer\"}", "1.0", true},
    {SCHEMA_V4, "{\"maximum\":5,\"exclusiveMaximum\":true}", "5", false},
    {SCHEMA_V7, "{\"exclusiveMaximum\":5}", "5", false},
    {SCHEMA_V7, "{\"multipleOf\":0.1}", "0.3", true},
    {SCHEMA_V4, "{\"const\":1}", "2", true},
    {SCHEMA_V6, "{\"const\":1}", "2", false},
    {SCHEMA_V7, "{\"format\":\"date\"}", "\"2021-02-29\"", false},
    {SCHEMA_V202012, "{\"format\":\"date\"}", "\"2021-02-29\"", true},
    {SCHEMA_V7, "{\"format\":\"ipv6\"}", "\"::1\"", true},
    {SCHEMA_V7, "{\"format\":\"email\"}", "\"a b@c.de\"", false},
    {SCHEMA_V7,
     "{\"definitions\":{\"p\":{\"type\":\"string\"}},\"$ref\":\"#/definitions/p\","
     "\"minLength\":9}",
     "\"x\"", true},
    {SCHEMA_V202012,
     "{\"$defs\":{\"p\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/p\","
     "\"minLength\":9}",
     "\"x\"", false},
    {SCHEMA_V202012, "{\"$ref\":\"#/nowhere\"}", "1", false},
    {SCHEMA_V202012, "{\"prefixItems\":[{}],\"items\":false}", "[1,2]", false},
    {SCHEMA_V202012, "{\"allOf\":[{\"properties\":{\"a\":{}}}],\"unevaluatedProperties\":false}",
     "{\"a\":1}", true},
    {SCHEMA_V202012, "{\"allOf\":[{\"properties\":{\"a\":{}}}],\"unevaluatedProperties\":false}",
     "{\"b\":1}", false},
    {SCHEMA_V7, "{\"pattern\":\"(\"}", "\"x\"", false},
    {SCHEMA_V7, "{\"$ref\":\"#\"}", "1", false}, /* never ends */
};

static void instances_are_judged_as_networknt_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_json json_t *document = NULL;
        auto_json json_t *instance = NULL;
        auto_json_schema struct json_schema *schema = NULL;
        struct why why = {0};
        bool valid = !cases[i].valid;
        enum status st;

        assert_ok(json_loose_read(slice_of(cases[i].schema), &document, &why), &why);
        assert_ok(json_loose_read(slice_of(cases[i].instance), &instance, &why), &why);
        assert_ok(json_schema_compile(document, cases[i].version, &schema, &why), &why);
        st = json_schema_validate(schema, instance, &valid, NULL, &why);
        assert_true(st == ST_OK || st == ST_TIMEOUT);
        if (valid != cases[i].valid)
            print_error("%s on %s\n", cases[i].schema, cases[i].instance);
        assert_int_equal(valid, cases[i].valid);
    }
}

static void faults_are_counted(void **state)
{
    auto_json json_t *document = NULL;
    auto_json json_t *instance = NULL;
    auto_json_schema struct json_schema *schema = NULL;
    struct why why = {0};
    bool valid;
    size_t errors = 0;

    (void)state;
    assert_ok(json_loose_read(SLICE("{\"properties\":{\"a\":{\"type\":\"string\",\"enum\":[\"x\"]},"
                                    "\"b\":{\"properties\":{\"c\":{}}}}}"),
                              &document, &why),
              &why);
    assert_ok(json_loose_read(SLICE("{\"a\":1}"), &instance, &why), &why);
    assert_ok(json_schema_compile(document, SCHEMA_V7, &schema, &why), &why);
    assert_ok(json_schema_validate(schema, instance, &valid, &errors, &why), &why);
    assert_int_equal(errors, 2);
    assert_int_equal(json_schema_property_count(schema), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_are_judged_as_networknt_does),
        cmocka_unit_test(faults_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
