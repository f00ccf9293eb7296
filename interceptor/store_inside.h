/* The parts of struct store, for store*.c alone. */
#ifndef INTERCEPTOR_STORE_INSIDE_H
#define INTERCEPTOR_STORE_INSIDE_H

#include "common/db.h"
#include "interceptor/store.h"

#include <pthread.h>

struct store {
    struct db *db;
    pthread_mutex_t lock;  /* recursive */
    int64_t last_position; /* of the policy, in this transaction; 0: not looked for yet */
};

struct store_guard {
    struct store *store;
};

static inline struct store_guard store_guard_take(struct store *s)
{
    store_lock(s);
    return (struct store_guard){s};
}

static inline void store_guard_done(struct store_guard *guard)
{
    store_unlock(guard->store);
}

/* Holds the lock until the end of the block. */
#define WITH_STORE_LOCK(s)                                                                         \
    __attribute__((cleanup(store_guard_done), unused)) struct store_guard guard_ =                 \
        store_guard_take(s)

#endif
