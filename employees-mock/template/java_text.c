#include "employees-mock/template/java_text.h"

#include "common/utf8.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static locale_t unicode;
static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;

static void open_unicode(void)
{
    unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
}

static locale_t letters(void)
{
    pthread_once(&unicode_once, open_unicode);
    return unicode;
}

uint32_t java_code_at(struct slice text, size_t *ret_len)
{
    uint32_t code = 0xfffd;
    size_t len;

    if (text.len > 0 && (unsigned char)text.data[0] < 0x80) {
        *ret_len = 1;
        return (unsigned char)text.data[0];
    }
    len = utf8_step(text, &code);
    *ret_len = len ? len : 1;
    return len ? code : 0xfffd;
}

static size_t units(uint32_t code)
{
    return code > 0xffff ? 2 : 1;
}

size_t java_length(struct slice text)
{
    size_t count = 0;
    size_t len;

    for (; text.len > 0; text = slice_from(text, len))
        count += units(java_code_at(text, &len));
    return count;
}

void java_substring(struct slice text, size_t from, size_t to, struct buf *ret)
{
    size_t at = 0;
    size_t len;

    for (; text.len > 0 && at < to; text = slice_from(text, len)) {
        size_t wide = units(java_code_at(text, &len));

        if (at >= from && at + wide <= to)
            buf_put(ret, text.data, len);
        else if (at + wide > from)
            buf_put_char(ret, '?');
        at += wide;
    }
}

void java_put_code(uint32_t code, struct buf *ret)
{
    if (code < 0x80) {
        buf_put_char(ret, (char)code);
    } else if (code < 0x800) {
        buf_put(ret, (char[]){(char)(0xc0 | code >> 6), (char)(0x80 | (code & 0x3f))}, 2);
    } else if (code < 0x10000) {
        buf_put(ret,
                (char[]){(char)(0xe0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3f)),
                         (char)(0x80 | (code & 0x3f))},
                3);
    } else {
        buf_put(ret,
                (char[]){(char)(0xf0 | code >> 18), (char)(0x80 | (code >> 12 & 0x3f)),
                         (char)(0x80 | (code >> 6 & 0x3f)), (char)(0x80 | (code & 0x3f))},
                4);
    }
}

uint32_t java_code_upper(uint32_t code)
{
    if (code < 0x80)
        return code >= 'a' && code <= 'z' ? code - 32 : code;
    return letters() ? (uint32_t)towupper_l((wint_t)code, letters()) : code;
}

uint32_t java_code_lower(uint32_t code)
{
    if (code < 0x80)
        return code >= 'A' && code <= 'Z' ? code + 32 : code;
    return letters() ? (uint32_t)towlower_l((wint_t)code, letters()) : code;
}

bool java_is_letter(uint32_t code)
{
    if (code < 0x80)
        return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    return letters() && iswalpha_l((wint_t)code, letters());
}

bool java_is_whitespace(uint32_t code)
{
    if (code < 0x80)
        return (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x20);
    return code == 0x1680 || (code >= 0x2000 && code <= 0x200a && code != 0x2007) ||
           code == 0x2028 || code == 0x2029 || code == 0x205f || code == 0x3000;
}

void java_upper(struct slice text, struct buf *ret)
{
    size_t len;

    for (; text.len > 0; text = slice_from(text, len)) {
        uint32_t code = java_code_at(text, &len);

        if (code == 0xdf)
            buf_put_text(ret, "SS");
        else if (code == 0xfffd)
            buf_put(ret, text.data, len);
        else
            java_put_code(java_code_upper(code), ret);
    }
}

void java_lower(struct slice text, struct buf *ret)
{
    size_t len;

    for (; text.len > 0; text = slice_from(text, len)) {
        uint32_t code = java_code_at(text, &len);

        if (code == 0xfffd)
            buf_put(ret, text.data, len);
        else if (code == 0x130)
            buf_put_text(ret, "i\xcc\x87");
        else
            java_put_code(java_code_lower(code), ret);
    }
}

struct slice java_trim(struct slice text)
{
    while (text.len > 0 && (unsigned char)text.data[0] <= ' ')
        text = slice_from(text, 1);
    while (text.len > 0 && (unsigned char)text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

struct slice java_strip(struct slice text)
{
    size_t len;
    size_t end = 0;
    size_t at = 0;

    while (text.len > 0 && java_is_whitespace(java_code_at(text, &len)))
        text = slice_from(text, len);
    while (at < text.len) {
        bool blank = java_is_whitespace(java_code_at(slice_from(text, at), &len));

        at += len;
        if (!blank)
            end = at;
    }
    return (struct slice){text.data, end};
}

/* The unit with which a code point begins. */
static int first_unit(uint32_t code)
{
    return (int)(units(code) == 2 ? 0xd800 + ((code - 0x10000) >> 10) : code);
}

int java_compare(struct slice a, struct slice b)
{
    size_t len_a;
    size_t len_b;

    while (a.len > 0 && b.len > 0) {
        uint32_t code_a = java_code_at(a, &len_a);
        uint32_t code_b = java_code_at(b, &len_b);

        if (code_a != code_b && first_unit(code_a) != first_unit(code_b))
            return first_unit(code_a) - first_unit(code_b);
        if (code_a != code_b)
            return (int)(code_a & 0x3ff) - (int)(code_b & 0x3ff);
        a = slice_from(a, len_a);
        b = slice_from(b, len_b);
    }
    return (int)java_length(a) - (int)java_length(b);
}

size_t java_find(struct slice text, struct slice what, size_t from)
{
    const char *found;

    if (from > text.len)
        return SIZE_MAX;
    if (what.len == 0)
        return from;
    found = memmem(text.data + from, text.len - from, what.data, what.len);
    return found ? (size_t)(found - text.data) : SIZE_MAX;
}

static void replace_between(struct slice text, struct slice with, struct buf *ret)
{
    size_t len;

    for (; text.len > 0; text = slice_from(text, len)) {
        java_code_at(text, &len);
        buf_put_slice(ret, with);
        buf_put(ret, text.data, len);
    }
    buf_put_slice(ret, with);
}

void java_replace(struct slice text, struct slice target, struct slice with, struct buf *ret)
{
    size_t from = 0;
    size_t at;

    if (target.len == 0) {
        replace_between(text, with, ret);
        return;
    }
    while ((at = java_find(text, target, from)) != SIZE_MAX) {
        buf_put(ret, text.data + from, at - from);
        buf_put_slice(ret, with);
        from = at + target.len;
    }
    buf_put(ret, text.data + from, text.len - from);
}
