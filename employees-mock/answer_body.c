#include "employees-mock/answer_read.h"

#include "common/utf8.h"
#include "employees-mock/base64.h"
#include "employees-mock/match/json_loose.h"

#include <string.h>

static enum status read_body_text(struct answer_reading *r, const json_t *ignored)
{
    const char *text = NULL;
    const json_t *value;
    enum status st = bind_text(&r->from, "body", &text);

    (void)ignored;
    if (st != ST_OK)
        return st;
    value = bind_any(&r->from, "body");
    st = answer_make_text(r, "body", text, json_string_length(value), &r->to->body);
    if (st != ST_OK)
        return st;
    r->to->kind = ANSWER_BYTES;
    return answer_keep_as_is(r, "body", value);
}

/* JSON text as Jackson writes bytes: what is beyond U+FFFF stands as two escapes. */
static void put_escaped(struct slice text, struct buf *ret)
{
    while (text.len > 0) {
        uint32_t code = 0;
        size_t len = (unsigned char)*text.data >= 0xF0 ? utf8_step(text, &code) : 1;

        len = len > 0 ? len : 1; /* a byte that is no UTF-8 stays */
        if (code > 0xFFFF)
            buf_printf(ret, "\\u%04X\\u%04X", 0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
        else
            buf_put(ret, text.data, len);
        text = slice_from(text, len);
    }
}

static enum status read_body_json(struct answer_reading *r, const json_t *value)
{
    auto_buf struct buf written = BUF_INIT(ANSWER_BODY_MAX);
    auto_buf struct buf text = BUF_INIT(ANSWER_BODY_MAX);
    enum status st;

    json_loose_write(value, JSON_LOOSE_COMPACT, &written);
    put_escaped(buf_slice(&written), &text);
    if (!buf_text(&written) || !buf_text(&text))
        return bind_fail_memory(r->from.fault);
    st = answer_make_text(r, "jsonBody", text.data, text.len, &r->to->body);
    if (st != ST_OK)
        return st;
    r->to->kind = ANSWER_BYTES;
    r->to->is_json = true;
    return answer_keep_as_is(r, "jsonBody", value);
}

static enum status read_body_base64(struct answer_reading *r, const json_t *ignored)
{
    auto_buf struct buf bytes = BUF_INIT(ANSWER_BODY_MAX);
    auto_buf struct buf canonical = BUF_INIT(2 * (size_t)ANSWER_BODY_MAX);
    const char *text = NULL;
    struct why why = {0};
    bool fill = r->fill;
    enum status st = bind_text(&r->from, "base64Body", &text);

    (void)ignored;
    if (st != ST_OK)
        return st;
    if (base64_decode(slice_of(text), &bytes, &why) != ST_OK)
        return bind_fail(r->from.fault, r->from.pointer, NULL, "%s", why.text);
    if (!buf_text(&bytes))
        return bind_fail_memory(r->from.fault);
    r->fill = false;
    st = answer_make_text(r, "base64Body", bytes.data, bytes.len, &r->to->body);
    r->fill = fill;
    if (st != ST_OK)
        return st;
    r->to->kind = ANSWER_BYTES;
    base64_encode(buf_slice(&bytes), &canonical);
    return buf_text(&canonical) ? answer_keep(r, "base64Body", json_string(canonical.data))
                                : bind_fail_memory(r->from.fault);
}

/* The first of these members that is there is the body. */
static const struct {
    const char *member;
    enum status (*read)(struct answer_reading *r, const json_t *value);
} bodies[] = {
    {"body", read_body_text},
    {"jsonBody", read_body_json},
    {"base64Body", read_body_base64},
};

enum status answer_read_body(struct answer_reading *r)
{
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const json_t *value = bind_any(&r->from, bodies[i].member);

        if (value)
            return bodies[i].read(r, value);
    }
    return ST_OK;
}

enum status answer_read_file(struct answer_reading *r)
{
    const char *name = NULL;
    enum status st = bind_text(&r->from, "bodyFileName", &name);

    if (st != ST_OK || !name)
        return st;
    if (r->to->kind == ANSWER_EMPTY) {
        st = answer_make_text(r, "bodyFileName", name, strlen(name), &r->to->body);
        if (st != ST_OK)
            return st;
        r->to->kind = ANSWER_FILE;
    }
    return answer_keep(r, "bodyFileName", json_string(name));
}
