/* DateTimeFormatter.parse(). */
#include "employees-mock/template/date_reader.h"
#include "employees-mock/template/java_formatter.h"

static bool is_numeric(const struct pattern_field *f)
{
    if (!f->letter)
        return false;
    if (strchr("MLQqec", f->letter))
        return f->count <= 2;
    return strchr("uyDdYwWFhKkHmsSAnN", f->letter) != NULL;
}

/* Digits that the fixed fields right behind need. */
static size_t reserved_behind(const struct pattern_field *f, const struct pattern_field *end)
{
    size_t count = 0;

    for (f++; f < end && is_numeric(f); f++) {
        if (f->letter == 'S' || f->count == 2 || (strchr("uyY", f->letter) && f->count == 3))
            count += (size_t)f->count;
        else
            break;
    }
    return count;
}

static int *place_of(struct date_parsed *p, char letter)
{
    switch (letter) {
    case 'M':
    case 'L':
        return &p->month;
    case 'd':
        return &p->day;
    case 'D':
        return &p->day_of_year;
    case 'H':
    case 'k':
        return &p->hour;
    case 'h':
    case 'K':
        return &p->hour12;
    case 'm':
        return &p->minute;
    case 's':
        return &p->second;
    case 'n':
        return &p->nano;
    default:
        return NULL;
    }
}

/* A week-based year is no year: by itself it makes no date. */
static bool read_week_year(struct date_cursor *c, int count, size_t reserved)
{
    struct date_parsed scratch = *c->to;
    struct date_cursor inner = {c->left, c->any_case, &scratch};

    if (!date_read_year(&inner, count, reserved))
        return false;
    c->left = inner.left;
    c->to->week_year = scratch.year;
    c->to->has_week_year = true;
    return true;
}

static bool read_numeric(struct date_cursor *c, const struct pattern_field *f, size_t reserved)
{
    int *place = place_of(c->to, f->letter);
    bool fixed = f->count == 2 && strchr("MLdhHkKms", f->letter);
    int64_t value;

    if (f->letter == 'Y')
        return read_week_year(c, f->count, reserved);
    if (strchr("uy", f->letter))
        return date_read_year(c, f->count, reserved);
    if (f->letter == 'S')
        return date_read_fraction(c, f->count);
    if (!date_read_number(c, fixed ? 2 : (size_t)f->count, fixed ? 2 : 18, fixed ? 0 : reserved,
                          &value))
        return false;
    if (f->letter == 'A') {
        c->to->milli_of_day = value;
        c->to->has_milli = true;
    }
    if (f->letter == 'k' && value == 24)
        value = 0;
    if (place && value <= INT32_MAX)
        *place = (int)value;
    return true;
}

static bool read_field(struct date_cursor *c, const struct pattern_field *f, size_t reserved)
{
    switch (f->letter) {
    case 'M':
    case 'L':
        if (f->count >= 3)
            return date_read_name(c, java_months, 12, f->count == 4, &c->to->month);
        break;
    case 'E':
    case 'e':
    case 'c':
        if (f->letter == 'E' || f->count >= 3)
            return date_read_name(c, java_weekdays, 7, f->count == 4, &c->to->weekday);
        break;
    case 'p':
    case 'B':
        return false;
    case 'G':
        return date_read_text(c, SLICE("AD")) || date_read_text(c, SLICE("BC"));
    case 'a':
        c->to->half_day = date_read_text(c, SLICE("AM"))   ? 0
                          : date_read_text(c, SLICE("PM")) ? 1
                                                           : DATE_ABSENT;
        return c->to->half_day != DATE_ABSENT;
    case 'X':
        return date_read_offset(c, "Z", f->count == 3 || f->count == 5);
    case 'x':
        return date_read_offset(c, NULL, f->count == 3 || f->count == 5);
    case 'Z':
        if (f->count == 4)
            return date_read_text(c, SLICE("GMT")) && (date_read_offset(c, NULL, true) || true);
        return date_read_offset(c, f->count == 5 ? "Z" : NULL, f->count == 5);
    case 'O':
    case 'V':
    case 'v':
    case 'z':
        return date_read_zone(c);
    default:
        break;
    }
    return read_numeric(c, f, reserved);
}

/* Fields up to `end`; an optional part that does not fit is taken back and left out. */
static bool read_fields(struct date_cursor *c, const struct pattern_field *f,
                        const struct pattern_field *end)
{
    for (; f < end; f++) {
        if (f->letter == '[') {
            const struct pattern_field *close = f + 1;
            struct date_cursor before = *c;
            struct date_parsed kept = *c->to;
            int depth = 1;

            for (; close < end; close++) {
                depth += close->letter == '[' ? 1 : close->letter == ']' ? -1 : 0;
                if (depth == 0)
                    break;
            }
            if (!read_fields(c, f + 1, close)) {
                *c = before;
                *c->to = kept;
            }
            f = close < end ? close : end - 1;
        } else if (f->letter == ']') {
            continue;
        } else if (f->letter ? !read_field(c, f, reserved_behind(f, end))
                             : !date_read_text(c, f->text)) {
            return false;
        }
    }
    return true;
}

enum status java_date_parse(const struct java_pattern *p, struct slice text,
                            struct java_moment *ret, struct why *why)
{
    struct date_parsed parsed = date_nothing;
    struct date_cursor c = {text, false, &parsed};
    enum status st = java_formatter_check(p, why);

    if (st != ST_OK)
        return st;
    if (!read_fields(&c, p->fields, p->fields + p->count) || c.left.len > 0)
        return fail(why, ST_NOT_FOUND, "the text does not fit the pattern");
    return date_put_together(&parsed, ret, why);
}
