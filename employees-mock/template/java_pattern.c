#include "employees-mock/template/java_pattern.h"

#include <ctype.h>
#include <stdlib.h>

enum { PATTERN_MAX = 1000 };

const char *const java_months[13] = {"",        "January",  "February", "March",  "April",
                                     "May",     "June",     "July",     "August", "September",
                                     "October", "November", "December"};
const char *const java_weekdays[8] = {"",         "Monday", "Tuesday",  "Wednesday",
                                      "Thursday", "Friday", "Saturday", "Sunday"};

/* ---- taking apart ---- */

struct reader {
    struct slice left;
    struct java_pattern *p;
    size_t text_len;
};

/* A character of text goes to the field before, where that is text. */
static void add_text(struct reader *r, char c)
{
    struct java_pattern *p = r->p;
    struct pattern_field *last = p->count ? &p->fields[p->count - 1] : NULL;

    if (!last || last->letter || last->text.data + last->text.len != p->text + r->text_len) {
        last = &p->fields[p->count++];
        *last = (struct pattern_field){.text = {p->text + r->text_len, 0}};
    }
    p->text[r->text_len++] = c;
    last->text.len++;
}

/* 'text' with '' for a quote; '' alone is one too. False: it has no end. */
static bool read_quoted(struct reader *r)
{
    size_t i = 1;

    if (r->left.len > 1 && r->left.data[1] == '\'') {
        add_text(r, '\'');
        r->left.data += 2;
        r->left.len -= 2;
        return true;
    }
    for (; i < r->left.len; i++) {
        if (r->left.data[i] == '\'') {
            if (i + 1 >= r->left.len || r->left.data[i + 1] != '\'')
                break;
            i++;
        }
        add_text(r, r->left.data[i]);
    }
    if (i >= r->left.len)
        return false;
    r->left.data += i + 1;
    r->left.len -= i + 1;
    return true;
}

static void read_letters(struct reader *r)
{
    struct pattern_field *f = &r->p->fields[r->p->count++];
    char c = r->left.data[0];

    *f = (struct pattern_field){.letter = c};
    while (r->left.len > 0 && r->left.data[0] == c) {
        f->count++;
        r->left.data++;
        r->left.len--;
        if (c == '[' || c == ']')
            break;
    }
}

static bool read_fields(struct reader *r)
{
    while (r->left.len > 0) {
        char c = r->left.data[0];

        if (isalpha((unsigned char)c) || c == '[' || c == ']') {
            read_letters(r);
        } else if (c == '\'') {
            if (!read_quoted(r))
                return false;
        } else {
            if (strchr("{}#", c) && !r->p->reserved)
                r->p->reserved = c;
            add_text(r, c);
            r->left.data++;
            r->left.len--;
        }
    }
    return true;
}

enum status java_pattern_compile(struct slice pattern, struct java_pattern **ret, struct why *why)
{
    struct java_pattern *p;
    struct reader r;

    if (pattern.len > PATTERN_MAX)
        return fail(why, ST_BAD_INPUT, "the date pattern has more than %d letters", PATTERN_MAX);
    p = calloc(1, sizeof *p + (pattern.len + 1) * sizeof p->fields[0]);
    if (p) {
        p->text = malloc(pattern.len + 1);
        p->whole = slice_dup(pattern);
    }
    if (!p || !p->text || !p->whole) {
        java_pattern_free(p);
        return fail_memory(why);
    }
    r = (struct reader){pattern, p, 0};
    if (!read_fields(&r)) {
        java_pattern_free(p);
        return fail(why, ST_BAD_INPUT, "java.lang.IllegalArgumentException: Unterminated quote");
    }
    *ret = p;
    return ST_OK;
}

void java_pattern_free(struct java_pattern *p)
{
    if (!p)
        return;
    free(p->text);
    free(p->whole);
    free(p);
}

/* ---- what both formatters share ---- */

