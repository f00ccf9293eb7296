#include "employees-mock/admin/admin.h"

#include "common/hex.h"
#include "common/json.h"
#include "common/memory.h"
#include "common/utf8.h"
#include "employees-mock/admin/broken_place.h"
#include "employees-mock/admin/partial_read.h"
#include "employees-mock/base64.h"
#include "employees-mock/cors.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/request_target.h"
#include "employees-mock/respond.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 1 << 30, CREDENTIALS_MAX = 4096 };

/* ---- access ---- */

/* Compares every byte, whatever the first difference. */
static bool same_secret(struct slice a, const char *b)
{
    size_t len = strlen(b);
    unsigned char differs = a.len != len;

    for (size_t i = 0; i < a.len && len > 0; i++)
        differs |= (unsigned char)(a.data[i] ^ b[i % len]);
    return !differs;
}

static bool has_credentials(struct http_request *req, const char *wanted)
{
    const char *header = http_header(req, "Authorization");
    auto_buf struct buf given = BUF_INIT(CREDENTIALS_MAX);

    if (!header || strncmp(header, "Basic ", 6) != 0)
        return false;
    return base64_decode(slice_trim(slice_of(header + 6)), &given, NULL) == ST_OK &&
           same_secret(buf_slice(&given), wanted);
}

bool admin_check(struct http_request *req)
{
    const struct app *app = http_app(req);

    if (!request_target_is_sound(req) || cors_answer_preflight(req))
        return false;
    cors_add_headers(req);
    if (app->flags->admin_needs_https && !http_is_tls(req)) {
        admin_error(req, 403, 40, "HTTPS is required for accessing the admin API", NULL);
        return false;
    }
    if (app->flags->admin_auth && !has_credentials(req, app->flags->admin_auth)) {
        admin_empty(req, 401);
        return false;
    }
    return true;
}

bool admin_check_journal(struct http_request *req)
{
    const struct app *app = http_app(req);

    if (!admin_check(req))
        return false;
    if (!journal_is_disabled(app->journal))
        return true;
    respond_exception(req,
                      "com.github.tomakehurst.wiremock.verification.RequestJournalDisabledException"
                      ": The request journal is disabled, so no verification or request searching "
                      "operations are available");
    return false;
}

/* ---- answers ---- */

bool admin_prepare(struct http_request *req, json_t *json, struct buf *ret)
{
    buf_init(ret, BODY_MAX);
    if (json)
        json_loose_write(json, JSON_LOOSE_PRETTY, ret);
    json_decref(json);
    if (json && !memory_failed())
        return true;
    respond_exception(req, "out of memory");
    return false;
}

void admin_send(struct http_request *req, unsigned status, struct buf *text)
{
    http_reply_header(req, "Vary", "Origin");
    http_reply(req, status, "application/json", text);
}

void admin_json(struct http_request *req, unsigned status, json_t *json)
{
    auto_buf struct buf text = {0};

    if (admin_prepare(req, json, &text))
        admin_send(req, status, &text);
}

void admin_empty(struct http_request *req, unsigned status)
{
    http_reply_header(req, "Vary", "Origin");
    http_reply_static(req, status, NULL, SLICE(""));
}

void admin_done(struct http_request *req)
{
    http_reply_header(req, "Vary", "Origin");
    http_reply_static(req, 200, "application/json", SLICE("{}"));
}

void admin_fault(struct http_request *req, const struct match_fault *fault)
{
    admin_json(req, 422, json_pack("{s:[o]}", "errors", match_fault_json(fault)));
}

void admin_error(struct http_request *req, unsigned status, int code, const char *title,
                 const char *detail)
{
    json_t *error = json_pack("{s:i,s:s}", "code", code, "title", title);

    if (detail)
        json_object_set_new(error, "detail", json_string(detail));
    admin_json(req, status, json_pack("{s:[o]}", "errors", error));
}

