/* The techniques at work: a table, kind -> function. Each tells whether it fits the value. */
#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/leaf_job.h"
#include "interceptor/engine/luhn.h"
#include "interceptor/engine/shift.h"

enum fit { FITS, DOES_NOT_FIT };

/* Writes to run->made; st is the status where it fits. */
typedef enum fit apply_fn(struct run *run, const struct leaf *leaf, const struct date *date,
                          struct outcome *ret, enum status *st, struct why *why);

static const struct technique *technique_of(const struct run *run, const struct leaf *leaf)
{
    return &run_attribute(run, leaf->attribute)->technique;
}

static enum fit made(struct run *run, struct outcome *ret, enum status *st, struct why *why)
{
    *st = outcome_made(run, ret, why);
    return FITS;
}

static void put_stars(struct buf *ret, size_t count)
{
    while (count-- > 0)
        buf_put_char(ret, '*');
}

/* The first (else last) of so many characters, or none where that would be all of them. */
static enum fit keep_part(struct run *run, const struct leaf *leaf, bool first, struct outcome *ret,
                          enum status *st, struct why *why)
{
    struct slice text = leaf->value.text;
    size_t count = codepoint_count(text);
    size_t kept = technique_of(run, leaf)->count;
    size_t cut;

    if (leaf->value.kind != VALUE_STRING)
        return DOES_NOT_FIT;
    if (kept >= count)
        kept = 0;
    cut = codepoint_bytes(text, first ? kept : count - kept);
    if (first)
        buf_put(&run->made, text.data, cut);
    put_stars(&run->made, count - kept);
    if (!first)
        buf_put(&run->made, text.data + cut, text.len - cut);
    return made(run, ret, st, why);
}

static enum fit keep_first(struct run *run, const struct leaf *leaf, const struct date *date,
                           struct outcome *ret, enum status *st, struct why *why)
{
    (void)date;
    return keep_part(run, leaf, true, ret, st, why);
}

static enum fit keep_last(struct run *run, const struct leaf *leaf, const struct date *date,
                          struct outcome *ret, enum status *st, struct why *why)
{
    (void)date;
    return keep_part(run, leaf, false, ret, st, why);
}

/* So many random bytes that the value determines; NULL: memory is out. The caller frees them. */
static uint8_t *stretch(struct run *run, const struct leaf *leaf, const char *use, size_t len,
                        enum status *st, struct why *why)
{
    const struct domain *domain = run_attribute(run, leaf->attribute)->domain;
    uint8_t *bytes = malloc(len + 1);
    uint8_t digest[DIGEST_SIZE];

    *st = bytes ? ST_OK : fail_memory(why);
    if (bytes) {
        crypt_digest(domain, use, &leaf->value, digest);
        crypt_stretch(domain, digest, bytes, len);
    }
    return bytes;
}

enum { LOCAL_PART_LENGTH = 10, DOMAIN_MAX = 253 };

/* What stands behind the last @ is kept, so it must look like a domain, and not like more text. */
static bool is_domain(struct slice text)
{
    static const char marks[] = ".-_[]:"; /* [IPv6:::1] too */

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

        if (!letter && !(c >= '0' && c <= '9') && c < 0x80 && !memchr(marks, c, sizeof marks - 1))
            return false;
    }
    return text.len > 0 && text.len <= DOMAIN_MAX;
}

static enum fit email(struct run *run, const struct leaf *leaf, const struct date *date,
                      struct outcome *ret, enum status *st, struct why *why)
{
    struct slice text = leaf->value.text;
    const char *at = text.len ? memrchr(text.data, '@', text.len) : NULL;
    auto_free uint8_t *random = NULL;
    size_t local, len;

    (void)date;
    if (leaf->value.kind != VALUE_STRING || !at || at == text.data ||
        !is_domain((struct slice){at + 1, (size_t)(text.data + text.len - at) - 1}))
        return DOES_NOT_FIT;
    local = (size_t)(at - text.data);
    len = run->call->preserve_string_length ? codepoint_count((struct slice){text.data, local})
                                            : LOCAL_PART_LENGTH;
    random = stretch(run, leaf, "email", len, st, why);
    for (size_t i = 0; random && i < len; i++)
        buf_put_char(&run->made, "0123456789abcdef"[random[i] & 15]);
    buf_put(&run->made, at, text.len - local);
    mask_avoid(&run->made, text);
    return random ? made(run, ret, st, why) : FITS;
}

/* All digits but the first and the check digit are replaced; the check digit follows from them. */
static enum fit card(struct run *run, const struct leaf *leaf, const struct date *date,
                     struct outcome *ret, enum status *st, struct why *why)
{
    struct slice text = leaf->value.text;
    auto_free uint8_t *random = NULL;

