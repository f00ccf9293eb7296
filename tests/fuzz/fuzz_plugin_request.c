/* The reader of requests' bodies: however the body is cut in pieces, it finds the same codes, and
 * those that jansson finds. */
#include "plugin/request_scan.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

static void feed(struct request_scan *scan, const uint8_t *data, size_t size, size_t piece)
{
    for (size_t at = 0; at < size; at += piece) {
        size_t len = size - at < piece ? size - at : piece;
        char *copy = malloc(len); /* so that the sanitizer sees its end */

        memcpy(copy, data + at, len);
        request_scan_feed(scan, (struct slice){copy, len});
        free(copy);
    }
}

static void compare(const uint8_t *data, size_t size, struct slice code, const char *name)
{
    json_t *root =
        json_loadb((const char *)data, size, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, NULL);
    const json_t *text = json_object_get(root, name);

    if (root && code.len > 0) {
        assert(json_is_string(text) && json_string_length(text) == code.len);
        assert(memcmp(json_string_value(text), code.data, code.len) == 0);
    }
    json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request_scan whole = {0}, pieces = {0};
    size_t piece = size > 0 ? 1 + data[0] % 7 : 1;

    feed(&whole, data, size, size ? size : 1);
    feed(&pieces, data, size, piece);
    for (int i = 0; i < SCAN_CODES; i++) {
        struct slice a = request_scan_code(&whole, (enum request_scan_code)i);

        assert(slice_equal(a, request_scan_code(&pieces, (enum request_scan_code)i)));
        compare(data, size, a, i == SCAN_COUNTRY ? "countryCode" : "dataOwningCountryCode");
    }
    assert(request_scan_wants_more(&whole) == request_scan_wants_more(&pieces));
    request_scan_done(&whole);
    request_scan_done(&pieces);
    return 0;
}
