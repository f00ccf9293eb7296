#include "employees-mock/outgoing_call.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define AGENT "employees-mock" /* where a request has none of its own: some servers refuse that */

enum { HEAD_MAX = 1 << 20, CONTENT_MAX = 256 << 20, FIELDS_MAX = 256, CONNECT_TIMEOUT_MS = 30000 };

static size_t take_content(char *data, size_t size, size_t count, void *ctx)
{
    struct outgoing_call *call = ctx;

    buf_put(&call->content, data, size * count);
    return call->content.failed == ST_OK ? size * count : 0;
}

static void read_reason(struct outgoing_call *call, struct slice line)
{
    const char *status = memchr(line.data, ' ', line.len);
    const char *end = line.data + line.len;
    const char *reason = status ? memchr(status + 1, ' ', (size_t)(end - status - 1)) : NULL;

    snprintf(call->reason, sizeof call->reason, "%.*s", reason ? (int)(end - reason - 1) : 0,
             reason ? reason + 1 : "");
}

/* Of several heads (100 Continue, a proxy's) the last one counts; what comes behind it is a
 * trailer, which WireMock's client leaves out. A line that begins with a blank continues the one
 * before it. */
static size_t take_header(char *data, size_t size, size_t count, void *ctx)
{
    struct outgoing_call *call = ctx;
    struct slice line = slice_trim((struct slice){data, size * count});

    if (line.len > 5 && memcmp(line.data, "HTTP/", 5) == 0) {
        buf_clear(&call->head);
        call->head_is_whole = false;
        read_reason(call, line);
    } else if (line.len == 0) {
        call->head_is_whole = true;
    } else if (!call->head_is_whole) {
        if ((data[0] == ' ' || data[0] == '\t') && call->head.len > 0)
            call->head.data[call->head.len - 1] = ' ';
        buf_put_slice(&call->head, line);
        buf_put_char(&call->head, '\0');
    }
    return size * count;
}

static bool add_header(struct outgoing_call *call, const char *line)
{
    struct curl_slist *more = curl_slist_append(call->headers, line);

    if (more)
        call->headers = more;
    return more != NULL;
}

/* libcurl's own headers stay away unless they were asked for. */
static bool add_headers(struct outgoing_call *call, const struct outgoing_request *r)
{
    static const char *const own[] = {"Accept", "Expect", "Content-Type"};
    bool good = true;

    for (size_t i = 0; i < r->header_count && good; i++) {
        auto_buf struct buf line = BUF_INIT(HEAD_MAX);
        struct slice value = r->headers[i].value;

        buf_put_slice(&line, r->headers[i].name);
        buf_put_text(&line, value.len ? ": " : ";");
        buf_put_slice(&line, value);
        good = buf_text(&line) && !strpbrk(line.data, "\r\n") && add_header(call, line.data);
    }
    for (size_t i = 0; i < sizeof own / sizeof own[0] && good; i++) {
        char line[32];
        bool given = false;

        for (size_t k = 0; k < r->header_count; k++)
            given = given || slice_equal_nocase(r->headers[k].name, slice_of(own[i]));
        snprintf(line, sizeof line, "%s:", own[i]);
        good = given || add_header(call, line);
    }
    return good;
}

static void set_body(struct outgoing_call *call, const struct outgoing_request *r)
{
    if (slice_is(r->method, "HEAD")) {
        curl_easy_setopt(call->easy, CURLOPT_NOBODY, 1L);
        return;
    }
    if (!r->has_body)
        return;
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, call->body);
}

/* Those that libcurl copies, which takes memory: a request without its method would be another. */
static bool set_texts(struct outgoing_call *call, const struct outgoing_request *r, const char *url,
                      const char *method, const char *via)
{
    CURL *easy = call->easy;

    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, AGENT) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, via ? via : "") == CURLE_OK &&
           (!r->plain || curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK);
}

static void set_options(struct outgoing_call *call, unsigned timeout_ms)
{
    CURL *easy = call->easy;

    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_content);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    /* as WireMock does: the servers behind a mock have certificates of their own making */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

struct outgoing_call *outgoing_call_new(const struct outgoing_request *r, unsigned timeout_ms,
                                        const char *via)
{
    struct outgoing_call *call = calloc(1, sizeof *call);
    auto_free char *url = slice_dup(r->url);
    auto_free char *method = slice_dup(r->method);

    if (!call)
        return NULL;
    buf_init(&call->head, HEAD_MAX);
    buf_init(&call->content, CONTENT_MAX);
    call->easy = curl_easy_init();
    call->body = slice_dup(r->body);
    if (!url || !method || !call->easy || !call->body || !add_headers(call, r) ||
        !set_texts(call, r, url, method, via)) {
        outgoing_call_free(call);
        return NULL;
    }
    set_body(call, r);
    set_options(call, timeout_ms);
    return call;
}

