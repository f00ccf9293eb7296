/* A JSONPath in the first line, a document behind it. */
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path.h"

#include "common/json.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice input = {(const char *)data, size};
    const char *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    struct slice text = {input.data, newline ? (size_t)(newline - input.data) : size};
    auto_json_path struct json_path *path = NULL;
    auto_json json_t *document = NULL;
    auto_json json_t *found = NULL;
    auto_buf struct buf written = BUF_INIT(1 << 20);

    if (json_path_compile(text, &path, NULL) != ST_OK || !newline)
        return 0;
    if (json_loose_read_permissive((struct slice){newline + 1, size - text.len - 1}, &document,
                                   NULL) != ST_OK)
        return 0;
    if (json_path_read(path, document, &found, NULL) == ST_OK)
        json_loose_write(found, JSON_LOOSE_PRETTY, &written);
    return 0;
}
