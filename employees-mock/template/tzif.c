#include "employees-mock/template/tzif.h"

#include "common/cleanup.h"
#include "employees-mock/template/civil.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 256 * 1024, TYPES_MAX = 256 };

struct zone_type {
    int32_t offset_s;
    bool summer;
    char abbreviation[12];
};

/* "Mm.w.d/time" of the rule for the years behind the table. */
struct change {
    int month;
    int week;
    int day;
    int time_s;
};

struct tzif {
    size_t count;
    int64_t *times;
    unsigned char *kinds;
    struct zone_type types[TYPES_MAX];
    size_t type_count;
    bool has_rule; /* behind the last time: standard, and summer where has_summer */
    bool has_summer;
    struct zone_type standard;
    struct zone_type summer;
    struct change to_summer;
    struct change to_standard;
};

struct reader {
    const unsigned char *data;
    size_t left;
    bool failed;
};

static const unsigned char *bytes(struct reader *r, size_t count)
{
    const unsigned char *here = r->data;

    if (r->failed || count > r->left) {
        r->failed = true;
        return NULL;
    }
    r->data += count;
    r->left -= count;
    return here;
}

static int64_t number(struct reader *r, size_t size)
{
    const unsigned char *p = bytes(r, size);
    uint64_t value = p && (p[0] & 0x80) ? UINT64_MAX : 0;

    for (size_t i = 0; p && i < size; i++)
        value = value << 8 | p[i];
    return (int64_t)value;
}

struct counts {
    size_t utc_marks, standard_marks, leaps, times, types, letters;
};

static bool read_header(struct reader *r, struct counts *ret)
{
    const unsigned char *magic = bytes(r, 20);

    if (!magic || memcmp(magic, "TZif", 4) != 0)
        return false;
    ret->utc_marks = (size_t)number(r, 4);
    ret->standard_marks = (size_t)number(r, 4);
    ret->leaps = (size_t)number(r, 4);
    ret->times = (size_t)number(r, 4);
    ret->types = (size_t)number(r, 4);
    ret->letters = (size_t)number(r, 4);
    return !r->failed && ret->times < 10000 && ret->types <= TYPES_MAX && ret->types > 0 &&
           ret->letters < 10000 && ret->leaps < 1000;
}

static void skip_block(struct reader *r, const struct counts *c, size_t size)
{
    bytes(r, c->times * (size + 1) + c->types * 6 + c->letters + c->leaps * (size + 4) +
                 c->standard_marks + c->utc_marks);
}

static bool read_types(struct reader *r, struct tzif *z, const struct counts *c)
{
    const unsigned char *types = bytes(r, c->types * 6);
    const unsigned char *letters = bytes(r, c->letters);

    if (!types || !letters)
        return false;
    for (size_t i = 0; i < c->types; i++) {
        struct reader one = {types + i * 6, 6, false};
        struct zone_type *t = &z->types[i];
        size_t at;

        t->offset_s = (int32_t)number(&one, 4);
        t->summer = number(&one, 1) != 0;
        at = (size_t)number(&one, 1);
        for (size_t j = 0; at + j < c->letters && letters[at + j] && j < 11; j++)
            t->abbreviation[j] = (char)letters[at + j];
    }
    z->type_count = c->types;
    return true;
}

static bool read_block(struct reader *r, struct tzif *z, const struct counts *c)
{
    const unsigned char *kinds;

    z->count = c->times;
    z->times = calloc(c->times + 1, sizeof *z->times);
    z->kinds = calloc(c->times + 1, 1);
    if (!z->times || !z->kinds)
        return false;
    for (size_t i = 0; i < c->times; i++)
        z->times[i] = number(r, 8);
    kinds = bytes(r, c->times);
    for (size_t i = 0; kinds && i < c->times; i++)
        z->kinds[i] = kinds[i] < c->types ? kinds[i] : 0;
    if (!read_types(r, z, c))
        return false;
    bytes(r, c->leaps * 12 + c->standard_marks + c->utc_marks);
    return !r->failed;
}

/* ---- the rule at the end, as POSIX's TZ ---- */

static bool take_name(const char **p, char ret[12])
{
    bool quoted = **p == '<';
    size_t len = 0;

    *p += quoted;
    while (**p && (quoted ? **p != '>' : isalpha((unsigned char)**p)) && len < 11)
        ret[len++] = *(*p)++;
    ret[len] = '\0';
    *p += quoted && **p == '>';
    return len > 0;
}

static int take_number(const char **p)
{
    int value = 0;

    while (isdigit((unsigned char)**p) && value < 100000)
        value = value * 10 + *(*p)++ - '0';
    return value;
}