static void files_broken(struct http_request *req, enum status st, const struct why *why)
{
    char words[sizeof why->place + sizeof why->text + 100];

    if (st == ST_CONFLICT) {
        snprintf(words, sizeof words, "%s: %s", why->place, why->text);
        admin_error(req, 422, 109, "Duplicate stub mapping ID", words);
        return;
    }
    snprintf(words, sizeof words,
             "com.github.tomakehurst.wiremock.standalone.MappingFileException: Error loading file "
             "%s:\n%s",
             why->place, why->text);
    respond_exception(req, words);
}

void admin_files_read(struct http_request *req, enum status st, const struct why *why)
{
    if (st == ST_OK)
        admin_empty(req, 200);
    else if (st == ST_BAD_INPUT || st == ST_CONFLICT)
        files_broken(req, st, why);
    else
        admin_failed(req, st, why);
}

void admin_failed(struct http_request *req, enum status st, const struct why *why)
{
    if (st == ST_NOT_FOUND)
        admin_empty(req, 404);
    else
        respond_exception(req, why->text);
}

/* ---- reading ---- */

/* The body in UTF-8, in `room` where it comes otherwise: as WireMock decodes it, bytes that are no
 * character are U+FFFD. False: its charset is not known, and the refusal is stored. */
static bool body_text(struct http_request *req, struct buf *room, struct slice *ret)
{
    const char *type = http_header(req, "Content-Type");
    enum charset charset = charset_of_content_type(slice_of(type ? type : ""));

    *ret = http_body(req);
    if (type && charset_is_unknown(slice_of(type))) {
        respond_exception(req, "java.nio.charset.UnsupportedCharsetException");
        return false;
    }
    if (charset == CHARSET_UTF_8 && utf8_valid(*ret))
        return true;
    charset_decode(charset, *ret, room);
    *ret = buf_slice(room);
    return true;
}

static void refuse_text(struct http_request *req, struct slice text)
{
    auto_buf struct buf words = BUF_INIT(8192);
    auto_buf struct buf place = BUF_INIT(8192);
    struct json_fault fault = {.words = &words, .place = &place};
    bool empty = slice_trim(text).len == 0;

    if (empty)
        buf_put_text(&words, "No content to map due to end-of-input");
    else
        json_loose_explain(text, &fault);
    if (!empty)
        broken_place_shorten(&place, fault.items);
    admin_json(req, 422,
               json_pack("{s:[{s:i,s:{s:s*},s:s,s:s}]}", "errors", "code", 10, "source", "pointer",
                         empty           ? "/"
                         : place.len > 0 ? buf_text(&place) ? place.data : NULL
                                         : NULL,
                         "title", "Error parsing JSON", "detail",
                         buf_text(&words) ? words.data : ""));
}

/* Whether there is a fault before the one of the text, which is told. */
static bool refuse_before(struct http_request *req, struct slice text, const char *const objects[],
                          admin_bind_fn *bind)
{
    auto_partial struct partial partial = {0};
    struct match_fault fault = {0};

    partial_read(text, objects, &partial);
    if (!partial.document || bind(http_app(req), partial.document, &fault) == ST_OK ||
        !partial_counts(&partial, &fault))
        return false;
    admin_fault(req, &fault);
    return true;
}

bool admin_read_bound(struct http_request *req, const char *const objects[], admin_bind_fn *bind,
                      json_t **ret)
{
    auto_buf struct buf room = BUF_INIT(4 * http_body(req).len);
    struct slice text;

    if (!body_text(req, &room, &text))
        return false;
    if (json_loose_read(text, ret, NULL) == ST_OK)
        return true;
    if (!bind || !refuse_before(req, text, objects, bind))
        refuse_text(req, text);
    return false;
}

bool admin_read(struct http_request *req, json_t **ret)
{
    return admin_read_bound(req, NULL, NULL, ret);
}

void admin_null(struct http_request *req, struct admin_null_use use)
{
    char words[300];

    snprintf(words, sizeof words,
             "java.lang.NullPointerException: Cannot invoke \"com.github.tomakehurst.wiremock.%s\" "
             "because \"%s\" is null",
             use.call, use.variable);
    respond_exception(req, words);
}