void outgoing_call_free(struct outgoing_call *call)
{
    if (!call)
        return;
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    buf_done(&call->head);
    buf_done(&call->content);
    free(call->body);
    free(call);
}

static size_t split_head(const struct outgoing_call *call, struct mock_field fields[FIELDS_MAX])
{
    size_t count = 0;

    for (size_t at = 0; at < call->head.len && count < FIELDS_MAX;) {
        const char *line = call->head.data + at;
        size_t len = strlen(line);
        const char *colon = strchr(line, ':');

        at += len + 1;
        if (!colon)
            continue;
        fields[count].name = (struct slice){line, (size_t)(colon - line)};
        fields[count++].value =
            slice_trim((struct slice){colon + 1, len - (size_t)(colon + 1 - line)});
    }
    return count;
}

void outgoing_call_fail(struct outgoing_call *call, enum status st, const char *words)
{
    struct why why = {0};

    snprintf(why.text, sizeof why.text, "%s", words);
    call->done(call->ctx, st, NULL, &why);
}

static void put_broken_off(const struct outgoing_call *call, char *words, size_t size)
{
    curl_off_t expected = -1;

    curl_easy_getinfo(call->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &expected);
    if (expected < 0)
        snprintf(words, size, "Premature end of chunk coded message body: closing chunk expected");
    else
        snprintf(words, size,
                 "Premature end of Content-Length delimited message body (expected: %" PRId64
                 "; received: %zu)",
                 (int64_t)expected, call->content.len);
}

/* What is not asked at all has no port: else what came back was no HTTP. */
static bool was_asked(const struct outgoing_call *call)
{
    long port = 0;

    curl_easy_getinfo(call->easy, CURLINFO_PRIMARY_PORT, &port);
    return port > 0;
}

/* In the words of WireMock's client where it has some: they are part of an answer. */
static void fail_in_words(struct outgoing_call *call, CURLcode code)
{
    CURLU *url = curl_url();
    char *given = NULL;
    char *host = NULL;
    char *place = NULL;
    char words[240];

    curl_easy_getinfo(call->easy, CURLINFO_EFFECTIVE_URL, &given);
    if (url && given && curl_url_set(url, CURLUPART_URL, given, 0) == CURLUE_OK) {
        curl_url_get(url, CURLUPART_HOST, &host, 0);
        curl_url_set(url, CURLUPART_PATH, "/", 0);
        curl_url_set(url, CURLUPART_QUERY, NULL, 0);
        curl_url_get(url, CURLUPART_URL, &place, 0);
    }
    if (code == CURLE_COULDNT_CONNECT && place)
        snprintf(words, sizeof words, "Connect to %.*s failed: Connection refused",
                 (int)strlen(place) - 1, place);
    else if (code == CURLE_PARTIAL_FILE)
        put_broken_off(call, words, sizeof words);
    else
        snprintf(words, sizeof words, "%s",
                 code == CURLE_COULDNT_RESOLVE_HOST && host ? host
                 : code == CURLE_OPERATION_TIMEDOUT         ? "Read timed out"
                 : code == CURLE_GOT_NOTHING || code == CURLE_UNSUPPORTED_PROTOCOL
                     ? "The target server failed to respond"
                     : curl_easy_strerror(code));
    curl_free(host);
    curl_free(place);
    curl_url_cleanup(url);
    outgoing_call_fail(call, code == CURLE_OPERATION_TIMEDOUT ? ST_TIMEOUT : ST_IO, words);
}

void outgoing_call_finish(struct outgoing_call *call, CURLcode code)
{
    struct mock_field fields[FIELDS_MAX];
    struct outgoing_answer answer = {.reason = call->reason, .headers = fields};
    struct why why = {0};
    long status = 0;

    if (code == CURLE_URL_MALFORMAT || (code == CURLE_UNSUPPORTED_PROTOCOL && !was_asked(call))) {
        outgoing_call_fail(call, ST_BAD_INPUT, curl_easy_strerror(code));
        return;
    }
    if (code != CURLE_OK) {
        fail_in_words(call, code);
        return;
    }
    if (buf_status(&call->head, &why) != ST_OK) {
        outgoing_call_fail(call, call->head.failed, why.text);
        return;
    }
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    answer.status = (unsigned)status;
    answer.header_count = split_head(call, fields);
    answer.body = buf_slice(&call->content);
    call->done(call->ctx, ST_OK, &answer, &why);
}
