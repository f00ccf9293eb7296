#include "employees-mock/template/civil.h"

/* Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms": years from March, eras of 400
 * years. */
int64_t civil_to_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static void from_days(int64_t days, struct civil *ret)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    ret->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    ret->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    ret->year = yoe + era * 400 + (ret->month <= 2);
}

int civil_weekday(int64_t days)
{
    return (int)(((days + 3) % 7 + 7) % 7) + 1;
}

bool civil_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_month_length(int64_t year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return lengths[month - 1] + (month == 2 && civil_is_leap(year));
}

int civil_day_of_year(const struct civil *c)
{
    return (int)(civil_to_days(c->year, c->month, c->day) - civil_to_days(c->year, 1, 1)) + 1;
}

int64_t civil_to_seconds(const struct civil *c)
{
    return civil_to_days(c->year, c->month, c->day) * 86400 + c->hour * 3600 + c->minute * 60 +
           c->second;
}

void civil_from_seconds(int64_t seconds, struct civil *ret)
{
    int64_t days = seconds / 86400;
    int64_t rest = seconds % 86400;

    if (rest < 0) {
        rest += 86400;
        days--;
    }
    from_days(days, ret);
    ret->hour = (int)(rest / 3600);
    ret->minute = (int)(rest / 60 % 60);
    ret->second = (int)(rest % 60);
}

void civil_add_months(struct civil *c, int64_t months)
{
    int64_t total = c->year * 12 + c->month - 1 + months;
    int64_t year = total >= 0 ? total / 12 : -((11 - total) / 12);
    int length;

    c->year = year;
    c->month = (int)(total - year * 12) + 1;
    length = civil_month_length(c->year, c->month);
    if (c->day > length)
        c->day = length;
}
