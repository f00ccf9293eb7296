#include "employees-mock/match/diff.h"

#include "common/memory.h"
#include "employees-mock/java_hash.h"
#include "employees-mock/match/diff_line.h"

#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 119, WIDTH_MIN = 40, WIDTH_MAX = 2000 };

/* ---- connection, method, URL ---- */

static void put_host(const struct diff *d)
{
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);

    if (!d->p->host)
        return;
    diff_put_operator(d->p->host, "", &left);
    matcher_expected(d->p->host, &left);
    diff_plain_line(d, "Host", slice_trim(buf_slice(&left)), mock_request_host(d->r),
                    diff_matches(d->p->host, mock_request_host(d->r)));
}

static void put_port(const struct diff *d)
{
    char wanted[24];
    char found[24];

    if (!d->p->has_port)
        return;
    snprintf(wanted, sizeof wanted, "%d", d->p->port);
    snprintf(found, sizeof found, "%d", mock_request_port(d->r));
    diff_plain_line(d, "Port", slice_of(wanted), slice_of(found),
                    d->p->port == mock_request_port(d->r));
}

/* WireMock compares the address with the words of the matcher, so it never matches here. */
static void put_client_ip(const struct diff *d)
{
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);

    if (!d->p->client_ip)
        return;
    buf_printf(&left, "%s ", d->p->client_ip->kind->name);
    diff_put_value(d->p->client_ip, &left);
    diff_plain_line(d, "ClientIp", buf_slice(&left), mock_request_client_ip(d->r), false);
}

static void put_scheme(const struct diff *d)
{
    if (d->p->scheme)
        diff_plain_line(d, "Scheme", slice_of(d->p->scheme), mock_request_scheme(d->r),
                        slice_is(mock_request_scheme(d->r), d->p->scheme));
}

static void put_method(const struct diff *d)
{
    diff_plain_line(d, "HTTP method", slice_of(pattern_method(d->p)), mock_request_method(d->r),
                    pattern_method_matches(d->p, mock_request_method(d->r)));
}

static bool has_open_question_mark(struct slice regex)
{
    const char *mark = regex.len > 0 ? memchr(regex.data, '?', regex.len) : NULL;

    return mark && (mark - regex.data < 2 || mark[-1] != '\\');
}

static void put_url(const struct diff *d, bool *ret_exact)
{
    static const char *const kinds[] = {
        [URL_ANY] = "",
        [URL_EQUAL] = "",
        [URL_REGEX] = "[regex] ",
        [URL_PATH_EQUAL] = "[path] ",
        [URL_PATH_REGEX] = "[path regex] ",
        [URL_PATH_TEMPLATE] = "[path template] ",
    };
    struct slice wanted = d->p->url ? d->p->url->text : SLICE("(always)");
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf more = BUF_INIT(256);

    if (pattern_url_matches(d->p, d->r, ret_exact, NULL) != ST_OK)
        *ret_exact = false;
    buf_put_text(&left, kinds[d->p->url_kind]);
    buf_put_slice(&left, wanted);
    if ((d->p->url_kind == URL_REGEX || d->p->url_kind == URL_PATH_REGEX) &&
        has_open_question_mark(wanted))
        buf_put_text(&more, ". When using a regex, \"?\" should be \"\\?\"");
    if (d->p->url && !slice_starts(wanted, SLICE("/")))
        buf_put_text(&more, ". URLs must start with a /");
    diff_line(d, "URL", buf_slice(&left), mock_request_url(d->r), *ret_exact, buf_slice(&more));
    diff_spacer(d);
}

/* ---- named values ---- */

/* One value a line, as "key: value". */
static void put_values(struct mock_fields fields, struct slice name, bool any_case, struct buf *ret)
{
    struct slice value;
    size_t at = 0;

    while (mock_fields_next(fields, name, any_case, &at, &value)) {
        if (ret->len > 0)
            buf_put_char(ret, '\n');
        buf_put_slice(ret, name);
        buf_put_text(ret, ": ");
        buf_put_slice(ret, value);
    }
}

