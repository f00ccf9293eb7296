/* Asking a request pattern whether a request matches. */
#include "common/utf8.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/match_notes.h"
#include "employees-mock/match/pattern.h"
#include "employees-mock/match/regex.h"

struct value_input pattern_input(struct slice text)
{
    return (struct value_input){.present = text.data != NULL, .text = text};
}

const char *pattern_method(const struct request_pattern *p)
{
    return p->method ? p->method : "ANY";
}

bool pattern_method_matches(const struct request_pattern *p, struct slice method)
{
    const char *wanted = pattern_method(p);

    return strcmp(wanted, "ANY") == 0 || slice_is(method, wanted) ||
           (strcmp(wanted, "GET_OR_HEAD") == 0 &&
            (slice_is(method, "GET") || slice_is(method, "HEAD")));
}

struct value_input pattern_url_input(const struct request_pattern *p, const struct mock_request *r)
{
    return pattern_input(p->url_kind >= URL_PATH_EQUAL ? mock_request_path(r)
                                                       : mock_request_url(r));
}

enum status pattern_url_matches(const struct request_pattern *p, const struct mock_request *r,
                                bool *ret, struct why *why)
{
    struct value_input in;

    *ret = true;
    if (!p->url)
        return ST_OK;
    in = pattern_url_input(p, r);
    return matcher_matches(p->url, &in, ret, why);
}

/* ---- the connection's own ---- */

bool pattern_scheme_matches(const struct request_pattern *p, const struct mock_request *r)
{
    return !p->scheme || slice_is(mock_request_scheme(r), p->scheme);
}

bool pattern_port_matches(const struct request_pattern *p, const struct mock_request *r)
{
    return !p->has_port || p->port == mock_request_port(r);
}

static enum status optional_matches(const struct value_matcher *m, struct slice text,
                                    struct match_notes *notes, bool *ret, struct why *why)
{
    struct value_input in = pattern_input(text);

    in.notes = notes;
    *ret = true;
    return m ? matcher_matches(m, &in, ret, why) : ST_OK;
}

/* ---- named values ---- */

static enum status all_match(const struct multi_matchers *list, struct mock_fields fields,
                             bool any_case, const char *but, struct match_notes *notes, bool *ret,
                             struct why *why)
{
    enum status st = ST_OK;

    *ret = true;
    for (size_t i = 0; i < list->count && *ret && st == ST_OK; i++) {
        const struct named_multi_matcher *item = &list->items[i];

        if (!but || strcmp(item->name, but) != 0)
            st = multi_matcher_matches(item->matcher, fields, slice_of(item->name), any_case, notes,
                                       ret, why);
    }
    return st;
}

/* Basic credentials stand in the place of a pattern for Authorization. */
static enum status headers_match(const struct request_pattern *p, const struct mock_request *r,
                                 bool *ret, struct why *why)
{
    struct mock_fields headers = mock_request_headers(r);
    enum status st =
        all_match(&p->headers, headers, true, p->authorization ? "Authorization" : NULL,
                  mock_request_cache(r)->notes, ret, why);

    if (st == ST_OK && *ret && p->authorization)
        st = multi_matcher_matches(p->authorization, headers, SLICE("Authorization"), true, NULL,
                                   ret, why);
    return st;
}

/* A cookie's values: any of them; none: only absent matches. */
static enum status cookie_matches(const struct named_value_matcher *item,
                                  struct mock_fields cookies, struct match_notes *notes, bool *ret,
                                  struct why *why)
{
    struct value_input in = {.present = true, .notes = notes};
    size_t noted = match_notes_count(notes);
    size_t at = 0;
    bool found = false;
    enum status st = ST_OK;

    *ret = false;
    while (st == ST_OK && !*ret &&
           mock_fields_next(cookies, slice_of(item->name), false, &at, &in.text)) {
        found = true;
        st = matcher_matches(item->matcher, &in, ret, why);
        in.notes = NULL; /* the first of equally distant ones is it that WireMock asks */
    }
    if (*ret)
        match_notes_cut(notes, noted);
    if (!found)
        *ret = matcher_is(item->matcher, &matcher_absent);
    return st;
}

