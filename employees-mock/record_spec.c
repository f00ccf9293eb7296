#include "employees-mock/record_spec.h"

#include "common/json.h"
#include "employees-mock/bind.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const spec_members[] = {"targetBaseUrl",
                                           "filters",
                                           "captureHeaders",
                                           "requestBodyPattern",
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
    spec->allow_non_proxied = json_is_true(json_object_get(filters, "allowNonProxied"));
    return st;
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

static enum status check_capture(const json_t *capture, struct match_fault *fault)
{
    static const char *const members[] = {"caseInsensitive", NULL};
    static const struct bind_class class = {"recording.CaptureHeadersSpec", members};
    const char *name;
    json_t *how;

    if (json_is_array(capture))
        return bind_fail(fault, "/captureHeaders", NULL,
                         "Cannot deserialize value of type `java.util.LinkedHashMap<java.lang."
                         "String,com.github.tomakehurst.wiremock.recording.CaptureHeadersSpec>` "
                         "from Array value (token `JsonToken.START_ARRAY`)");
    json_object_foreach ((json_t *)capture, name, how) {
        char pointer[200];
        struct bind b;
        enum status st;

        snprintf(pointer, sizeof pointer, "/captureHeaders/%.150s", name);
        st = bind_object(how, pointer, &class, &b, fault);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* "5", "20 kb", "1mb" */
static bool read_size(const char *text, size_t *ret)
{
    static const char *const units[] = {"b", "kb", "mb", "gb"};
    char *end;
    unsigned long long number = strtoull(text, &end, 10);

    if (end == text)
        return false;
    while (isspace((unsigned char)*end))
        end++;
    if (!*end) {
        *ret = (size_t)number;
        return true;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcasecmp(end, units[i]) == 0) {
            *ret = (size_t)(number << (10 * i));
            return true;
        }
    }
    return false;
}

static enum status read_threshold(const json_t *criteria, const char *name, size_t *ret,
                                  struct match_fault *fault)
{
    const json_t *value = json_object_get(criteria, name);

    if (json_is_integer(value))
        *ret = (size_t)json_integer_value(value);
    else if (json_is_string(value) && !read_size(json_string_value(value), ret))
        return bind_fail(fault, "/extractBodyCriteria", NULL, "Invalid size string: \"%s\"",
                         json_string_value(value));
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

static enum status read_body_pattern(struct record_spec *spec, const json_t *pattern,
                                     struct match_fault *fault)
{
    static const char *const members[] = {"matcher", "ignoreArrayOrder", "ignoreExtraElements",
                                          "caseInsensitive", NULL};
    static const struct bind_class class = {"recording.RequestBodyAutomaticPatternFactory",
                                            members};
    struct bind b;
    enum status st = bind_object(pattern, "/requestBodyPattern", &class, &b, fault);

    if (st != ST_OK)
        return st;
    st = bind_text(&b, "matcher", &spec->body_matcher);
    if (st == ST_OK)
        st = bind_bool(&b, "ignoreArrayOrder", &spec->ignore_array_order);
    if (st == ST_OK)
        st = bind_bool(&b, "ignoreExtraElements", &spec->ignore_extra_elements);
    spec->says_case = bind_any(&b, "caseInsensitive") || strcmp(spec->body_matcher, "equalTo") != 0;
    return st == ST_OK ? bind_bool(&b, "caseInsensitive", &spec->case_insensitive) : st;
}

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
    st = bind_bool(b, "persist", &spec->persist);
    if (st != ST_OK)
        return bind_fail(b->fault, "", "persist",
                         "Cannot deserialize value of type `java.lang.Boolean` from String \"%s\": "
                         "only \"true\" or \"false\" recognized",
                         json_string_value(bind_any(b, "persist")));
    st = bind_array(b, "transformers", "java.util.ArrayList<java.lang.String>", &transformers);
    return st == ST_OK ? bind_bool(b, "repeatsAsScenarios", &spec->repeats_as_scenarios) : st;
}

static enum status read_parts(struct record_spec *spec, const struct bind *b)
{
    enum status st = bind_text(b, "targetBaseUrl", &spec->target);

    if (st == ST_OK)
        st = read_output(spec, b);
    if (st == ST_OK && bind_any(b, "filters"))
        st = read_filters(spec, bind_any(b, "filters"), b->fault);
    spec->capture = bind_any(b, "captureHeaders");
    if (st == ST_OK)
        st = check_capture(spec->capture, b->fault);
    if (st == ST_OK && bind_any(b, "requestBodyPattern"))
        st = read_body_pattern(spec, bind_any(b, "requestBodyPattern"), b->fault);
    if (st == ST_OK && bind_any(b, "extractBodyCriteria"))
        st = read_criteria(spec, bind_any(b, "extractBodyCriteria"), b->fault);
    return st;
}

enum status record_spec_read(const json_t *spec, struct record_spec *ret, struct match_fault *fault)
{
    static const struct bind_class class = {"recording.RecordSpec", spec_members};
    struct record_spec made = {.json = json_incref((json_t *)spec),
                               .body_matcher = "auto",
                               .says_case = true,
                               .ignore_array_order = true,
                               .ignore_extra_elements = true,
                               .text_threshold = SIZE_MAX,
                               .binary_threshold = SIZE_MAX,
                               .persist = true,
                               .repeats_as_scenarios = true};
    struct bind b;
    enum status st = bind_object(spec, "", &class, &b, fault);

    if (st == ST_OK && b.object)
        st = read_parts(&made, &b);
    if (st == ST_OK)
        *ret = made;
    else
        record_spec_done(&made);
    return st;
}

void record_spec_done(struct record_spec *spec)
{
    request_pattern_free(spec->filter);
    json_decref(spec->json);
    *spec = (struct record_spec){0};
}
