/* A manifest made ready for the engine: paths compiled, techniques parsed, keys derived.
 *
 * One for each tenant and manifest, made when the configuration changes. Immutable: any thread. */
#ifndef ENGINE_PLAN_H
#define ENGINE_PLAN_H

#include "common/buf.h"
#include "common/cleanup.h"
#include "common/status.h"
#include "interceptor/engine/crypt.h"
#include "interceptor/engine/technique.h"
#include "interceptor/engine/value.h"

#include <stddef.h>

/* What happens to leaves that no path holds. */
enum unlisted { UNLISTED_PASS, UNLISTED_PROTECT, UNLISTED_REJECT };

struct plan_attribute {
    const char *path; /* see selector.h */
    enum value_type type;
    const char *domain;    /* whose keys; attributes of one name share them. Not NULL */
    const char *technique; /* see technique.h; NULL: the job's own */
};

struct plan_spec {
    struct slice tenant;
    const struct key_ring *keys;
    const struct plan_attribute *attributes;
    size_t count;
    enum unlisted unlisted;
    const char *unlisted_domain; /* whose keys UNLISTED_PROTECT takes; not NULL with it */
};

struct plan;

/* Keeps nothing of the spec. ST_BAD_INPUT, ST_TOO_LARGE: a path or technique is wrong; place is the
 * path. */
MUST_CHECK enum status plan_new(const struct plan_spec *spec, struct plan **ret, struct why *why);
void plan_free(struct plan *p);

DEFINE_CLEANUP(plan, struct plan *, plan_free)
#define auto_plan __attribute__((cleanup(cleanup_plan)))

/* How many attributes it has. */
size_t plan_count(const struct plan *p);

#endif
