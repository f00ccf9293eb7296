#include "employees-mock/record_spec.h"

#include "common/json.h"
#include "employees-mock/bind.h"
#include "employees-mock/byte_size.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/matcher.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const spec_members[] = {"targetBaseUrl",
                                           "filters",
                                           "captureHeaders",
                                           "requestBodyPattern",
                                           "requestBodyPatternFactory",
                                           "extractBodyCriteria",
                                           "outputFormat",
                                           "persist",
                                           "repeatsAsScenarios",
                                           "transformers",
                                           "transformerParameters",
                                           NULL};

static enum status read_ids(struct record_spec *spec, const json_t *filters,
                            struct match_fault *fault)
{
    static const struct bind_class class = {"recording.ProxiedServeEventFilters", NULL};
    struct bind b;
    size_t i;
    json_t *one;
    enum status st = bind_object(filters, "/filters", &class, &b, fault);

    if (st == ST_OK)
        st = bind_array(&b, "ids", "java.util.ArrayList<java.util.UUID>", &spec->ids);
    json_array_foreach ((json_t *)spec->ids, i, one) {
        char index[32];
        char id[UUID_SIZE];
        auto_json json_t *wrapped = NULL;

        snprintf(index, sizeof index, "%zu", i);
        wrapped = json_pack("{s:O}", index, one);
        b = (struct bind){wrapped, "/filters/ids", fault};
        if (st == ST_OK)
            st = bind_uuid(&b, index, id);
    }
    b = (struct bind){filters, "/filters", fault};
    return st == ST_OK ? bind_bool(&b, "allowNonProxied", "boolean", &spec->allow_non_proxied) : st;
}

/* The rest of the filters is a request pattern; members that it does not know are ignored here. */
static enum status read_filters(struct record_spec *spec, const json_t *filters,
                                struct match_fault *fault)
{
    static const char *const known[] = {"url",
                                        "urlPattern",
                                        "urlPath",
                                        "urlPathPattern",
                                        "urlPathTemplate",
                                        "pathParameters",
                                        "method",
                                        "headers",
                                        "queryParameters",
                                        "formParameters",
                                        "cookies",
                                        "bodyPatterns",
                                        "multipartPatterns",
                                        "basicAuthCredentials",
                                        "basicAuth",
                                        "scheme",
                                        "host",
                                        "port",
                                        "clientIp",
                                        NULL};
    json_t *pattern;
    enum status st = read_ids(spec, filters, fault);

    if (st != ST_OK)
        return st;
    pattern = json_object();
    for (const char *const *name = known; *name; name++)
        if (json_object_get(filters, *name))
            json_object_set(pattern, *name, json_object_get(filters, *name));
    st = request_pattern_compile(pattern, "/filters", &spec->filter, fault);
    json_decref(pattern);
    return st;
}

static enum status check_capture(const struct bind *spec, const json_t **ret)
{
    static const char *const members[] = {"caseInsensitive", NULL};
    static const struct bind_class class = {"recording.CaptureHeadersSpec", members};
    const char *name;
    json_t *how;

    enum status st = bind_map(spec, "captureHeaders", "java.util.LinkedHashMap",
                              "java.util.LinkedHashMap<java.lang.String,com.github.tomakehurst."
                              "wiremock.recording.CaptureHeadersSpec>",
                              ret);

