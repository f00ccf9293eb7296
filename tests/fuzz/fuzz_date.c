#include "interceptor/engine/date.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

static void check(struct slice text, struct buf *made)
{
    struct date again;

    if (made->len != text.len || !date_parse(buf_slice(made), &again))
        abort();
    buf_clear(made);
}

/* Whatever a date is made into is a date of the same length. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct buf made = BUF_INIT(1 << 20);
    struct date date;
    uint8_t random[16];

    if (!date_parse(text, &date))
        return 0;
    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (uint8_t)(data[i % size] * (i + 7));
    date_put_neutral(&date, &made);
    check(text, &made);
    date_put_year(&date, &made);
    check(text, &made);
    date_put_random(&date, random, &made);
    if (slice_equal(buf_slice(&made), text))
        abort();
    check(text, &made);
    if (date_put_shifted(&date, random[0] - 128, &made))
        check(text, &made);
    buf_done(&made);
    return 0;
}
