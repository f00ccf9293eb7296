#include "interceptor/engine/date.h"

/* Where the numbers stand, and what stands between them. */
static const struct format {
    uint8_t year, month, day;
    uint8_t gaps[2];
    char separator;
} formats[] = {
    {6, 3, 0, {2, 5}, '/'}, /* dd/MM/yyyy */
    {6, 0, 3, {2, 5}, '/'}, /* MM/dd/yyyy */
    {6, 3, 0, {2, 5}, '-'}, /* dd-MM-yyyy */
    {6, 3, 0, {2, 5}, '.'}, /* dd.MM.yyyy */
    {0, 5, 8, {4, 7}, '-'}, /* yyyy-MM-dd */
    {0, 5, 8, {4, 7}, '/'}, /* yyyy/MM/dd */
};

enum { DATE_LEN = 10, ISO = 4, DAY_FIRST = 0 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int two_digits(const char *p)
{
    return is_digit(p[0]) && is_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool day_exists(struct day d)
{
    return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= days_in_month(d.year, d.month);
}

/* As MM/dd/yyyy reads what dd/MM/yyyy read. */
static struct day swapped(struct day d)
{
    return (struct day){d.year, d.day, d.month};
}

static bool parse_day(const char *p, const struct format *f, struct date *ret)
{
    struct day day;
    int century, year;

    if (p[f->gaps[0]] != f->separator || p[f->gaps[1]] != f->separator)
        return false;
    century = two_digits(p + f->year);
    year = two_digits(p + f->year + 2);
    day = (struct day){century * 100 + year, two_digits(p + f->month), two_digits(p + f->day)};
    if (century < 0 || year < 0 || !day_exists(day))
        return false;
    ret->day = day;
    ret->year_at = f->year;
    ret->month_at = f->month;
    ret->day_at = f->day;
    return true;
}

/* Z, ±hh, ±hhmm or ±hh:mm, all of the text; or nothing. */
static bool is_zone(struct slice text)
{
    const char *p = text.data;
    const char *minutes;

    if (text.len == 0 || (text.len == 1 && *p == 'Z'))
        return true;
    if ((*p != '+' && *p != '-') || text.len < 3 || two_digits(p + 1) < 0 || two_digits(p + 1) > 23)
        return false;
    if (text.len == 3)
        return true;
    minutes = p + (p[3] == ':' ? 4 : 3);
    return text.len == (size_t)(minutes - p) + 2 && two_digits(minutes) >= 0 &&
           two_digits(minutes) <= 59;
}

static bool is_clock_pair(const char *p, const char *end, int max)
{
    return end - p >= 2 && two_digits(p) >= 0 && two_digits(p) <= max;
}

/* The length of hh:mm[:ss[.fraction]], 0 when there is none. A second 60 may be a leap second. */
static size_t time_length(struct slice text)
{
    const char *p = text.data, *end = text.data + text.len;

    if (!is_clock_pair(p, end, 23) || end - p < 5 || p[2] != ':' || !is_clock_pair(p + 3, end, 59))
        return 0;
    p += 5;
    if (p == end || *p != ':')
        return (size_t)(p - text.data);
    if (!is_clock_pair(p + 1, end, 60))
        return 0;
    p += 3;
    if (end - p >= 2 && (*p == '.' || *p == ',') && is_digit(p[1])) {
        p++;
        while (p < end && is_digit(*p))
            p++;
    }
    return (size_t)(p - text.data);
}

static bool parse_time(struct slice text, struct date *ret)
{
    struct slice rest = {text.data + DATE_LEN + 1, text.len - DATE_LEN - 1};
    size_t len = time_length(rest);

    if ((text.data[DATE_LEN] != 'T' && text.data[DATE_LEN] != ' ') || len == 0)
        return false;
    ret->time_at = DATE_LEN + 1;
    ret->time_end = ret->time_at + len;
    return is_zone(slice_from(rest, len));
}

bool date_parse(struct slice text, struct date *ret)
{
    *ret = (struct date){.text = text};
    if (text.len < DATE_LEN || !(is_digit(text.data[0]) && is_digit(text.data[1])))
        return false;
    if (text.len > DATE_LEN)
        return parse_day(text.data, &formats[ISO], ret) && parse_time(text, ret);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (!parse_day(text.data, &formats[i], ret))
            continue;
        ret->swappable = i == DAY_FIRST && day_exists(swapped(ret->day));
        return true;
    }
    return false;
}

static void put_number(char *at, int number, int digits)
{
    for (int i = digits - 1; i >= 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
}

/* A copy of the text with another day in it; NULL after a failure of the buffer. */
static char *put_copy(const struct date *d, struct day day, struct buf *ret)
{
    char *text = buf_reserve(ret, d->text.len);

    if (!text)
        return NULL;
    memcpy(text, d->text.data, d->text.len);
    put_number(text + d->year_at, day.year, 4);
    put_number(text + d->month_at, day.month, 2);
    put_number(text + d->day_at, day.day, 2);
    buf_advance(ret, d->text.len);
    return text;
}

void date_put(const struct date *d, struct day day, struct buf *ret)
{
    (void)put_copy(d, day, ret);
}

static void put_midnight(const struct date *d, struct day day, struct buf *ret)
{
    char *text = put_copy(d, day, ret);

    for (size_t i = d->time_at; text && i < d->time_end; i++) {
        if (is_digit(text[i]))
            text[i] = '0';
    }
}

void date_put_neutral(const struct date *d, struct buf *ret)
{
    put_midnight(d, (struct day){1, 1, 1}, ret);
}

void date_put_year(const struct date *d, struct buf *ret)
{
    put_midnight(d, (struct day){d->day.year, 1, 1}, ret);
}

static bool same_day(struct day a, struct day b)
{
    return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Days up to 28 are in every month, up to 12 can be a month themselves. */
static struct day random_day(const struct date *d, const uint8_t random[4])
{
    int days = d->swappable ? 12 : 28;
    struct day day = {1900 + random[0] % 200, 1 + random[1] % 12, 1 + random[2] % days};

    if (same_day(day, d->day))
        day.day = day.day % days + 1;
    if (d->swappable && same_day(day, swapped(d->day)))
        day.year++;
    return day;
}

static void put_random_time(const struct date *d, const uint8_t random[12], char *text)
{
    static const int limits[] = {24, 60, 60};
    size_t part = 0;
    size_t i = d->time_at;

    for (; i + 1 < d->time_end && part < 3; i += 3, part++)
        put_number(text + i, random[part] % limits[part], 2);
    for (size_t n = 3; i < d->time_end; i++, n = n < 11 ? n + 1 : 3) {
        if (is_digit(text[i]))
            text[i] = (char)('0' + (random[n] + i) % 10);
    }
}

void date_put_random(const struct date *d, const uint8_t random[16], struct buf *ret)
{
    char *text = put_copy(d, random_day(d, random), ret);

    if (text && d->time_at)
        put_random_time(d, random + 4, text);
}

/* Days since 1 March of year 0, and back: years begin in March so that leap days end them. */
static int day_number(struct day d)
{
    int year = d.month > 2 ? d.year : d.year - 1;
    int month = (d.month + 9) % 12;

    return year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + d.day - 1;
}

static struct day day_at(int number)
{
    int year = (int)((10000LL * number + 14780) / 3652425);
    int in_year = number - (year * 365 + year / 4 - year / 100 + year / 400);
    int month;

    if (in_year < 0) {
        year--;
        in_year = number - (year * 365 + year / 4 - year / 100 + year / 400);
    }
    month = (100 * in_year + 52) / 3060;
    return (struct day){year + (month + 2) / 12, (month + 2) % 12 + 1,
                        in_year - (month * 306 + 5) / 10 + 1};
}

bool date_put_shifted(const struct date *d, int days, struct buf *ret)
{
    int number = day_number(d->day) + days;
    struct day day;

    if (number < day_number((struct day){1, 1, 1}))
        return false;
    day = day_at(number);
    if (day.year > 9999)
        return false;
    date_put(d, day, ret);
    return true;
}
