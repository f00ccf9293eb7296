#include "tests/unit/interceptor_fixture.h"

#include "common/clock.h"
#include "interceptor/rule.h"

#define HEAD "{'name':'r','manifests':['M'],'attributes':['a']"

static struct rule *rule_of(const char *text)
{
    auto_json json_t *object = parse(text);
    struct rule *rule = NULL;
    struct why why = {0};

    assert_ok(rule_parse(object, &rule, &why), &why);
    return rule;
}

static enum rule_outcome test(const char *text, struct rule_request request)
{
    auto_rule struct rule *rule = rule_of(text);

    return rule_test(rule, &request);
}

static const struct rule_request gb_it = {
    .country = "GB", .owner = "IT", .has_usage = true, .usage_id = 210};

static void a_rule_without_conditions_grants_where_the_owner_is_known(void **state)
{
    struct rule_request unknown = gb_it;

    (void)state;
    unknown.owner[0] = '\0';
    assert_int_equal(test(HEAD "}", gb_it), RULE_GRANTS);
    assert_int_equal(test(HEAD "}", unknown), RULE_OWNER_UNKNOWN);
    assert_int_equal(test(HEAD ",'dataOwningCountries':['*']}", unknown), RULE_OWNER_UNKNOWN);
    assert_int_equal(test(HEAD ",'active':false}", gb_it), RULE_INACTIVE);
}

static void countries_are_lists_anybody_or_the_same(void **state)
{
    struct rule_request same = {.country = "IT", .owner = "IT"};

    (void)state;
    assert_int_equal(test(HEAD ",'dataOwningCountries':['IT','GB']}", gb_it), RULE_GRANTS);
    assert_int_equal(test(HEAD ",'dataOwningCountries':['it']}", gb_it), RULE_GRANTS);
    assert_int_equal(test(HEAD ",'dataOwningCountries':['GB']}", gb_it), RULE_OTHER_OWNER);
    assert_int_equal(test(HEAD ",'dataOwningCountries':[]}", gb_it), RULE_OTHER_OWNER);
    assert_int_equal(test(HEAD ",'countries':['GB']}", gb_it), RULE_GRANTS);
    assert_int_equal(test(HEAD ",'countries':['US']}", gb_it), RULE_OTHER_COUNTRY);
    assert_int_equal(test(HEAD ",'countries':['same']}", gb_it), RULE_OTHER_COUNTRY);
    assert_int_equal(test(HEAD ",'countries':['same']}", same), RULE_GRANTS);
    assert_int_equal(test(HEAD ",'countries':['same','GB']}", gb_it), RULE_GRANTS);
}

static void purpose_must_be_listed_if_a_list_is_given(void **state)
{
    struct rule_request none = gb_it;

    (void)state;
    none.has_usage = false;
    none.usage_id = 0;
    assert_int_equal(test(HEAD ",'dataUsageIds':null}", none), RULE_GRANTS);
    assert_int_equal(test(HEAD ",'dataUsageIds':[1,210]}", gb_it), RULE_GRANTS);
    assert_int_equal(test(HEAD ",'dataUsageIds':[0]}", gb_it), RULE_OTHER_PURPOSE);
    assert_int_equal(test(HEAD ",'dataUsageIds':[0]}", none), RULE_OTHER_PURPOSE);
    assert_int_equal(test(HEAD ",'dataUsageIds':[]}", gb_it), RULE_OTHER_PURPOSE);
}

static enum rule_outcome at(const char *instant)
{
    struct rule_request request = gb_it;

    assert_ok(clock_parse_instant(slice_of(instant), &request.at, NULL), NULL);
    return test(HEAD ",'validFrom':'2020-01-01T00:00:00.000000002Z',"
                     "'validUntil':'2021-01-01T00:00:00.123456789Z'}",
                request);
}

