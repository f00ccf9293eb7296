/* The whole plugin around a fake host: each of the host's functions and each allocation fails in
 * turn, and still no unprotected byte leaves, nothing leaks, nothing hangs. */
#include "tests/plugin/fake_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define MEMBERS                                                                                    \
    "\"jobType\":\"Restrict\",\"clientId\":\"c\",\"clientSecret\":\"s\",\"apiKey\":\"k\","         \
    "\"manifestName\":\"Employee\",\"interceptorCluster\":\"i\",\"claimHeaders\":{\"x-a\":\"A\"}"
#define CODES "{\"countryCode\":\"GB\"}"
#define JSON  "{\"firstName\":\"Robert\"}"

static const struct fake_script scripts[] = {
    {.configuration = "{" MEMBERS ",\"holdResponseHeaders\":\"stop\"}",
     CODES,
     "application/json",
     JSON},
    {.configuration = "{" MEMBERS ",\"holdResponseHeaders\":\"filter\"}",
     CODES,
     "application/json",
     JSON},
    {.configuration = "{" MEMBERS "}", CODES, "application/json", JSON},
    {.configuration = "{" MEMBERS "}", CODES, "application/json", JSON, .trailers = true},
    {.configuration = "{" MEMBERS ",\"holdResponseHeaders\":\"stop\"}",
     CODES,
     "text/plain",
     JSON,
     .trailers = true},
    {.configuration = "{" MEMBERS ",\"responseBody\":\"envelope\"}",
     CODES,
     "application/json",
     JSON},
    {.configuration = "{" MEMBERS ",\"requireCountry\":true,\"routes\":[{\"pathPrefix\":\"/e\"}]}",
     CODES,
     "application/json",
     JSON},
    {.configuration = "{" MEMBERS "}",
     CODES,
     "text/xml",
     "<firstName>Robert</firstName>",
     .data_set = {{"200", "{\"dataSet\":\"<a/>\"}"}}},
    {.configuration = "{" MEMBERS ",\"holdResponseHeaders\":\"stop\"}",
     CODES,
     "application/json",
     JSON,
     .data_set = {{"401", ""}}},
    {.configuration = "{" MEMBERS "}",
     CODES,
     "application/json",
     JSON,
     .data_set = {{"401", ""}, {"401", ""}}},
    {.configuration = "{" MEMBERS "}",
     CODES,
     "application/json",
     JSON,
     .data_set = {{"500", "Robert"}}},
    {.configuration = "{" MEMBERS "}", CODES, "application/json", JSON, .data_set = {{"", ""}}},
    {.configuration = "{" MEMBERS "}",
     CODES,
     "application/json",
     JSON,
     .data_set = {{"200", "{\"dataSet\":1}"}}},
    {.configuration = "{" MEMBERS "}", CODES, "application/json", JSON, .token = {"500", ""}},
    {.configuration = "{" MEMBERS "}", CODES, "application/json", JSON, .token = {"200", "{}"}},
    {.configuration = "{" MEMBERS "}", CODES, "application/json", JSON, .aborts = true},
    {.configuration = "{" MEMBERS "}", NULL, "application/json", JSON},
    {.configuration = "{" MEMBERS "}", CODES, "text/csv", "Robert"},
    {.configuration = "{" MEMBERS "}", CODES, "image/png", JSON},
    {.configuration = "{" MEMBERS ",\"maxBodyBytes\":5}", NULL, "application/json", JSON},
};
enum { SCRIPTS = sizeof scripts / sizeof scripts[0] };

static bool leaks(const struct fake_outcome *outcome)
{
    return outcome->client.len > 0 &&
           memmem(outcome->client.data, outcome->client.len, "Robert", 6) != NULL;
}

/* If the host refuses to send an answer, there can be none. */
static bool may_stay_silent(const struct fake_script *script, const struct fake_outcome *outcome)
{
    return script->aborts || !outcome->configured ||
           (outcome->failed && (strcmp(outcome->failed, "proxy_send_local_response") == 0 ||
                                strcmp(outcome->failed, "proxy_continue_stream") == 0 ||
                                strcmp(outcome->failed, "proxy_set_effective_context") == 0));
}

static void check(const struct fake_script *script, const struct fake_outcome *outcome)
{
    assert_false(leaks(outcome));
    if (!outcome->ended)
        assert_true(may_stay_silent(script, outcome));
}

static void each_function_of_the_host_fails_in_turn(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCRIPTS; i++) {
        struct fake_outcome outcome;
        unsigned most = 1;

        for (unsigned n = 0; n <= most; n++) {
            fake_run(&scripts[i], n, 0, &outcome);
            check(&scripts[i], &outcome);
            most = outcome.host_calls > most ? outcome.host_calls : most;
            buf_done(&outcome.client);
        }
        assert_true(most > 10);
    }
}

static void each_allocation_fails_in_turn(void **state)
{
    (void)state;
    for (size_t i = 0; i < SCRIPTS; i++) {
        struct fake_outcome outcome;
        unsigned most = 1;

        for (unsigned n = 0; n <= most; n++) {
            fake_run(&scripts[i], 0, n, &outcome);
            check(&scripts[i], &outcome);
            most = outcome.allocations > most ? outcome.allocations : most;
            buf_done(&outcome.client);
        }
        assert_true(most > 10);
    }
}

static void expect(size_t script, uint32_t status, const char *body)
{
    struct fake_outcome outcome;

    fake_run(&scripts[script], 0, 0, &outcome);
    assert_true(outcome.ended);
    assert_int_equal(outcome.status, status);
    assert_non_null(memmem(outcome.client.data, outcome.client.len, body, strlen(body)));
    assert_int_equal(outcome.marked, status == 0 || script > 8 ? outcome.marked : false);
    buf_done(&outcome.client);
}

static void each_script_ends_as_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < 5; i++)
        expect(i, 0, "{\"name\":\"*\"}");
    expect(5, 0, "{\"dataSet\":");
    expect(6, 0, "{\"name\":\"*\"}");
    expect(7, 0, "<a/>");
    expect(8, 0, "{\"name\":\"*\"}");
    expect(9, 502, "urn:interception:refused");
    expect(10, 502, "urn:interception:refused");
    expect(11, 503, "urn:interception:unreachable");
    expect(12, 502, "urn:interception:nonsense");
    expect(13, 502, "urn:interception:refused");
    expect(14, 502, "urn:interception:nonsense");
    expect(16, 400, "urn:interception:no_country");
    expect(17, 502, "urn:interception:content_type");
    expect(18, 502, "urn:interception:content_type");
    expect(19, 400, "urn:interception:no_country");
}

static void a_401_costs_one_more_call_of_each_kind(void **state)
{
    struct fake_outcome outcome;

    (void)state;
    fake_run(&scripts[8], 0, 0, &outcome);
    assert_int_equal(outcome.token_calls, 2);
    assert_int_equal(outcome.data_set_calls, 2);
    assert_true(outcome.marked);
    buf_done(&outcome.client);
}

static void an_aborted_stream_gets_nothing(void **state)
{
    struct fake_outcome outcome;

    (void)state;
    fake_run(&scripts[15], 0, 0, &outcome);
    assert_false(outcome.ended);
    assert_int_equal(outcome.client.len, 0);
    buf_done(&outcome.client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_script_ends_as_it_should),
        cmocka_unit_test(each_function_of_the_host_fails_in_turn),
        cmocka_unit_test(each_allocation_fails_in_turn),
        cmocka_unit_test(a_401_costs_one_more_call_of_each_kind),
        cmocka_unit_test(an_aborted_stream_gets_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
