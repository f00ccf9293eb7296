#include "interceptor/engine/job.h"

#include "interceptor/engine/leaf_job.h"

static const char *const names[JOBS] = {
    [JOB_RESTRICT] = "Restrict",         [JOB_DATA_MASKING] = "DataMasking",
    [JOB_PSEUDONYMISE] = "Pseudonymise", [JOB_RECONSTRUCT] = "Reconstruct",
    [JOB_ENCRYPT] = "Encrypt",           [JOB_DECRYPT] = "Decrypt",
    [JOB_DEFAULT] = "Default",
};

bool job_parse(struct slice text, enum job *ret)
{
    for (int i = 0; i < JOBS; i++) {
        if (slice_equal_nocase(text, slice_of(names[i]))) {
            *ret = (enum job)i;
            return true;
        }
    }
    return false;
}

const char *job_name(enum job job)
{
    return names[job];
}

static enum status keep(struct run *run, const struct leaf *leaf, const struct date *date,
                        struct outcome *ret, struct why *why)
{
    (void)run, (void)leaf, (void)date, (void)why;
    *ret = (struct outcome){.kind = OUTCOME_KEEP};
    return ST_OK;
}

/* LEAF_NULL is asked for only where null values are protected. */
static leaf_job *const functions[JOBS][LEAF_TYPES] = {
    [JOB_RESTRICT] = {neutral_string, neutral_date, neutral_number, neutral_boolean, neutral_null},
    [JOB_DATA_MASKING] = {mask_string, mask_date, mask_number, mask_boolean, mask_null},
    [JOB_PSEUDONYMISE] = {pseudonym_text, pseudonym_text, pseudonym_other, pseudonym_other,
                          pseudonym_other},
    [JOB_RECONSTRUCT] = {reverse_pseudonym, reverse_pseudonym, keep, keep, keep},
    [JOB_ENCRYPT] = {token_any, token_any, token_any, token_any, token_any},
    [JOB_DECRYPT] = {reverse_token, reverse_token, keep, keep, keep},
};

static bool shows_granted(enum job job)
{
    return job == JOB_RESTRICT || job == JOB_DATA_MASKING;
}

static bool is_reverse(enum job job)
{
    return job == JOB_RECONSTRUCT || job == JOB_DECRYPT;
}

/* Leaves below a path are treated by their JSON type, so that no date is looked for there. */
static enum leaf_type classify(const struct run *run, const struct leaf *leaf, struct date *date)
{
    switch (leaf->value.kind) {
    case VALUE_NULL:
        return LEAF_NULL;
    case VALUE_BOOLEAN:
        return LEAF_BOOLEAN;
    case VALUE_NUMBER:
        return LEAF_NUMBER;
    default:
        break;
    }
    if (leaf->direct && run_attribute(run, leaf->attribute)->type == TYPE_DATE &&
        date_parse(leaf->value.text, date))
        return LEAF_DATE;
    return LEAF_STRING;
}

static enum status perform(struct run *run, enum job job, const struct leaf *leaf,
                           struct outcome *ret, struct why *why)
{
    struct date date;
    enum leaf_type type = classify(run, leaf, &date);
    bool done = false;
    enum status st;

    buf_clear(&run->made);
    if (type == LEAF_NULL && !run->call->protect_null_values)
        return keep(run, leaf, &date, ret, why);
    if (shows_granted(job)) {
        st = leaf_technique(run, leaf, type == LEAF_DATE ? &date : NULL, ret, &done, why);
        if (st != ST_OK || done)
            return st;
    }
    return functions[job][type](run, leaf, &date, ret, why);
}

static void count(struct run *run, const struct leaf *leaf, const struct outcome *outcome)
{
    struct attribute_count *counts = &run->counts[leaf->attribute];

    if (outcome->kind == OUTCOME_KEEP)
        counts->kept++;
    else if (outcome->kind != OUTCOME_RESOLVE)
        counts->protected ++;
}

enum status leaf_apply(struct run *run, const struct leaf *leaf, struct outcome *ret,
                       struct why *why)
{
    enum job job = run->call->job;
    enum status st;

    if (shows_granted(job) && run_granted(run, leaf->attribute)) {
        run->counts[leaf->attribute].granted++;
        ret->kind = OUTCOME_KEEP;
        return ST_OK;
    }
    st = perform(run, job, leaf, ret, why);
    if (st != ST_OK)
        return st;
    if (!is_reverse(job) || ret->kind == OUTCOME_KEEP)
        count(run, leaf, ret);
    if (run->call->silent && ret->kind != OUTCOME_RESOLVE)
        ret->kind = OUTCOME_KEEP;
    return ST_OK;
}

enum status leaf_restrict(struct run *run, const struct leaf *leaf, struct outcome *ret,
                          struct why *why)
{
    return perform(run, JOB_RESTRICT, leaf, ret, why);
}

enum status leaf_restore(struct run *run, const struct leaf *leaf, struct value original,
                         struct outcome *ret, struct why *why)
{
    struct leaf restored = {original, leaf->attribute, leaf->direct, true};
    enum status st;

    if (run_granted(run, leaf->attribute)) {
        run->counts[leaf->attribute].granted++;
        return outcome_value(ret, original.kind, original.text);
    }
    run->counts[leaf->attribute].protected ++;
    st = leaf_restrict(run, &restored, ret, why);
    if (st == ST_OK && ret->kind == OUTCOME_KEEP) /* null that need not be protected */
        st = outcome_value(ret, original.kind, original.text);
    return st;
}
