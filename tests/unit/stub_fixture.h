/* Stubs and requests from JSON text, for the tests of employees-mock. */
#ifndef TESTS_UNIT_STUB_FIXTURE_H
#define TESTS_UNIT_STUB_FIXTURE_H

#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/mock_request.h"
#include "employees-mock/stub.h"

static inline enum status stub_from(const char *text, struct stub **ret, struct match_fault *fault)
{
    static const struct stub_rules rules = {TEMPLATING_LOCAL};
    auto_json json_t *json = NULL;
    struct why why = {0};

    assert_ok(json_loose_read(slice_of(text), &json, &why), &why);
    return stub_parse(json, "", &rules, ret, fault);
}

/* A stub that must be good. */
static inline struct stub *good_stub(const char *text)
{
    struct match_fault fault = {0};
    struct stub *s = NULL;

    if (stub_from(text, &s, &fault) != ST_OK)
        fail_msg("%s: %s", fault.pointer, fault.detail);
    return s;
}

static inline struct mock_source source_of(const char *method, const char *url)
{
    return (struct mock_source){.method = slice_of(method),
                                .url = slice_of(url),
                                .scheme = SLICE("http"),
                                .host = SLICE("localhost"),
                                .port = 80,
                                .client_ip = SLICE("127.0.0.1"),
                                .body = SLICE("")};
}

#endif
