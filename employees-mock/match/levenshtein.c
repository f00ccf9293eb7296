#include "employees-mock/match/levenshtein.h"

#include "common/utf8.h"

#include <math.h>
#include <stdint.h>

enum { COMPARED_MAX = 2000 };

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* The beginning of a text in Java's letters, those beyond U+FFFF as two. */
struct letters {
    uint16_t at[COMPARED_MAX];
    size_t count; /* of the whole text, which may be longer than the beginning */
};

static void add(struct letters *l, uint32_t letter)
{
    if (l->count < COMPARED_MAX)
        l->at[l->count] = (uint16_t)letter;
    l->count++;
}

static void read_letters(struct slice text, struct letters *ret)
{
    ret->count = 0;
    while (text.len > 0) {
        uint32_t code = (unsigned char)text.data[0];
        size_t step = code < 0x80 ? 1 : utf8_step(text, &code);

        if (code > 0xFFFF) {
            add(ret, 0xD7C0 + (code >> 10));
            code = 0xDC00 + (code & 0x3FF);
        }
        add(ret, code);
        text = slice_from(text, step ? step : 1);
    }
}

static size_t beginning(const struct letters *l)
{
    return l->count < COMPARED_MAX ? l->count : COMPARED_MAX;
}

/* One row of the table at a time. */
static size_t edits(const struct letters *a, const struct letters *b)
{
    size_t row[COMPARED_MAX + 1];
    size_t a_len = beginning(a);
    size_t b_len = beginning(b);

    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];

            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a->at[i - 1] != b->at[j - 1]));
            diagonal = above;
        }
    }
    return row[b_len];
}

double levenshtein_normalised(struct slice a, struct slice b)
{
    struct letters x;
    struct letters y;
    size_t longer;
    size_t shown;

    if (a.len == 0 && b.len == 0)
        return NAN;
    if (slice_equal(a, b))
        return 0;
    read_letters(a, &x);
    read_letters(b, &y);
    longer = x.count > y.count ? x.count : y.count;
    shown = longer < COMPARED_MAX ? longer : COMPARED_MAX;
    return ((double)edits(&x, &y) + (double)(longer - shown)) / (double)longer;
}
