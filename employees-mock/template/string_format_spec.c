#include "employees-mock/template/string_format_spec.h"

#include "employees-mock/template/string_format.h"

#include <ctype.h>
#include <string.h>

static bool *flag_of(struct format_spec *s, char c)
{
    switch (c) {
    case '-':
        return &s->left;
    case '0':
        return &s->zero;
    case '+':
        return &s->plus;
    case ' ':
        return &s->space;
    case ',':
        return &s->group;
    case '(':
        return &s->paren;
    case '#':
        return &s->alternate;
    default:
        return NULL;
    }
}

static int take_number(struct slice f, size_t *at)
{
    int number = 0;

    for (; *at < f.len && isdigit((unsigned char)f.data[*at]); ++*at)
        if (number <= STRING_FORMAT_WIDTH_MAX)
            number = number * 10 + f.data[*at] - '0';
    return number;
}

bool format_spec_read(struct slice f, size_t *at, struct format_spec *ret)
{
    size_t from = *at;
    size_t digits = from + 1;
    bool *flag;

    *ret = (struct format_spec){.width = -1, .precision = -1};
    ++*at;
    while (digits < f.len && isdigit((unsigned char)f.data[digits]))
        digits++;
    if (digits > from + 1 && digits < f.len && f.data[digits] == '$') {
        ret->index = take_number(f, at);
        ++*at;
    } else if (*at < f.len && f.data[*at] == '<') {
        ret->index = -1;
        ++*at;
    }
    while (*at < f.len && (flag = flag_of(ret, f.data[*at])) != NULL) {
        *flag = true;
        ++*at;
    }
    if (*at < f.len && isdigit((unsigned char)f.data[*at]))
        ret->width = take_number(f, at);
    if (*at + 1 < f.len && f.data[*at] == '.' && isdigit((unsigned char)f.data[*at + 1])) {
        ++*at;
        ret->precision = take_number(f, at);
    }
    if (*at >= f.len)
        return false;
    ret->conversion = f.data[(*at)++];
    if (tolower((unsigned char)ret->conversion) == 't') {
        if (*at >= f.len)
            return false;
        ret->date = f.data[(*at)++];
    }
    ret->text = (struct slice){f.data + from, *at - from};
    return true;
}

enum status format_spec_check(const struct format_spec *s, struct why *why)
{
    int shown = s->text.len > 40 ? 40 : (int)s->text.len;

    if (s->width > STRING_FORMAT_WIDTH_MAX || s->precision > STRING_FORMAT_WIDTH_MAX)
        return fail(why, ST_TOO_LARGE, "the width is more than allowed");
    if (s->precision >= 0 && strchr("dxXocCtTn%", s->conversion))
        return fail(why, ST_BAD_INPUT, "java.util.IllegalFormatPrecisionException: %d",
                    s->precision);
    if (s->conversion == 'n' && s->width >= 0)
        return fail(why, ST_BAD_INPUT, "java.util.IllegalFormatWidthException: %d", s->width);
    if (s->width < 0 && (s->left || (s->zero && strchr("dxXofeEgGaA", s->conversion))))
        return fail(why, ST_BAD_INPUT, "java.util.MissingFormatWidthException: %.*s", shown,
                    s->text.data);
    return ST_OK;
}
