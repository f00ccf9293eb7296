/* Pseudonymise, Encrypt, and their ways back. */
#include "interceptor/engine/base62.h"
#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/leaf_job.h"

static const struct domain *domain_of(const struct run *run, const struct leaf *leaf)
{
    return run_attribute(run, leaf->attribute)->domain;
}

enum status pseudonym_other(struct run *run, const struct leaf *leaf, const struct date *date,
                            struct outcome *ret, struct why *why)
{
    enum status st =
        crypt_pseudonym(run->crypt, domain_of(run, leaf), leaf->value, &run->made, why);

    (void)date;
    return st == ST_OK ? outcome_made(run, ret, why) : st;
}

/* With its length kept, a text has no room for a code of itself: its pseudonym is drawn and
 * remembered. The empty text is its own. */
enum status pseudonym_text(struct run *run, const struct leaf *leaf, const struct date *date,
                           struct outcome *ret, struct why *why)
{
    if (!run->call->preserve_string_length)
        return pseudonym_other(run, leaf, date, ret, why);
    if (leaf->value.text.len == 0)
        return outcome_value(ret, VALUE_STRING, SLICE(""));
    if (!run->call->tokens)
        return fail(why, ST_UNSUPPORTED, "there is no store for pseudonyms that keep a length");
    *ret = (struct outcome){.kind = OUTCOME_ASSIGN, .length = codepoint_count(leaf->value.text)};
    return ST_OK;
}

static enum status keep(struct outcome *ret)
{
    ret->kind = OUTCOME_KEEP;
    return ST_OK;
}

/* ST_NOT_FOUND of an opener is no failure: the value is none of its tokens. */
enum status reverse_pseudonym(struct run *run, const struct leaf *leaf, const struct date *date,
                              struct outcome *ret, struct why *why)
{
    struct slice text = leaf->value.text;
    struct value original;
    enum status st;

    (void)date;
    if (text.len == 0 || !base62_is(text))
        return keep(ret);
    buf_clear(&run->opened);
    st = crypt_open_pseudonym(run->crypt, domain_of(run, leaf), text, &run->opened, &original, why);
    if (st == ST_OK)
        return leaf_restore(run, leaf, original, ret, why);
    if (st != ST_NOT_FOUND)
        return st;
    ret->kind = run->call->tokens ? OUTCOME_RESOLVE : OUTCOME_KEEP;
    return ST_OK;
}

enum status token_any(struct run *run, const struct leaf *leaf, const struct date *date,
                      struct outcome *ret, struct why *why)
{
    enum status st = crypt_token(run->crypt, domain_of(run, leaf), leaf->value, &run->made, why);

    (void)date;
    return st == ST_OK ? outcome_made(run, ret, why) : st;
}

enum status reverse_token(struct run *run, const struct leaf *leaf, const struct date *date,
                          struct outcome *ret, struct why *why)
{
    struct value original;
    enum status st;

    (void)date;
    buf_clear(&run->opened);
    st = crypt_open_token(run->crypt, domain_of(run, leaf), leaf->value.text, &run->opened,
                          &original, why);
    if (st == ST_OK)
        return leaf_restore(run, leaf, original, ret, why);
    return st == ST_NOT_FOUND ? keep(ret) : st;
}
