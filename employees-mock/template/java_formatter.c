/* DateTimeFormatter.format(), English, weeks as in the United States (what the locale "en" has
 * without a country: ISO weeks begin on Sunday there). */
#include "employees-mock/template/java_formatter.h"

#include "employees-mock/template/date_locale.h"
#include "employees-mock/template/java_text.h"

#include <stdio.h>

static enum status unknown_letter(char c, struct why *why)
{
    return fail(why, ST_BAD_INPUT, "java.lang.IllegalArgumentException: Unknown pattern letter: %c",
                c);
}

static enum status too_many(char c, struct why *why)
{
    return fail(why, ST_BAD_INPUT,
                "java.lang.IllegalArgumentException: Too many pattern letters: %c", c);
}

/* letter -> how often it may stand in a row. */
static const struct {
    char letter;
    int most;
} limits[] = {
    {'G', 5}, {'u', 19}, {'y', 19}, {'D', 3},  {'M', 5},  {'L', 5}, {'d', 2}, {'Q', 5},
    {'q', 5}, {'Y', 19}, {'w', 2},  {'W', 1},  {'E', 5},  {'e', 5}, {'c', 5}, {'F', 1},
    {'a', 1}, {'h', 2},  {'B', 5},  {'g', 19}, {'K', 2},  {'k', 2}, {'H', 2}, {'m', 2},
    {'s', 2}, {'S', 9},  {'A', 19}, {'n', 19}, {'N', 19}, {'V', 2}, {'v', 4}, {'z', 4},
    {'O', 4}, {'X', 5},  {'x', 5},  {'Z', 5},  {'[', 1},  {']', 1},
};

#define WRONG "java.lang.IllegalArgumentException: "

/* Letters that Java refuses in words of their own. */
static enum status check_count(char letter, int count, struct why *why)
{
    if ((letter == 'B' || letter == 'v') && count != 1 && count != 4 &&
        (letter == 'v' || count != 5))
        return fail(why, ST_BAD_INPUT, WRONG "Wrong number of pattern letters: %c", letter);
    if (letter == 'V' && count != 2)
        return fail(why, ST_BAD_INPUT, WRONG "Pattern letter count must be 2: V");
    if (letter == 'O' && count != 1 && count != 4)
        return fail(why, ST_BAD_INPUT, WRONG "Pattern letter count must be 1 or 4: O");
    if (letter == 'c' && count == 2)
        return fail(why, ST_BAD_INPUT, WRONG "Invalid pattern \"cc\"");
    if (letter == 'S' && count > 9)
        return fail(why, ST_BAD_INPUT,
                    WRONG "Minimum width must be from 0 to 9 inclusive but was %d", count);
    if (strchr("uynNA", letter) && count > 19)
        return fail(why, ST_BAD_INPUT,
                    WRONG "The minimum width must be from 1 to 19 inclusive but was %d", count);
    return ST_OK;
}

static enum status bad_padding(const struct java_pattern *p, struct why *why)
{
    return fail(why, ST_BAD_INPUT,
                "java.lang.IllegalArgumentException: Pad letter 'p' must be followed by valid pad "
                "pattern: %s",
                p->whole);
}

enum status java_formatter_check(const struct java_pattern *p, struct why *why)
{
    int depth = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct pattern_field *f = &p->fields[i];
        enum status st;
        size_t j = 0;

        if (!f->letter)
            continue;
        depth += f->letter == '[' ? 1 : f->letter == ']' ? -1 : 0;
        if (depth < 0)
            return fail(why, ST_BAD_INPUT,
                        "java.lang.IllegalArgumentException: Pattern invalid as it contains ] "
                        "without previous [");
        if (f->letter == 'p') {
            if (i + 1 == p->count || !p->fields[i + 1].letter)
                return bad_padding(p, why);
            continue;
        }
        while (j < sizeof limits / sizeof limits[0] && limits[j].letter != f->letter)
            j++;
        if (j == sizeof limits / sizeof limits[0])
            return unknown_letter(f->letter, why);
        st = check_count(f->letter, f->count, why);
        if (st == ST_OK && f->count > limits[j].most)
            st = too_many(f->letter, why);
        if (st != ST_OK)
            return st;
    }
    if (p->reserved)
        return fail(why, ST_BAD_INPUT,
                    "java.lang.IllegalArgumentException: Pattern includes reserved character: '%c'",
                    p->reserved);
    return ST_OK;
}

