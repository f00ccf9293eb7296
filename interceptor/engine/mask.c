/* DataMasking: what looks like a value, the same each time, and leads back to none. */
#include "interceptor/engine/codepoint.h"
#include "interceptor/engine/leaf_job.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { MASK_LENGTH = 32 };

#ifdef __SSE2__
/* 16 numbers below 16 as digits: letters stand 39 places behind where digits would go on. */
static inline void put_digits(char *to, __m128i numbers)
{
    const __m128i letters =
        _mm_and_si128(_mm_cmpgt_epi8(numbers, _mm_set1_epi8(9)), _mm_set1_epi8('a' - '0' - 10));

    _mm_storeu_si128((__m128i *)(void *)to,
                     _mm_add_epi8(_mm_add_epi8(numbers, _mm_set1_epi8('0')), letters));
}
#endif

/* `len` digits of the bytes from `from` on, which may lie in the second half of `to`. */
static void spread_hex(char *to, const uint8_t *from, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    size_t i = 0;

#ifdef __SSE2__
    for (; len - 2 * i >= 32; i += 16) { /* each step is read before it is written */
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(from + i));
        const __m128i low = _mm_and_si128(bytes, _mm_set1_epi8(15));
        const __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(15));

        put_digits(to + 2 * i, _mm_unpacklo_epi8(high, low));
        put_digits(to + 2 * i + 16, _mm_unpackhi_epi8(high, low));
    }
#endif
    for (; i < len / 2; i++) {
        uint8_t byte = from[i];

        to[2 * i] = digits[byte >> 4];
        to[2 * i + 1] = digits[byte & 15];
    }
    if (len % 2)
        to[len - 1] = digits[from[len / 2] >> 4];
}

static const struct domain *domain_of(const struct run *run, const struct leaf *leaf)
{
    return run_attribute(run, leaf->attribute)->domain;
}

/* `len` lower-case hex digits that the value determines: of its digest, then of a stream from it. */
static void put_hex(struct run *run, const struct leaf *leaf, size_t len)
{
    char *text = buf_reserve(&run->made, len);
    size_t bytes = (len + 1) / 2;
    const uint8_t *digest;
    uint8_t *stream;

    if (!text)
        return;
    digest = digest_memo_mask(run->memo, domain_of(run, leaf), &leaf->value);
    if (bytes <= DIGEST_SIZE) {
        spread_hex(text, digest, len);
    } else {
        stream = (uint8_t *)text + len - bytes;
        crypt_stretch(domain_of(run, leaf), digest, stream, bytes);
        spread_hex(text, stream, len);
    }
    buf_advance(&run->made, len);
}

void mask_avoid(struct buf *mask, struct slice value)
{
    if (value.len == 0 || !slice_equal(buf_slice(mask), value))
        return;
    mask->data[0] = mask->data[0] == 'f' ? '0' : mask->data[0] == '9' ? 'a' : mask->data[0] + 1;
}

enum status mask_string(struct run *run, const struct leaf *leaf, const struct date *date,
                        struct outcome *ret, struct why *why)
{
    (void)date;
    put_hex(run, leaf,
            run->call->preserve_string_length ? codepoint_count(leaf->value.text) : MASK_LENGTH);
    mask_avoid(&run->made, leaf->value.text);
    return outcome_made(run, ret, why);
}

enum status mask_date(struct run *run, const struct leaf *leaf, const struct date *date,
                      struct outcome *ret, struct why *why)
{
    date_put_random(date, digest_memo_mask(run->memo, domain_of(run, leaf), &leaf->value),
                    &run->made);
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
    struct slice literal = leaf->value.text;
    const uint8_t *random = digest_memo_mask(run->memo, domain_of(run, leaf), &leaf->value);
    auto_free uint8_t *more = NULL;

    (void)date;
    if (literal.len > DIGEST_SIZE) {
        more = malloc(literal.len);
        if (!more)
            return fail_memory(why);
        crypt_stretch(domain_of(run, leaf), random, more, literal.len);
        random = more;
    }
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
    switch (run_attribute(run, leaf->attribute)->type) {
    case TYPE_NUMBER:
        return neutral_number(run, leaf, date, ret, why);
    case TYPE_BOOLEAN:
        return neutral_boolean(run, leaf, date, ret, why);
    default:
        put_hex(run, leaf, MASK_LENGTH);
        return outcome_made(run, ret, why);
    }
}
