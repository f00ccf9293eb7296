#include "employees-mock/admin/logged_request.h"

#include "employees-mock/bind.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/matcher.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HTTP_PACKAGE "com.github.tomakehurst.wiremock.http."

enum { SECOND_MS = 1000, MINUTE_S = 60 };

/* ---- dates, as Jackson's StdDateFormat reads them ---- */

static bool is_number(const char *text, long long *ret)
{
    char *end;

    errno = 0;
    *ret = strtoll(text, &end, 10);
    return end != text && !*end && errno == 0;
}

/* Z, +01, +0100, +01:00; nothing is UTC. */
static bool read_offset(const char *text, int *ret_s)
{
    int hours = 0;
    int minutes = 0;
    int end = 0;

    *ret_s = 0;
    if (!*text || strcmp(text, "Z") == 0)
        return true;
    if ((*text != '+' && *text != '-') || !isdigit((unsigned char)text[1]))
        return false;
    if (sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &end) < 2)
        sscanf(text + 1, "%2d%n%2d%n", &hours, &end, &minutes, &end);
    *ret_s = (*text == '-' ? -1 : 1) * (hours * MINUTE_S + minutes) * MINUTE_S;
    return !text[1 + end];
}

/* The fraction's first three digits; *text moves behind it. */
static int read_fraction(const char **text)
{
    int ms = 0;
    int weight = 100;

    if (**text != '.')
        return 0;
    for (++*text; isdigit((unsigned char)**text); ++*text, weight /= 10)
        ms += weight * (**text - '0');
    return ms;
}

/* 2020-01-31 and 2020-01-31T10:00[:00[.000]][Z]; a month 13 is the next year's first. */
static bool read_iso(const char *text, long long *ret_ms)
{
    struct tm t = {0};
    int at = 0;
    int offset_s = 0;
    int ms = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &at) < 3 || at != 10)
        return false;
    text += at;
    if (*text) {
        if (sscanf(text, "T%2d:%2d%n", &t.tm_hour, &t.tm_min, &at) < 2 || at != 6)
            return false;
        text += at;
        if (sscanf(text, ":%2d%n", &t.tm_sec, &at) == 1)
            text += at;
        ms = read_fraction(&text);
        if (!read_offset(text, &offset_s))
            return false;
    }
    t.tm_year -= 1900;
    t.tm_mon--;
    *ret_ms = ((long long)timegm(&t) - offset_s) * SECOND_MS + ms;
    return true;
}

static bool read_rfc1123(const char *text, long long *ret_ms)
{
    struct tm t = {0};
    const char *zone = strptime(text, "%a, %d %b %Y %H:%M:%S ", &t);
    int offset_s = 0;

    if (!zone || (strcmp(zone, "GMT") != 0 && strcmp(zone, "UTC") != 0 &&
                  (!*zone || !read_offset(zone, &offset_s))))
        return false;
    *ret_ms = ((long long)timegm(&t) - offset_s) * SECOND_MS;
    return true;
}

static bool looks_like_iso(struct slice text)
{
    return text.len >= 7 && isdigit((unsigned char)text.data[0]) &&
           isdigit((unsigned char)text.data[3]) && text.data[4] == '-' &&
           isdigit((unsigned char)text.data[5]);
}

static enum status refuse_date(const struct bind *b, const char *given, const char *trimmed)
{
    const char *format = strlen(trimmed) > 10 ? "yyyy-MM-dd'T'HH:mm:ss.SSSX" : "yyyy-MM-dd";
    char reason[300];

    if (looks_like_iso(slice_of(trimmed)))
        snprintf(reason, sizeof reason,
                 "while it seems to fit format '%s', parsing fails (leniency? null)", format);
    else
        snprintf(reason, sizeof reason,
                 "not compatible with any of standard forms (\"yyyy-MM-dd'T'HH:mm:ss.SSSX\", "
                 "\"yyyy-MM-dd'T'HH:mm:ss.SSS\", \"EEE, dd MMM yyyy HH:mm:ss zzz\", "
                 "\"yyyy-MM-dd\")");
    return bind_fail(b->fault, b->pointer, "loggedDate",
                     "Cannot deserialize value of type `java.util.Date` from String \"%s\": not a "
                     "valid representation (error: Failed to parse Date value '%s': Cannot parse "
                     "date \"%s\": %s)",
                     given, trimmed, trimmed, reason);
}

static enum status read_date(const struct bind *b)
{
    const json_t *value = bind_any(b, "loggedDate");
    const char *text = json_string_value(value);
    auto_free char *trimmed = NULL;
    long long ms;

    if (!value || json_is_integer(value))
        return ST_OK;
    if (!text && json_loose_digits(value))
        return bind_fail(b->fault, b->pointer, "loggedDate",
                         "Cannot deserialize value of type `java.util.Date` from number %s: not a "
                         "valid 64-bit `long` for creating `java.util.Date`",
                         json_loose_digits(value));
    if (!text)
        return bind_fail(b->fault, b->pointer, "loggedDate",
                         "Cannot deserialize value of type `java.util.Date` from %s",
                         matcher_java_value(value));
    trimmed = slice_dup(slice_trim(slice_of(text)));
    if (!trimmed)
        return bind_fail_memory(b->fault);
    if (!*trimmed) {
        json_object_del((json_t *)b->object, "loggedDate");
        return ST_OK;
    }
    if (!read_iso(trimmed, &ms) && !is_number(trimmed, &ms) && !read_rfc1123(trimmed, &ms))
        return refuse_date(b, text, trimmed);
    json_object_set_new((json_t *)b->object, "loggedDate", json_integer(ms));
    return ST_OK;
}