/* [+-]h[:mm[:ss]] in seconds. */
static int take_time(const char **p)
{
    int sign = **p == '-' ? -1 : 1;
    int seconds;

    *p += **p == '-' || **p == '+';
    seconds = take_number(p) * 3600;
    for (int unit = 60; unit >= 1 && **p == ':'; unit /= 60) {
        ++*p;
        seconds += take_number(p) * unit;
    }
    return sign * seconds;
}

static bool take_change(const char **p, struct change *ret)
{
    if ((*p)[0] != ',' || (*p)[1] != 'M')
        return false;
    *p += 2;
    ret->month = take_number(p);
    *p += **p == '.';
    ret->week = take_number(p);
    *p += **p == '.';
    ret->day = take_number(p);
    ret->time_s = 7200;
    if (**p == '/') {
        ++*p;
        ret->time_s = take_time(p);
    }
    return ret->month >= 1 && ret->month <= 12;
}

static void read_rule(struct tzif *z, const char *p)
{
    if (!take_name(&p, z->standard.abbreviation))
        return;
    z->standard.offset_s = -take_time(&p);
    z->has_rule = true;
    if (!take_name(&p, z->summer.abbreviation))
        return;
    z->summer.summer = true;
    z->summer.offset_s = *p == ',' ? z->standard.offset_s + 3600 : -take_time(&p);
    z->has_summer = take_change(&p, &z->to_summer) && take_change(&p, &z->to_standard);
}

static bool read_file(struct tzif *z, struct reader *r)
{
    struct counts c;
    char rule[80] = "";
    size_t len;

    if (!read_header(r, &c))
        return false;
    skip_block(r, &c, 4);
    if (!read_header(r, &c) || !read_block(r, z, &c))
        return false;
    if (r->left > 2 && r->data[0] == '\n') {
        for (len = 0; len + 1 < r->left && len < sizeof rule - 1 && r->data[len + 1] != '\n'; len++)
            rule[len] = (char)r->data[len + 1];
        rule[len] = '\0';
        read_rule(z, rule);
    }
    return true;
}

struct tzif *tzif_load(struct slice name)
{
    const char *folder = getenv("TZDIR");
    char path[512];
    auto_free unsigned char *data = malloc(FILE_MAX);
    struct tzif *z = calloc(1, sizeof *z);
    struct reader r = {data, 0, false};
    FILE *file;

    snprintf(path, sizeof path, "%s/%.*s", folder ? folder : "/usr/share/zoneinfo", (int)name.len,
             name.data);
    file = data && z ? fopen(path, "re") : NULL;
    if (file) {
        r.left = fread(data, 1, FILE_MAX, file);
        fclose(file);
    }
    if (!file || !read_file(z, &r)) {
        tzif_free(z);
        return NULL;
    }
    return z;
}

void tzif_free(struct tzif *z)
{
    if (!z)
        return;
    free(z->times);
    free(z->kinds);
    free(z);
}

/* ---- times ---- */

/* The instant of a change in a year, under the offset before it. */
static int64_t change_at(const struct change *c, int64_t year, int offset_s)
{
    int64_t first = civil_to_days(year, c->month, 1);
    int weekday = civil_weekday(first) % 7; /* 0 Sunday */
    int day = (c->day - weekday + 7) % 7 + (c->week - 1) * 7;

    while (day >= civil_month_length(year, c->month))
        day -= 7;
    return (first + day) * 86400 + c->time_s - offset_s;
}

static const struct zone_type *by_rule(const struct tzif *z, int64_t utc_s)
{
    struct civil day;
    int64_t on;
    int64_t off;
    bool summer;

    if (!z->has_summer)
        return &z->standard;
    civil_from_seconds(utc_s + z->standard.offset_s, &day);
    on = change_at(&z->to_summer, day.year, z->standard.offset_s);
    off = change_at(&z->to_standard, day.year, z->summer.offset_s);
    summer = on < off ? utc_s >= on && utc_s < off : utc_s >= on || utc_s < off;
    return summer ? &z->summer : &z->standard;
}

void tzif_at(const struct tzif *z, int64_t utc_s, struct java_zone_time *ret)
{
    const struct zone_type *t = &z->types[0];
    size_t low = 0;
    size_t high = z->count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (z->times[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0)
        t = &z->types[z->kinds[low - 1]];
    if (low == z->count && z->has_rule)
        t = by_rule(z, utc_s);
    ret->offset_s = t->offset_s;
    ret->summer = t->summer;
    memcpy(ret->abbreviation, t->abbreviation, sizeof ret->abbreviation);
}
