/* Parses any bytes as a template and renders what parses, for a request with a body; the first
 * line, when there is more than one, is the body. */
#include "employees-mock/match/mock_request.h"
#include "employees-mock/template/kv.h"
#include "employees-mock/template/template.h"
#include "tests/fuzz/target.h"

#include <stddef.h>

static const struct mock_field headers[] = {
    {{"Content-Type", sizeof "Content-Type" - 1},
     {"multipart/form-data; boundary=b", sizeof "multipart/form-data; boundary=b" - 1}},
    {{"Cookie", sizeof "Cookie" - 1}, {"a=b; c=d", sizeof "a=b; c=d" - 1}},
    {{"X-Name", sizeof "X-Name" - 1}, {"Val", sizeof "Val" - 1}},
};

static void split(struct slice all, struct slice *ret_body, struct slice *ret_template)
{
    const char *end = all.len ? memchr(all.data, '\n', all.len) : NULL;

    *ret_body = SLICE("{\"a\":{\"b\":[1,2.50,\"x\",null]}}");
    *ret_template = all;
    if (!end)
        return;
    *ret_body = (struct slice){all.data, (size_t)(end - all.data)};
    *ret_template = (struct slice){end + 1, all.len - ret_body->len - 1};
}

static void render(const struct template *t, struct slice body)
{
    static struct kv *kv;
    struct mock_source source = {.method = SLICE("POST"),
                                 .url = SLICE("/a/b%20c?q=1&q=2&z"),
                                 .scheme = SLICE("http"),
                                 .host = SLICE("h"),
                                 .port = 80,
                                 .headers = headers,
                                 .header_count = sizeof headers / sizeof headers[0],
                                 .body = body};
    struct mock_request *request = mock_request_new(&source);
    struct kv_limits limits = {.entries = 100, .bytes = 100000};
    struct template_settings settings = {0};
    struct template_context context = {.settings = &settings, .request = request};
    auto_buf struct buf text = BUF_INIT(1 << 18);

    if (!kv && kv_new(&limits, NULL, &kv, NULL) != ST_OK)
        return;
    settings.kv = kv;
    if (request)
        (void)!template_render(t, &context, &text, NULL);
    mock_request_free(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    auto_template struct template *t = NULL;
    struct slice body;
    struct slice text;
    struct why why;

    split((struct slice){(const char *)data, size}, &body, &text);
    if (template_parse(text, &t, &why) == ST_OK)
        render(t, body);
    return 0;
}