static enum status cookies_match(const struct request_pattern *p, const struct mock_request *r,
                                 bool *ret, struct why *why)
{
    enum status st = ST_OK;

    *ret = true;
    for (size_t i = 0; i < p->cookies.count && *ret && st == ST_OK; i++)
        st = cookie_matches(&p->cookies.items[i], mock_request_cookies(r),
                            mock_request_cache(r)->notes, ret, why);
    return st;
}

struct value_input pattern_path_param_input(const struct request_pattern *p, const char *name,
                                            const struct mock_request *r)
{
    const struct path_template *t = p->url->state;
    struct slice value = {NULL, 0};

    for (size_t i = 0; i < path_template_count(t); i++) {
        if (slice_is(path_template_name(t, i), name))
            (void)path_template_value(t, i, mock_request_path(r), &value);
    }
    return pattern_input(value);
}

static enum status path_params_match(const struct request_pattern *p, const struct mock_request *r,
                                     bool *ret, struct why *why)
{
    enum status st = ST_OK;

    *ret = true;
    if (p->url_kind != URL_PATH_TEMPLATE)
        return ST_OK;
    for (size_t i = 0; i < p->path_params.count && *ret && st == ST_OK; i++) {
        struct value_input in = pattern_path_param_input(p, p->path_params.items[i].name, r);

        in.notes = mock_request_cache(r)->notes;
        st = matcher_matches(p->path_params.items[i].matcher, &in, ret, why);
    }
    return st;
}

static enum status query_match(const struct request_pattern *p, const struct mock_request *r,
                               bool *ret, struct why *why)
{
    *ret = true;
    return p->query.count == 0 ? ST_OK
                               : all_match(&p->query, mock_request_matched_params(r), false, NULL,
                                           mock_request_cache(r)->notes, ret, why);
}

static enum status form_match(const struct request_pattern *p, const struct mock_request *r,
                              bool *ret, struct why *why)
{
    *ret = true;
    return p->form.count == 0 ? ST_OK
                              : all_match(&p->form, mock_request_form_params(r), false, NULL,
                                          mock_request_cache(r)->notes, ret, why);
}

/* ---- bodies ---- */

struct value_input pattern_body_input(const struct value_matcher *m, const struct mock_request *r)
{
    struct slice body = mock_request_body(r);

    if (matcher_is(m, &matcher_binary_equal_to))
        return (struct value_input){.present = true, .text = body};
    if (body.len == 0)
        return (struct value_input){.present = false, .notes = mock_request_cache(r)->notes};
    return (struct value_input){.present = true,
                                .text = mock_request_body_text(r),
                                .cache = mock_request_cache(r),
                                .notes = mock_request_cache(r)->notes};
}

static enum status body_matches(const struct request_pattern *p, const struct mock_request *r,
                                bool *ret, struct why *why)
{
    enum status st = ST_OK;

    *ret = true;
    if (p->body.count == 0 || mock_request_lacks(r).body)
        return ST_OK;
    for (size_t i = 0; i < p->body.count && *ret && st == ST_OK; i++) {
        struct value_input in = pattern_body_input(p->body.items[i], r);

        st = matcher_matches(p->body.items[i], &in, ret, why);
    }
    return st;
}

static enum status part_body_matches(const struct value_matcher *m, struct slice body, bool *ret,
                                     struct why *why)
{
    auto_buf struct buf clean = BUF_INIT(3 * body.len + 8);
    struct value_input in = {.present = true, .text = body};

    if (!matcher_is(m, &matcher_binary_equal_to) && !utf8_valid(body)) {
        charset_decode(CHARSET_UTF_8, body, &clean);
        in.text = buf_slice(&clean);
    }
    return matcher_matches(m, &in, ret, why);
}

/* ---- null among the matchers ---- */

enum status request_pattern_fail_null(struct why *why)
{
    return fail(why, ST_BAD_INPUT, "java.lang.NullPointerException");
}

static bool part_has_null(const struct part_pattern *part)
{
    return part->is_null || part->headers.has_null || part->body.has_null;
}

static bool parts_have_null(const struct request_pattern *p)
{
    bool has = false;

    for (size_t i = 0; i < p->part_count; i++)
        has |= part_has_null(&p->parts[i]);
    return has;
}

bool request_pattern_has_null(const struct request_pattern *p)
{
    return p->headers.has_null || p->path_params.has_null || p->query.has_null ||
           p->form.has_null || p->cookies.has_null || p->body.has_null || parts_have_null(p);
}