    (void)date;
    if (leaf->value.kind != VALUE_STRING || !luhn_is_card(text))
        return DOES_NOT_FIT;
    random = stretch(run, leaf, "card", text.len, st, why);
    if (!random)
        return FITS;
    buf_put_slice(&run->made, text);
    if (!run->made.failed)
        luhn_replace(run->made.data, text.len, random);
    return made(run, ret, st, why);
}

static enum fit date_shift(struct run *run, const struct leaf *leaf, const struct date *date,
                           struct outcome *ret, enum status *st, struct why *why)
{
    if (!date)
        return DOES_NOT_FIT;
    if (technique_of(run, leaf)->text) {
        if (leaf->restored || run->call->type != DATA_SET_JSON)
            return DOES_NOT_FIT;
        *ret = (struct outcome){.kind = OUTCOME_SHIFT};
        *st = ST_OK;
        return FITS;
    }
    return shift_put(run, SLICE(""), date) ? made(run, ret, st, why) : DOES_NOT_FIT;
}

static enum fit year(struct run *run, const struct leaf *leaf, const struct date *date,
                     struct outcome *ret, enum status *st, struct why *why)
{
    (void)leaf;
    if (!date)
        return DOES_NOT_FIT;
    date_put_year(date, &run->made);
    return made(run, ret, st, why);
}

static enum fit null(struct run *run, const struct leaf *leaf, const struct date *date,
                     struct outcome *ret, enum status *st, struct why *why)
{
    (void)run, (void)leaf, (void)date, (void)why;
    *st = outcome_value(ret, VALUE_NULL, SLICE("null"));
    return FITS;
}

static enum fit fixed(struct run *run, const struct leaf *leaf, const struct date *date,
                      struct outcome *ret, enum status *st, struct why *why)
{
    (void)date, (void)why;
    *st = outcome_value(ret, VALUE_STRING, slice_of(technique_of(run, leaf)->text));
    return FITS;
}

/* Another of the `count` characters from `first` on, of which `old` is one. */
static char other_of(char old, char first, int count, uint8_t random)
{
    return (char)(first + (old - first + 1 + random % (count - 1)) % count);
}

/* Another capital, small letter or digit than the one at p; what is no ASCII becomes a letter (a
 * capital for those of Latin-1), since it may be one. '\0': it stays. */
static char same_class(const char *p, uint8_t random)
{
    unsigned char c = (unsigned char)*p;

    if (c >= 'A' && c <= 'Z')
        return other_of(*p, 'A', 26, random);
    if (c >= '0' && c <= '9')
        return other_of(*p, '0', 10, random);
    if (c >= 'a' && c <= 'z')
        return other_of(*p, 'a', 26, random);
    if (c < 0x80)
        return '\0';
    if (c == 0xc3 && (unsigned char)p[1] < 0x9f && (unsigned char)p[1] != 0x97)
        return (char)('A' + random % 26);
    return (char)('a' + random % 26);
}

static enum fit shape(struct run *run, const struct leaf *leaf, const struct date *date,
                      struct outcome *ret, enum status *st, struct why *why)
{
    struct slice text = leaf->value.text;
    auto_free uint8_t *random = NULL;

    (void)date;
    if (leaf->value.kind != VALUE_STRING)
        return DOES_NOT_FIT;
    random = stretch(run, leaf, "shape", text.len, st, why);
    if (!random)
        return FITS;
    for (size_t i = 0; i < text.len; i++) {
        char c = same_class(text.data + i, random[i]);

        if (((unsigned char)text.data[i] & 0xc0) != 0x80)
            buf_put_char(&run->made, c ? c : text.data[i]);
    }
    return made(run, ret, st, why);
}

static apply_fn *const functions[TECHNIQUES] = {
    [TECHNIQUE_KEEP_FIRST] = keep_first,
    [TECHNIQUE_KEEP_LAST] = keep_last,
    [TECHNIQUE_EMAIL] = email,
    [TECHNIQUE_CARD] = card,
    [TECHNIQUE_DATE_SHIFT] = date_shift,
    [TECHNIQUE_YEAR] = year,
    [TECHNIQUE_NULL] = null,
    [TECHNIQUE_FIXED] = fixed,
    [TECHNIQUE_SHAPE] = shape,
};

enum status leaf_technique(struct run *run, const struct leaf *leaf, const struct date *date,
                           struct outcome *ret, bool *ret_done, struct why *why)
{
    apply_fn *function = functions[technique_of(run, leaf)->kind];
    enum status st = ST_OK;

    *ret_done = function && function(run, leaf, date, ret, &st, why) == FITS;
    if (!*ret_done)
        buf_clear(&run->made);
    return st;
}