static void the_span_has_its_first_instant_and_not_its_last(void **state)
{
    (void)state;
    assert_int_equal(at("2019-12-31T23:59:59.999999Z"), RULE_OTHER_TIME);
    assert_int_equal(at("2020-01-01T00:00:00.000000001Z"), RULE_OTHER_TIME);
    assert_int_equal(at("2020-01-01T00:00:00.000000002Z"), RULE_GRANTS);
    assert_int_equal(at("2021-01-01T00:00:00.123456788Z"), RULE_GRANTS);
    assert_int_equal(at("2021-01-01T00:00:00.123456789Z"), RULE_OTHER_TIME);
    assert_int_equal(at("2021-01-01T01:00:00.123456789+01:00"), RULE_OTHER_TIME);
}

static void attributes_are_covered_by_path_star_or_classification(void **state)
{
    auto_rule struct rule *named = rule_of("{'name':'r','manifests':['M','N'],'attributes':['a.b'],"
                                           "'classifications':['name']}");
    auto_rule struct rule *all = rule_of("{'name':'r','manifests':['*'],'attributes':['*']}");

    (void)state;
    assert_false(rule_covers_all(named));
    assert_true(rule_covers_attribute(named, "a.b", NULL));
    assert_true(rule_covers_attribute(named, "x", "name"));
    assert_false(rule_covers_attribute(named, "x", "Name"));
    assert_false(rule_covers_attribute(named, "name", NULL));
    assert_true(rule_covers_all(all));
    assert_true(rule_covers_attribute(all, "anything", NULL));
}

static void refuses(const char *text, const char *place)
{
    auto_json json_t *object = parse(text);
    struct rule *rule = NULL;
    struct why why = {0};

    assert_status(ST_BAD_INPUT, rule_parse(object, &rule, &why), &why);
    assert_string_equal(why.place, place);
}

static void wrong_rules_are_refused_with_their_place(void **state)
{
    (void)state;
    refuses("{}", "name");
    refuses("{'name':'r','attributes':['a']}", "manifests");
    refuses("{'name':'r','manifests':['M']}", "attributes");
    refuses("{'name':'r','manifests':[''],'attributes':['a']}", "manifests[0]");
    refuses(HEAD ",'countries':['GB','ZZ']}", "countries[1]");
    refuses(HEAD ",'dataOwningCountries':['same']}", "dataOwningCountries[0]");
    refuses(HEAD ",'dataUsageIds':[1.5]}", "dataUsageIds[0]");
    refuses(HEAD ",'claims':[]}", "claims");
    refuses(HEAD ",'validUntil':'soon'}", "validUntil");
    refuses(HEAD ",'colour':1}", "colour");
}

static void every_outcome_has_its_word(void **state)
{
    (void)state;
    for (int outcome = RULE_GRANTS; outcome <= RULE_OTHER_TIME; outcome++)
        assert_true(strlen(rule_outcome_word((enum rule_outcome)outcome)) > 0);
}

static void countries_are_the_codes_of_iso_3166(void **state)
{
    char code[3];
    int known = 0;

    (void)state;
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++)
            known += country_read((struct slice){(char[]){a, b}, 2}, code);
    assert_int_equal(known, 249);
    assert_true(country_read(SLICE("gB"), code));
    assert_string_equal(code, "GB");
    assert_false(country_read(SLICE("UK"), code));
    assert_false(country_read(SLICE("G"), code));
    assert_false(country_read(SLICE("GBR"), code));
    assert_false(country_read(SLICE("G\0"), code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_without_conditions_grants_where_the_owner_is_known),
        cmocka_unit_test(countries_are_lists_anybody_or_the_same),
        cmocka_unit_test(purpose_must_be_listed_if_a_list_is_given),
        cmocka_unit_test(the_span_has_its_first_instant_and_not_its_last),
        cmocka_unit_test(attributes_are_covered_by_path_star_or_classification),
        cmocka_unit_test(wrong_rules_are_refused_with_their_place),
        cmocka_unit_test(every_outcome_has_its_word),
        cmocka_unit_test(countries_are_the_codes_of_iso_3166),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
