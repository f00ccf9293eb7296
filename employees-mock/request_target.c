#include "employees-mock/request_target.h"

#include "common/hex.h"
#include "employees-mock/app.h"
#include "employees-mock/bad_message.h"
#include "employees-mock/cors.h"
#include "employees-mock/known_header.h"
#include "employees-mock/request_host.h"
#include "employees-mock/respond.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- Jetty: the path ---- */

/* The byte that "%xx" at `at` stands for; -1: none. */
static int escaped_byte(struct slice text, size_t at)
{
    int high = at + 2 < text.len ? hex_digit(text.data[at + 1]) : -1;
    int low = high >= 0 ? hex_digit(text.data[at + 2]) : -1;

    return low < 0 ? -1 : high << 4 | low;
}

/* Jetty knows "%uXXXX" beside "%xx". */
static bool is_wide_escape(struct slice text, size_t at)
{
    if (at + 5 >= text.len || text.data[at + 1] != 'u')
        return false;
    for (size_t i = at + 2; i < at + 6; i++)
        if (hex_digit(text.data[i]) < 0)
            return false;
    return true;
}

static enum status refuse_character(unsigned char c, struct why *why)
{
    if (c == ' ')
        return fail(why, ST_BAD_INPUT, "Illegal character SPACE=' '");
    return fail(why, ST_BAD_INPUT, "Illegal character %s=0x%x", c == '\t' ? "HTAB" : "CNTL", c);
}

static enum status check_characters(struct slice target, struct why *why)
{
    for (size_t i = 0; i < target.len; i++) {
        unsigned char c = (unsigned char)target.data[i];

        if (c <= ' ' || c == 0x7f)
            return refuse_character(c, why);
    }
    return ST_OK;
}

static enum status check_escapes(struct slice path, struct why *why)
{
    for (size_t i = 0; i < path.len; i++) {
        if (path.data[i] == '%' && escaped_byte(path, i) <= 0 && !is_wide_escape(path, i))
            return fail(why, ST_BAD_INPUT, "Bad Request");
    }
    return ST_OK;
}

/* How many dots the segment consists of, its escapes decoded and its ";parameters" left out;
 * 0: it has other characters. */
static unsigned dots_of(struct slice segment)
{
    unsigned dots = 0;

    for (size_t i = 0; i < segment.len && segment.data[i] != ';'; i++, dots++) {
        bool escaped = segment.data[i] == '%' && escaped_byte(segment, i) == '.';

        if (segment.data[i] != '.' && !escaped)
            return 0;
        i += escaped ? 2 : 0;
    }
    return dots;
}

static bool stays_below_root(struct slice path)
{
    int depth = 0;

    for (size_t at = 0; at < path.len;) {
        const char *slash = memchr(path.data + at + 1, '/', path.len - at - 1);
        size_t end = slash ? (size_t)(slash - path.data) : path.len;
        unsigned dots = dots_of((struct slice){path.data + at + 1, end - at - 1});

        depth += dots == 2 ? -1 : dots != 1;
        if (depth < 0)
            return false;
        at = end;
    }
    return true;
}

static enum status check_path(struct slice path, struct why *why)
{
    enum status st = check_escapes(path, why);

    return st != ST_OK || stays_below_root(path) ? st : fail(why, ST_BAD_INPUT, "Bad Request");
}

/* "http://user@host/path" must name the host that the header names. */
static bool has_same_authority(struct slice target, size_t authority, size_t path, const char *host)
{
    struct slice named = {target.data + authority, path - authority};
    const char *at = memchr(named.data, '@', named.len);

    if (at)
        named = (struct slice){at + 1, named.len - (size_t)(at + 1 - named.data)};
    return path == target.len || !host || slice_equal(named, slice_of(host));
}

/* ---- Java's URLDecoder: the query ---- */

static enum status check_query_escapes(struct slice query, struct why *why)
{
    for (size_t i = 0; i < query.len; i++) {
        if (query.data[i] != '%' || escaped_byte(query, i) >= 0)
            continue;
        if (i + 2 >= query.len || memchr(query.data + i, '&', 3))
            return fail(why, ST_UNSUPPORTED,
                        "java.lang.IllegalArgumentException: URLDecoder: Incomplete trailing "
                        "escape (%%) pattern");
        return fail(why, ST_UNSUPPORTED,
                    "java.lang.IllegalArgumentException: URLDecoder: Illegal hex characters in "
                    "escape (%%) pattern - Error at index %d in: \"%.2s\"",
                    hex_digit(query.data[i + 1]) < 0 ? 0 : 1, query.data + i + 1);
    }
    return ST_OK;
}

