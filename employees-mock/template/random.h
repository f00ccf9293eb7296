/* Random numbers for templates: fast, seeded once a thread from the kernel; not for secrets. */
#ifndef EMPLOYEES_MOCK_TEMPLATE_RANDOM_H
#define EMPLOYEES_MOCK_TEMPLATE_RANDOM_H

#include <stdint.h>

/* 0 <= result < bound; bound > 0. */
uint64_t random_below(uint64_t bound);
/* 0 <= result < 1. */
double random_fraction(void);

#endif
