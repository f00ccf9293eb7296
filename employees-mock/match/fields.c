#include "employees-mock/match/fields.h"

#include "common/hex.h"
#include "common/memory.h"
#include "common/utf8.h"
#include "employees-mock/match/charset.h"
#include "employees-mock/match/datetime.h"

#include <ctype.h>
#include <stdlib.h>

void fields_done(struct fields *f)
{
    for (size_t i = 0; i < f->kept_count; i++)
        free(f->kept[i]);
    free(f->kept);
    free(f->items);
    *f = (struct fields){0};
}

struct mock_fields fields_view(const struct fields *f)
{
    return (struct mock_fields){f->items, f->count};
}

static bool grow(void **items, size_t count, size_t *cap, size_t size)
{
    size_t more = *cap ? 2 * *cap : 8;
    void *bigger;

    if (count < *cap)
        return true;
    bigger = memory_resize(*items, more * size);
    if (!bigger)
        return false;
    *items = bigger;
    *cap = more;
    return true;
}

/* Keeps `text` (which becomes the list's) and adds the two slices of it. */
static void add_kept(struct fields *f, char *text, size_t name_len, size_t value_at,
                     size_t value_len)
{
    if (!text)
        return;
    if (f->count >= FIELDS_MAX || !grow((void **)&f->items, f->count, &f->cap, sizeof *f->items) ||
        !grow((void **)&f->kept, f->kept_count, &f->kept_cap, sizeof *f->kept)) {
        free(text);
        return;
    }
    f->kept[f->kept_count++] = text;
    f->items[f->count++] = (struct mock_field){{text, name_len}, {text + value_at, value_len}};
}

void fields_add(struct fields *f, struct slice name, struct slice value)
{
    auto_buf struct buf both = BUF_INIT(name.len + value.len + 1);

    buf_put_slice(&both, name);
    buf_put_slice(&both, value);
    add_kept(f, buf_take(&both, NULL), name.len, name.len, value.len);
}

bool mock_fields_next(struct mock_fields fields, struct slice name, bool any_case, size_t *at,
                      struct slice *ret)
{
    for (size_t i = *at; i < fields.count; i++) {
        bool same = any_case ? slice_equal_nocase(fields.items[i].name, name)
                             : slice_equal(fields.items[i].name, name);

        if (!same)
            continue;
        *ret = fields.items[i].value;
        if (!ret->data)
            ret->data = "";
        *at = i + 1;
        return true;
    }
    *at = fields.count;
    return false;
}

/* ---- percent encoding ---- */

static void decode_bytes(struct slice text, struct buf *ret)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        int high = c == '%' && i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;

        if (low >= 0) {
            buf_put_char(ret, (char)(high * 16 + low));
            i += 2;
        } else {
            buf_put_char(ret, c == '+' ? ' ' : c);
        }
    }
}

static bool is_iso_offset_date_time(struct slice text)
{
    struct datetime t;

    return text.len >= 17 && text.data[text.len > 10 ? 10 : 0] == 'T' &&
           datetime_parse_iso_offset(text, &t);
}

static void decode(struct slice text, bool iso_dates, enum charset charset, struct buf *ret)
{
    auto_buf struct buf bytes = BUF_INIT(text.len + 1);
    bool coded =
        text.len > 0 && (memchr(text.data, '%', text.len) || memchr(text.data, '+', text.len));
    bool plain = !coded && charset == CHARSET_UTF_8 && utf8_valid(text);

    if (plain || (iso_dates && is_iso_offset_date_time(text))) {
        buf_put_slice(ret, text);
        return;
    }
    decode_bytes(text, &bytes);
    charset_decode(charset, buf_slice(&bytes), ret);
}

static void add_pair(struct slice pair, bool iso_dates, enum charset charset, struct fields *ret)
{
    const char *equals = pair.len > 0 ? memchr(pair.data, '=', pair.len) : NULL;
    size_t name_len = equals ? (size_t)(equals - pair.data) : pair.len;
    auto_buf struct buf both = BUF_INIT(3 * pair.len + 1);
    size_t value_at;
    size_t end;

    decode((struct slice){pair.data, name_len}, iso_dates, charset, &both);
    value_at = both.len;
    if (equals)
        decode((struct slice){equals + 1, pair.len - name_len - 1}, iso_dates, charset, &both);
    end = both.len;
    add_kept(ret, buf_take(&both, NULL), value_at, value_at, end - value_at);
}

void fields_read_urlencoded(struct slice text, bool iso_dates, enum charset charset,
                            struct fields *ret)
{
    size_t at = 0;

    while (text.len > 0 && text.data[text.len - 1] == '&')
        text.len--;
    while (at < text.len && ret->count < FIELDS_MAX) {
        const char *end = memchr(text.data + at, '&', text.len - at);
        size_t next = end ? (size_t)(end - text.data) : text.len;

        if (next > at || iso_dates)
            add_pair((struct slice){text.data + at, next - at}, iso_dates, charset, ret);
        at = next + 1;
    }
}

