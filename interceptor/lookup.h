/* A fixed set of byte strings, each with a number: found in one step on average.
 *
 * Filled once, then read from any thread. Keys are borrowed and must outlive it. */
#ifndef INTERCEPTOR_LOOKUP_H
#define INTERCEPTOR_LOOKUP_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

struct lookup {
    struct lookup_slot *slots;
    size_t mask; /* slots are a power of two, at most half of them in use */
    size_t used;
};

/* Room for `count` keys. */
MUST_CHECK enum status lookup_init(struct lookup *l, size_t count, struct why *why);
void lookup_done(struct lookup *l);

/* False: the key is there already, nothing is changed. */
bool lookup_add(struct lookup *l, struct slice key, size_t number);

bool lookup_find(const struct lookup *l, struct slice key, size_t *ret_number);

#endif
