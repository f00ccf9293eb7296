/* DataMasking: what looks like a value, the same each time, and leads back to none. */
#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/leaf_job.h"

enum { MASK_LENGTH = 32 };

/* `len` lower-case hex digits that the value determines: of its digest, then of a stream from it. */
static enum status put_hex(struct run *run, const struct leaf *leaf, size_t len, struct why *why)
{
    static const char digits[] = "0123456789abcdef";
    const struct domain *domain = run_attribute(run, leaf->attribute)->domain;
    uint8_t digest[DIGEST_SIZE];
    char *text = buf_reserve(&run->made, len);
    size_t bytes = (len + 1) / 2;
    enum status st;

    if (!text)
        return buf_status(&run->made, why);
    st = crypt_digest(run->crypt, domain, "mask", leaf->value, digest, why);
    if (st != ST_OK)
        return st;
    /* The stream goes into the second half of the room, and is spread out from there. */
    if (bytes <= DIGEST_SIZE)
        memcpy(text + len - bytes, digest, bytes);
    else
        st = crypt_stretch(run->crypt, domain, digest, (uint8_t *)text + len - bytes, bytes, why);
    for (size_t i = 0; st == ST_OK && i < len; i += 2) {
        uint8_t byte = (uint8_t)text[len - bytes + i / 2];

        text[i] = digits[byte >> 4];
        if (i + 1 < len)
            text[i + 1] = digits[byte & 15];
    }
    buf_advance(&run->made, len);
    return st;
}

enum status mask_string(struct run *run, const struct leaf *leaf, const struct date *date,
                        struct outcome *ret, struct why *why)
{
    size_t len =
        run->call->preserve_string_length ? codepoint_count(leaf->value.text) : MASK_LENGTH;
    enum status st = put_hex(run, leaf, len, why);

    (void)date;
    return st == ST_OK ? outcome_made(run, ret, why) : st;
}

enum status mask_date(struct run *run, const struct leaf *leaf, const struct date *date,
                      struct outcome *ret, struct why *why)
{
    uint8_t digest[DIGEST_SIZE];
    enum status st = crypt_digest(run->crypt, run_attribute(run, leaf->attribute)->domain, "mask",
                                  leaf->value, digest, why);

    if (st != ST_OK)
        return st;
    date_put_random(date, digest, &run->made);
    return outcome_made(run, ret, why);
}

/* One of the eight digits from 1 to 9 that are not `old` (nine where old is 0). */
static char other_digit(char old, uint8_t random)
{
    char digit = (char)('1' + random % (old == '0' ? 9 : 8));

    return old != '0' && digit >= old ? (char)(digit + 1) : digit;
}

/* The digits before the exponent are replaced; the exponent tells the size, and stays. */
static void replace_digits(char *text, size_t len, const uint8_t *random)
{
    for (size_t i = 0; i < len && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] >= '0' && text[i] <= '9')
            text[i] = other_digit(text[i], random[i]);
    }
}

enum status mask_number(struct run *run, const struct leaf *leaf, const struct date *date,
                        struct outcome *ret, struct why *why)
{
    const struct domain *domain = run_attribute(run, leaf->attribute)->domain;
    struct slice literal = leaf->value.text;
    uint8_t digest[DIGEST_SIZE];
    uint8_t *random = digest;
    auto_free uint8_t *more = NULL;
    enum status st = crypt_digest(run->crypt, domain, "mask", leaf->value, digest, why);

    (void)date;
    if (st == ST_OK && literal.len > DIGEST_SIZE) {
        random = more = malloc(literal.len);
        st = more ? crypt_stretch(run->crypt, domain, digest, more, literal.len, why)
                  : fail_memory(why);
    }
    if (st != ST_OK)
        return st;
    buf_put_slice(&run->made, literal);
    if (buf_status(&run->made, why) != ST_OK)
        return buf_status(&run->made, why);
    replace_digits(run->made.data, literal.len, random);
    return outcome_value(ret, VALUE_NUMBER, buf_slice(&run->made));
}

enum status mask_boolean(struct run *run, const struct leaf *leaf, const struct date *date,
                         struct outcome *ret, struct why *why)
{
    return neutral_boolean(run, leaf, date, ret, why);
}

enum status mask_null(struct run *run, const struct leaf *leaf, const struct date *date,
                      struct outcome *ret, struct why *why)
{
    enum status st;

    switch (run_attribute(run, leaf->attribute)->type) {
    case TYPE_NUMBER:
        return neutral_number(run, leaf, date, ret, why);
    case TYPE_BOOLEAN:
        return neutral_boolean(run, leaf, date, ret, why);
    default:
        st = put_hex(run, leaf, MASK_LENGTH, why);
        return st == ST_OK ? outcome_made(run, ret, why) : st;
    }
}
