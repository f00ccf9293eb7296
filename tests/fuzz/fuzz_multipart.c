/* A content type in the first line, a body behind it. */
#include "employees-mock/match/mock_request.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *newline = size > 0 ? memchr(text, '\n', size) : NULL;
    size_t line = newline ? (size_t)(newline - text) : size;
    struct mock_field header = {SLICE("Content-Type"), {text, line}};
    struct mock_source source = {
        .method = SLICE("POST"),
        .url = SLICE("/"),
        .headers = &header,
        .header_count = 1,
    };
    const struct mock_part *parts;
    struct mock_request *r;
    size_t seen = 0;

    if (newline)
        source.body = (struct slice){newline + 1, size - line - 1};
    r = mock_request_new(&source);
    for (size_t i = 0, count = mock_request_parts(r, &parts); i < count; i++)
        seen += parts[i].name.len + parts[i].body.len + mock_part_header(&parts[i], "X").len;
    seen += mock_request_form_params(r).count + mock_request_body_text(r).len;
    mock_request_free(r);
    return seen == SIZE_MAX;
}
