#include "employees-mock/respond.h"

#include "common/json.h"
#include "common/utf8.h"
#include "employees-mock/match/json_loose.h"

#include <stdlib.h>
#include <string.h>

static bool is_control(char c)
{
    return ((unsigned char)c < 0x1c && !(c >= '\t' && c <= '\r')) || c == 0x7f;
}

static void put_html(struct buf *b, const char *text)
{
    for (; *text; text++) {
        if (is_control(*text))
            buf_put_char(b, '?');
        else if (*text == '<')
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

/* ---- what of it the client takes: Accept, by quality, then by how exact it is ---- */

enum page { PAGE_HTML, PAGE_JSON, PAGE_TEXT };

static const struct page_type {
    const char *name;
    int exact;
    enum page page;
    const char *content_type;
} page_types[] = {
    {"*/*", 0, PAGE_HTML, "text/html;charset=ISO-8859-1"},
    {"text/*", 1, PAGE_HTML, "text/html;charset=ISO-8859-1"},
    {"text/html", 2, PAGE_HTML, "text/html;charset=ISO-8859-1"},
    {"text/plain", 2, PAGE_TEXT, "text/plain;charset=ISO-8859-1"},
    {"text/json", 2, PAGE_JSON, "text/json"},
    {"application/json", 2, PAGE_JSON, "application/json"},
};
enum { PAGE_OF_ANYTHING = 0 };

struct choice {
    bool asked; /* there is an Accept */
    double quality;
    const struct page_type *type;
};

/* The quality of "text/html;q=0.5", whose name is cut off before it; 1 where it says none. */
static double take_quality(struct slice *range)
{
    const char *mark = memrchr(range->data, ';', range->len);
    struct slice last;

    if (!mark)
        return 1;
    last = slice_trim((struct slice){mark + 1, (size_t)(range->data + range->len - mark - 1)});
    if (last.len < 2 || !slice_equal_nocase((struct slice){last.data, 2}, SLICE("q=")))
        return 1;
    *range = slice_trim((struct slice){range->data, (size_t)(mark - range->data)});
    return strtod(last.data + 2, NULL);
}

static void weigh_range(struct choice *c, struct slice range)
{
    double quality = take_quality(&range);

    for (size_t i = 0; i < sizeof page_types / sizeof page_types[0]; i++) {
        const struct page_type *type = &page_types[i];
        bool better = !c->type || quality > c->quality ||
                      (quality == c->quality && type->exact > c->type->exact);

        if (quality > 0 && better && slice_equal(range, slice_of(type->name))) {
            c->quality = quality;
            c->type = type;
        }
    }
}

static bool weigh_header(void *ctx, struct slice name, struct slice value)
{
    struct choice *c = ctx;

    if (!slice_equal_nocase(name, SLICE("Accept")))
        return true;
    c->asked = true;
    while (value.len > 0) {
        const char *comma = memchr(value.data, ',', value.len);
        size_t len = comma ? (size_t)(comma - value.data) : value.len;

        weigh_range(c, slice_trim((struct slice){value.data, len}));
        len += comma != NULL;
        value = (struct slice){value.data + len, value.len - len};
    }
    return true;
}

/* NULL: nothing of it. */
static const struct page_type *choose_page(const struct http_request *req)
{
    struct choice c = {0};

    http_headers_each(req, weigh_header, &c);
    return c.asked ? c.type : &page_types[PAGE_OF_ANYTHING];
}

/* ---- the page ---- */

static void put_page(struct buf *page, unsigned status, const char *words)
{
    buf_put_text(page, "<html>\n<head>\n<meta http-equiv=\"Content-Type\" "
                       "content=\"text/html;charset=ISO-8859-1\"/>\n");
    buf_printf(page, "<title>Error %u ", status);
    put_html(page, words);
    buf_printf(page, "</title>\n</head>\n<body><h2>HTTP ERROR %u ", status);
    put_html(page, words);
    buf_put_text(page, "</h2>\n</body>\n</html>\n");
}

static void put_plain(struct buf *page, struct slice path, unsigned status, const char *words)
{
    buf_printf(page, "HTTP ERROR %u ", status);
    put_html(page, words);
    buf_put_text(page, "\nURI: ");
    buf_put(page, path.data, path.len);
    buf_printf(page, "\nSTATUS: %u\nMESSAGE: %s\n", status, words);
}

/* Its texts are escaped as on the page, which is Jetty's way. */
static void put_json(struct buf *page, struct slice path, unsigned status, const char *words)
{
    auto_buf struct buf text = BUF_INIT(64 << 10);
    auto_json json_t *json = NULL;
    const char *message;

    put_html(&text, words);
    message = buf_text(&text) ? text.data : NULL;
    json = json_pack("{s:s*,s:s*,s:o*,s:o}", "cause0", status == 500 ? message : NULL, "message",
                     message, "url", json_stringn(path.data, path.len), "status",
                     json_sprintf("%u", status));
    if (json)
        json_loose_write(json, JSON_LOOSE_COMPACT, page);
}

void respond_page(struct http_request *req, unsigned status, const char *words)
{
    auto_buf struct buf page = BUF_INIT(256 << 10);
    auto_buf struct buf latin = BUF_INIT(256 << 10);
    const struct page_type *type = has_page(req) ? choose_page(req) : NULL;

    if (has_page(req))
        http_reply_header(req, "Cache-Control", "must-revalidate,no-cache,no-store");
    if (!type) {
        http_reply_static(req, status, NULL, SLICE(""));
        return;
    }
    if (type->page == PAGE_HTML)
        put_page(&page, status, words);
    else if (type->page == PAGE_TEXT)
        put_plain(&page, http_path(req), status, words);
    else
        put_json(&page, http_path(req), status, words);
    if (type->page != PAGE_JSON)
        utf8_put_latin_1(buf_slice(&page), '?', &latin);
    http_reply(req, status, type->content_type, type->page == PAGE_JSON ? &page : &latin);
}

void respond_exception(struct http_request *req, const char *words)
{
    respond_page(req, 500, words);
}
