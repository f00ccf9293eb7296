#include "interceptor/fetch.h"

#include <curl/curl.h>

static size_t take_bytes(char *data, size_t size, size_t count, void *ctx)
{
    struct buf *body = ctx;

    if (!body)
        return size * count;
    buf_put(body, data, size * count);
    return buf_status(body, NULL) == ST_OK ? size * count : 0;
}

static CURLcode perform(CURL *curl, const char *url, unsigned timeout_ms, bool trust_any,
                        struct buf *body)
{
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    if (trust_any) {
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    return curl_easy_perform(curl);
}

enum status fetch_get(const char *url, unsigned timeout_ms, bool trust_any, struct buf *body,
                      long *ret_status, struct why *why)
{
    CURL *curl = curl_easy_init();
    CURLcode code;

    if (!curl)
        return fail_memory(why);
    code = perform(curl, url, timeout_ms, trust_any, body);
    if (code == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
    curl_easy_cleanup(curl);
    if (code == CURLE_OK)
        return ST_OK;
    return fail_at(why, code == CURLE_OPERATION_TIMEDOUT ? ST_TIMEOUT : ST_IO, url, "%s",
                   curl_easy_strerror(code));
}
