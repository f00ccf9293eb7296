#include "employees-mock/match/charset.h"

#include "common/cleanup.h"
#include "common/memory.h"
#include "common/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

static const struct {
    const char *name;
    enum charset charset;
} names[] = {
    {"utf-8", CHARSET_UTF_8},
    {"utf8", CHARSET_UTF_8},
    {"us-ascii", CHARSET_ASCII},
    {"ascii", CHARSET_ASCII},
    {"iso-8859-1", CHARSET_LATIN_1},
    {"iso8859-1", CHARSET_LATIN_1},
    {"iso8859_1", CHARSET_LATIN_1},
    {"latin1", CHARSET_LATIN_1},
    {"iso_8859-1", CHARSET_LATIN_1},
    {"iso-latin-1", CHARSET_LATIN_1},
    {"windows-1252", CHARSET_WINDOWS_1252},
    {"cp1252", CHARSET_WINDOWS_1252},
    {"utf-16", CHARSET_UTF_16},
    {"utf16", CHARSET_UTF_16},
    {"utf-16be", CHARSET_UTF_16BE},
    {"utf-16le", CHARSET_UTF_16LE},
    {"utf-32", CHARSET_UTF_32},
    {"utf-32be", CHARSET_UTF_32BE},
    {"utf-32le", CHARSET_UTF_32LE},
};

/* Java's names, and iconv's. */
static const struct {
    const char *name;
    const char *iconv;
} others[] = {
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-9", "ISO-8859-9"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-15", "ISO-8859-15"},
    {"latin2", "ISO-8859-2"},
    {"latin9", "ISO-8859-15"},
    {"windows-1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"windows-1258", "CP1258"},
    {"cp1250", "CP1250"},
    {"cp1251", "CP1251"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"ibm866", "CP866"},
    {"cp866", "CP866"},

    {"shift_jis", "SHIFT_JIS"},
    {"sjis", "SHIFT_JIS"},
    {"windows-31j", "CP932"},
    {"euc-jp", "EUC-JP"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"gb2312", "GB2312"},
    {"gbk", "GBK"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5"},
    {"euc-kr", "EUC-KR"},
};

/* Windows-1252 where it differs from ISO-8859-1: 0x80..0x9F. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

/* By any of its usual names, in any case; false: not one of these. */
static bool find(struct slice name, enum charset *ret)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (slice_equal_nocase(name, slice_of(names[i].name))) {
            *ret = names[i].charset;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (slice_equal_nocase(name, slice_of(others[i].name))) {
            *ret = (enum charset)(CHARSET_BY_ICONV + i);
            return true;
        }
    }
    return false;
}

/* The value of a content type's charset parameter, without quotes. */
static bool find_parameter(struct slice content_type, struct slice *ret)
{
    static const char parameter[] = "charset";
    size_t at = 0;

    while (at < content_type.len) {
        const char *end = memchr(content_type.data + at, ';', content_type.len - at);
        size_t next = end ? (size_t)(end - content_type.data) : content_type.len;
        struct slice part = slice_trim((struct slice){content_type.data + at, next - at});

        at = next + 1;
        if (!slice_starts(part, SLICE("charset")))
            continue;
        part = slice_trim(slice_from(part, sizeof parameter - 1));
        if (part.len == 0 || part.data[0] != '=')
            continue;
        part = slice_trim(slice_from(part, 1));
        if (part.len >= 2 && part.data[0] == '"' && part.data[part.len - 1] == '"')
            part = (struct slice){part.data + 1, part.len - 2};
        *ret = part;
        return true;
    }
    return false;
}

enum charset charset_of_content_type(struct slice content_type)
{
    enum charset found = CHARSET_UTF_8;
    struct slice name;

    if (find_parameter(content_type, &name))
        find(name, &found);
    return found;
}

/* As Java has it, and without what iconv takes for an option. */
static bool is_legal_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.data[i]) && !strchr("-+.:_", name.data[i]))
            return false;
    return name.len > 0;
}

bool charset_is_unknown(struct slice content_type)
{
    enum charset found = CHARSET_BY_ICONV - 1;
    auto_free char *text = NULL;
    struct slice name;
    iconv_t converter;

    if (!find_parameter(content_type, &name) || find(name, &found))
        return false;
    text = is_legal_name(name) ? slice_dup(name) : NULL;
    converter = text ? iconv_open("UTF-8", text) : (iconv_t)-1;
    if (converter == (iconv_t)-1)
        return true;
    iconv_close(converter);
    return false;
}

void charset_put(struct buf *ret, uint32_t code)
{
    char bytes[4];
    size_t len = 0;

    if (code < 0x80) {
        bytes[len++] = (char)code;
    } else if (code < 0x800) {
        bytes[len++] = (char)(0xC0 | code >> 6);
        bytes[len++] = (char)(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        bytes[len++] = (char)(0xE0 | code >> 12);
        bytes[len++] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[len++] = (char)(0x80 | (code & 0x3F));
    } else {
        bytes[len++] = (char)(0xF0 | code >> 18);
        bytes[len++] = (char)(0x80 | (code >> 12 & 0x3F));
        bytes[len++] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[len++] = (char)(0x80 | (code & 0x3F));
    }
    buf_put(ret, bytes, len);
}

/* How many bytes of a broken sequence one U+FFFD stands for: the part that could still have
 * become a character, as Unicode recommends and Java does. */
static size_t broken_length(struct slice text)
{
    unsigned char first = (unsigned char)text.data[0];
    size_t wanted = first >= 0xF0 && first <= 0xF4 ? 4 : first >= 0xE0 && first <= 0xEF ? 3 : 1;
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    size_t len = 1;

    while (len < wanted && len < text.len) {
        unsigned char c = (unsigned char)text.data[len];

        if (c < low || c > high)
            break;
        low = 0x80;
        high = 0xBF;
        len++;
    }
    return len;
}

static void decode_utf8(struct slice bytes, struct buf *ret)
{
    size_t from = 0;
    size_t at = 0;

    while (at < bytes.len) {
        uint32_t code;
        struct slice rest = {bytes.data + at, bytes.len - at};
        size_t step = (unsigned char)rest.data[0] < 0x80 ? 1 : utf8_step(rest, &code);

        if (step > 0) {
            at += step;
            continue;
        }
        buf_put(ret, bytes.data + from, at - from);
        charset_put(ret, REPLACEMENT);
        at += broken_length(rest);
        from = at;
    }
    buf_put(ret, bytes.data + from, at - from);
}

static void decode_single(enum charset charset, struct slice bytes, struct buf *ret)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.data[i];

        if (c >= 0x80 && charset == CHARSET_ASCII)
            charset_put(ret, REPLACEMENT);
        else if (c >= 0x80 && c < 0xA0 && charset == CHARSET_WINDOWS_1252)
            charset_put(ret, windows_1252[c - 0x80]);
        else
            charset_put(ret, c);
    }
}

