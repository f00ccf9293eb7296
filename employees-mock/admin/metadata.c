#include "employees-mock/admin/metadata.h"

#include "common/json.h"
#include "employees-mock/admin/admin.h"
#include "employees-mock/match/json_loose.h"

enum { METADATA_MAX = 64 << 20 };

struct value_matcher *metadata_read(struct http_request *req, const char *variable, size_t asked)
{
    static const char call[] = "matching.StringValuePattern.match(Object)";
    auto_json json_t *body = NULL;
    struct match_fault fault = {0};
    struct value_matcher *matcher = NULL;

    if (!admin_read(req, &body))
        return NULL;
    if (json_is_null(body) && asked > 0) {
        admin_null(req, (struct admin_null_use){call, variable});
        return NULL;
    }
    if (json_is_null(body)) {
        json_decref(body);
        body = json_pack("{s:b}", "absent", 1);
    }
    if (value_matcher_compile(body, "", &matcher, &fault) != ST_OK)
        admin_fault(req, &fault);
    return matcher;
}

bool metadata_matches(const struct value_matcher *matcher, const struct stub *s)
{
    auto_buf struct buf text = BUF_INIT(METADATA_MAX);
    const json_t *metadata = s ? stub_metadata(s) : NULL;
    struct slice value;
    bool matches = false;

    json_loose_write(metadata ? metadata : json_null(), JSON_LOOSE_PRETTY, &text);
    value = buf_slice(&text);
    return value_matcher_matches(matcher, &value, &matches, NULL) == ST_OK && matches;
}
