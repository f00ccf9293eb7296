#include "interceptor/engine/shift.h"

enum { DAYS_MAX = 365 };

bool shift_put(struct run *run, struct slice subject, const struct date *date)
{
    uint8_t digest[DIGEST_SIZE];
    struct value v = {VALUE_STRING, subject};
    int days;

    crypt_digest(run->plan->shift, "shift", &v, digest);
    days = 1 + (digest[0] << 8 | digest[1]) % DAYS_MAX;
    return date_put_shifted(date, digest[2] & 1 ? days : -days, &run->made);
}