static uint32_t unit_at(struct slice bytes, size_t at, bool little)
{
    unsigned a = (unsigned char)bytes.data[at];
    unsigned b = (unsigned char)bytes.data[at + 1];

    return little ? b << 8 | a : a << 8 | b;
}

static void decode_utf16(struct slice bytes, bool little, struct buf *ret)
{
    size_t at = 0;

    while (at + 1 < bytes.len) {
        uint32_t unit = unit_at(bytes, at, little);
        uint32_t low;

        at += 2;
        if (unit < 0xD800 || unit > 0xDFFF) {
            charset_put(ret, unit);
            continue;
        }
        low = unit < 0xDC00 && at + 1 < bytes.len ? unit_at(bytes, at, little) : 0;
        if (low < 0xDC00 || low > 0xDFFF) {
            charset_put(ret, REPLACEMENT);
            continue;
        }
        at += 2;
        charset_put(ret, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    }
    if (at < bytes.len)
        charset_put(ret, REPLACEMENT);
}

static void decode_marked_utf16(struct slice bytes, struct buf *ret)
{
    bool little = bytes.len >= 2 && memcmp(bytes.data, "\xFF\xFE", 2) == 0;
    bool big = bytes.len >= 2 && memcmp(bytes.data, "\xFE\xFF", 2) == 0;
    size_t mark = little || big ? 2 : 0;

    decode_utf16(slice_from(bytes, mark), little, ret);
}

static void decode_utf32(struct slice bytes, bool little, struct buf *ret)
{
    size_t at = 0;

    for (; at + 3 < bytes.len; at += 4) {
        uint32_t first = unit_at(bytes, at, little);
        uint32_t second = unit_at(bytes, at + 2, little);
        uint32_t code = little ? second << 16 | first : first << 16 | second;

        charset_put(ret,
                    code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) ? REPLACEMENT : code);
    }
    if (at < bytes.len)
        charset_put(ret, REPLACEMENT);
}

static void decode_marked_utf32(struct slice bytes, struct buf *ret)
{
    bool little = bytes.len >= 4 && memcmp(bytes.data, "\xFF\xFE\0\0", 4) == 0;
    bool big = bytes.len >= 4 && memcmp(bytes.data, "\0\0\xFE\xFF", 4) == 0;

    decode_utf32(slice_from(bytes, little || big ? 4 : 0), little, ret);
}

bool charset_extends_ascii(enum charset charset)
{
    return charset < CHARSET_UTF_16 || charset >= CHARSET_BY_ICONV;
}

/* Where the system lacks the charset, it counts as UTF-8. */
static void decode_by_iconv(const char *charset, struct slice bytes, struct buf *ret)
{
    iconv_t converter = iconv_open("UTF-8", charset);
    char *in = (char *)(uintptr_t)bytes.data;
    size_t left = bytes.len;

    if (converter == (iconv_t)-1) {
        if (errno == ENOMEM)
            memory_note();
        charset_decode(CHARSET_UTF_8, bytes, ret);
        return;
    }
    while (left > 0) {
        char piece[1024];
        char *out = piece;
        size_t room = sizeof piece;
        size_t done = iconv(converter, &in, &left, &out, &room);

        buf_put(ret, piece, sizeof piece - room);
        if (done == (size_t)-1 && errno != E2BIG) {
            charset_put(ret, REPLACEMENT);
            in++;
            left = errno == EINVAL ? 0 : left - 1;
        }
    }
    iconv_close(converter);
}

void charset_decode(enum charset charset, struct slice bytes, struct buf *ret)
{
    if (bytes.len == 0)
        return;
    switch (charset) {
    case CHARSET_UTF_8:
        decode_utf8(bytes, ret);
        break;
    case CHARSET_ASCII:
    case CHARSET_LATIN_1:
    case CHARSET_WINDOWS_1252:
        decode_single(charset, bytes, ret);
        break;
    case CHARSET_UTF_16:
        decode_marked_utf16(bytes, ret);
        break;
    case CHARSET_UTF_16BE:
    case CHARSET_UTF_16LE:
        decode_utf16(bytes, charset == CHARSET_UTF_16LE, ret);
        break;
    case CHARSET_UTF_32:
        decode_marked_utf32(bytes, ret);
        break;
    case CHARSET_UTF_32BE:
    case CHARSET_UTF_32LE:
        decode_utf32(bytes, charset == CHARSET_UTF_32LE, ret);
        break;
    case CHARSET_BY_ICONV:
    default:
        decode_by_iconv(others[charset - CHARSET_BY_ICONV].iconv, bytes, ret);
    }
}