void java_time_split(int64_t ms, const struct java_zone *zone, struct java_time *ret)
{
    int64_t seconds = ms / 1000 - (ms % 1000 < 0);

    ret->ms = ms;
    ret->zone = zone;
    ret->millisecond = (int)(ms - seconds * 1000);
    java_zone_at(zone, seconds, &ret->there);
    civil_from_seconds(seconds + ret->there.offset_s, &ret->civil);
    ret->weekday = civil_weekday(civil_to_days(ret->civil.year, ret->civil.month, ret->civil.day));
}

void java_put_offset(struct buf *ret, int offset_s, const char *separator, bool minutes,
                     bool seconds)
{
    int rest = abs(offset_s);

    buf_printf(ret, "%c%02d", offset_s < 0 ? '-' : '+', rest / 3600);
    if (minutes)
        buf_printf(ret, "%s%02d", separator, rest / 60 % 60);
    if (seconds && rest % 60)
        buf_printf(ret, "%s%02d", separator, rest % 60);
}

/* Days from the week's first day. */
static int day_of_week(int weekday, int first)
{
    return (weekday - first + 7) % 7;
}

/* The week (from 1) of a day (from 0) in a stretch whose first day is `start` days into its week;
 * 0: still the stretch before. */
static int week_of(int day, int start, int least)
{
    int first_week = 7 - start >= least ? 1 : 0;

    return (day + start) / 7 + first_week;
}

int java_week_of_year(const struct civil *c, int first, int least, int64_t *ret_year)
{
    int day = civil_day_of_year(c) - 1;
    int start = day_of_week(civil_weekday(civil_to_days(c->year, 1, 1)), first);
    int length = 365 + civil_is_leap(c->year);
    int next = day_of_week(civil_weekday(civil_to_days(c->year + 1, 1, 1)), first);
    struct civil eve = {.year = c->year - 1, .month = 12, .day = 31};

    *ret_year = c->year;
    if (day >= length - next && 7 - next >= least) {
        *ret_year = c->year + 1;
        return 1;
    }
    if (week_of(day, start, least) == 0) {
        int64_t ignored;
        int week = java_week_of_year(&eve, first, least, &ignored);

        *ret_year = c->year - 1;
        return week;
    }
    return week_of(day, start, least);
}

int java_week_of_month(const struct civil *c, int first, int least)
{
    int start = day_of_week(civil_weekday(civil_to_days(c->year, c->month, 1)), first);

    return week_of(c->day - 1, start, least);
}

/* Names of CLDR for the abbreviations that are met most. */
static const struct {
    const char *abbreviation;
    const char *full;
} zone_names[] = {
    {"UTC", "Coordinated Universal Time"},
    {"GMT", "Greenwich Mean Time"},
    {"BST", "British Summer Time"},
    {"CET", "Central European Standard Time"},
    {"CEST", "Central European Summer Time"},
    {"EET", "Eastern European Standard Time"},
    {"EEST", "Eastern European Summer Time"},
    {"WET", "Western European Standard Time"},
    {"WEST", "Western European Summer Time"},
    {"EST", "Eastern Standard Time"},
    {"EDT", "Eastern Daylight Time"},
    {"CST", "Central Standard Time"},
    {"CDT", "Central Daylight Time"},
    {"MST", "Mountain Standard Time"},
    {"MDT", "Mountain Daylight Time"},
    {"PST", "Pacific Standard Time"},
    {"PDT", "Pacific Daylight Time"},
    {"JST", "Japan Standard Time"},
    {"KST", "Korean Standard Time"},
    {"IST", "India Standard Time"},
    {"AEST", "Australian Eastern Standard Time"},
    {"AEDT", "Australian Eastern Daylight Time"},
    {"MSK", "Moscow Standard Time"},
};

void java_put_zone_name(struct buf *ret, const struct java_time *t, bool full)
{
    const char *name = t->there.abbreviation;

    for (size_t i = 0; full && i < sizeof zone_names / sizeof zone_names[0]; i++) {
        if (strcmp(name, zone_names[i].abbreviation) == 0) {
            buf_put_text(ret, zone_names[i].full);
            return;
        }
    }
    if (name[0] == '+' || name[0] == '-') {
        buf_put_text(ret, "GMT");
        java_put_offset(ret, t->there.offset_s, ":", true, false);
        return;
    }
    buf_put_text(ret, name);
}
