#include "interceptor/error.h"

#include "common/memory.h"
#include "interceptor/call.h"

#include <string.h>

static const struct {
    const char *word;
    unsigned status;
} codes[ERR_CODES] = {
    [ERR_INVALID_REQUEST] = {"invalid_request", 400},
    [ERR_UNSUPPORTED_GRANT_TYPE] = {"unsupported_grant_type", 400},
    [ERR_INVALID_GRANT] = {"invalid_grant", 400},
    [ERR_MALFORMED_JSON] = {"malformed_json", 400},
    [ERR_MISSING_FIELD] = {"missing_field", 400},
    [ERR_INVALID_FIELD] = {"invalid_field", 400},
    [ERR_UNKNOWN_MANIFEST] = {"unknown_manifest", 400},
    [ERR_INVALID_DATASET] = {"invalid_dataset", 400},
    [ERR_INVALID_API_KEY] = {"invalid_api_key", 401},
    [ERR_INVALID_CLIENT] = {"invalid_client", 401},
    [ERR_INVALID_TOKEN] = {"invalid_token", 401},
    [ERR_UNAUTHORIZED] = {"unauthorized", 401},
    [ERR_FORBIDDEN] = {"forbidden", 403},
    [ERR_NOT_FOUND] = {"not_found", 404},
    [ERR_METHOD_NOT_ALLOWED] = {"method_not_allowed", 405},
    [ERR_CONFLICT] = {"conflict", 409},
    [ERR_PAYLOAD_TOO_LARGE] = {"payload_too_large", 413},
    [ERR_URI_TOO_LONG] = {"uri_too_long", 414},
    [ERR_UNSUPPORTED_MEDIA_TYPE] = {"unsupported_media_type", 415},
    [ERR_RATE_LIMITED] = {"rate_limited", 429},
    [ERR_QUOTA_EXCEEDED] = {"quota_exceeded", 429},
    [ERR_HEADERS_TOO_LARGE] = {"headers_too_large", 431},
    [ERR_INTERNAL] = {"internal_error", 500},
    [ERR_NOT_IMPLEMENTED] = {"not_implemented", 501},
    [ERR_UNAVAILABLE] = {"unavailable", 503},
    [ERR_HTTP_VERSION] = {"http_version_not_supported", 505},
};

static const enum error_code of_status[] = {
    [ST_OK] = ERR_INTERNAL,
    [ST_BAD_INPUT] = ERR_INVALID_REQUEST,
    [ST_DENIED] = ERR_FORBIDDEN,
    [ST_NOT_FOUND] = ERR_NOT_FOUND,
    [ST_CONFLICT] = ERR_CONFLICT,
    [ST_TOO_LARGE] = ERR_PAYLOAD_TOO_LARGE,
    [ST_UNSUPPORTED] = ERR_NOT_IMPLEMENTED,
    [ST_BUSY] = ERR_UNAVAILABLE,
    [ST_TIMEOUT] = ERR_UNAVAILABLE,
    [ST_NO_MEMORY] = ERR_INTERNAL,
    [ST_IO] = ERR_UNAVAILABLE,
    [ST_INTERNAL] = ERR_INTERNAL,
};

enum { ERROR_BODY_MAX = 4096 };

const char *error_word(enum error_code code)
{
    return codes[code].word;
}

unsigned error_http_status(enum error_code code)
{
    return codes[code].status;
}

enum error_code error_of_status(enum status st)
{
    return of_status[st];
}

static void put_member(struct buf *b, const char *name, const char *text)
{
    buf_printf(b, ",\"%s\":", name);
    buf_put_json_string(b, slice_of(text));
}

static void write_body(struct http_request *req, unsigned status, const char *word,
                       const char *field, const char *message, struct buf *b)
{
    buf_printf(b, "{\"error\":\"%s\"", word);
    put_member(b, "message", message);
    if (slice_is(http_path(req), TOKEN_PATH))
        put_member(b, "error_description", message);
    buf_printf(b, ",\"http_status_code\":%u", status);
    if (field && field[0] != '\0')
        put_member(b, "field", field);
    put_member(b, "request_id", call_of(req)->record.request_id);
    buf_put_char(b, '}');
}

static void reply(struct http_request *req, unsigned status, const char *word, const char *field,
                  const char *message)
{
    auto_buf struct buf body = BUF_INIT(ERROR_BODY_MAX);

    if (!call_admit(req, status, word))
        return;
    write_body(req, status, word, field, message, &body);
    http_reply(req, status, "application/json", &body);
}

void reply_error(struct http_request *req, enum error_code code, const char *field,
                 const char *message)
{
    struct why why = {0};

    if (memory_failed() && codes[code].status < 500) { /* it was not looked at in full */
        reply_fault(req, fail_memory(&why), &why);
        return;
    }
    if (code == ERR_UNAUTHORIZED)
        http_reply_header(req, "WWW-Authenticate", "Bearer");
    reply(req, codes[code].status, codes[code].word, field, message);
}

void reply_injected(struct http_request *req, unsigned status)
{
    reply(req, status, "injected_fault", NULL, "an operator asked for this answer");
}

static bool is_ours(enum status st)
{
    return st == ST_NO_MEMORY || st == ST_IO || st == ST_INTERNAL || st == ST_OK;
}

void reply_fault(struct http_request *req, enum status st, const struct why *why)
{
    enum error_code code = error_of_status(st);
    bool told = why && why->text[0] != '\0';
    const char *told_place = told ? why->place : NULL;

    /* Of the body as a whole 413 speaks; a member with too much in it has a wrong value. */
    if (st == ST_TOO_LARGE && told && why->place[0] != '\0')
        code = ERR_INVALID_REQUEST;
    if (is_ours(st)) {
        log_write(&app_of(req)->log, LOG_ERROR, "request failed",
                  LOG_TEXT("request_id", call_of(req)->record.request_id),
                  LOG_TEXT("status", status_word(st)), LOG_TEXT("reason", told ? why->text : ""));
        reply_error(req, code, NULL,
                    code == ERR_INTERNAL ? "the service failed; its log has the reason"
                                         : "the service can't do this now; its log has the reason");
        return;
    }
    if (error_http_status(code) >=
        500) /* the place is a file, an option: nothing of the client's */
        told_place = NULL;
    reply_error(req, code, told_place, told ? why->text : status_word(st));
}