bool admin_read_something(struct http_request *req, struct admin_null_use use, json_t **ret)
{
    if (!admin_read(req, ret))
        return false;
    if (!json_is_null(*ret))
        return true;
    json_decref(*ret);
    *ret = NULL;
    admin_null(req, use);
    return false;
}

/* ---- parameters ---- */

/* One part of a UUID, of which the last `digits` count, as Long.parseLong(text, 16) takes it. */
static bool read_uuid_part(struct slice text, int digits, uint64_t *ret)
{
    uint64_t number = 0;

    if (text.len > 1 && text.data[0] == '+')
        text = slice_from(text, 1);
    if (text.len == 0)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        int digit = hex_digit(text.data[i]);

        if (digit < 0 || number > INT64_MAX >> 4)
            return false;
        number = number << 4 | (unsigned)digit;
    }
    *ret = number & ((UINT64_C(1) << 4 * digits) - 1);
    return true;
}

bool admin_uuid(struct slice text, char ret[UUID_SIZE])
{
    static const int digits[] = {8, 4, 4, 4, 12};
    char *at = ret;

    if (text.len >= UUID_SIZE)
        return false;
    for (int i = 0; i < 5; i++) {
        const char *dash = i < 4 ? memchr(text.data, '-', text.len) : text.data + text.len;
        uint64_t number;
        struct slice part;

        if (!dash)
            return false;
        part = (struct slice){text.data, (size_t)(dash - text.data)};
        if (!read_uuid_part(part, digits[i], &number))
            return false;
        at += snprintf(at, UUID_SIZE - (size_t)(at - ret), "%s%0*" PRIx64, i ? "-" : "", digits[i],
                       number);
        text = (struct slice){dash + 1, i < 4 ? text.len - part.len - 1 : 0};
    }
    return true;
}

bool admin_id(struct http_request *req, char ret[UUID_SIZE])
{
    struct slice path = http_path(req);
    const char *slash = memrchr(path.data, '/', path.len);
    struct slice id = {slash + 1, path.len - (size_t)(slash + 1 - path.data)};
    auto_buf struct buf title = BUF_INIT(4096);

    if (admin_uuid(id, ret))
        return true;
    buf_put_slice(&title, id);
    buf_put_text(&title, " is not a valid UUID");
    admin_error(req, 400, 10, buf_text(&title), NULL);
    return false;
}

/* As Integer.parseInt. */
static bool text_as_int(const char *text, long *ret)
{
    char *end;

    if (!isdigit((unsigned char)text[text[0] == '-' || text[0] == '+']))
        return false;
    errno = 0;
    *ret = strtol(text, &end, 10);
    return !*end && errno == 0 && *ret >= INT_MIN && *ret <= INT_MAX;
}

static bool read_number(struct http_request *req, const char *name, size_t *ret, bool *given)
{
    const char *text = http_query_param(req, name);
    auto_buf struct buf words = BUF_INIT(4096);
    long number = 0;

    if (!text)
        return true;
    if (!text_as_int(text, &number))
        buf_printf(&words, "java.lang.NumberFormatException: For input string: \"%s\"", text);
    else if (number < 0)
        buf_printf(&words, "java.lang.IllegalArgumentException: %s must be 0 or greater", name);
    if (words.len > 0) {
        respond_exception(req, buf_text(&words));
        return false;
    }
    *ret = (size_t)number;
    if (given)
        *given = true;
    return true;
}

bool admin_read_limit(struct http_request *req, struct admin_page *ret)
{
    *ret = (struct admin_page){0};
    return read_number(req, "limit", &ret->limit, &ret->has_limit);
}

bool admin_read_page(struct http_request *req, struct admin_page *ret)
{
    return admin_read_limit(req, ret) && read_number(req, "offset", &ret->offset, NULL);
}