static void put_name(struct buf *ret, const char *name, const char *short_name, int count)
{
    size_t letter;

    if (count == 5)
        java_put_code(java_code_upper(java_code_at(slice_of(name), &letter)), ret);
    else
        buf_put_text(ret, count == 4 ? name : short_name);
}

static void put_month(struct buf *ret, int month, const struct date_names *names, char letter,
                      int count)
{
    if (count < 3)
        buf_put_int(ret, month, count);
    else if (letter == 'L')
        put_name(ret, names->alone_months[month], names->short_alone_months[month], count);
    else
        put_name(ret, names->months[month], names->short_months[month], count);
}

static void put_era(struct buf *ret, int64_t year, const struct date_names *names, int count)
{
    put_name(ret, names->eras[year > 0], names->short_eras[year > 0], count);
}

static void put_year(struct buf *ret, int64_t year, int count)
{
    if (count == 2)
        buf_put_int(ret, (year % 100 + 100) % 100, 2);
    else
        buf_put_int(ret, year, count);
}

static void put_fraction(struct buf *ret, int millisecond, int count)
{
    char digits[10];

    snprintf(digits, sizeof digits, "%03d000000", millisecond);
    buf_put(ret, digits, (size_t)count);
}

static void put_quarter(struct buf *ret, int month, const struct date_names *names, int count)
{
    int quarter = (month - 1) / 3;

    if (count == 3 || count == 4)
        put_name(ret, names->quarters[quarter], names->short_quarters[quarter], count);
    else
        buf_printf(ret, "%0*d", count == 2 ? 2 : 1, quarter + 1);
}

/* x and X: +hh or +hhmm, +hhmm, +hh:mm, with seconds where there are some. */
static void put_offset(struct buf *ret, int offset_s, char letter, int count)
{
    if (offset_s == 0 && letter == 'X') {
        buf_put_char(ret, 'Z');
        return;
    }
    java_put_offset(ret, offset_s, count == 3 || count == 5 ? ":" : "",
                    count > 1 || offset_s / 60 % 60 != 0, count >= 4);
}

/* O and ZZZZ: GMT, GMT+1 or GMT+01:00. */
static void put_gmt(struct buf *ret, int offset_s, bool full)
{
    int rest = offset_s < 0 ? -offset_s : offset_s;

    buf_put_text(ret, "GMT");
    if (offset_s == 0)
        return;
    if (full) {
        java_put_offset(ret, offset_s, ":", true, true);
        return;
    }
    buf_printf(ret, "%c%d", offset_s < 0 ? '-' : '+', rest / 3600);
    if (rest / 60 % 60)
        buf_printf(ret, ":%02d", rest / 60 % 60);
}

static void put_zone_offset(struct buf *ret, int offset_s, int count)
{
    if (count < 4)
        java_put_offset(ret, offset_s, "", true, false);
    else if (count == 4)
        put_gmt(ret, offset_s, true);
    else if (offset_s == 0)
        buf_put_char(ret, 'Z');
    else
        java_put_offset(ret, offset_s, ":", true, true);
}

/* In English, but for UTC itself. */
static void put_zone_name(struct buf *ret, const struct java_time *t,
                          const struct date_names *names, int count)
{
    struct slice id = java_zone_id(t->zone);

    if (slice_is(id, "UTC") && count == 4)
        buf_put_text(ret, names->utc);
    else if (slice_is(id, "Z") || id.data[0] == '+' || id.data[0] == '-')
        buf_put_slice(ret, id);
    else
        java_put_zone_name(ret, t, count == 4);
}

static void put_week(struct buf *ret, const struct java_time *t, char letter, int count)
{
    int64_t year;
    int week = java_week_of_year(&t->civil, 7, 1, &year);

    if (letter == 'Y')
        put_year(ret, year, count);
    else
        buf_put_int(ret, letter == 'w' ? week : java_week_of_month(&t->civil, 7, 1), count);
}

static void put_weekday(struct buf *ret, const struct java_time *t, const struct date_names *names,
                        char letter, int count)
{
    if (letter != 'E' && count <= 2)
        buf_put_int(ret, t->weekday % 7 + 1, count);
    else if (letter == 'c')
        put_name(ret, names->alone_weekdays[t->weekday], names->short_alone_weekdays[t->weekday],
                 count);
    else
        put_name(ret, names->weekdays[t->weekday], names->short_weekdays[t->weekday], count);
}

