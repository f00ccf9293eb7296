/* Restrict: what stands for a value without telling anything of it. */
#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/leaf_job.h"

enum status outcome_made(struct run *run, struct outcome *ret, struct why *why)
{
    enum status st = buf_status(&run->made, why);

    return st == ST_OK ? outcome_value(ret, VALUE_STRING, buf_slice(&run->made)) : st;
}

static enum status whole_text(struct run *run, struct outcome *ret)
{
    *ret = (struct outcome){.kind = OUTCOME_RESTRICTED,
                            .value = {VALUE_STRING, run->call->restricted_text}};
    return ST_OK;
}

/* The restricted text, repeated or cut to `count` code points. */
static void put_repeated(struct slice text, size_t count, struct buf *ret)
{
    size_t in_text = codepoint_count(text);

    for (; in_text > 0 && count >= in_text; count -= in_text)
        buf_put_slice(ret, text);
    if (in_text > 0)
        buf_put(ret, text.data, codepoint_bytes(text, count));
}

enum status neutral_string(struct run *run, const struct leaf *leaf, const struct date *date,
                           struct outcome *ret, struct why *why)
{
    (void)date;
    if (!run->call->preserve_string_length)
        return whole_text(run, ret);
    put_repeated(run->call->restricted_text, codepoint_count(leaf->value.text), &run->made);
    return outcome_made(run, ret, why);
}

enum status neutral_date(struct run *run, const struct leaf *leaf, const struct date *date,
                         struct outcome *ret, struct why *why)
{
    (void)leaf;
    date_put_neutral(date, &run->made);
    return outcome_made(run, ret, why);
}

enum status neutral_number(struct run *run, const struct leaf *leaf, const struct date *date,
                           struct outcome *ret, struct why *why)
{
    (void)run, (void)leaf, (void)date, (void)why;
    return outcome_value(ret, VALUE_NUMBER, SLICE("0"));
}

enum status neutral_boolean(struct run *run, const struct leaf *leaf, const struct date *date,
                            struct outcome *ret, struct why *why)
{
    (void)run, (void)leaf, (void)date, (void)why;
    return outcome_value(ret, VALUE_BOOLEAN, SLICE("false"));
}

/* As the attribute's type; the text is not cut, since there is no length to keep. */
enum status neutral_null(struct run *run, const struct leaf *leaf, const struct date *date,
                         struct outcome *ret, struct why *why)
{
    switch (run_attribute(run, leaf->attribute)->type) {
    case TYPE_NUMBER:
        return neutral_number(run, leaf, date, ret, why);
    case TYPE_BOOLEAN:
        return neutral_boolean(run, leaf, date, ret, why);
    default:
        return whole_text(run, ret);
    }
}