/* ---- collections ---- */

/* WireMock knows no way to make a part. */
static enum status check_parts(const struct bind *b)
{
    static const char list_class[] = "java.util.ArrayList<" HTTP_PACKAGE "Request$Part>";
    const json_t *value = bind_any(b, "multiparts");
    const json_t *item;
    char member[48];
    size_t i;

    if (value && !json_is_array(value))
        return bind_fail(b->fault, b->pointer, "multiparts",
                         "Cannot deserialize value of type `%s` from %s", list_class,
                         matcher_java_value(value));
    json_array_foreach (value, i, item) {
        if (json_is_null(item))
            continue;
        snprintf(member, sizeof member, "multiparts/%zu", i);
        return bind_fail(b->fault, b->pointer, member,
                         "Cannot construct instance of `" HTTP_PACKAGE "Request$Part` (no "
                         "Creators, like default constructor, exist): abstract types either need "
                         "to be mapped to concrete types, have custom deserializer, or contain "
                         "additional type information");
    }
    return ST_OK;
}

/* {"q":{"key":"q","values":["1"]}} */
static enum status check_params(const struct bind *b, const char *name,
                                const struct bind_class *class)
{
    const json_t *map = NULL;
    const char *key;
    const char *text;
    json_t *param;
    char items[160];
    enum status st;

    snprintf(items, sizeof items,
             "java.util.LinkedHashMap<java.lang.String,com.github.tomakehurst.wiremock.%s>",
             class->name);
    st = bind_map(b, name, "java.util.LinkedHashMap", items, &map);
    if (st != ST_OK)
        return st;
    json_object_foreach ((json_t *)map, key, param) {
        char pointer[256];
        const json_t *values = NULL;
        struct bind one;

        snprintf(pointer, sizeof pointer, "%s/%s/%s", b->pointer, name, key);
        st = bind_object(param, pointer, class, &one, b->fault);
        if (st == ST_OK)
            st = bind_text(&one, "key", &text);
        if (st == ST_OK)
            st = bind_texts(&one, "values", &values);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status check_cookies(const struct bind *b)
{
    const json_t *map = NULL;
    const char *name;
    json_t *value;
    void *next;
    enum status st =
        bind_map(b, "cookies", "java.util.LinkedHashMap",
                 "java.util.LinkedHashMap<java.lang.String," HTTP_PACKAGE "Cookie>", &map);

    json_object_foreach_safe((json_t *)map, next, name, value)
    {
        if (json_is_null(value))
            json_object_del((json_t *)map, name);
    }
    return st;
}

static enum status check_headers(const struct bind *b)
{
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)bind_any(b, "headers"), name, value) {
        if (!json_is_string(value) && !json_is_array(value))
            return bind_fail(b->fault, b->pointer, "headers", "null value in entry: %s=null", name);
    }
    return ST_OK;
}

/* ---- scalars ---- */

/* As the method of a pattern, which is of the same class. */
static enum status check_method(const struct bind *b)
{
    json_t *alone = json_pack("{s:O*}", "method", bind_any(b, "method"));
    auto_request_pattern struct request_pattern *pattern = NULL;
    enum status st =
        alone ? request_pattern_compile(alone, "", &pattern, b->fault) : bind_fail_memory(b->fault);

    json_decref(alone);
    return st;
}

static enum status check_texts(const struct bind *b)
{
    static const char *const texts[] = {"url",          "absoluteUrl", "clientIp", "body",
                                        "bodyAsBase64", "host",        "scheme",   "protocol"};
    enum status st = ST_OK;
    const char *text;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && st == ST_OK; i++)
        st = bind_text(b, texts[i], &text);
    return st;
}

static enum status read_scalars(const struct bind *b)
{
    json_t *object = (json_t *)b->object;
    long long port = 0;
    bool flag = false;
    enum status st = bind_int(b, "port", "int", &port);

    if (st == ST_OK)
        st = bind_bool(b, "browserProxyRequest", "boolean", &flag);
    if (st == ST_OK && json_object_get(object, "port"))
        json_object_set_new(object, "port", json_integer(port));
    if (st == ST_OK)
        json_object_set_new(object, "browserProxyRequest", json_boolean(flag));
    return st;
}

enum status logged_request_bind(json_t *document, struct match_fault *fault)
{
    static const struct bind_class class = {"verification.LoggedRequest", NULL};
    static const char *const param_members[] = {"key", "values", NULL};
    static const struct bind_class query = {"http.QueryParameter", param_members};
    static const struct bind_class form = {"http.FormParameter", param_members};
    enum status (*const parts[])(const struct bind *) = {check_method,  check_texts, check_cookies,
                                                         check_headers, read_date,   check_parts,
                                                         read_scalars};
    struct bind b;
    enum status st = bind_object(document, "", &class, &b, fault);

    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && st == ST_OK; i++)
        st = parts[i](&b);
    if (st == ST_OK)
        st = check_params(&b, "queryParams", &query);
    return st == ST_OK ? check_params(&b, "formParams", &form) : st;
}
