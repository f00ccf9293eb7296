#include "employees-mock/template/string_format.h"

#include "employees-mock/java_hash.h"
#include "employees-mock/template/digits.h"
#include "employees-mock/template/java_pattern.h"
#include "employees-mock/template/java_text.h"
#include "employees-mock/template/string_format_spec.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

struct formatter {
    const struct value *args;
    size_t count;
    size_t next;
    size_t last; /* 1 + the argument used last */
    struct buf *ret;
    struct why *why;
};

/* ---- output ---- */

static void put_padded(struct formatter *f, const struct format_spec *s, struct slice text)
{
    size_t length = java_length(text);
    size_t missing = s->width > 0 && (size_t)s->width > length ? (size_t)s->width - length : 0;

    for (size_t i = 0; !s->left && i < missing; i++)
        buf_put_char(f->ret, ' ');
    buf_put_slice(f->ret, text);
    for (size_t i = 0; s->left && i < missing; i++)
        buf_put_char(f->ret, ' ');
}

/* A number's sign, zeros and padding around its magnitude. */
static void put_number(struct formatter *f, const struct format_spec *s, bool negative,
                       struct slice magnitude)
{
    auto_buf struct buf text = BUF_INIT(2 * STRING_FORMAT_WIDTH_MAX);
    const char *sign = negative ? (s->paren ? "(" : "-") : s->plus ? "+" : s->space ? " " : "";
    size_t used = strlen(sign) + magnitude.len + (negative && s->paren);

    buf_put_text(&text, sign);
    for (size_t i = used; s->zero && s->width > 0 && i < (size_t)s->width; i++)
        buf_put_char(&text, '0');
    buf_put_slice(&text, magnitude);
    if (negative && s->paren)
        buf_put_char(&text, ')');
    put_padded(f, s, buf_slice(&text));
}

static void put_grouped(struct buf *ret, const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_put_char(ret, digits[i]);
        if (i + 1 < count && (count - 1 - i) % 3 == 0)
            buf_put_char(ret, ',');
    }
}

/* ---- conversions ---- */

static enum status mismatch(const struct formatter *f, const struct format_spec *s, struct value v)
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
    put_padded(f, s, upper ? buf_slice(&large) : buf_slice(&cut));
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

static enum status convert_text(struct formatter *f, const struct format_spec *s, struct value v)
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
        return mismatch(f, s, v);
    write_text(f, s, buf_slice(&text), s->conversion == 'C');
    return ST_OK;
}

static enum status convert_whole(struct formatter *f, const struct format_spec *s, struct value v)
{
    auto_buf struct buf text = BUF_INIT(4096);
    struct digits d;

    if (value_is_null(v))
        return convert_text(f, s, v);
    if ((v.kind != V_INT && v.kind != V_LONG && v.kind != V_DECIMAL) || !digits_of(v, true, &d) ||
        d.count > d.point)
        return mismatch(f, s, v);
    for (int i = d.point - 1; i >= 0; i--)
        d.text[d.point - 1 - i] = digits_at(&d, i);
    if (d.count == 0)
        buf_put_char(&text, '0');
    else if (s->group)
        put_grouped(&text, d.text, (size_t)d.point);
    else
        buf_put(&text, d.text, (size_t)d.point);
    put_number(f, s, d.negative, buf_slice(&text));
    return ST_OK;
}

/* %x and %o: the bits of an int or long. */
static enum status convert_bits(struct formatter *f, const struct format_spec *s, struct value v)
{
    uint64_t bits = v.kind == V_INT ? (uint32_t)v.integer : (uint64_t)v.integer;
    char text[40];

    if (value_is_null(v))
        return convert_text(f, s, v);
    if (v.kind != V_INT && v.kind != V_LONG)
        return mismatch(f, s, v);
    if (s->conversion == 'o')
        snprintf(text, sizeof text, "%s%" PRIo64, s->alternate ? "0" : "", bits);
    else if (s->conversion == 'X')
        snprintf(text, sizeof text, "%s%" PRIX64, s->alternate ? "0X" : "", bits);
    else
        snprintf(text, sizeof text, "%s%" PRIx64, s->alternate ? "0x" : "", bits);
    put_number(f, s, false, slice_of(text));
    return ST_OK;
}

static void put_fixed(const struct format_spec *s, const struct digits *d, int places,
                      struct buf *ret)
{
    int whole = d->count > 0 && d->point > 0 ? d->point : 1;
    char digits[DIGITS_MAX];

    for (int i = 0; i < whole; i++)
        digits[i] = digits_at(d, whole - 1 - i);
    if (s->group)
        put_grouped(ret, digits, (size_t)whole);
    else
        buf_put(ret, digits, (size_t)whole);
    if (places > 0 || s->alternate)
        buf_put_char(ret, '.');
    for (int i = 1; i <= places; i++)
        buf_put_char(ret, digits_at(d, -i));
}

static void put_scientific(const struct format_spec *s, struct digits *d, int places,
                           struct buf *ret)
{
    int exponent = d->count > 0 ? d->point - 1 : 0;

