#include "employees-mock/body_type.h"

#include "common/json.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/xml_document.h"

#include <string.h>
#include <strings.h>

static const char *const texts[] = {
    "text", "json", "xml", "html", "yaml", "csv", "x-www-form-urlencoded"};

/* The first row whose part the media type has. */
static const struct {
    const char *part, *extension;
} families[] = {{"json", "json"}, {"xml", "xml"}, {"text", "txt"}};

/* The row of the whole media type. */
static const struct {
    const char *type, *extension;
} types[] = {{"image/jpeg", "jpeg"},     {"image/gif", "gif"},      {"image/tiff", "tiff"},
             {"image/png", "png"},       {"image/x-icon", "ico"},   {"audio/x-aiff", "aiff"},
             {"video/x-ms-asf", "asf"},  {"video/mpeg", "mp2"},     {"audio/mpeg", "mp3"},
             {"video/quicktime", "mov"}, {"application/pdf", "pdf"}};

static struct slice media_type(struct slice content_type)
{
    const char *end = memchr(content_type.data, ';', content_type.len);

    return slice_trim((struct slice){content_type.data,
                                     end ? (size_t)(end - content_type.data) : content_type.len});
}

static bool has(struct slice text, const char *part)
{
    return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

bool body_type_is_text(struct slice content_type)
{
    struct slice type = media_type(content_type);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (has(type, texts[i]))
            return true;
    return false;
}

static const char *extension_of_type(struct slice type)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (has(type, families[i].part))
            return families[i].extension;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (slice_is(type, types[i].type))
            return types[i].extension;
    return NULL;
}

/* What follows the last point of the path's last part. */
static bool extension_of_path(struct slice path, struct slice *ret)
{
    const char *slash = memrchr(path.data, '/', path.len);
    const char *point = memrchr(path.data, '.', path.len);

    if (!point || (slash && point < slash))
        return false;
    *ret = (struct slice){point + 1, (size_t)(path.data + path.len - point - 1)};
    return true;
}

static const char *extension_of_body(struct slice body)
{
    auto_json json_t *json = NULL;
    auto_xml_document struct xml_document *xml = NULL;

    if (json_loose_read(body, &json, NULL) == ST_OK)
        return "json";
    return xml_document_parse(body, &xml, NULL) == ST_OK ? "xml" : "txt";
}

struct slice body_type_extension(struct slice content_type, struct slice path, struct slice body)
{
    const char *known = extension_of_type(media_type(content_type));
    struct slice extension;

    if (known)
        return slice_of(known);
    if (extension_of_path(path, &extension))
        return extension;
    return slice_of(extension_of_body(body));
}
