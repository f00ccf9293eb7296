/* The whole plugin around a fake host: each of the host's functions and each allocation fails in
 * turn, and still no unprotected byte leaves, nothing leaks, nothing hangs. */
#include "tests/plugin/fake_script.h"

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
    {.configuration = "{" MEMBERS ",\"routes\":[{\"pathPrefix\":\"/b\",\"intercept\":false}]}",
     CODES,
     "application/json",
     JSON,
     .path = "/b/../employees"},
    {.configuration = "{" MEMBERS ",\"requireCountry\":true,\"holdResponseHeaders\":\"stop\"}",
     "{}",
     "text/plain",
     "Robert"},
    {.configuration = "{" MEMBERS "}", CODES, "application/json", JSON, .again = true},
    {.configuration = "{" MEMBERS "}",
     CODES,
     "application/json",
     JSON,
     .again = true,
     .aborts = true},
};
enum { SCRIPTS = sizeof scripts / sizeof scripts[0] };

/* With onFailure open the original may go out, but never as a protected one. */
#define OPEN(hold) "{" MEMBERS ",\"onFailure\":\"open\",\"holdResponseHeaders\":\"" hold "\"}"
static const struct fake_script open_scripts[] = {
    {.configuration = OPEN("stop"), CODES, "application/json", JSON, .data_set = {{"500", ""}}},
    {.configuration = OPEN("filter"), CODES, "application/json", JSON, .data_set = {{"500", ""}}},
    {.configuration = OPEN("filter"),
     CODES,
     "text/plain",
     JSON,
     .token = {"", ""},
     .trailers = true},
    {.configuration = OPEN("filter"), CODES, "text/csv", "Robert,1\n"},
    {.configuration = OPEN("filter"), CODES, "image/png", JSON},
    {.configuration = OPEN("none"), CODES, "application/json", JSON, .data_set = {{"500", ""}}},
    {.configuration = OPEN("none"), CODES, "text/csv", "Robert,1\n"},
    {.configuration = OPEN("none"), CODES, "text/plain", JSON, .data_set = {{"500", ""}}},
};
enum { OPEN_SCRIPTS = sizeof open_scripts / sizeof open_scripts[0] };

static bool leaks(const struct fake_outcome *outcome)
{
    return outcome->client.bytes.len > 0 &&
           memmem(outcome->client.bytes.data, outcome->client.bytes.len, "Robert", 6) != NULL;
}

/* If the host refuses to send an answer, or to wake who waits for another VM, there can be none. */
static bool may_stay_silent(const struct fake_script *script, const struct fake_outcome *outcome)
{
    return script->aborts || !outcome->configured ||
           (outcome->faults.failed &&
            (strcmp(outcome->faults.failed, "proxy_send_local_response") == 0 ||
             strcmp(outcome->faults.failed, "proxy_continue_stream") == 0 ||
             strcmp(outcome->faults.failed, "proxy_set_tick_period_milliseconds") == 0 ||
             strcmp(outcome->faults.failed, "proxy_set_effective_context") == 0));
}

static void check(const struct fake_script *script, const struct fake_outcome *outcome)
{
    assert_false(leaks(outcome));
    if (!outcome->client.ended)
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
            most = outcome.faults.host_calls > most ? outcome.faults.host_calls : most;
            buf_done(&outcome.client.bytes);
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
            most = outcome.faults.allocations > most ? outcome.faults.allocations : most;
            buf_done(&outcome.client.bytes);
        }
        assert_true(most > 10);
    }
}

static void expect(size_t script, uint32_t status, const char *body)
{
    struct fake_outcome outcome;

    fake_run(&scripts[script], 0, 0, &outcome);
    assert_true(outcome.client.ended);
    assert_int_equal(outcome.client.status, status);
    assert_non_null(
        memmem(outcome.client.bytes.data, outcome.client.bytes.len, body, strlen(body)));
    assert_int_equal(outcome.client.marked,
                     status == 0 || script > 8 ? outcome.client.marked : false);
    buf_done(&outcome.client.bytes);
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
    expect(20, 400, "urn:interception:ambiguous_path");
    expect(21, 400, "urn:interception:no_country");
    expect(22, 0, "{\"name\":\"*\"}");
}

static void check_open(const struct fake_script *script, const struct fake_outcome *outcome)
{
    const struct fake_client *client = &outcome->client;

    if (!client->ended)
        assert_true(may_stay_silent(script, outcome));
    if (leaks(outcome)) { /* then all of it, and without the mark */
        assert_true(slice_is(buf_slice(&client->bytes), script->answer_body));
        assert_true(client->status != 0 || !client->marked);
    }
}

static void failing_open_never_claims_protection(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPEN_SCRIPTS; i++) {
        struct fake_outcome outcome;
        unsigned most = 1;

        for (unsigned n = 0; n <= most; n++) {
            for (int memory = 0; memory < 2; memory++) {
                fake_run(&open_scripts[i], memory ? 0 : n, memory ? n : 0, &outcome);
                check_open(&open_scripts[i], &outcome);
                assert_true(n > 0 || leaks(&outcome));
                most = outcome.faults.host_calls > most ? outcome.faults.host_calls : most;
                buf_done(&outcome.client.bytes);
            }
        }
    }
}

static void a_401_costs_one_more_call_of_each_kind(void **state)
{
    struct fake_outcome outcome;

    (void)state;
    fake_run(&scripts[8], 0, 0, &outcome);
    assert_int_equal(outcome.token_calls, 2);
    assert_int_equal(outcome.data_set_calls, 2);
    assert_true(outcome.client.marked);
    buf_done(&outcome.client.bytes);
}

static void an_aborted_stream_gets_nothing(void **state)
{
    struct fake_outcome outcome;

    (void)state;
    fake_run(&scripts[15], 0, 0, &outcome);
    assert_false(outcome.client.ended);
    assert_int_equal(outcome.client.bytes.len, 0);
    buf_done(&outcome.client.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_script_ends_as_it_should),
        cmocka_unit_test(each_function_of_the_host_fails_in_turn),
        cmocka_unit_test(each_allocation_fails_in_turn),
        cmocka_unit_test(failing_open_never_claims_protection),
        cmocka_unit_test(a_401_costs_one_more_call_of_each_kind),
        cmocka_unit_test(an_aborted_stream_gets_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