static int64_t milli_of_day(const struct java_time *t)
{
    return ((int64_t)t->civil.hour * 3600 + t->civil.minute * 60 + t->civil.second) * 1000 +
           t->millisecond;
}

static int64_t clock_number(const struct java_time *t, char letter)
{
    int hour = t->civil.hour;

    switch (letter) {
    case 'h':
        return hour % 12 ? hour % 12 : 12;
    case 'K':
        return hour % 12;
    case 'k':
        return hour ? hour : 24;
    case 'm':
        return t->civil.minute;
    case 's':
        return t->civil.second;
    case 'n':
        return (int64_t)t->millisecond * 1000000;
    case 'A':
        return milli_of_day(t);
    case 'N':
        return milli_of_day(t) * 1000000;
    case 'd':
        return t->civil.day;
    case 'g': /* the modified Julian day */
        return civil_to_days(t->civil.year, t->civil.month, t->civil.day) + 40587;
    case 'D':
        return civil_day_of_year(&t->civil);
    case 'F':
        return (t->civil.day - 1) % 7 + 1;
    default:
        return hour;
    }
}

static void put_field(struct buf *ret, const struct java_time *t, const struct date_names *names,
                      const struct pattern_field *f)
{
    const struct civil *c = &t->civil;
    int n = f->count;

    switch (f->letter) {
    case 'G':
        put_era(ret, c->year, names, n);
        break;
    case 'u':
        put_year(ret, c->year, n);
        break;
    case 'y':
        put_year(ret, c->year > 0 ? c->year : 1 - c->year, n);
        break;
    case 'Y':
    case 'w':
    case 'W':
        put_week(ret, t, f->letter, n);
        break;
    case 'M':
    case 'L':
        put_month(ret, c->month, names, f->letter, n);
        break;
    case 'Q':
    case 'q':
        put_quarter(ret, c->month, names, n);
        break;
    case 'E':
    case 'e':
    case 'c':
        put_weekday(ret, t, names, f->letter, n);
        break;
    case 'a':
        buf_put_text(ret, names->halves[c->hour >= 12]);
        break;
    case 'B':
        buf_put_text(ret, date_period(names, c->hour, c->minute));
        break;
    case 'S':
        put_fraction(ret, t->millisecond, n);
        break;
    case 'V':
        buf_put_slice(ret, java_zone_id(t->zone));
        break;
    case 'v':
    case 'z':
        put_zone_name(ret, t, names, n);
        break;
    case 'O':
        put_gmt(ret, t->there.offset_s, n == 4);
        break;
    case 'X':
    case 'x':
        put_offset(ret, t->there.offset_s, f->letter, n);
        break;
    case 'Z':
        put_zone_offset(ret, t->there.offset_s, n);
        break;
    default:
        buf_put_int(ret, clock_number(t, f->letter), n);
        break;
    }
}

/* A field with blanks before it up to `width`. */
static enum status put_wide(struct buf *ret, const struct java_time *t,
                            const struct date_names *names, const struct pattern_field *f,
                            int width, struct why *why)
{
    auto_buf struct buf text = BUF_INIT(4096);
    size_t length;

    put_field(&text, t, names, f);
    length = java_length(buf_slice(&text));
    if (length > (size_t)width)
        return fail(why, ST_BAD_INPUT,
                    "java.time.DateTimeException: Cannot print as output of %zu characters exceeds "
                    "pad width of %d",
                    length, width);
    for (size_t i = length; i < (size_t)width; i++)
        buf_put_char(ret, ' ');
    buf_put_slice(ret, buf_slice(&text));
    return ST_OK;
}

enum status java_date_format(const struct java_pattern *p, int64_t ms, const struct java_zone *zone,
                             const struct date_names *names, struct buf *ret, struct why *why)
{
    struct java_time t;
    enum status st = java_formatter_check(p, why);

    if (st != ST_OK)
        return st;
    java_time_split(ms, zone, &t);
    for (size_t i = 0; i < p->count && st == ST_OK; i++) {
        const struct pattern_field *f = &p->fields[i];

        if (f->letter == '[' || f->letter == ']')
            continue;
        if (f->letter == 'p')
            st = put_wide(ret, &t, names, &p->fields[++i], f->count, why);
        else if (f->letter)
            put_field(ret, &t, names, f);
        else
            buf_put_slice(ret, f->text);
    }
    return st;
}
