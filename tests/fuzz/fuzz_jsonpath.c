/* A JSONPath in the first line, a document behind it. */
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/json_path.h"

#include "common/json.h"
#include "common/utf8.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

/* What is found in the text must be what is found in its document; null is nothing. */
static void compare(const struct json_path *path, struct slice text)
{
    auto_json json_t *document = NULL;
    auto_json json_t *wanted = NULL;
    auto_json json_t *found = NULL;
    bool is_json = json_loose_read(text, &document, NULL) == ST_OK;
    enum status st = json_path_read_text(path, text, &found);

    if (st == ST_UNSUPPORTED || (!is_json && !utf8_valid(text)))
        return;
    if (!is_json)
        abort();
    (void)!json_path_read_or_null(path, document, &wanted, NULL);
    if (json_is_null(wanted) || !wanted ? found && !json_is_null(found)
                                        : !found || !json_loose_equal(found, wanted))
        abort();
}

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
    input = (struct slice){newline + 1, size - text.len - 1};
    compare(path, input);
    if (json_loose_read_permissive(input, &document, NULL) != ST_OK)
        return 0;
    if (json_path_read(path, document, &found, NULL) == ST_OK)
        json_loose_write(found, JSON_LOOSE_PRETTY, &written);
    return 0;
}
