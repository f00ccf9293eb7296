/* malloc and its kin that fail on demand. The linker puts them in the place of the real ones, in
 * the tests that tests/tests.mk names. */
#ifndef TESTS_UNIT_FAILING_MEMORY_H
#define TESTS_UNIT_FAILING_MEMORY_H

#include "tests/unit/check.h"

#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *text);

enum { NONE_FAILS = -1, HAS_FAILED = -2 };
static long until_failure = NONE_FAILS;
static bool for_good; /* whether none succeeds behind the one that fails */

static bool fails(void)
{
    if (until_failure > 0) {
        until_failure--;
        return false;
    }
    if (until_failure == 0)
        until_failure = HAS_FAILED;
    else if (!for_good)
        return false;
    return until_failure == HAS_FAILED;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

/* Runs it with the first allocation failing, then the second, until none is left to fail. Some that
 * fail are made up for, so a success is fine too; anything else is not. */
static inline void walk_allocations(enum status (*scenario)(void *ctx, struct why *why), void *ctx,
                                    long at_least)
{
    for (long n = 0;; n++) {
        struct why why = {0};
        enum status st;
        bool reached;

        until_failure = n;
        st = scenario(ctx, &why);
        reached = until_failure < 0;
        until_failure = -1;
        if (st != ST_NO_MEMORY)
            assert_ok(st, &why);
        if (!reached) {
            assert_true(n >= at_least);
            return;
        }
    }
}

#endif
