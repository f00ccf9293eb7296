#include "employees-mock/respond.h"

#include <string.h>

static void put_html(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            buf_put_text(b, "&lt;");
        else if (*text == '>')
            buf_put_text(b, "&gt;");
        else if (*text == '&')
            buf_put_text(b, "&amp;");
        else if (*text == '\'')
            buf_put_text(b, "&apos;");
        else if (*text == '"')
            buf_put_text(b, "&quot;");
        else
            buf_put_char(b, *text);
    }
}

/* The admin API's methods but for these have no page. */
static bool has_page(const struct http_request *req)
{
    static const char *const methods[] = {"GET", "POST", "HEAD"};

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(http_method(req), methods[i]) == 0)
            return true;
    return !slice_starts(http_path(req), SLICE("/__admin/"));
}

void respond_page(struct http_request *req, unsigned status, const char *words)
{
    auto_buf struct buf page = BUF_INIT(64 << 10);

    if (!has_page(req)) {
        http_reply_static(req, status, NULL, SLICE(""));
        return;
    }
    buf_put_text(&page, "<html>\n<head>\n<meta http-equiv=\"Content-Type\" "
                        "content=\"text/html;charset=ISO-8859-1\"/>\n");
    buf_printf(&page, "<title>Error %u ", status);
    put_html(&page, words);
    buf_printf(&page, "</title>\n</head>\n<body><h2>HTTP ERROR %u ", status);
    put_html(&page, words);
    buf_put_text(&page, "</h2>\n</body>\n</html>\n");
    http_reply_header(req, "Cache-Control", "must-revalidate,no-cache,no-store");
    http_reply(req, status, "text/html;charset=iso-8859-1", &page);
}

void respond_exception(struct http_request *req, const char *words)
{
    respond_page(req, 500, words);
}