bool request_pattern_breaks_diff(const struct request_pattern *p, const struct mock_request *r)
{
    return p->headers.has_null || p->query.has_null || p->form.has_null || p->cookies.has_null ||
           p->body.has_null || (parts_have_null(p) && mock_request_is_multipart(r));
}

/* Java asks them all, whatever the first of them says. */
static bool breaks(const struct request_pattern *p, const struct mock_request *r)
{
    struct mock_lacks lacks = mock_request_lacks(r);

    if (lacks.headers && (p->headers.count > 0 || p->authorization))
        return true;
    if (lacks.cookies && p->cookies.count > 0)
        return true;
    return (p->path_params.has_null && p->url_kind == URL_PATH_TEMPLATE) ||
           request_pattern_breaks_diff(p, r);
}

/* A part's name counts for nothing in WireMock, its file name only beside headers or bodies. */
enum status pattern_part_matches(const struct part_pattern *pattern, const struct mock_part *part,
                                 bool *ret, struct why *why)
{
    enum status st;

    *ret = true;
    if (part_has_null(pattern))
        return request_pattern_fail_null(why);
    if (!pattern->headers.said && !pattern->body.said)
        return ST_OK;
    st = all_match(&pattern->headers, part->headers, true, NULL, NULL, ret, why);
    for (size_t i = 0; i < pattern->body.count && *ret && st == ST_OK; i++)
        st = part_body_matches(pattern->body.items[i], part->body, ret, why);
    if (*ret && pattern->file_name && pattern->file_name[0])
        *ret = part->filename.data && slice_is(part->filename, pattern->file_name);
    return st;
}

enum status pattern_parts_match(const struct part_pattern *pattern, const struct mock_request *r,
                                bool *ret, struct why *why)
{
    const struct mock_part *parts;
    size_t count = mock_request_parts(r, &parts);
    bool all = pattern->matching == 'L';
    enum status st = ST_OK;

    *ret = count > 0 && all;
    for (size_t i = 0; i < count && *ret == all && st == ST_OK; i++)
        st = pattern_part_matches(pattern, &parts[i], ret, why);
    return st;
}

static enum status multipart_matches(const struct request_pattern *p, const struct mock_request *r,
                                     bool *ret, struct why *why)
{
    enum status st = ST_OK;

    *ret = p->part_count == 0 || mock_request_is_multipart(r);
    for (size_t i = 0; i < p->part_count && *ret && st == ST_OK; i++)
        st = pattern_parts_match(&p->parts[i], r, ret, why);
    return st;
}

/* ---- the whole ---- */

typedef enum status part_test(const struct request_pattern *p, const struct mock_request *r,
                              bool *ret, struct why *why);

static enum status first_matches(const struct request_pattern *p, const struct mock_request *r,
                                 bool *ret, struct why *why)
{
    enum status st;

    *ret = pattern_method_matches(p, mock_request_method(r)) && pattern_scheme_matches(p, r) &&
           pattern_port_matches(p, r);
    if (!*ret)
        return ST_OK;
    st = pattern_url_matches(p, r, ret, why);
    if (st == ST_OK && *ret)
        st =
            optional_matches(p->host, mock_request_host(r), mock_request_cache(r)->notes, ret, why);
    if (st == ST_OK && *ret)
        st = optional_matches(p->client_ip, mock_request_client_ip(r), mock_request_cache(r)->notes,
                              ret, why);
    return st;
}

enum status request_pattern_matches(const struct request_pattern *p, const struct mock_request *r,
                                    bool *ret, struct why *why)
{
    static part_test *const tests[] = {
        path_params_match, headers_match, query_match,       form_match,
        cookies_match,     body_matches,  multipart_matches,
    };
    enum status st = first_matches(p, r, ret, why);

    if (st == ST_OK && *ret && breaks(p, r))
        return request_pattern_fail_null(why);
    for (size_t i = 0; i < sizeof tests / sizeof tests[0] && *ret && st == ST_OK; i++)
        st = tests[i](p, r, ret, why);
    *ret &= !p->has_custom;
    return st;
}

bool request_pattern_breaks(const struct request_pattern *p, const struct mock_request *r)
{
    bool matches;

    return first_matches(p, r, &matches, NULL) == ST_OK && matches && breaks(p, r);
}
