#include "employees-mock/cors.h"

#include <ctype.h>
#include <string.h>

void cors_add_headers(struct http_request *req)
{
    const char *origin = http_header(req, "Origin");

    if (!origin)
        return;
    http_reply_header(req, "Access-Control-Allow-Origin", origin);
    http_reply_header(req, "Access-Control-Allow-Credentials", "true");
}

/* The names, of which blanks do not count. */
static void allow_headers(struct http_request *req, const char *names)
{
    auto_buf struct buf all = BUF_INIT(64 << 10);

    for (; *names; names++)
        if (!isspace((unsigned char)*names))
            buf_put_char(&all, *names);
    if (buf_text(&all))
        http_reply_header(req, "Access-Control-Allow-Headers", all.data);
}

static bool is_allowed(const char *method)
{
    static const char *const methods[] = {"OPTIONS", "GET", "POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(method, methods[i]) == 0)
            return true;
    return false;
}

void cors_add_stub_headers(struct http_request *req)
{
    const struct app *app = http_app(req);

    if (app->flags->stub_cors)
        cors_add_headers(req);
}

bool cors_answer_preflight(struct http_request *req)
{
    const char *headers = http_header(req, "Access-Control-Request-Headers");
    const char *method = http_header(req, "Access-Control-Request-Method");

    if (strcmp(http_method(req), "OPTIONS") != 0 || !method || !http_header(req, "Origin"))
        return false;
    http_reply_header(req, "Vary", "Origin");
    if (is_allowed(method)) {
        cors_add_headers(req);
        http_reply_header(req, "Access-Control-Allow-Methods", "OPTIONS,GET,POST,PUT,PATCH,DELETE");
        allow_headers(req, headers ? headers : "");
        http_reply_header(req, "Access-Control-Max-Age", "1800");
    }
    http_reply_static(req, 200, NULL, SLICE(""));
    return true;
}
