#include "interceptor/page.h"

#include "interceptor/asset.h"
#include "interceptor/error.h"

ASSET(page_index, "interceptor/web/index.html");
ASSET(page_script, "interceptor/web/app.js");
ASSET(page_style, "interceptor/web/style.css");

struct file {
    const char *path;
    const char *type;
    const char *begin;
    const char *end;
};

static const struct file files[] = {
    {"/", "text/html; charset=utf-8", page_index_begin, page_index_end},
    {"/app.js", "text/javascript; charset=utf-8", page_script_begin, page_script_end},
    {"/style.css", "text/css; charset=utf-8", page_style_begin, page_style_end},
};

void page_get(struct http_request *req)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const struct file *f = &files[i];

        if (!slice_is(http_path(req), f->path))
            continue;
        http_reply_header(req, "Content-Security-Policy",
                          "default-src 'self'; frame-ancestors 'none'; base-uri 'none'");
        http_reply_header(req, "Referrer-Policy", "no-referrer");
        http_reply_header(req, "Cache-Control", "no-cache");
        http_reply_static(req, 200, f->type, (struct slice){f->begin, (size_t)(f->end - f->begin)});
        return;
    }
    reply_error(req, ERR_NOT_FOUND, NULL, "there is nothing at this path");
}
