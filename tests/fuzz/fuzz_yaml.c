/* A mapping file in YAML. */
#include "common/json.h"
#include "employees-mock/yaml_json.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    auto_json json_t *value = NULL;

    return yaml_read((struct slice){(const char *)data, size}, &value, NULL) == ST_OK && !value;
}
