/* The header that basic credentials stand for. */
#include "employees-mock/match/pattern.h"

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_base64(struct buf *ret, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        unsigned a = (unsigned char)bytes.data[i];
        unsigned b = left > 1 ? (unsigned char)bytes.data[i + 1] : 0;
        unsigned c = left > 2 ? (unsigned char)bytes.data[i + 2] : 0;
        unsigned bits = a << 16 | b << 8 | c;

        buf_put_char(ret, base64_digits[bits >> 18]);
        buf_put_char(ret, base64_digits[bits >> 12 & 63]);
        buf_put_char(ret, left > 1 ? base64_digits[bits >> 6 & 63] : '=');
        buf_put_char(ret, left > 2 ? base64_digits[bits & 63] : '=');
    }
}

enum status pattern_make_authorization(struct request_pattern *p, const struct matcher_place *place)
{
    auto_buf struct buf plain = BUF_INIT(1 << 20);
    auto_buf struct buf text = BUF_INIT(2 << 20);
    auto_value_matcher struct value_matcher *m = matcher_new(&matcher_basic_auth);
    enum status st;

    if (!m)
        return matcher_out_of_memory(place);
    buf_put_text(&plain, p->username ? p->username : "null");
    buf_put_char(&plain, ':');
    buf_put_text(&plain, p->password ? p->password : "null");
    buf_put_text(&text, "Basic ");
    put_base64(&text, buf_slice(&plain));
    st = matcher_set_text(m, buf_slice(&text), place);
    if (st != ST_OK)
        return st;
    p->authorization = multi_matcher_of(take(m));
    return p->authorization ? ST_OK : matcher_out_of_memory(place);
}
