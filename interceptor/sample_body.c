#include "interceptor/sample_body.h"

#include "interceptor/engine/json_item.h"
#include "interceptor/engine/scan.h"

static const char member[] = "dataSet";

/* The member's value, ITEM_ABSENT where there is none; the text is an object that was read. */
static struct json_item find_member(struct json_text *t, const struct json_item *object)
{
    const char *at = NULL;
    struct json_item item;
    struct slice name;

    while (json_item_next(t, object, &at, &name, &item)) {
        if (json_text_same(t, name, slice_of(member)))
            return item;
    }
    return (struct json_item){.kind = ITEM_ABSENT};
}

/* The value to be quoted; empty where there is none, or the body is no JSON object. */
static enum status find_value(struct slice body, struct slice *ret, struct why *why)
{
    struct json_text t = {.start = body.data, .end = body.data + body.len, .quote = '"'};
    struct name_set names = {.equal = json_item_same_name, .ctx = &t};
    const char *p = scan_blanks(t.start, t.end);
    struct json_item object = {0}, value = {.kind = ITEM_ABSENT};
    bool failed = false;

    *ret = (struct slice){0};
    if (p < t.end && *p == '{')
        failed = !json_item_read(&t, p, &names, 0, &object);
    name_set_done(&names);
    if (failed && !t.fault)
        return fail_memory(why);
    if (object.kind == ITEM_OBJECT)
        value = find_member(&t, &object);
    if (value.kind > ITEM_NULL && value.kind != ITEM_STRING)
        *ret = value.raw;
    return ST_OK;
}

enum status sample_body_read(struct slice body, json_t **ret, struct why *why)
{
    auto_buf struct buf quoted = BUF_INIT(SIZE_MAX / 4);
    auto_json json_t *text = NULL;
    struct slice value;
    size_t before;
    enum status st = find_value(body, &value, why);

    if (st != ST_OK)
        return st;
    if (value.len == 0)
        return json_read(body, ret, why);
    text = json_stringn(value.data, value.len);
    if (!text)
        return fail_memory(why);
    before = (size_t)(value.data - body.data);
    buf_put(&quoted, body.data, before);
    json_write(text, false, &quoted);
    buf_put(&quoted, value.data + value.len, body.len - before - value.len);
    if (buf_status(&quoted, why) != ST_OK)
        return buf_status(&quoted, why);
    return json_read(buf_slice(&quoted), ret, why);
}
