/* The JSON of a request pattern to struct request_pattern: a table of members, read in the order
 * of the document, so that the first fault is the one WireMock names. */
#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/pattern.h"

#include <stdio.h>
#include <stdlib.h>

#define MATCHING "com.github.tomakehurst.wiremock.matching."

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

/* ---- life ---- */

static void free_value_matchers(struct value_matchers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        value_matcher_free(list->items[i].matcher);
    }
    free(list->items);
}

static void free_multi_matchers(struct multi_matchers *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        multi_matcher_free(list->items[i].matcher);
    }
    free(list->items);
}

static void free_content_matchers(struct content_matchers *list)
{
    for (size_t i = 0; i < list->count; i++)
        value_matcher_free(list->items[i]);
    free(list->items);
}

static void free_parts(struct request_pattern *p)
{
    for (size_t i = 0; i < p->part_count; i++) {
        free(p->parts[i].name);
        free(p->parts[i].file_name);
        free_multi_matchers(&p->parts[i].headers);
        free_content_matchers(&p->parts[i].body);
    }
    free(p->parts);
}

void request_pattern_free(struct request_pattern *p)
{
    if (!p)
        return;
    free(p->scheme);
    value_matcher_free(p->host);
    value_matcher_free(p->client_ip);
    value_matcher_free(p->url);
    free(p->method);
    free_multi_matchers(&p->headers);
    free_value_matchers(&p->path_params);
    free_multi_matchers(&p->query);
    free_multi_matchers(&p->form);
    free_value_matchers(&p->cookies);
    free(p->username);
    free(p->password);
    multi_matcher_free(p->authorization);
    free_content_matchers(&p->body);
    free_parts(p);
    free(p);
}

/* ---- scalars ---- */

static enum status out_of_memory(const struct matcher_place *place)
{
    matcher_refuse(place, "out of memory");
    return ST_NO_MEMORY;
}

/* Jackson makes a text of any scalar. */
static enum status read_text(const json_t *value, const struct matcher_place *place, char **ret)
{
    auto_buf struct buf text = BUF_INIT(16 << 20);
    char *copy;

    if (json_is_string(value))
        buf_put(&text, json_string_value(value), json_string_length(value));
    else if (json_loose_kind(value) >= JSON_KIND_ARRAY)
        return matcher_refuse(place, "Cannot deserialize value of type `java.lang.String` from %s",
                              matcher_java_value(value));
    else
        json_loose_write(value, JSON_LOOSE_COMPACT, &text);
    copy = buf_take(&text, NULL);
    if (!copy)
        return out_of_memory(place);
    free(*ret);
    *ret = copy;
    return ST_OK;
}

/* Jackson makes a whole number of a text of digits and of a decimal. */
static enum status read_port(struct reading *r, const json_t *value,
                             const struct matcher_place *place)
{
    char *end;
    long long port;

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
    return read_text(value, place, &r->pattern->scheme);
}

/* In Jackson's words: which constructor an object lacks for a scalar. */
static enum status refuse_scalar(const char *java_class, const json_t *value,
                                 const struct matcher_place *place)
{
    auto_buf struct buf text = BUF_INIT(256);
    const char *constructor = "int/Int-argument constructor/factory method to deserialize from "
                              "Number value";
    const char *before = "";

    switch (json_loose_kind(value)) {
    case JSON_KIND_STRING:
        constructor = "String-argument constructor/factory method to deserialize from String value";
        before = "'";
        buf_put(&text, json_string_value(value), json_string_length(value));
        break;
    case JSON_KIND_TRUE:
    case JSON_KIND_FALSE:
        constructor = "boolean/Boolean-argument constructor/factory method to deserialize from "
                      "boolean value";
        json_loose_write(value, JSON_LOOSE_COMPACT, &text);
        break;
    case JSON_KIND_ARRAY:
        return matcher_refuse(place, "Cannot deserialize value of type `%s` from %s", java_class,
                              matcher_java_value(value));
    default:
        if (json_loose_kind(value) == JSON_KIND_REAL)
            constructor = "double/Double-argument constructor/factory method to deserialize from "
                          "Number value";
        json_loose_write(value, JSON_LOOSE_COMPACT, &text);
        break;
    }
    return matcher_refuse(place,
                          "Cannot construct instance of `%s` (although at least one Creator "
                          "exists): no %s (%s%.*s%s)",
                          java_class, constructor, before, (int)text.len,
                          text.data ? text.data : "", before);
}

