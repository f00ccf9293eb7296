#include "employees-mock/cors.h"

#include <string.h>

void cors_add_headers(struct http_request *req)
{
    const char *origin = http_header(req, "Origin");

    http_reply_header(req, "Vary", "Origin");
    if (!origin)
        return;
    http_reply_header(req, "Access-Control-Allow-Origin", origin);
    http_reply_header(req, "Access-Control-Allow-Credentials", "true");
}

/* The names, one behind the other without blanks. */
static void send_allowed_headers(struct http_request *req)
{
    const char *at = http_header(req, "Access-Control-Request-Headers");
    auto_buf struct buf names = BUF_INIT(64 << 10);

    while (at && *at) {
        size_t len = strcspn(at, ",");

        if (names.len > 0)
            buf_put_char(&names, ',');
        buf_put_slice(&names, slice_trim((struct slice){at, len}));
        at += len + (at[len] == ',');
    }
    if (buf_text(&names))
        http_reply_header(req, "Access-Control-Allow-Headers", names.data);
}

static bool is_allowed(const char *method)
{
    static const char *const allowed[] = {"OPTIONS", "GET", "POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (strcmp(method, allowed[i]) == 0)
            return true;
    return false;
}

bool cors_answer_preflight(const struct app *app, struct http_request *req)
{
    const char *method = http_header(req, "Access-Control-Request-Method");

    if (!app->flags->stub_cors || strcmp(http_method(req), "OPTIONS") != 0 || !method ||
        !http_header(req, "Origin"))
        return false;
    if (is_allowed(method)) {
        cors_add_headers(req);
        http_reply_header(req, "Access-Control-Allow-Methods", "OPTIONS,GET,POST,PUT,PATCH,DELETE");
        send_allowed_headers(req);
        http_reply_header(req, "Access-Control-Max-Age", "1800");
    } else {
        http_reply_header(req, "Vary", "Origin");
    }
    http_reply_static(req, 200, NULL, SLICE(""));
    return true;
}
