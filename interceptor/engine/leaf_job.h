/* What the call's job makes of one value: a table, job x type of the value -> function. */
#ifndef ENGINE_LEAF_JOB_H
#define ENGINE_LEAF_JOB_H

#include "interceptor/engine/date.h"
#include "interceptor/engine/run.h"

/* How a leaf is treated: by its own type, a null by its attribute's. */
enum leaf_type { LEAF_STRING, LEAF_DATE, LEAF_NUMBER, LEAF_BOOLEAN, LEAF_NULL, LEAF_TYPES };

/* date: filled for LEAF_DATE. */
typedef enum status leaf_job(struct run *run, const struct leaf *leaf, const struct date *date,
                             struct outcome *ret, struct why *why);

leaf_job neutral_string, neutral_date, neutral_number, neutral_boolean, neutral_null;
/* A short text may happen to be the hex digits that stand for it, and would come through in clear:
 * changes the first digit of such a mask. */
void mask_avoid(struct buf *mask, struct slice value);

leaf_job mask_string, mask_date, mask_number, mask_boolean, mask_null;
leaf_job pseudonym_text, pseudonym_other, reverse_pseudonym;
leaf_job token_any, reverse_token;

/* Applies the job of the call, and counts. Outcomes of a silent call are all OUTCOME_KEEP or
 * OUTCOME_RESOLVE. */
MUST_CHECK enum status leaf_apply(struct run *run, const struct leaf *leaf, struct outcome *ret,
                                  struct why *why);

/* What Restrict gives: the technique of the attribute, or the neutral value. */
MUST_CHECK enum status leaf_restrict(struct run *run, const struct leaf *leaf, struct outcome *ret,
                                     struct why *why);

/* The leaf was a token of `original`: which comes back if it is granted, else its neutral value.
 * Counts. */
MUST_CHECK enum status leaf_restore(struct run *run, const struct leaf *leaf, struct value original,
                                    struct outcome *ret, struct why *why);

/* The technique of the attribute; *ret_done false: it has none, or it does not fit. */
MUST_CHECK enum status leaf_technique(struct run *run, const struct leaf *leaf,
                                      const struct date *date, struct outcome *ret, bool *ret_done,
                                      struct why *why);

/* The outcome is the text that was written to run->made. */
MUST_CHECK enum status outcome_made(struct run *run, struct outcome *ret, struct why *why);

static inline enum status outcome_value(struct outcome *ret, enum value_kind kind,
                                        struct slice text)
{
    *ret = (struct outcome){.kind = OUTCOME_VALUE, .value = {kind, text}};
    return ST_OK;
}

#endif
