#include "employees-mock/template/string_format.h"

#include "employees-mock/java_hash.h"
#include "employees-mock/template/java_pattern.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/string_format_inside.h"

#include <ctype.h>
#include <inttypes.h>

void format_put_padded(struct formatter *f, const struct format_spec *s, struct slice text)
{
    size_t length = java_length(text);
    size_t missing = s->width > 0 && (size_t)s->width > length ? (size_t)s->width - length : 0;

    for (size_t i = 0; !s->left && i < missing; i++)
        buf_put_char(f->ret, ' ');
    buf_put_slice(f->ret, text);
    for (size_t i = 0; s->left && i < missing; i++)
        buf_put_char(f->ret, ' ');
}

enum status format_mismatch(const struct formatter *f, const struct format_spec *s, struct value v)
{
    return fail(f->why, ST_BAD_INPUT, "java.util.IllegalFormatConversionException: %c != %s",
                s->date ? s->date : tolower((unsigned char)s->conversion), value_class(v));
}

static void write_text(struct formatter *f, const struct format_spec *s, struct slice text,
                       bool upper)
{
    auto_buf struct buf cut = BUF_INIT(64 << 20);
    auto_buf struct buf large = BUF_INIT(64 << 20);
    size_t length = java_length(text);

    if (s->precision >= 0 && (size_t)s->precision < length)
        length = (size_t)s->precision;
    java_substring(text, 0, length, &cut);
    if (upper)
        java_upper(buf_slice(&cut), &large);
    format_put_padded(f, s, upper ? buf_slice(&large) : buf_slice(&cut));
}

/* hashCode() of what is no object of its own; false: it has none that is known here. */
static bool hash_of(struct value v, uint32_t *ret)
{
    uint64_t bits = (uint64_t)v.integer;

    if (v.kind == V_STRING)
        *ret = (uint32_t)java_hash(v.text);
    else if (v.kind == V_INT)
        *ret = (uint32_t)v.integer;
    else if (v.kind == V_BOOL)
        *ret = v.truth ? 1231 : 1237;
    else if (v.kind == V_DOUBLE)
        memcpy(&bits, &v.real, sizeof bits);
    else if (v.kind != V_LONG)
        return false;
    if (v.kind == V_DOUBLE || v.kind == V_LONG)
        *ret = (uint32_t)(bits ^ bits >> 32);
    return true;
}

enum status format_text(struct formatter *f, const struct format_spec *s, struct value v)
{
    auto_buf struct buf text = BUF_INIT(64 << 20);
    char c = (char)tolower((unsigned char)s->conversion);
    uint32_t hash;

    if (c == 'b')
        buf_put_text(&text, v.kind == V_BOOL   ? (v.truth ? "true" : "false")
                            : value_is_null(v) ? "false"
                                               : "true");
    else if (c == 'h' && hash_of(v, &hash))
        buf_printf(&text, "%" PRIx32, hash);
    else
        value_write(v, &text);
    write_text(f, s, buf_slice(&text), isupper((unsigned char)s->conversion) != 0);
    return ST_OK;
}

static enum status convert_char(struct formatter *f, const struct format_spec *s, struct value v)
{
    auto_buf struct buf text = BUF_INIT(64);

    if (value_is_null(v))
        buf_put_text(&text, "null");
    else if (v.kind == V_INT && v.integer >= 0 && v.integer <= 0x10ffff)
        java_put_code((uint32_t)v.integer, &text);
    else if (v.kind == V_INT)
        return fail(f->why, ST_BAD_INPUT,
                    "java.util.IllegalFormatCodePointException: Code point = 0x%" PRIx32,
                    (uint32_t)v.integer);
    else
        return format_mismatch(f, s, v);
    write_text(f, s, buf_slice(&text), s->conversion == 'C');
    return ST_OK;
}

/* The parts of %t as SimpleDateFormat writes them. */
static const struct {
    char part;
    const char *pattern;
} date_parts[] = {
    {'H', "HH"},         {'I', "hh"},
    {'k', "H"},          {'l', "h"},
    {'M', "mm"},         {'S', "ss"},
    {'L', "SSS"},        {'N', "SSS'000000'"},
    {'p', "a"},          {'z', "Z"},
    {'Z', "z"},          {'B', "MMMM"},
    {'b', "MMM"},        {'h', "MMM"},
    {'A', "EEEE"},       {'a', "EEE"},
    {'Y', "yyyy"},       {'y', "yy"},
    {'j', "DDD"},        {'m', "MM"},
    {'d', "dd"},         {'e', "d"},
    {'R', "HH:mm"},      {'T', "HH:mm:ss"},
    {'D', "MM/dd/yy"},   {'F', "yyyy-MM-dd"},
    {'r', "hh:mm:ss a"}, {'c', "EEE MMM dd HH:mm:ss z yyyy"},
};