static void put_named(const struct diff *d, const char *attribute, const char *before,
                      const struct named_multi_matcher *item, struct mock_fields fields,
                      bool header)
{
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf expected = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(DIFF_TEXT_MAX);
    struct slice name = slice_of(item->name);
    bool exact = false;

    multi_matcher_expected(item->matcher, &expected);
    buf_printf(&left, "%s%s", before, item->name);
    diff_put_multi_operator(item->matcher, header ? "" : " = ", &left);
    if (header && expected.len > 0)
        buf_put_text(&left, ": ");
    buf_put_slice(&left, buf_slice(&expected));
    put_values(fields, name, header, &right);
    if (multi_matcher_matches(item->matcher, fields, name, header, NULL, &exact, NULL) != ST_OK)
        exact = false;
    diff_plain_line(d, attribute, buf_slice(&left), buf_slice(&right), exact);
}

/* With credentials they come as out of a HashMap: a copy of the others that these are put into. */
static void put_headers_hashed(const struct diff *d, const struct multi_matchers *list,
                               struct multi_matcher *authorization, struct mock_fields headers)
{
    char name[] = "Authorization";
    struct named_multi_matcher own = {name, authorization};
    auto_free const struct named_multi_matcher **all = memory_zeroed(list->count + 1, sizeof *all);
    uint32_t buckets;
    size_t count = 0;
    bool placed = false;

    for (size_t i = 0; all && i < list->count; i++) {
        bool same = strcmp(list->items[i].name, name) == 0;

        all[count++] = same ? &own : &list->items[i];
        placed = placed || same;
    }
    if (all && !placed)
        all[count++] = &own;
    buckets = java_buckets_of_copy(list->count, count);
    for (uint32_t bucket = 0; bucket < buckets; bucket++)
        for (size_t i = 0; i < count; i++)
            if (java_bucket_of(slice_of(all[i]->name), buckets) == bucket)
                put_named(d, "Header", "", all[i], headers, true);
    diff_spacer(d);
}

static void put_headers(const struct diff *d, const struct multi_matchers *list,
                        struct multi_matcher *authorization, struct mock_fields headers)
{
    if (authorization) {
        put_headers_hashed(d, list, authorization, headers);
        return;
    }
    for (size_t i = 0; i < list->count; i++)
        put_named(d, "Header", "", &list->items[i], headers, true);
    if (list->count > 0)
        diff_spacer(d);
}

static void put_list(const struct diff *d, const char *attribute, const char *before,
                     const struct multi_matchers *list, struct mock_fields fields)
{
    for (size_t i = 0; i < list->count; i++)
        put_named(d, attribute, before, &list->items[i], fields, false);
    if (list->count > 0)
        diff_spacer(d);
}

/* Only where the template matches, in the template's order. */
static void put_path_params(const struct diff *d, bool url_matches)
{
    const struct value_matchers *list = &d->p->path_params;

    if (d->p->url_kind != URL_PATH_TEMPLATE || list->count == 0 || !url_matches)
        return;
    for (size_t i = 0; i < path_template_count(d->p->url->state); i++) {
        struct slice name = path_template_name(d->p->url->state, i);
        struct slice value = {NULL, 0};

        (void)path_template_value(d->p->url->state, i, mock_request_path(d->r), &value);
        for (size_t j = 0; j < list->count; j++) {
            auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);

            if (!slice_is(name, list->items[j].name))
                continue;
            buf_printf(&left, "Path parameter: %s", list->items[j].name);
            diff_put_operator(list->items[j].matcher, " = ", &left);
            diff_put_value(list->items[j].matcher, &left);
            diff_plain_line(d, "Path parameter", buf_slice(&left), value,
                            diff_matches(list->items[j].matcher, value));
        }
    }
    diff_spacer(d);
}

static void put_cookies(const struct diff *d)
{
    const struct value_matchers *list = &d->p->cookies;

    for (size_t i = 0; i < list->count; i++) {
        auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);
        struct slice value = {"", 0};
        size_t at = 0;

        mock_fields_next(mock_request_cookies(d->r), slice_of(list->items[i].name), false, &at,
                         &value);
        buf_printf(&left, "Cookie: %s", list->items[i].name);
        diff_put_operator(list->items[i].matcher, "=", &left);
        diff_put_value(list->items[i].matcher, &left);
        diff_plain_line(d, "Cookie", buf_slice(&left), value,
                        diff_matches(list->items[i].matcher, value));
    }
    if (list->count > 0)
        diff_spacer(d);
}

/* ---- multipart ---- */

