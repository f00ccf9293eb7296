/* Options in the first byte, the expected JSON up to a NUL, the actual one behind it. */
#include "common/json.h"
#include "employees-mock/match/json_equal.h"
#include "employees-mock/match/json_loose.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    auto_json json_t *expected = NULL;
    auto_json json_t *actual = NULL;
    struct json_equal_options options = {0};
    auto_buf struct buf written = BUF_INIT(1 << 20);
    struct slice first;
    double distance;
    bool equal;

    if (size == 0)
        return 0;
    options.ignore_array_order = data[0] & 1;
    options.ignore_extra_elements = data[0] & 2;
    text = slice_from(text, 1);
    first = fuzz_take(&text, '\0');
    if (json_loose_read(first, &expected, NULL) != ST_OK)
        return 0;
    json_loose_write(expected, data[0] & 4 ? JSON_LOOSE_PRETTY : JSON_LOOSE_COMPACT, &written);
    if (!json_loose_equal(expected, expected))
        abort();
    if (json_loose_read_permissive(text, &actual, NULL) != ST_OK)
        return 0;
    (void)!json_equal_to_matches(expected, actual, &options, &equal, NULL);
    (void)!json_equal_to_distance(expected, actual, &options, &distance, NULL);
    return 0;
}
