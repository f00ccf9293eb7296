#include "interceptor/engine/shift.h"

enum { DAYS_MAX = 365 };

enum status shift_put(struct run *run, struct slice subject, const struct date *date,
                      bool *ret_fits, struct why *why)
{
    uint8_t digest[DIGEST_SIZE];
    struct value v = {VALUE_STRING, subject};
    enum status st = crypt_digest(run->crypt, run->plan->shift, "shift", v, digest, why);
    int days;

    if (st != ST_OK)
        return st;
    days = 1 + (digest[0] << 8 | digest[1]) % DAYS_MAX;
    *ret_fits = date_put_shifted(date, digest[2] & 1 ? days : -days, &run->made);
    return ST_OK;
}