/* The decoders of other charsets than UTF-8 leave a cut escape alone. */
static enum status refuse_escape(struct slice escape, bool utf_8, struct why *why)
{
    if (escape.len < 3 && utf_8)
        return fail(why, ST_BAD_INPUT,
                    "wiremock.org.eclipse.jetty.util.Utf8Appendable$NotUtf8Exception: Not "
                    "valid UTF8! Incomplete %% encoding");
    if (escape.len < 3)
        return ST_OK;
    if (utf_8)
        return fail(why, ST_BAD_INPUT,
                    "java.lang.IllegalArgumentException: Not valid encoding '%.3s'", escape.data);
    return fail(why, ST_BAD_INPUT, "java.lang.NumberFormatException: !hex %d",
                escape.data[hex_digit(escape.data[1]) < 0 ? 1 : 2]);
}

enum status fields_check_escapes(struct slice text, enum charset charset, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < text.len && st == ST_OK; i++) {
        struct slice rest = {text.data + i, text.len - i};

        if (text.data[i] != '%' ||
            (rest.len > 2 && hex_digit(rest.data[1]) >= 0 && hex_digit(rest.data[2]) >= 0))
            continue;
        st = refuse_escape(rest, charset == CHARSET_UTF_8, why);
    }
    return st;
}

/* ---- cookies ---- */

/* Names that are a cookie's attributes, and others that Java's Cookie refuses. */
static bool is_cookie_name(struct slice name)
{
    static const char *const reserved[] = {"Comment", "Discard", "Domain", "Expires",
                                           "Max-Age", "Path",    "Secure", "Version"};

    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (slice_equal_nocase(name, slice_of(reserved[i])))
            return false;
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.data[i]) && !strchr("!#$%&'*+-.^_`|~", name.data[i]))
            return false;
    return name.len > 0 && name.data[0] != '$';
}

/* RFC 6265, 4.1.1, and blanks. */
static bool is_cookie_value(struct slice value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.data[i];

        if (c < ' ' || c >= 0x7f || strchr("\",;\\", c))
            return false;
    }
    return true;
}

/* What Jetty can't take for a cookie is none. */
static void add_cookie(struct slice pair, struct fields *ret)
{
    const char *equals = pair.len > 0 ? memchr(pair.data, '=', pair.len) : NULL;
    struct slice name;
    struct slice value;
    bool starts_with_tab;

    if (!equals)
        return;
    name = slice_trim((struct slice){pair.data, (size_t)(equals - pair.data)});
    value = (struct slice){equals + 1, pair.len - (size_t)(equals - pair.data) - 1};
    starts_with_tab = value.len > 0 && value.data[0] == '\t';
    value = slice_trim(value);
    if (value.len >= 2 && value.data[0] == '"' && value.data[value.len - 1] == '"')
        value = (struct slice){value.data + 1, value.len - 2};
    if (is_cookie_name(name) && is_cookie_value(value) && (!starts_with_tab || value.len == 0))
        fields_add(ret, name, value);
}

/* A tab inside of a value without quotes, where Jetty gives up. */
static bool breaks_off(struct slice pair)
{
    const char *equals = pair.len > 0 ? memchr(pair.data, '=', pair.len) : NULL;
    struct slice value;

    if (!equals)
        return false;
    value = (struct slice){equals + 1, pair.len - (size_t)(equals - pair.data) - 1};
    return value.len > 0 && !strchr("\t\"", value.data[0]) &&
           memchr(value.data, '\t', slice_trim(value).len);
}

/* The pair at *at, without blanks around it; *at moves behind its ';'. */
static struct slice next_pair(struct slice header, size_t *at)
{
    size_t from = *at;
    const char *end = memchr(header.data + from, ';', header.len - from);
    size_t next = end ? (size_t)(end - header.data) : header.len;

    *at = next + 1;
    return slice_trim((struct slice){header.data + from, next - from});
}

/* A pair without a name takes the cookie before it along. */
static void add_cookies(struct slice header, struct fields *ret)
{
    size_t before = ret->count;

    for (size_t at = 0; at < header.len;) {
        struct slice pair = next_pair(header, &at);

        if (pair.len > 0 && pair.data[0] == '=')
            ret->count = before;
        before = ret->count;
        add_cookie(pair, ret);
    }
}

enum status fields_check_cookies(struct mock_fields headers, struct why *why)
{
    struct slice value;
    size_t at = 0;

    while (mock_fields_next(headers, SLICE("Cookie"), true, &at, &value))
        for (size_t from = 0; from < value.len;)
            if (breaks_off(next_pair(value, &from)))
                return fail(why, ST_BAD_INPUT, "Invalid cookie");
    return ST_OK;
}

void fields_read_cookies(struct mock_fields headers, struct fields *ret)
{
    struct slice value;
    size_t at = 0;

    while (mock_fields_next(headers, SLICE("Cookie"), true, &at, &value))
        add_cookies(value, ret);
}

/* ---- Base64 ---- */

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (int)(found - digits) : -1;
}

char *fields_decode_base64(struct slice text, size_t *ret_len)
{
    auto_buf struct buf bytes = BUF_INIT(text.len + 4);
    unsigned bits = 0;
    int have = 0;
    size_t digits = text.len;

    while (digits > 0 && text.data[digits - 1] == '=' && text.len - digits < 2)
        digits--;
    if ((digits < text.len && text.len % 4 != 0) || digits % 4 == 1)
        return NULL;
    for (size_t i = 0; i < digits; i++) {
        int digit = base64_digit(text.data[i]);

        if (digit < 0)
            return NULL;
        bits = bits << 6 | (unsigned)digit;
        have += 6;
        if (have >= 8) {
            have -= 8;
            buf_put_char(&bytes, (char)(bits >> have));
        }
    }
    return buf_take(&bytes, ret_len);
}