    if (st != ST_OK)
        return st;
    json_object_foreach ((json_t *)*ret, name, how) {
        char pointer[200];
        struct bind b;
        bool ignored; /* it is written into the stub as it stands */

        snprintf(pointer, sizeof pointer, "/captureHeaders/%.150s", name);
        st = bind_object(how, pointer, &class, &b, spec->fault);
        if (st == ST_OK)
            st = bind_bool(&b, "caseInsensitive", JAVA_BOOLEAN, &ignored);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status read_size(const char *text, size_t *ret, struct match_fault *fault)
{
    char unit = 0;

    switch (byte_size_read(text, ret, &unit)) {
    case BYTE_SIZE_OK:
        return ST_OK;
    case BYTE_SIZE_UNIT:
        return bind_fail(fault, "/extractBodyCriteria", NULL, "Invalid size unit: %c", unit);
    default:
        return bind_fail(fault, "/extractBodyCriteria", NULL, "Invalid size string: \"%s\"", text);
    }
}

static enum status read_threshold(const json_t *criteria, const char *name, size_t *ret,
                                  struct match_fault *fault)
{
    const json_t *value = json_object_get(criteria, name);

    if (json_is_number(value))
        *ret = (size_t)fmax(json_number_value(value), 0);
    else if (json_is_string(value))
        return read_size(json_string_value(value), ret, fault);
    else if (value && !json_is_null(value))
        return bind_fail(fault, "/extractBodyCriteria", NULL,
                         "Cannot invoke \"String.trim()\" because \"in\" is null");
    return ST_OK;
}

/* Where only one of the two is given, bodies of the other kind stay where they are. */
static enum status read_criteria(struct record_spec *spec, const json_t *criteria,
                                 struct match_fault *fault)
{
    enum status st = read_threshold(criteria, "textSizeThreshold", &spec->text_threshold, fault);

    if (st != ST_OK)
        return st;
    return read_threshold(criteria, "binarySizeThreshold", &spec->binary_threshold, fault);
}

/* ---- the pattern of bodies ---- */

/* By the name of a matcher: its class, and what may stand beside it. The first row is the default,
 * whose flags are written also where they are not given. */
static const struct {
    const char *matcher;
    struct bind_class class;
} body_patterns[] = {
    {"auto",
     {"recording.RequestBodyAutomaticPatternFactory",
      (const char *const[]){"matcher", "ignoreArrayOrder", "ignoreExtraElements", "caseInsensitive",
                            NULL}}},
    {"equalTo",
     {"recording.RequestBodyEqualToPatternFactory",
      (const char *const[]){"matcher", "caseInsensitive", NULL}}},
    {"equalToJson",
     {"recording.RequestBodyEqualToJsonPatternFactory",
      (const char *const[]){"matcher", "ignoreArrayOrder", "ignoreExtraElements", NULL}}},
    {"equalToXml",
     {"recording.RequestBodyEqualToXmlPatternFactory", (const char *const[]){"matcher", NULL}}},
};

static size_t find_body_pattern(const json_t *pattern)
{
    const char *matcher = json_string_value(json_object_get(pattern, "matcher"));

    for (size_t i = 1; matcher && i < sizeof body_patterns / sizeof body_patterns[0]; i++)
        if (strcmp(matcher, body_patterns[i].matcher) == 0)
            return i;
    return 0;
}

/* Any scalar will do. */
static bool names_no_matcher(const json_t *pattern)
{
    const json_t *matcher = json_object_get(pattern, "matcher");

    return matcher && (json_is_null(matcher) || json_loose_kind(matcher) >= JSON_KIND_ARRAY);
}

static void set_default_body_pattern(struct record_spec *spec)
{
    spec->body_matcher = body_patterns[0].matcher;
    json_object_set_new(spec->text_flags, "caseInsensitive", json_false());
    json_object_set_new(spec->json_flags, "ignoreArrayOrder", json_true());
    json_object_set_new(spec->json_flags, "ignoreExtraElements", json_true());
}

static enum status read_flag(const struct bind *b, const char *name, json_t *flags)
{
    bool flag = false;
    enum status st = bind_bool(b, name, JAVA_BOOLEAN, &flag);

    if (st == ST_OK && bind_any(b, name))
        json_object_set_new(flags, name, json_boolean(flag));
    return st;
}

static enum status read_body_pattern(struct record_spec *spec, const json_t *pattern,
                                     const char *pointer, struct match_fault *fault)
{
    size_t kind = find_body_pattern(pattern);
    struct bind b;
    enum status st = bind_object(pattern, pointer, &body_patterns[kind].class, &b, fault);

    if (st == ST_OK && names_no_matcher(pattern))
        st = bind_fail(fault, pointer, "matcher",
                       "Unrecognized field \"matcher\" (class com.github.tomakehurst.wiremock."
                       "recording.RequestBodyAutomaticPatternFactory), not marked as ignorable");
    if (st != ST_OK)
        return st;
    json_object_clear(spec->text_flags);
    json_object_clear(spec->json_flags);
    if (kind == 0)
        set_default_body_pattern(spec);
    spec->body_matcher = body_patterns[kind].matcher;
    st = read_flag(&b, "caseInsensitive", spec->text_flags);
    if (st == ST_OK)
        st = read_flag(&b, "ignoreArrayOrder", spec->json_flags);
    return st == ST_OK ? read_flag(&b, "ignoreExtraElements", spec->json_flags) : st;
}

/* requestBodyPattern is the member of the documentation, requestBodyPatternFactory what WireMock's
 * own Java client sends; the latter counts, and may say with null that bodies do not. */
static enum status read_body_patterns(struct record_spec *spec, const struct bind *b)
{
    static const char sent[] = "requestBodyPatternFactory";
    const json_t *pattern = bind_any(b, "requestBodyPattern");
    enum status st = ST_OK;

    if (pattern)
        st = read_body_pattern(spec, pattern, "/requestBodyPattern", b->fault);
    if (st != ST_OK || !json_object_get(b->object, sent))
        return st;
    if (bind_any(b, sent))
        return read_body_pattern(spec, bind_any(b, sent), "/requestBodyPatternFactory", b->fault);
    spec->body_matcher = NULL;
    return ST_OK;
}

/* ---- the whole ---- */

static enum status read_output(struct record_spec *spec, const struct bind *b)
{
    const char *format = "FULL";
    const json_t *transformers = NULL;
    enum status st = bind_text(b, "outputFormat", &format);

    if (st != ST_OK)
        return st;
    spec->only_ids = strcasecmp(format, "IDS") == 0;
    if (!spec->only_ids && strcasecmp(format, "FULL") != 0)
        return bind_fail(b->fault, "", "outputFormat", "Invalid output format");
    st = bind_bool(b, "persist", JAVA_BOOLEAN, &spec->persist);
    if (st == ST_OK)
        st = bind_texts(b, "transformers", &transformers);
    return st == ST_OK
               ? bind_bool(b, "repeatsAsScenarios", JAVA_BOOLEAN, &spec->repeats_as_scenarios)
               : st;
}

static enum status read_parts(struct record_spec *spec, const struct bind *b)
{
    static const char parameters_class[] = "com.github.tomakehurst.wiremock.extension.Parameters";
    const json_t *parameters = NULL;
    enum status st = bind_text(b, "targetBaseUrl", &spec->target);

    if (st == ST_OK)
        st = read_output(spec, b);
    if (st == ST_OK && bind_any(b, "filters"))
        st = read_filters(spec, bind_any(b, "filters"), b->fault);
    if (st == ST_OK)
        st = bind_map(b, "transformerParameters", parameters_class, parameters_class, &parameters);
    if (st == ST_OK)
        st = check_capture(b, &spec->capture);
    if (st == ST_OK)
        st = read_body_patterns(spec, b);
    if (st == ST_OK && bind_any(b, "extractBodyCriteria"))
        st = read_criteria(spec, bind_any(b, "extractBodyCriteria"), b->fault);
    return st;
}

static const struct bind_class class = {"recording.RecordSpec", spec_members};

static enum status read_spec(const json_t *spec, struct record_spec *ret, struct match_fault *fault)
{
    struct record_spec made = {.json = json_incref((json_t *)spec),
                               .text_flags = json_object(),
                               .json_flags = json_object(),
                               .text_threshold = SIZE_MAX,
                               .binary_threshold = SIZE_MAX,
                               .persist = true,
                               .repeats_as_scenarios = true};
    struct bind b;
    enum status st;

    set_default_body_pattern(&made);
    st = bind_object(spec, "", &class, &b, fault);
    if (st == ST_OK && b.object)
        st = read_parts(&made, &b);
    if (st == ST_OK)
        *ret = made;
    else
        record_spec_done(&made);
    return st;
}

static enum status try(void *ctx, const json_t *some, struct match_fault *fault)
{
    struct record_spec made;
    enum status st = read_spec(some, &made, fault);

    (void)ctx;
    if (st == ST_OK)
        record_spec_done(&made);
    return st;
}

enum status record_spec_read(const json_t *spec, struct record_spec *ret, struct match_fault *fault)
{
    struct bind b = {spec, "", fault};
    enum status st = read_spec(spec, ret, fault);

    if (st == ST_OK || !fault || json_loose_kind(spec) != JSON_KIND_OBJECT)
        return st;
    return bind_first_fault(&b, &class, try, NULL, st);
}

void record_spec_done(struct record_spec *spec)
{
    request_pattern_free(spec->filter);
    json_decref(spec->json);
    json_decref(spec->text_flags);
    json_decref(spec->json_flags);
    *spec = (struct record_spec){0};
}
