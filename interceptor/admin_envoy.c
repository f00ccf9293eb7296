#include "interceptor/admin.h"

#include "interceptor/call.h"
#include "interceptor/fetch.h"

#include <stdio.h>

enum { TIMEOUT_MS = 2000, STATS_MAX = 4 << 20, URL_MAX = 1024 };

/* Counters of the plugin and of the two clusters that it stands between. */
#define WANTED "/stats?format=json&filter=(wasm|interceptor|employees)"

void envoy_get(struct http_request *req)
{
    const char *base = app_of(req)->settings.envoy_admin;
    auto_buf struct buf stats = BUF_INIT(STATS_MAX);
    char url[URL_MAX];
    long status = 0;
    struct why why = {0};

    if (!base) {
        reply_error(req, ERR_NOT_FOUND, NULL, "no --envoy-admin is set");
        return;
    }
    if (snprintf(url, sizeof url, "%s%s", base, WANTED) >= (int)sizeof url ||
        fetch_get(url, TIMEOUT_MS, false, &stats, &status, &why) != ST_OK || status != 200) {
        reply_error(req, ERR_UNAVAILABLE, NULL, "Envoy's admin port does not answer");
        return;
    }
    http_reply(req, 200, "application/json", &stats);
}