static enum status read_method(struct reading *r, const json_t *value,
                               const struct matcher_place *place)
{
    static const char java_class[] = "com.github.tomakehurst.wiremock.http.RequestMethod";

    if (json_is_string(value))
        return read_text(value, place, &r->pattern->method);
    if (json_loose_kind(value) == JSON_KIND_OBJECT)
        return matcher_refuse(place,
                              "Cannot construct instance of `%s` (although at least one Creator "
                              "exists): cannot deserialize from Object value (no delegate- or "
                              "property-based Creator)",
                              java_class);
    return refuse_scalar(java_class, value, place);
}

static enum status read_url(struct reading *r, enum url_kind kind, const json_t *value,
                            const struct matcher_place *place)
{
    return read_text(value, place, &r->urls[kind]);
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

/* A place one member further down. */
struct below {
    char pointer[256];
    struct matcher_place place;
};

static const struct matcher_place *step_down(struct below *b, const struct matcher_place *place,
                                             const char *name)
{
    snprintf(b->pointer, sizeof b->pointer, "%s/%s", place->pointer, name);
    b->place = (struct matcher_place){b->pointer, place->depth + 1, place->fault};
    return &b->place;
}

static const struct matcher_place *step_to_item(struct below *b, const struct matcher_place *place,
                                                size_t index)
{
    char name[24];

    snprintf(name, sizeof name, "%zu", index);
    return step_down(b, place, name);
}

static enum status expect_map(const json_t *value, const char *item,
                              const struct matcher_place *place)
{
    if (json_loose_kind(value) == JSON_KIND_OBJECT)
        return ST_OK;
    if (json_is_string(value))
        return refuse_scalar("java.util.LinkedHashMap", value, place);
    return matcher_refuse(place,
                          "Cannot deserialize value of type `java.util.LinkedHashMap"
                          "<java.lang.String," MATCHING "%s>` from %s",
                          item, matcher_java_value(value));
}

static enum status expect_list(const json_t *value, const char *item,
                               const struct matcher_place *place)
{
    if (json_is_array(value))
        return ST_OK;
    return matcher_refuse(
        place, "Cannot deserialize value of type `java.util.ArrayList<" MATCHING "%s>` from %s",
        item, matcher_java_value(value));
}

static enum status read_value_matchers(const json_t *object, const struct matcher_place *place,
                                       struct value_matchers *ret)
{
    enum status st = expect_map(object, "StringValuePattern", place);
    const char *name;
    json_t *value;

    if (st != ST_OK)
        return st;
    free_value_matchers(ret);
    *ret = (struct value_matchers){.said = true};
    ret->items = calloc(json_object_size(object) + 1, sizeof *ret->items);
    if (!ret->items)
        return out_of_memory(place);
    json_object_foreach ((json_t *)object, name, value) {
        struct named_value_matcher *item = &ret->items[ret->count];
        struct below b;

        if (json_is_null(value))
            continue;
        ret->count++;
        item->name = strdup(name);
        st = item->name ? matcher_compile(value, step_down(&b, place, name), &item->matcher)
                        : out_of_memory(place);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status read_multi_matchers(const json_t *object, const struct matcher_place *place,
                                       struct multi_matchers *ret)
{
    enum status st = expect_map(object, "MultiValuePattern", place);
    const char *name;
    json_t *value;

    if (st != ST_OK)
        return st;
    free_multi_matchers(ret);
    *ret = (struct multi_matchers){.said = true};
    ret->items = calloc(json_object_size(object) + 1, sizeof *ret->items);
    if (!ret->items)
        return out_of_memory(place);
    json_object_foreach ((json_t *)object, name, value) {
        struct named_multi_matcher *item = &ret->items[ret->count];
        struct below b;

        if (json_is_null(value))
            continue;
        ret->count++;
        item->name = strdup(name);
        st = item->name ? multi_matcher_compile(value, step_down(&b, place, name), &item->matcher)
                        : out_of_memory(place);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status read_content_matchers(const json_t *list, const struct matcher_place *place,
                                         struct content_matchers *ret)
{
    enum status st = expect_list(list, "ContentPattern<java.lang.Object>", place);
    json_t *value;
    size_t i;

    if (st != ST_OK)
        return st;
    free_content_matchers(ret);
    *ret = (struct content_matchers){.said = true};
    ret->items = calloc(json_array_size(list) + 1, sizeof *ret->items);
    if (!ret->items)
        return out_of_memory(place);
    json_array_foreach (list, i, value) {
        struct below b;

        if (json_is_null(value))
            continue;
        st = matcher_compile_content(value, step_to_item(&b, place, i), &ret->items[ret->count]);
        if (st != ST_OK)
            return st;
        ret->count++;
    }
    return ST_OK;
}

static enum status read_headers(struct reading *r, const json_t *value,
                                const struct matcher_place *place)
{
    return read_multi_matchers(value, place, &r->pattern->headers);
}

static enum status read_query(struct reading *r, const json_t *value,
                              const struct matcher_place *place)
{
    return read_multi_matchers(value, place, &r->pattern->query);
}

static enum status read_form(struct reading *r, const json_t *value,
                             const struct matcher_place *place)
{
    return read_multi_matchers(value, place, &r->pattern->form);
}

static enum status read_cookies(struct reading *r, const json_t *value,
                                const struct matcher_place *place)
{
    return read_value_matchers(value, place, &r->pattern->cookies);
}

static enum status read_path_params(struct reading *r, const json_t *value,
                                    const struct matcher_place *place)
{
    return read_value_matchers(value, place, &r->pattern->path_params);
}

static enum status read_body(struct reading *r, const json_t *value,
                             const struct matcher_place *place)
{
    return read_content_matchers(value, place, &r->pattern->body);
}

/* ---- objects of named members ---- */

static enum status refuse_member(const char *name, const char *java_class,
                                 const struct matcher_place *place)
{
    struct below b;

    return matcher_refuse(step_down(&b, place, name),
                          "Unrecognized field \"%s\" (class %s), not marked as ignorable", name,
                          java_class);
}

static enum status read_credentials(struct reading *r, const json_t *value,
                                    const struct matcher_place *place)
{
    static const char java_class[] = "com.github.tomakehurst.wiremock.client.BasicCredentials";
    struct request_pattern *p = r->pattern;
    const char *name;
    json_t *member;

    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return refuse_scalar(java_class, value, place);
    json_object_foreach ((json_t *)value, name, member) {
        char **text = strcmp(name, "username") == 0   ? &p->username
                      : strcmp(name, "password") == 0 ? &p->password
                                                      : NULL;
        struct below b;
        enum status st;

        if (!text)
            return refuse_member(name, java_class, place);
        st = json_is_null(member) ? ST_OK : read_text(member, step_down(&b, place, name), text);
        if (st != ST_OK)
            return st;
    }
    p->has_credentials = true;
    return ST_OK;
}

static enum status read_matching_type(const json_t *value, const struct matcher_place *place,
                                      int *ret)
{
    const char *text = json_string_value(value);

    if (text && (strcmp(text, "ANY") == 0 || strcmp(text, "ALL") == 0)) {
        *ret = text[1] == 'N' ? 'A' : 'L';
        return ST_OK;
    }
    if (text)
        return matcher_refuse(place,
                              "Cannot deserialize value of type `" MATCHING
                              "MultipartValuePattern$MatchingType` from String \"%s\": not one of "
                              "the values accepted for Enum class: [ALL, ANY]",
                              text);
    return matcher_refuse(place,
                          "Cannot deserialize value of type `" MATCHING
                          "MultipartValuePattern$MatchingType` from %s",
                          matcher_java_value(value));
}

static enum status read_part_member(struct part_pattern *part, const char *name,
                                    const json_t *value, const struct matcher_place *place)
{
    struct below b;
    const struct matcher_place *at = step_down(&b, place, name);

    if (strcmp(name, "name") == 0)
        return json_is_null(value) ? ST_OK : read_text(value, at, &part->name);
    if (strcmp(name, "fileName") == 0)
        return json_is_null(value) ? ST_OK : read_text(value, at, &part->file_name);
    if (strcmp(name, "matchingType") == 0)
        return json_is_null(value) ? ST_OK : read_matching_type(value, at, &part->matching);
    if (strcmp(name, "headers") == 0)
        return json_is_null(value) ? ST_OK : read_multi_matchers(value, at, &part->headers);
    if (strcmp(name, "bodyPatterns") == 0)
        return json_is_null(value) ? ST_OK : read_content_matchers(value, at, &part->body);
    return refuse_member(name, MATCHING "MultipartValuePattern", place);
}

static enum status read_part(struct part_pattern *part, const json_t *value,
                             const struct matcher_place *place)
{
    const char *name;
    json_t *member;

    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return refuse_scalar(MATCHING "MultipartValuePattern", value, place);
    json_object_foreach ((json_t *)value, name, member) {
        enum status st = read_part_member(part, name, member, place);

        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status read_multipart(struct reading *r, const json_t *list,
                                  const struct matcher_place *place)
{
    struct request_pattern *p = r->pattern;
    enum status st = expect_list(list, "MultipartValuePattern", place);
    json_t *value;
    size_t i;

    if (st != ST_OK)
        return st;
    free_parts(p);
    p->part_count = 0;
    p->has_multipart = true;
    p->parts = calloc(json_array_size(list) + 1, sizeof *p->parts);
    if (!p->parts)
        return out_of_memory(place);
    json_array_foreach (list, i, value) {
        struct below b;

        if (json_is_null(value))
            continue;
        st = read_part(&p->parts[p->part_count++], value, step_to_item(&b, place, i));
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* WireMock takes it and never matches where the extension is not loaded; here there are no
 * extensions, so it is refused by its name. */
static enum status refuse_custom(struct reading *r, const json_t *value,
                                 const struct matcher_place *place)
{
    const char *name = json_string_value(json_object_get(value, "name"));

    (void)r;
    matcher_refuse(place, "the custom matcher \"%s\" is not supported: there are no extensions",
                   name ? name : "");
    return ST_UNSUPPORTED;
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
    {"customMatcher", refuse_custom},
};

static enum status read_member(struct reading *r, const char *name, const json_t *value,
                               const struct matcher_place *place)
{
    struct below b;

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        if (strcmp(members[i].name, name) == 0)
            return json_is_null(value) ? ST_OK
                                       : members[i].read(r, value, step_down(&b, place, name));
    }
    return refuse_member(name, MATCHING "RequestPattern", place);
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
            return out_of_memory(place);
        p->url_kind = kind;
        return p->url->kind->compile(p->url, operand, operand, place);
    }
    return ST_OK;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_base64(struct buf *ret, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        unsigned a = (unsigned char)bytes.data[i];
        unsigned b = left > 1 ? (unsigned char)bytes.data[i + 1] : 0;
        unsigned c = left > 2 ? (unsigned char)bytes.data[i + 2] : 0;
        unsigned bits = a << 16 | b << 8 | c;

        buf_put_char(ret, base64_digits[bits >> 18]);
        buf_put_char(ret, base64_digits[bits >> 12 & 63]);
        buf_put_char(ret, left > 1 ? base64_digits[bits >> 6 & 63] : '=');
        buf_put_char(ret, left > 2 ? base64_digits[bits & 63] : '=');
    }
}

static enum status make_authorization(struct request_pattern *p, const struct matcher_place *place)
{
    auto_buf struct buf plain = BUF_INIT(1 << 20);
    auto_buf struct buf text = BUF_INIT(2 << 20);
    auto_value_matcher struct value_matcher *m = matcher_new(&matcher_basic_auth);
    enum status st;

    if (!m)
        return out_of_memory(place);
    buf_put_text(&plain, p->username ? p->username : "null");
    buf_put_char(&plain, ':');
    buf_put_text(&plain, p->password ? p->password : "null");
    buf_put_text(&text, "Basic ");
    put_base64(&text, buf_slice(&plain));
    st = matcher_set_text(m, buf_slice(&text), place);
    if (st != ST_OK)
        return st;
    p->authorization = multi_matcher_of(take(m));
    return p->authorization ? ST_OK : out_of_memory(place);
}

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
        st = make_authorization(r->pattern, place);
    return st;
}

enum status request_pattern_compile(const json_t *request, const char *pointer,
                                    struct request_pattern **ret, struct match_fault *fault)
{
    struct matcher_place place = {pointer, 0, fault};
    auto_request_pattern struct request_pattern *p = calloc(1, sizeof *p);
    struct reading r = {.pattern = p};
    enum status st = ST_OK;

    if (!p)
        return out_of_memory(&place);
    if (request && !json_is_null(request) && json_loose_kind(request) != JSON_KIND_OBJECT)
        return refuse_scalar(MATCHING "RequestPattern", request, &place);
    if (request && json_is_object(request))
        st = read_pattern(&r, request, &place);
    for (size_t i = 0; i < sizeof r.urls / sizeof r.urls[0]; i++)
        free(r.urls[i]);
    if (st != ST_OK)
        return st;
    *ret = take(p);
    return ST_OK;
}

enum status request_pattern_anything(struct request_pattern **ret, struct why *why)
{
    if (request_pattern_compile(NULL, "", ret, NULL) != ST_OK)
        return fail_memory(why);
    return ST_OK;
}
