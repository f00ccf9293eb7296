#include "employees-mock/template/random.h"

#include "common/uuid.h"

/* xorshift128+ (Vigna 2014). */
static uint64_t random_bits(void)
{
    static _Thread_local uint64_t state[2];
    uint64_t a;
    uint64_t b;

    while (state[0] == 0 && state[1] == 0)
        random_bytes(state, sizeof state);
    a = state[0];
    b = state[1];
    state[0] = b;
    a ^= a << 23;
    state[1] = a ^ b ^ (a >> 17) ^ (b >> 26);
    return state[1] + b;
}

uint64_t random_below(uint64_t bound)
{
    uint64_t tail = UINT64_MAX - UINT64_MAX % bound;
    uint64_t bits = random_bits();

    while (bits >= tail)
        bits = random_bits();
    return bits % bound;
}

double random_fraction(void)
{
    return (double)(random_bits() >> 11) * 0x1p-53;
}