/* ---- the target ---- */

/* Behind the "http://" at the front; 0: there is none. */
static size_t skip_scheme(struct slice target)
{
    size_t len = 0;

    while (len < target.len && isalnum((unsigned char)target.data[len]))
        len++;
    return len > 0 && slice_starts(slice_from(target, len), SLICE("://")) ? len + 3 : 0;
}

static size_t end_of_authority(struct slice target, size_t authority)
{
    while (authority < target.len && !memchr("/?#", target.data[authority], 3))
        authority++;
    return authority;
}

/* Of what begins like "http://host", or like a path. */
static bool has_path(struct slice target, size_t authority, size_t path)
{
    if (path == target.len)
        return authority > 0;
    return target.data[path] == '/' || (authority == 0 && target.data[path] == '*');
}

enum status request_target_check(struct slice target, const char *host, struct why *why)
{
    size_t authority = skip_scheme(target);
    size_t path = authority ? end_of_authority(target, authority) : 0;
    bool found = has_path(target, authority, path);
    size_t query;
    enum status st;

    target.len = slice_find(target, 0, '#');
    query = slice_find(target, path, '?');
    if (host && !request_host_is_sound(slice_of(host)))
        return fail(why, ST_BAD_INPUT, "Bad HostPort");
    if (authority && !has_same_authority(target, authority, path, host))
        return fail(why, ST_BAD_INPUT, "Mismatched Authority");
    if (!authority && query == 0)
        return fail(why, ST_BAD_INPUT, "Bad URI");
    st = check_characters(slice_from(target, path), why);
    if (st == ST_OK && !found)
        return fail(why, ST_BAD_INPUT, "Bad Request");
    if (st == ST_OK)
        st = check_path((struct slice){target.data + path, query - path}, why);
    if (st == ST_OK && query < target.len)
        st = check_query_escapes(slice_from(target, query + 1), why);
    return st;
}

/* ---- Java's URI: what templates see ---- */

static enum status check_character(struct slice url, size_t at, bool in_query, struct why *why)
{
    char c = url.data[at];
    int len = (int)url.len;

    if (c != '\0' && strchr(in_query ? " \"<>\\^`{|}" : " \"<>\\^`{|}[]", c))
        return fail(why, ST_BAD_INPUT, "Illegal character in %s at index %zu: %.*s",
                    in_query ? "query" : "path", at, len, url.data);
    if (c == '%' && escaped_byte(url, at) < 0)
        return fail(why, ST_BAD_INPUT, "Malformed escape pair at index %zu: %.*s", at, len,
                    url.data);
    return ST_OK;
}

/* What most URLs consist of, and every place of them takes. */
static bool is_usual(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9');
}

/* Behind the scheme and the authority of an absolute URL; else 0. */
static size_t start_of_path(struct slice url)
{
    const char *slashes = memmem(url.data, url.len, "://", 3);
    size_t authority;

    if (!slashes || slashes + 1 != url.data + slice_find(url, 0, '/'))
        return 0;
    authority = (size_t)(slashes - url.data) + 3;
    url.len = slice_find(url, authority, '?');
    return slice_find(url, authority, '/');
}

enum status request_target_read_uri(struct slice url, struct why *why)
{
    size_t path = start_of_path(url);
    size_t query = slice_find(url, path, '?');
    enum status st = ST_OK;

    if (path == 0 && query == 2 && memcmp(url.data, "//", 2) == 0)
        return fail(why, ST_BAD_INPUT, "Expected authority at index 2: //");
    if (path > 0 && memcmp(url.data + path - 3, "://", 3) == 0)
        return fail(why, ST_BAD_INPUT, "Expected authority at index %zu: %.*s", path, (int)url.len,
                    url.data);
    for (size_t i = path; i < url.len && st == ST_OK; i++)
        if (!is_usual(url.data[i]))
            st = check_character(url, i, i > query, why);
    return st;
}

