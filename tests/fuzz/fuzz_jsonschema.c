/* The version in the first byte, a schema up to a NUL, an instance behind it. */
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema.h"

#include "common/json.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = size > 1 ? memchr(text + 1, '\0', size - 1) : NULL;
    auto_json json_t *document = NULL;
    auto_json json_t *instance = NULL;
    auto_json_schema struct json_schema *schema = NULL;
    size_t errors;
    bool valid;

    if (!end)
        return 0;
    if (json_loose_read((struct slice){text + 1, (size_t)(end - text) - 1}, &document, NULL) !=
            ST_OK ||
        json_loose_read((struct slice){end + 1, size - (size_t)(end - text) - 1}, &instance,
                        NULL) != ST_OK)
        return 0;
    if (json_schema_compile(document, data[0] % (SCHEMA_V202012 + 1), &schema, NULL) != ST_OK)
        return 0;
    if (json_schema_validate(schema, instance, &valid, NULL, NULL) == ST_OK &&
        json_schema_validate(schema, instance, &valid, &errors, NULL) == ST_OK)
        (void)json_schema_property_count(schema);
    return 0;
}