    digits_shift(d, -exponent);
    digits_round(d, places, ROUND_HALF_UP);
    if (d->count > 0 && d->point > 1) {
        digits_shift(d, -1);
        exponent++;
    }
    put_fixed(s, d, places, ret);
    buf_printf(ret, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

/* %g: as %f from 10^-4 up to 10^precision after rounding, else as %e. */
static void put_general(const struct format_spec *s, struct digits *d, int precision,
                        struct buf *ret)
{
    if (precision == 0)
        precision = 1;
    digits_round(d, precision - d->point, ROUND_HALF_UP);
    if (d->count == 0 || (d->point > -4 && d->point <= precision)) {
        int places = d->count == 0 ? precision - 1 : precision - d->point;

        digits_round(d, places, ROUND_HALF_UP);
        put_fixed(s, d, places, ret);
    } else {
        put_scientific(s, d, precision - 1, ret);
    }
}

static void put_special(struct formatter *f, const struct format_spec *s, double d)
{
    struct format_spec plain = *s;

    plain.zero = false;
    put_number(f, &plain, d < 0, slice_of(isnan(d) ? "NaN" : "Infinity"));
}

static enum status convert_real(struct formatter *f, const struct format_spec *s, struct value v)
{
    int precision = s->precision < 0 ? 6 : s->precision;
    auto_buf struct buf text = BUF_INIT(4 * STRING_FORMAT_WIDTH_MAX);
    struct digits d;

    if (value_is_null(v))
        return convert_text(f, s, v);
    if (v.kind != V_DOUBLE && v.kind != V_DECIMAL)
        return mismatch(f, s, v);
    if (!digits_of(v, false, &d)) {
        put_special(f, s, value_to_double(v));
        return ST_OK;
    }
    if (tolower((unsigned char)s->conversion) == 'e') {
        put_scientific(s, &d, precision, &text);
    } else if (tolower((unsigned char)s->conversion) == 'g') {
        put_general(s, &d, precision, &text);
    } else {
        digits_round(&d, precision, ROUND_HALF_UP);
        put_fixed(s, &d, precision, &text);
    }
    for (size_t i = 0; isupper((unsigned char)s->conversion) && i < text.len; i++)
        text.data[i] = (char)toupper((unsigned char)text.data[i]);
    put_number(f, s, d.negative, buf_slice(&text));
    return ST_OK;
}

/* %a: C's form, but for the sign of the exponent and ".0". */
static enum status convert_hexadecimal(struct formatter *f, const struct format_spec *s,
                                       struct value v)
{
    auto_buf struct buf text = BUF_INIT(4 * STRING_FORMAT_WIDTH_MAX);
    char form[2 * STRING_FORMAT_WIDTH_MAX];
    const char *exponent;

    if (value_is_null(v))
        return convert_text(f, s, v);
    if (v.kind != V_DOUBLE)
        return mismatch(f, s, v);
    if (!isfinite(v.real)) {
        put_special(f, s, v.real);
        return ST_OK;
    }
    if (s->precision < 0)
        snprintf(form, sizeof form, "%a", fabs(v.real));
    else
        snprintf(form, sizeof form, "%.*a", s->precision > 0 ? s->precision : 1, fabs(v.real));
    exponent = strchr(form, 'p');
    buf_put(&text, form, (size_t)(exponent - form));
    if (!memchr(form, '.', (size_t)(exponent - form)))
        buf_put_text(&text, ".0");
    buf_printf(&text, "p%s", exponent + 1 + (exponent[1] == '+'));
    for (size_t i = 0; s->conversion == 'A' && i < text.len; i++)
        text.data[i] = (char)toupper((unsigned char)text.data[i]);
    put_number(f, s, signbit(v.real), buf_slice(&text));
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
            return convert_text(f, s, v);
        return v.kind == V_DATE || v.kind == V_LONG ? write_date(f, s, date_parts[i].pattern, ms)
                                                    : mismatch(f, s, v);
    }
    if (s->date != 's' && s->date != 'Q')
        return fail(f->why, ST_BAD_INPUT,
                    "java.util.UnknownFormatConversionException: Conversion = 't%c'", s->date);
    if (value_is_null(v))
        return convert_text(f, s, v);
    if (v.kind != V_DATE && v.kind != V_LONG)
        return mismatch(f, s, v);
    snprintf(number, sizeof number, "%" PRId64, s->date == 's' ? ms / 1000 : ms);
    write_text(f, s, slice_of(number), false);
    return ST_OK;
}

static const struct {
    const char *letters;
    enum status (*convert)(struct formatter *f, const struct format_spec *s, struct value v);
} conversions[] = {
    {"sSbBhH", convert_text}, {"d", convert_whole}, {"feEgG", convert_real},
    {"xXo", convert_bits},    {"cC", convert_char}, {"aA", convert_hexadecimal},
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
        put_padded(f, s, SLICE("%"));
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
