/* The JSON of a request pattern to struct request_pattern: a table of members, read in the order
 * of the document, so that the first fault is the one WireMock names. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/pattern_read.h"

#include <stdio.h>
#include <stdlib.h>

const char *const url_members[] = {
    [URL_ANY] = NULL,
    [URL_EQUAL] = "url",
    [URL_REGEX] = "urlPattern",
    [URL_PATH_EQUAL] = "urlPath",
    [URL_PATH_REGEX] = "urlPathPattern",
    [URL_PATH_TEMPLATE] = "urlPathTemplate",
};

/* What the url members say, before one of them is chosen. */
struct reading {
    struct request_pattern *pattern;
    char *urls[URL_PATH_TEMPLATE + 1];
};

/* ---- scalars ---- */

/* Jackson makes a whole number of a text of digits and of a decimal. */
static enum status read_port(struct reading *r, const json_t *value,
                             const struct matcher_place *place)
{
    char *end;
    long long port;

    if (json_is_string(value) && slice_trim(slice_of(json_string_value(value))).len == 0)
        return ST_OK;
    if (json_is_string(value)) {
        port = strtoll(json_string_value(value), &end, 10);
        if (*end || end == json_string_value(value))
            return matcher_refuse(place,
                                  "Cannot deserialize value of type `java.lang.Integer` from "
                                  "String \"%s\": not a valid `java.lang.Integer` value",
                                  json_string_value(value));
    } else if (json_loose_is_number(value)) {
        port = (long long)json_loose_double(value);
    } else {
        return matcher_refuse(place, "Cannot deserialize value of type `java.lang.Integer` from %s",
                              matcher_java_value(value));
    }
    r->pattern->has_port = true;
    r->pattern->port = (int)port;
    return ST_OK;
}

static enum status read_scheme(struct reading *r, const json_t *value,
                               const struct matcher_place *place)
{
    return pattern_read_text(value, place, &r->pattern->scheme);
}

static enum status read_method(struct reading *r, const json_t *value,
                               const struct matcher_place *place)
{
    static const char java_class[] = "com.github.tomakehurst.wiremock.http.RequestMethod";

    if (json_is_string(value))
        return pattern_read_text(value, place, &r->pattern->method);
    if (json_loose_kind(value) == JSON_KIND_OBJECT)
        return matcher_refuse(place,
                              "Cannot construct instance of `%s` (although at least one Creator "
                              "exists): cannot deserialize from Object value (no delegate- or "
                              "property-based Creator)",
                              java_class);
    return pattern_refuse_scalar(java_class, value, place);
}

static enum status read_url(struct reading *r, enum url_kind kind, const json_t *value,
                            const struct matcher_place *place)
{
    return pattern_read_text(value, place, &r->urls[kind]);
}

#define URL_READER(name, kind)                                                                     \
    static enum status name(struct reading *r, const json_t *value,                                \
                            const struct matcher_place *place)                                     \
    {                                                                                              \
        return read_url(r, kind, value, place);                                                    \
    }
URL_READER(read_url_equal, URL_EQUAL)
URL_READER(read_url_regex, URL_REGEX)
URL_READER(read_url_path, URL_PATH_EQUAL)
URL_READER(read_url_path_regex, URL_PATH_REGEX)
URL_READER(read_url_path_template, URL_PATH_TEMPLATE)

/* ---- matchers ---- */

static enum status read_matcher(const json_t *value, const struct matcher_place *place,
                                struct value_matcher **ret)
{
    value_matcher_free(*ret);
    *ret = NULL;
    return matcher_compile(value, place, ret);
}

static enum status read_host(struct reading *r, const json_t *value,
                             const struct matcher_place *place)
{
    return read_matcher(value, place, &r->pattern->host);
}

static enum status read_client_ip(struct reading *r, const json_t *value,
                                  const struct matcher_place *place)
{
    return read_matcher(value, place, &r->pattern->client_ip);
}

static enum status read_headers(struct reading *r, const json_t *value,
                                const struct matcher_place *place)
{
    return pattern_read_multis(value, place, &r->pattern->headers);
}

static enum status read_query(struct reading *r, const json_t *value,
                              const struct matcher_place *place)
{
    return pattern_read_multis(value, place, &r->pattern->query);
}

static enum status read_form(struct reading *r, const json_t *value,
                             const struct matcher_place *place)
{
    return pattern_read_multis(value, place, &r->pattern->form);
}

static enum status read_cookies(struct reading *r, const json_t *value,
                                const struct matcher_place *place)
{
    return pattern_read_values(value, place, &r->pattern->cookies);
}

static enum status read_path_params(struct reading *r, const json_t *value,
                                    const struct matcher_place *place)
{
    return pattern_read_values(value, place, &r->pattern->path_params);
}

static enum status read_body(struct reading *r, const json_t *value,
                             const struct matcher_place *place)
{
    return pattern_read_contents(value, place, &r->pattern->body);
}

/* ---- objects of named members ---- */

