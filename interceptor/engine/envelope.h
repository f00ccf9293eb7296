/* The body of a protect call, section 3.2 of docs/contract.md, read in place.
 *
 * Reads what strict parsers refuse: raw LF, CR and TAB in strings, and \' for an apostrophe. The
 * fields are slices of the body itself, whose bytes are overwritten by their decoded text, so that
 * even the data set needs no copy. */
#ifndef ENGINE_ENVELOPE_H
#define ENGINE_ENVELOPE_H

#include "common/buf.h"
#include "common/clock.h"
#include "common/status.h"
#include "interceptor/claims.h"
#include "interceptor/engine/engine.h"
#include "interceptor/engine/job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENVELOPE_CLAIMS_MAX = 10000 };

enum envelope_fault {
    ENVELOPE_FINE,
    ENVELOPE_MALFORMED, /* malformed_json: not one JSON object, or a member given twice */
    ENVELOPE_MISSING,   /* missing_field; why->place is the field */
    ENVELOPE_INVALID,   /* invalid_field; why->place is the field */
    ENVELOPE_NO_MEMORY,
};

/* Text is borrowed from the body, UTF-8, not terminated; absent text is {NULL, 0}, an empty one has
 * data. The data set's text alone is not checked for UTF-8: engine_protect does that. */
struct envelope {
    struct slice manifest_name;
    enum job job;
    char country[3]; /* capitals, terminated */
    char owner[3];   /* "" when absent */
    bool protect_null_values;
    bool preserve_string_length;
    struct slice data_set;
    const char *data_set_end; /* of the body's bytes that it was decoded from, of no use any more */
    bool has_snapshot;
    struct instant snapshot;
    struct slice restricted_text; /* "*********" when absent */
    bool has_usage;
    int64_t usage_id;
    struct claim *claims; /* heap; the text is the body's */
    size_t claim_count;
    struct slice third_party_name;
    bool has_third_party_id;
    int64_t third_party_id;
    bool has_sql_type;
    enum sql_type sql_type;
    struct slice classification_model;
};

/* sql: the data set is SQL, so that sqlType is mandatory. Faults are told in the order of the
 * contract: malformed, then missing fields, then invalid ones, each in the order of its table.
 * *ret is empty after a fault. */
MUST_CHECK enum envelope_fault envelope_read(char *body, size_t len, bool sql, struct envelope *ret,
                                             struct why *why);
void envelope_done(struct envelope *e);
#define auto_envelope __attribute__((cleanup(envelope_done)))

#endif
