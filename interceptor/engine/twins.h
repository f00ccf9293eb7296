/* Paths that mean one place: in XML a.b and a[].b, in SQL all that end with the same name. The
 * first of them says how the place is treated, whoever asks; it is granted where all are. */
#ifndef ENGINE_TWINS_H
#define ENGINE_TWINS_H

#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct twins {
    uint32_t *first; /* by path: the first one of its place */
    size_t count;
    bool any;
};

/* Zeroed before; each path is alone at first. */
MUST_CHECK enum status twins_init(struct twins *t, size_t count, struct why *why);
void twins_done(struct twins *t);

void twins_set(struct twins *t, size_t path, size_t first);

/* What is granted in effect: NULL where that is `granted` itself, else the caller's to free. */
MUST_CHECK enum status twins_grant(const struct twins *t, const bool *granted, bool **ret,
                                   struct why *why);

#endif
