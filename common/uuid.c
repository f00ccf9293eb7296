#include "common/uuid.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

enum { POOL_SIZE = 512, UUID_BYTES = 16 };

/* Random bytes in store, of one thread. */
struct pool {
    unsigned char bytes[POOL_SIZE];
    size_t left;
    unsigned forks; /* as many as had been seen when it was filled */
};

static _Thread_local struct pool pool;

/* A child of fork() must not hand out what its parent does. */
static atomic_uint forks;
static pthread_once_t watch_once = PTHREAD_ONCE_INIT;

static void count_fork(void)
{
    atomic_fetch_add(&forks, 1);
}

static void watch_forks(void)
{
    if (pthread_atfork(NULL, NULL, count_fork) != 0)
        abort();
}

static void ask_kernel(void *ret, size_t n)
{
    unsigned char *at = ret;

    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);

        if (got < 0 && errno != EINTR) {
            perror("the kernel gives no random bytes");
            abort();
        }
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        }
    }
}

void random_bytes(void *ret, size_t n)
{
    unsigned char *from;

    if (n > POOL_SIZE) {
        ask_kernel(ret, n);
        return;
    }
    pthread_once(&watch_once, watch_forks);
    if (pool.left < n || pool.forks != atomic_load(&forks)) {
        ask_kernel(pool.bytes, POOL_SIZE);
        pool.left = POOL_SIZE;
        pool.forks = atomic_load(&forks);
    }
    pool.left -= n;
    from = pool.bytes + pool.left;
    memcpy(ret, from, n);
    explicit_bzero(from, n); /* what was handed out is not kept here */
}

/* Version 4, variant 1: RFC 9562, 5.4. */
void uuid_make(char ret[UUID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[UUID_BYTES];
    char *at = ret;

    random_bytes(bytes, sizeof bytes);
    bytes[6] = (unsigned char)(0x40 | (bytes[6] & 0x0f));
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f));
    for (size_t i = 0; i < UUID_BYTES; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 0x0f];
    }
    *at = '\0';
}

_Bool uuid_valid(const char *text)
{
    static const char shape[UUID_SIZE] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (!text)
        return 0;
    for (size_t i = 0; i < UUID_SIZE; i++) { /* the terminator is the last to agree */
        if (shape[i] == 'x' ? !text[i] || !strchr("0123456789abcdefABCDEF", text[i])
                            : text[i] != shape[i])
            return 0;
    }
    return 1;
}
