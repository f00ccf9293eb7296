#include "employees-mock/template/digits.h"
#include "employees-mock/template/string_format.h"
#include "employees-mock/template/string_format_inside.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

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
    format_put_padded(f, s, buf_slice(&text));
}

static void put_grouped(struct buf *ret, const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_put_char(ret, digits[i]);
        if (i + 1 < count && (count - 1 - i) % 3 == 0)
            buf_put_char(ret, ',');
    }
}

enum status format_whole(struct formatter *f, const struct format_spec *s, struct value v)
{
    auto_buf struct buf text = BUF_INIT(4096);
    struct digits d;

    if (value_is_null(v))
        return format_text(f, s, v);
    if ((v.kind != V_INT && v.kind != V_LONG && v.kind != V_DECIMAL) || !digits_of(v, true, &d) ||
        d.count > d.point)
        return format_mismatch(f, s, v);
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
enum status format_bits(struct formatter *f, const struct format_spec *s, struct value v)
{
    uint64_t bits = v.kind == V_INT ? (uint32_t)v.integer : (uint64_t)v.integer;
    char text[40];

    if (value_is_null(v))
        return format_text(f, s, v);
    if (v.kind != V_INT && v.kind != V_LONG)
        return format_mismatch(f, s, v);
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

enum status format_real(struct formatter *f, const struct format_spec *s, struct value v)
{
    int precision = s->precision < 0 ? 6 : s->precision;
    auto_buf struct buf text = BUF_INIT(4 * STRING_FORMAT_WIDTH_MAX);
    struct digits d;

    if (value_is_null(v))
        return format_text(f, s, v);
    if (v.kind != V_DOUBLE && v.kind != V_DECIMAL)
        return format_mismatch(f, s, v);
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
enum status format_hexadecimal(struct formatter *f, const struct format_spec *s, struct value v)
{
    auto_buf struct buf text = BUF_INIT(4 * STRING_FORMAT_WIDTH_MAX);
    char form[2 * STRING_FORMAT_WIDTH_MAX];
    const char *exponent;

    if (value_is_null(v))
        return format_text(f, s, v);
    if (v.kind != V_DOUBLE)
        return format_mismatch(f, s, v);
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