static enum status read_credentials(struct reading *r, const json_t *value,
                                    const struct matcher_place *place)
{
    static const char java_class[] = "com.github.tomakehurst.wiremock.client.BasicCredentials";
    struct request_pattern *p = r->pattern;
    const char *unknown = NULL;
    const char *name;
    json_t *member;

    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return pattern_refuse_scalar(java_class, value, place);
    json_object_foreach ((json_t *)value, name, member) {
        char **text = strcmp(name, "username") == 0   ? &p->username
                      : strcmp(name, "password") == 0 ? &p->password
                                                      : NULL;
        struct below b;
        enum status st = ST_OK;

        if (!text)
            unknown = unknown ? unknown : name;
        else if (!json_is_null(member))
            st = pattern_read_text(member, pattern_step_down(&b, place, name), text);
        if (st != ST_OK)
            return st;
    }
    p->has_credentials = true;
    return unknown ? pattern_refuse_member(unknown, java_class, place) : ST_OK;
}

static enum status read_custom(struct reading *r, const json_t *value,
                               const struct matcher_place *place)
{
    return pattern_read_custom(r->pattern, value, place);
}

static enum status read_multipart(struct reading *r, const json_t *list,
                                  const struct matcher_place *place)
{
    return pattern_read_multipart(r->pattern, list, place);
}

static const struct {
    const char *name;
    enum status (*read)(struct reading *r, const json_t *value, const struct matcher_place *place);
} members[] = {
    {"scheme", read_scheme},
    {"host", read_host},
    {"port", read_port},
    {"clientIp", read_client_ip},
    {"url", read_url_equal},
    {"urlPattern", read_url_regex},
    {"urlPath", read_url_path},
    {"urlPathPattern", read_url_path_regex},
    {"urlPathTemplate", read_url_path_template},
    {"method", read_method},
    {"headers", read_headers},
    {"pathParameters", read_path_params},
    {"queryParameters", read_query},
    {"formParameters", read_form},
    {"cookies", read_cookies},
    {"basicAuth", read_credentials},
    {"basicAuthCredentials", read_credentials},
    {"bodyPatterns", read_body},
    {"multipartPatterns", read_multipart},
    {"customMatcher", read_custom},
};

static bool is_known(const char *name)
{
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (strcmp(members[i].name, name) == 0)
            return true;
    return false;
}

static enum status read_member(struct reading *r, const char *name, const json_t *value,
                               const struct matcher_place *place)
{
    struct below b;

    for (size_t i = 0; i < sizeof members / sizeof members[0] && !json_is_null(value); i++)
        if (strcmp(members[i].name, name) == 0)
            return members[i].read(r, value, pattern_step_down(&b, place, name));
    return ST_OK;
}

/* ---- the whole ---- */

/* Of several url members the first in this order counts, the others are forgotten. */
static enum status choose_url(struct reading *r, const struct matcher_place *place)
{
    static const struct matcher_kind *const kinds[] = {
        [URL_EQUAL] = &matcher_equal_to,
        [URL_REGEX] = &matcher_regex,
        [URL_PATH_EQUAL] = &matcher_equal_to,
        [URL_PATH_REGEX] = &matcher_regex,
        [URL_PATH_TEMPLATE] = &matcher_path_template,
    };
    struct request_pattern *p = r->pattern;

    for (enum url_kind kind = URL_EQUAL; kind <= URL_PATH_TEMPLATE; kind++) {
        auto_json json_t *operand = NULL;

        if (!r->urls[kind])
            continue;
        operand = json_string(r->urls[kind]);
        p->url = matcher_new(kinds[kind]);
        if (!operand || !p->url)
            return matcher_out_of_memory(place);
        p->url_kind = kind;
        return p->url->kind->compile(p->url, operand, operand, place);
    }
    return ST_OK;
}

/* Members that are unknown come last: Java makes a pattern through its constructor. */
static enum status read_pattern(struct reading *r, const json_t *request,
                                const struct matcher_place *place)
{
    const char *name;
    json_t *value;
    enum status st;

    json_object_foreach ((json_t *)request, name, value) {
        st = read_member(r, name, value, place);
        if (st != ST_OK)
            return st;
    }
    st = choose_url(r, place);
    if (st == ST_OK && r->pattern->has_credentials)
        st = pattern_make_authorization(r->pattern, place);
    if (st != ST_OK)
        return st;
    json_object_foreach ((json_t *)request, name, value) {
        if (!is_known(name))
            return pattern_refuse_member(name, MATCHING "RequestPattern", place);
    }
    return ST_OK;
}

enum status request_pattern_compile(const json_t *request, const char *pointer,
                                    struct request_pattern **ret, struct match_fault *fault)
{
    struct matcher_place place = {pointer, 0, fault};
    auto_request_pattern struct request_pattern *p = calloc(1, sizeof *p);
    struct reading r = {.pattern = p};
    enum status st = ST_OK;

    if (!p)
        return matcher_out_of_memory(&place);
    if (request && !json_is_null(request) && json_loose_kind(request) != JSON_KIND_OBJECT)
        return pattern_refuse_scalar(MATCHING "RequestPattern", request, &place);
    if (request && json_is_object(request))
        st = read_pattern(&r, request, &place);
    for (size_t i = 0; i < sizeof r.urls / sizeof r.urls[0]; i++)
        free(r.urls[i]);
    if (st != ST_OK)
        return st;
    *ret = take(p);
    return ST_OK;
}
