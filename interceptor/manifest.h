/* A manifest: a named list of the attributes that are protected, with what each of them is.
 *
 *     {"name": "Employee", "active": true, "defaultJob": "Restrict", "unlisted": "pass",
 *      "attributes": [{"path": "employees.employee[].firstName", "type": "string",
 *                      "classification": "name", "technique": "keepFirst:1", "domain": "names"}]}
 *
 * Immutable once parsed. */
#ifndef INTERCEPTOR_MANIFEST_H
#define INTERCEPTOR_MANIFEST_H

#include "common/cleanup.h"
#include "common/json.h"
#include "common/status.h"
#include "interceptor/engine/job.h"
#include "interceptor/engine/plan.h"

#include <stdbool.h>
#include <stdint.h>

enum { MANIFEST_NAME_MAX = 200, MANIFEST_ATTRIBUTES_MAX = 100000 };

struct manifest_attribute {
    char *path;
    enum value_type type;
    char *classification; /* NULL: none */
    char *technique;      /* NULL: the job's own */
    char *domain;         /* as plan.h wants it: the attribute's own, or one that is shared */
};

struct manifest {
    char *name;
    bool active;
    enum job default_job; /* never JOB_DEFAULT */
    enum unlisted unlisted;
    char *unlisted_domain;
    struct manifest_attribute *attributes;
    size_t count;
    char *document; /* as it was given, compact JSON */
};

/* ST_BAD_INPUT, ST_TOO_LARGE: place is the member. Paths and techniques are checked too. */
MUST_CHECK enum status manifest_parse(const json_t *object, struct manifest **ret, struct why *why);
void manifest_free(struct manifest *m);

DEFINE_CLEANUP(manifest, struct manifest *, manifest_free)
#define auto_manifest __attribute__((cleanup(cleanup_manifest)))

/* "string", "date", "number", "boolean" */
const char *manifest_type_word(enum value_type type);

/* The plan of a manifest for one tenant. */
MUST_CHECK enum status manifest_plan(const struct manifest *m, const char *tenant,
                                     const struct key_ring *keys, struct plan **ret,
                                     struct why *why);

#endif
