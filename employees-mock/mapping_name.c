#include "employees-mock/mapping_name.h"

#include "common/json.h"
#include "employees-mock/template/template.h"

#include <limits.h>
#include <string.h>

/* In bytes; a file system takes 255 for all of it. */
enum { NAME_MAX_LEN = 200, METHOD_MAX_LEN = 20, URL_MAX_LEN = 179, EXTENSION_MAX_LEN = 16 };

void mapping_name_put_text(struct slice text, struct buf *ret)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        if (c == ' ')
            buf_put_char(ret, '-');
        else if (c >= 'A' && c <= 'Z')
            buf_put_char(ret, (char)(c - 'A' + 'a'));
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("-_.", c)))
            buf_put_char(ret, c);
    }
}

static void put_part(struct slice text, size_t max, struct buf *ret)
{
    mapping_name_put_text((struct slice){text.data, text.len < max ? text.len : max}, ret);
}

void mapping_name_put(const char *name, const char *method, const char *url, const char *id,
                      struct slice extension, struct buf *ret)
{
    if (name && *name) {
        put_part(slice_of(name), NAME_MAX_LEN, ret);
    } else {
        put_part(slice_of(method), METHOD_MAX_LEN, ret);
        buf_put_char(ret, '-');
        put_part(slice_of(url), URL_MAX_LEN, ret);
    }
    buf_printf(ret, "-%s.", id);
    put_part(extension, EXTENSION_MAX_LEN, ret);
}

static const char *url_of(const struct stub *s)
{
    static const char *const members[] = {"url", "urlPath", "urlPattern", "urlPathPattern",
                                          "urlPathTemplate"};
    const json_t *request = json_object_get(s->json, "request");

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (json_object_get(request, members[i]))
            return json_string_value(json_object_get(request, members[i]));
    return "always";
}

static enum status put_templated(const struct stub *s, const char *filename_template,
                                 struct buf *ret, struct why *why)
{
    auto_json json_t *url = json_string(url_of(s));
    const struct template_name names[] = {
        {.name = "id", .json = json_object_get(s->json, "id")},
        {.name = "name", .json = json_object_get(s->json, "name")},
        {.name = "request", .json = json_object_get(s->json, "request")},
        {.name = "response", .json = json_object_get(s->json, "response")},
        {.name = "method", .json = json_object_get(json_object_get(s->json, "request"), "method")},
        {.name = "url", .json = url},
    };
    struct template_context context = {.names = names, .name_count = sizeof names / sizeof *names};
    auto_template struct template *parsed = NULL;
    auto_buf struct buf name = BUF_INIT(PATH_MAX);
    enum status st = template_parse(slice_of(filename_template), &parsed, why);

    if (st == ST_OK)
        st = template_render(parsed, &context, &name, why);
    if (st != ST_OK)
        return st;
    mapping_name_put_text(buf_slice(&name), ret);
    return buf_status(ret, why);
}

enum status mapping_name_of(const struct stub *s, const char *filename_template, struct buf *ret,
                            struct why *why)
{
    const char *method =
        json_string_value(json_object_get(json_object_get(s->json, "request"), "method"));

    if (filename_template)
        return put_templated(s, filename_template, ret, why);
    mapping_name_put(s->name, method ? method : "any", url_of(s), s->id, SLICE("json"), ret);
    return buf_status(ret, why);
}