enum status request_target_check_uri(struct slice url, struct why *why)
{
    struct why reason = {0};

    if (request_target_read_uri(url, &reason) == ST_OK)
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "java.lang.IllegalArgumentException: %s", reason.text);
}

/* ---- answers ---- */

/* What Jetty counts of a header: not the names that it knows, nor values that it knows whole. */
static bool add_size(void *ctx, struct slice name, struct slice value)
{
    const struct known_header *known = known_header_find(name);
    struct known_value whole = known_header_value(known, value);
    size_t *size = ctx;

    if (!known)
        *size += name.len + 2 + value.len + 2;
    else if (whole.head.len + whole.tail.len < value.len || value.len == 0)
        *size += 1 + value.len + 1;
    else
        *size += 1;
    return true;
}

/* --jetty-header-request-size. */
static bool head_fits(struct http_request *req, size_t limit)
{
    enum { BEHIND_URL = sizeof " HTTP/1.1\n" - 1 };
    size_t size;

    if (limit == 0)
        return true;
    size = strlen(http_method(req)) + 1 + strlen(http_target(req));
    if (size > limit) {
        bad_message(req, 414, "URI Too Long");
        return false;
    }
    size += BEHIND_URL;
    http_headers_each(req, add_size, &size);
    if (size > limit)
        bad_message(req, 431, "Request Header Fields Too Large");
    return size <= limit;
}

static bool is_expectation_met(struct http_request *req)
{
    const char *expect = http_header(req, "Expect");

    if (!expect || !*expect || strcasecmp(expect, "100-continue") == 0)
        return true;
    bad_message(req, 417, "Expectation Failed");
    return false;
}

static bool is_version_known(struct http_request *req)
{
    const char *version = http_version(req);

    if (strcmp(version, "HTTP/1.1") == 0 || strcmp(version, "HTTP/1.0") == 0)
        return true;
    bad_message(req, 505, "Unknown Version");
    return false;
}

bool request_target_is_tunnel(struct http_request *req)
{
    return strcmp(http_method(req), "CONNECT") == 0 && http_reply_static(req, 200, NULL, SLICE(""));
}

bool request_target_is_sound(struct http_request *req)
{
    const struct app *app = http_app(req);
    struct why why = {0};
    enum status st;

    if (!is_version_known(req) || !head_fits(req, app->flags->header_bytes) ||
        !is_expectation_met(req) || request_target_is_tunnel(req))
        return false;
    st = request_target_check(slice_of(http_target(req)), http_header(req, "Host"), &why);

    if (st == ST_BAD_INPUT) {
        bad_message(req, 400, why.text);
    } else if (st != ST_OK) {
        cors_add_stub_headers(req);
        respond_exception(req, why.text);
    }
    return st == ST_OK;
}

/* The path decoded, without what stands behind ';' in its segments. */
static void put_decoded(struct slice path, struct buf *ret)
{
    bool parameter = false;

    for (size_t i = 0; i < path.len; i++) {
        char c = path.data[i];
        int escaped = c == '%' ? escaped_byte(path, i) : -1;

        parameter = c == ';' || (parameter && c != '/');
        if (parameter)
            continue;
        buf_put_char(ret, escaped < 0 ? c : (char)escaped);
        i += escaped < 0 ? 0 : 2;
    }
}

enum admin_place request_target_admin_place(struct slice path)
{
    auto_buf struct buf decoded = BUF_INIT(path.len + 1);
    size_t depth = 0;
    bool admin = false;

    put_decoded(path, &decoded);
    for (size_t at = 1; at <= decoded.len;) {
        const char *slash = memchr(decoded.data + at, '/', decoded.len - at);
        size_t end = slash ? (size_t)(slash - decoded.data) : decoded.len;
        struct slice segment = {decoded.data + at, end - at};

        if (slice_is(segment, "..")) {
            depth -= depth > 0;
        } else if (!slice_is(segment, ".")) {
            if (depth == 0)
                admin = slice_is(segment, "__admin");
            depth++;
        }
        at = end + 1;
    }
    if (!admin || depth == 0)
        return ADMIN_NOT;
    return depth == 1 && decoded.data[decoded.len - 1] == 'n' ? ADMIN_ROOT : ADMIN_INSIDE;
}
