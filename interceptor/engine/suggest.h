/* Proposes the attributes of a manifest from a sample payload.
 *
 * Looks at names ("firstName", "mail") and at values (e-mail, phone, card with Luhn, IBAN, dates,
 * IP addresses). A proposal is for a person to read: it tells its reason. */
#ifndef ENGINE_SUGGEST_H
#define ENGINE_SUGGEST_H

#include "common/buf.h"
#include "common/status.h"
#include "interceptor/engine/engine.h"

#include <stddef.h>

/* One attribute; all borrowed, for the call of `each` only. */
struct suggestion {
    const char *path; /* as selector.h reads it */
    enum value_type type;
    const char *classification; /* "name", "email", "phone", "card", "iban", "date", "ip" */
    const char *technique;      /* one that fits, or "" */
    const char *reason;         /* "the name", "all of its values" */
    size_t values;              /* how many values the sample has there */
};

/* Calls `each` for every path of the sample that looks personal, in the order of the sample, until
 * it returns false. ST_BAD_INPUT: not a data set. SQL samples are ST_UNSUPPORTED. */
MUST_CHECK enum status suggest_manifest(enum data_set_type type, struct slice sample,
                                        bool (*each)(void *ctx, const struct suggestion *s),
                                        void *ctx, struct why *why);

#endif