/* `before` and `behind` around the names of both sides. */
static void put_section(const struct diff *d, const char *before, const char *pattern_name,
                        const char *slash, struct slice part_name)
{
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(DIFF_TEXT_MAX);

    buf_printf(&left, "[%s%s%s]", before, pattern_name ? ": " : "",
               pattern_name ? pattern_name : "");
    buf_printf(&right, "[%s%.*s]", slash, (int)part_name.len, part_name.data ? part_name.data : "");
    diff_plain_line(d, "", buf_slice(&left), buf_slice(&right), true);
}

static void put_part(const struct diff *d, const struct part_pattern *pattern,
                     const struct mock_part *part)
{
    bool matched = false;

    diff_spacer(d);
    put_section(d, "Multipart", pattern->name, "", part->name);
    diff_spacer(d);
    if (pattern_part_matches(pattern, part, &matched, NULL) != ST_OK || !matched) {
        put_headers(d, &pattern->headers, NULL, part->headers);
        diff_put_bodies(d, &pattern->body, part->body);
        diff_spacer(d);
    }
    put_section(d, "/Multipart", NULL, "/", part->name);
    diff_spacer(d);
}

static void put_multipart(const struct diff *d)
{
    const struct mock_part *parts;
    size_t count = mock_request_parts(d->r, &parts);

    for (size_t i = 0; i < d->p->part_count; i++) {
        bool matched = false;

        if (!mock_request_is_multipart(d->r)) {
            columns_line(&d->columns, SLICE("[Multipart request body]"), (struct slice){"", 0},
                         SLICE("[Multipart request body] is not present"));
            continue;
        }
        if (pattern_parts_match(&d->p->parts[i], d->r, &matched, NULL) == ST_OK && matched)
            continue;
        for (size_t j = 0; j < count; j++)
            put_part(d, &d->p->parts[i], &parts[j]);
    }
}

/* ---- the whole ---- */

static void put_custom(const struct diff *d)
{
    auto_buf struct buf both = BUF_INIT(DIFF_TEXT_MAX);

    if (!d->p->has_custom)
        return;
    buf_printf(&both, "[custom matcher: %s]", d->p->custom_name ? d->p->custom_name : "null");
    diff_plain_line(d, "", buf_slice(&both), buf_slice(&both), true);
}

static void put_scenario(const struct diff *d, const struct diff_stub *stub)
{
    auto_buf struct buf left = BUF_INIT(DIFF_TEXT_MAX);
    auto_buf struct buf right = BUF_INIT(DIFF_TEXT_MAX);

    if (!stub->scenario || !stub->required_state)
        return;
    buf_printf(&left, "[Scenario '%s' state: %s]", stub->scenario, stub->required_state);
    buf_printf(&right, "[Scenario '%s' state: %s]", stub->scenario,
               stub->current_state ? stub->current_state : "null");
    diff_plain_line(d, "Scenario", buf_slice(&left), buf_slice(&right), false);
}

static size_t width_for(const struct mock_request *r)
{
    struct slice asked = mock_request_header(r, "X-WireMock-Console-Width");
    auto_free char *text = asked.data ? slice_dup(asked) : NULL;
    long width = text ? strtol(text, NULL, 10) : WIDTH;

    return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : (size_t)width;
}

void diff_write(const struct diff_stub *stub, const struct mock_request *r, struct buf *ret)
{
    struct diff d = {.columns = {ret, 0}, .r = r};
    bool url_matches = false;

    if (!stub) {
        buf_put_text(ret, "No response could be served as there are no stub mappings in this "
                          "WireMock instance.");
        return;
    }
    d.p = stub->pattern;
    d.columns.width = width_for(r);
    columns_header(&d.columns);
    if (stub->name) {
        columns_line(&d.columns, slice_of(stub->name), (struct slice){"", 0},
                     (struct slice){NULL, 0});
        columns_blank(&d.columns);
    }
    put_host(&d);
    put_port(&d);
    put_client_ip(&d);
    put_scheme(&d);
    put_method(&d);
    put_url(&d, &url_matches);
    put_headers(&d, &d.p->headers, d.p->authorization, mock_request_headers(r));
    put_path_params(&d, url_matches);
    put_list(&d, "Query", "Query: ", &d.p->query, mock_request_query_params(r));
    put_list(&d, "Form data", "Form: ", &d.p->form, mock_request_form_params(r));
    put_cookies(&d);
    diff_put_bodies(&d, &d.p->body, mock_request_body(r));
    put_multipart(&d);
    put_custom(&d);
    put_scenario(&d, stub);
    columns_blank(&d.columns);
    columns_footer(&d.columns);
}