static enum status write_date(struct formatter *f, const struct format_spec *s, const char *pattern,
                              int64_t ms)
{
    auto_buf struct buf text = BUF_INIT(4096);
    struct java_pattern *p = NULL;
    enum status st = java_pattern_compile(slice_of(pattern), &p, f->why);

    if (st == ST_OK)
        st = java_date_format_simple(p, ms, java_zone_system(), &text, f->why);
    java_pattern_free(p);
    for (size_t i = 0; s->date == 'p' && i < text.len; i++)
        text.data[i] = (char)tolower((unsigned char)text.data[i]);
    if (st == ST_OK)
        write_text(f, s, buf_slice(&text), s->conversion == 'T');
    return st;
}

static enum status convert_date(struct formatter *f, const struct format_spec *s, struct value v)
{
    int64_t ms = v.kind == V_DATE ? v.date->ms : v.integer;
    char number[32];

    for (size_t i = 0; i < sizeof date_parts / sizeof date_parts[0]; i++) {
        if (date_parts[i].part != s->date)
            continue;
        if (value_is_null(v))
            return format_text(f, s, v);
        return v.kind == V_DATE || v.kind == V_LONG ? write_date(f, s, date_parts[i].pattern, ms)
                                                    : format_mismatch(f, s, v);
    }
    if (s->date != 's' && s->date != 'Q')
        return fail(f->why, ST_BAD_INPUT,
                    "java.util.UnknownFormatConversionException: Conversion = 't%c'", s->date);
    if (value_is_null(v))
        return format_text(f, s, v);
    if (v.kind != V_DATE && v.kind != V_LONG)
        return format_mismatch(f, s, v);
    snprintf(number, sizeof number, "%" PRId64, s->date == 's' ? ms / 1000 : ms);
    write_text(f, s, slice_of(number), false);
    return ST_OK;
}

static const struct {
    const char *letters;
    enum status (*convert)(struct formatter *f, const struct format_spec *s, struct value v);
} conversions[] = {
    {"sSbBhH", format_text}, {"d", format_whole},  {"feEgG", format_real},
    {"xXo", format_bits},    {"cC", convert_char}, {"aA", format_hexadecimal},
    {"tT", convert_date},
};

/* ---- a whole format ---- */

static enum status argument(struct formatter *f, const struct format_spec *s, struct value *ret)
{
    size_t at = s->index > 0 ? (size_t)s->index - 1 : s->index < 0 ? f->last - 1 : f->next;

    if (s->index == 0)
        f->next++;
    if ((s->index < 0 && f->last == 0) || at >= f->count)
        return fail(f->why, ST_BAD_INPUT,
                    "java.util.MissingFormatArgumentException: Format specifier '%.*s'",
                    s->text.len > 40 ? 40 : (int)s->text.len, s->text.data);
    f->last = at + 1;
    *ret = f->args[at];
    return ST_OK;
}

static enum status apply(struct formatter *f, const struct format_spec *s)
{
    struct value v;
    enum status st;

    if (s->conversion == 'n') {
        buf_put_char(f->ret, '\n');
        return ST_OK;
    }
    if (s->conversion == '%') {
        format_put_padded(f, s, SLICE("%"));
        return ST_OK;
    }
    for (size_t i = 0; i < sizeof conversions / sizeof conversions[0]; i++) {
        if (!strchr(conversions[i].letters, s->conversion))
            continue;
        st = argument(f, s, &v);
        return st == ST_OK ? conversions[i].convert(f, s, v) : st;
    }
    return fail(f->why, ST_BAD_INPUT,
                "java.util.UnknownFormatConversionException: Conversion = '%c'", s->conversion);
}

/* Java reads a format to its end before it writes anything. */
static enum status check_format(struct slice format, struct why *why)
{
    enum status st = ST_OK;

    for (size_t at = 0; at < format.len && st == ST_OK;) {
        const char *percent = memchr(format.data + at, '%', format.len - at);
        struct format_spec s;

        if (!percent)
            break;
        at = (size_t)(percent - format.data);
        if (!format_spec_read(format, &at, &s))
            return fail(why, ST_BAD_INPUT,
                        "java.util.UnknownFormatConversionException: Conversion = '%%'");
        st = format_spec_check(&s, why);
    }
    return st;
}

enum status string_format(struct slice format, const struct value *args, size_t count,
                          struct buf *ret, struct why *why)
{
    struct formatter f = {args, count, 0, 0, ret, why};
    size_t at = 0;
    enum status st = check_format(format, why);

    while (at < format.len && st == ST_OK) {
        const char *percent = memchr(format.data + at, '%', format.len - at);
        size_t end = percent ? (size_t)(percent - format.data) : format.len;
        struct format_spec s;

        buf_put(ret, format.data + at, end - at);
        at = end;
        if (percent && format_spec_read(format, &at, &s))
            st = apply(&f, &s);
    }
    return st;
}
