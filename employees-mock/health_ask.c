#include "employees-mock/health_ask.h"

#include <curl/curl.h>
#include <stdio.h>

static size_t forget(char *data, size_t size, size_t number, void *ctx)
{
    (void)data;
    (void)ctx;
    return size * number;
}

bool health_ask(const struct flags *flags)
{
    CURL *easy = curl_easy_init();
    char url[128];
    long status = 0;

    if (!easy)
        return false;
    snprintf(url, sizeof url, "%s://127.0.0.1:%u/__admin/health",
             flags->http_off ? "https" : "http", flags->http_off ? flags->https_port : flags->port);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 3000L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, forget);
    if (flags->admin_auth)
        curl_easy_setopt(easy, CURLOPT_USERPWD, flags->admin_auth);
    if (curl_easy_perform(easy) == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    if (status != 200)
        fprintf(stderr, "employees-mock: %s: %s\n", url,
                status ? "does not answer 200" : "can't be reached");
    return status == 200;
}
