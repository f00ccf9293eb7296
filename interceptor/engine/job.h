/* The jobs that a caller may ask for, and what each does to one value.
 *
 * A table, job x value -> function. Pure; the keys come with the attribute. */
#ifndef ENGINE_JOB_H
#define ENGINE_JOB_H

#include "common/buf.h"
#include "common/status.h"

#include <stdbool.h>

enum job {
    JOB_RESTRICT,
    JOB_DATA_MASKING,
    JOB_PSEUDONYMISE,
    JOB_RECONSTRUCT,
    JOB_ENCRYPT,
    JOB_DECRYPT,
    JOB_DEFAULT, /* the manifest's own; replaced by it before the engine is called */
    JOBS
};

/* "Restrict", "DataMasking", ... in any case. */
bool job_parse(struct slice text, enum job *ret);

/* As the wire contract spells it; never NULL. */
const char *job_name(enum job job);

#endif
