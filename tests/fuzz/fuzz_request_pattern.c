/* A request pattern up to a NUL, the body of a request behind it. */
#include "employees-mock/match/diff.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/match.h"

#include "common/json.h"
#include "tests/fuzz/target.h"

static void ask(const struct request_pattern *p, struct slice body)
{
    struct mock_field headers[] = {
        {SLICE("Content-Type"), SLICE("multipart/form-data; boundary=b")},
        {SLICE("Cookie"), SLICE("a=b; c=d")},
        {SLICE("X"), body},
    };
    struct mock_source source = {
        .method = SLICE("POST"),
        .url = SLICE("/a/b?c=d&c=2021-01-01T00:00:00Z"),
        .scheme = SLICE("http"),
        .host = SLICE("localhost"),
        .headers = headers,
        .header_count = 3,
        .body = body,
    };
    struct mock_request *r = mock_request_new(&source);
    struct diff_stub stub = {.pattern = p};
    auto_buf struct buf text = BUF_INIT(4 << 20);
    bool matched;

    if (request_pattern_matches(p, r, &matched, NULL) == ST_OK)
        (void)request_pattern_distance(p, r);
    diff_write(&stub, r, &text);
    mock_request_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = size > 0 ? memchr(text, '\0', size) : NULL;
    size_t length = end ? (size_t)(end - text) : size;
    auto_json json_t *request = NULL;
    auto_json json_t *written = NULL;
    auto_request_pattern struct request_pattern *p = NULL;
    struct match_fault fault = {0};

    if (json_loose_read((struct slice){text, length}, &request, NULL) != ST_OK)
        return 0;
    if (request_pattern_compile(request, "/request", &p, &fault) != ST_OK) {
        written = match_fault_json(&fault);
        return 0;
    }
    written = request_pattern_json(p);
    (void)request_pattern_key(p);
    if (end)
        ask(p, (struct slice){end + 1, size - length - 1});
    return 0;
}
