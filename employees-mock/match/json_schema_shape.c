/* Whether a document is a schema at all, and of which dialect, as networknt's validator finds when
 * it reads one: wherever a part is none, the whole validates nothing. */
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_schema_rules.h"

#include <string.h>

bool schema_read_dialect(const json_t *root, enum json_schema_version *version)
{
    static const struct {
        const char *uri; /* behind the scheme */
        enum json_schema_version version;
    } dialects[] = {
        {"://json-schema.org/draft-04/schema", SCHEMA_V4},
        {"://json-schema.org/draft-06/schema", SCHEMA_V6},
        {"://json-schema.org/draft-07/schema", SCHEMA_V7},
        {"://json-schema.org/draft/2019-09/schema", SCHEMA_V201909},
        {"://json-schema.org/draft/2020-12/schema", SCHEMA_V202012},
    };
    const json_t *said = json_object_get(root, "$schema");
    const char *uri = json_string_value(said);
    size_t scheme = uri ? strcspn(uri, ":") : 0;

    if (!said)
        return true;
    if (!uri || (strncmp(uri, "http", scheme) != 0 && strncmp(uri, "https", scheme) != 0))
        return false;
    uri += scheme;
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
        size_t len = strlen(dialects[i].uri);

        if (strncmp(uri, dialects[i].uri, len) == 0 && (!uri[len] || !strcmp(uri + len, "#"))) {
            *version = dialects[i].version;
            return true;
        }
    }
    return false;
}

static bool is_number_or_none(const json_t *schema, const char *keyword)
{
    const json_t *value = json_object_get(schema, keyword);

    return !value || json_loose_is_number(value);
}

static bool has_shape(const json_t *schema, enum json_schema_version version)
{
    if (!is_number_or_none(schema, "maximum") || !is_number_or_none(schema, "minimum"))
        return false;
    if (version == SCHEMA_V4)
        return true;
    return is_number_or_none(schema, "exclusiveMaximum") &&
           is_number_or_none(schema, "exclusiveMinimum") && !json_object_get(schema, "id") &&
           (version < SCHEMA_V202012 || !json_is_array(json_object_get(schema, "items")));
}

/* Schemas stand as values of keywords, in lists, or by names in an object. */
static bool all_are_schemas(const json_t *value, bool named, enum json_schema_version version)
{
    const char *name;
    json_t *child;
    size_t i;

    json_array_foreach (value, i, child) {
        if (!schema_is_one(child, version))
            return false;
    }
    if (!named)
        return schema_is_one(value, version);
    json_object_foreach ((json_t *)value, name, child) {
        if (!schema_is_one(child, version))
            return false;
    }
    return true;
}

bool schema_is_one(const json_t *schema, enum json_schema_version version)
{
    static const struct {
        const char *keyword;
        bool named;
        enum json_schema_version first;
    } holders[] = {
        {"allOf", false, SCHEMA_V4},
        {"anyOf", false, SCHEMA_V4},
        {"oneOf", false, SCHEMA_V4},
        {"not", false, SCHEMA_V4},
        {"items", false, SCHEMA_V4},
        {"additionalItems", false, SCHEMA_V4},
        {"additionalProperties", false, SCHEMA_V4},
        {"properties", true, SCHEMA_V4},
        {"patternProperties", true, SCHEMA_V4},
        {"dependencies", true, SCHEMA_V4},
        {"contains", false, SCHEMA_V6},
        {"propertyNames", false, SCHEMA_V6},
        {"if", false, SCHEMA_V7},
        {"then", false, SCHEMA_V7},
        {"else", false, SCHEMA_V7},
        {"$defs", true, SCHEMA_V201909},
        {"dependentSchemas", true, SCHEMA_V201909},
        {"prefixItems", false, SCHEMA_V202012},
    };

    if (json_loose_kind(schema) != JSON_KIND_OBJECT)
        return true;
    if (!has_shape(schema, version))
        return false;
    for (size_t i = 0; i < sizeof holders / sizeof holders[0]; i++) {
        const json_t *value = json_object_get(schema, holders[i].keyword);

        if (value && version >= holders[i].first &&
            !all_are_schemas(value, holders[i].named, version))
            return false;
    }
    return true;
}
