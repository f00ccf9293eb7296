#include "employees-mock/cors.h"

#include <string.h>

void cors_add_headers(struct http_request *req)
{
    const char *origin = http_header(req, "Origin");

    if (!origin)
        return;
    http_reply_header(req, "Access-Control-Allow-Origin", origin);
    http_reply_header(req, "Access-Control-Allow-Credentials", "true");
    http_reply_header(req, "Vary", "Origin");
}

bool cors_answer_preflight(const struct app *app, struct http_request *req)
{
    const char *headers = http_header(req, "Access-Control-Request-Headers");
    const char *method = http_header(req, "Access-Control-Request-Method");

    if (!app->flags->stub_cors || strcmp(http_method(req), "OPTIONS") != 0 || !method ||
        !http_header(req, "Origin"))
        return false;
    cors_add_headers(req);
    http_reply_header(req, "Access-Control-Allow-Methods", "OPTIONS,GET,POST,PUT,PATCH,DELETE");
    if (headers)
        http_reply_header(req, "Access-Control-Allow-Headers", headers);
    http_reply_header(req, "Access-Control-Max-Age", "1800");
    http_reply_static(req, 200, NULL, SLICE(""));
    return true;
}
