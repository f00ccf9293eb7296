/* The plugin's reader of data set answers, against jansson: what it takes jansson takes too, and
 * both find the same text. */
#include "plugin/message.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

/* jansson refuses what is no UTF-8, reals out of range and deep nesting, which the plugin need
 * not; where it takes the text, the strings must be equal. */
static void compare(const uint8_t *data, size_t size, struct slice found)
{
    json_t *root =
        json_loadb((const char *)data, size, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);
    const json_t *text = json_object_get(root, "dataSet");

    if (root) {
        assert(json_is_string(text));
        assert(json_string_length(text) == found.len);
        assert(memcmp(json_string_value(text), found.data, found.len) == 0);
    }
    json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct slice found;

    memcpy(text, data, size);
    if (message_read_data_set(text, size, false, &found))
        compare(data, size, found);
    memcpy(text, data, size);
    message_read_data_set(text, size, true, &found);
    free(text);
    return 0;
}
