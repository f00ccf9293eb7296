#include "employees-mock/match/levenshtein.h"

#include <stdlib.h>

enum { COMPARED_MAX = 2000 };

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* One row of the table at a time. */
static size_t edits(struct slice a, struct slice b)
{
    size_t row[COMPARED_MAX + 1];

    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t above = row[j];

            row[j] =
                smallest(above + 1, row[j - 1] + 1, diagonal + (a.data[i - 1] != b.data[j - 1]));
            diagonal = above;
        }
    }
    return row[b.len];
}

static struct slice beginning(struct slice s)
{
    return (struct slice){s.data, s.len < COMPARED_MAX ? s.len : COMPARED_MAX};
}

double levenshtein_normalised(struct slice a, struct slice b)
{
    size_t longer = a.len > b.len ? a.len : b.len;
    struct slice x = beginning(a);
    struct slice y = beginning(b);
    size_t shown = x.len > y.len ? x.len : y.len;

    if (longer == 0 || slice_equal(a, b))
        return 0;
    return ((double)edits(x, y) + (double)(longer - shown)) / (double)longer;
}
