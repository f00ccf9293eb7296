/* A pattern in the first line (empty: none), a truncation in the second, a date behind them. */
#include "employees-mock/match/datetime.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = {(const char *)data, size};
    struct slice pattern = fuzz_take(&rest, '\n');
    struct slice truncation = fuzz_take(&rest, '\n');
    struct datetime t;
    enum status st = pattern.len > 0 ? datetime_parse_pattern(rest, pattern, &t, NULL)
                                     : datetime_parse(rest, &t, NULL);

    if (st != ST_OK)
        return 0;
    if (datetime_truncate(&t, truncation, NULL) == ST_OK &&
        datetime_add(&t, (int64_t)size * 1000, (enum datetime_unit)(size % (UNIT_YEARS + 1)),
                     NULL) == ST_OK)
        return datetime_weekday(&t) < 1 || datetime_compare(&t, &t) != 0;
    return 0;
}
