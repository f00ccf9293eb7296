#include "employees-mock/template/zone_offset.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#define NO_OFFSET "java.time.DateTimeException: Invalid ID for ZoneOffset, "
#define OUT_OF    "java.time.DateTimeException: Zone offset "

static enum status no_offset(const char *reason, struct slice s, struct why *why)
{
    return fail(why, ST_BAD_INPUT, NO_OFFSET "%s: %.*s", reason, s.len > 100 ? 100 : (int)s.len,
                s.data);
}

static enum status read_number(struct slice s, size_t at, bool behind_colon, int *ret,
                               struct why *why)
{
    if (behind_colon && s.data[at - 1] != ':')
        return no_offset("colon not found when expected", s, why);
    if (!isdigit((unsigned char)s.data[at]) || !isdigit((unsigned char)s.data[at + 1]))
        return no_offset("non numeric characters found", s, why);
    *ret = (s.data[at] - '0') * 10 + s.data[at + 1] - '0';
    return ST_OK;
}

static enum status check_offset(const int parts[3], int sign, struct why *why)
{
    static const struct {
        const char *name;
        int most;
    } ranges[] = {{"hours", 18}, {"minutes", 59}, {"seconds", 59}};

    for (size_t i = 0; i < 3; i++)
        if (parts[i] > ranges[i].most)
            return fail(why, ST_BAD_INPUT,
                        OUT_OF "%s not in valid range: value %d is not in the range -%d to %d",
                        ranges[i].name, sign * parts[i], ranges[i].most, ranges[i].most);
    if (parts[0] == 18 && (parts[1] || parts[2]))
        return fail(why, ST_BAD_INPUT, OUT_OF "not in valid range: -18:00 to +18:00");
    return ST_OK;
}

enum status zone_offset_read(struct slice s, int *ret, struct why *why)
{
    bool colons = s.len == 6 || s.len == 9;
    size_t step = colons ? 3 : 2;
    int sign = s.len > 0 && s.data[0] == '-' ? -1 : 1;
    int parts[3] = {0};
    enum status st = ST_OK;

    *ret = 0;
    if (slice_is(s, "Z"))
        return ST_OK;
    if (s.len < 2 || s.len > 9 || s.len == 4 || s.len == 8)
        return no_offset("invalid format", s, why);
    if (s.len == 2 && !isdigit((unsigned char)s.data[1]))
        return no_offset("non numeric characters found", s, why);
    if (s.len == 2)
        parts[0] = s.data[1] - '0';
    for (size_t i = 0; 1 + i * step + 1 < s.len && st == ST_OK; i++)
        st = read_number(s, 1 + i * step, colons && i > 0, &parts[i], why);
    if (st != ST_OK)
        return st;
    if (s.data[0] != '+' && s.data[0] != '-')
        return no_offset("plus/minus not found when expected", s, why);
    *ret = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
    return check_offset(parts, sign, why);
}

void zone_offset_write(int offset_s, char ret[ZONE_OFFSET_SIZE])
{
    int rest = abs(offset_s);
    int len = snprintf(ret, ZONE_OFFSET_SIZE, "%c%02d:%02d", offset_s < 0 ? '-' : '+', rest / 3600,
                       rest / 60 % 60);

    if (rest % 60)
        snprintf(ret + len, ZONE_OFFSET_SIZE - (size_t)len, ":%02d", rest % 60);
}
