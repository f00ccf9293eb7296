#include "employees-mock/byte_ranges.h"

#include <ctype.h>
#include <stdint.h>

/* All of the text is digits; too large a number counts as the largest. */
static bool read_number(struct slice text, size_t *ret)
{
    size_t number = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!isdigit((unsigned char)text.data[i]))
            return false;
        number =
            number > (SIZE_MAX - 9) / 10 ? SIZE_MAX : number * 10 + (size_t)(text.data[i] - '0');
    }
    *ret = number;
    return text.len > 0;
}

/* "0-3", "5-" or "-3". */
static bool read_range(struct slice text, size_t size, struct byte_range *ret)
{
    const char *dash = memchr(text.data, '-', text.len);
    size_t at = dash ? (size_t)(dash - text.data) : 0;
    struct slice from = slice_trim((struct slice){text.data, at});
    struct slice to;
    size_t tail;

    if (!dash || size == 0)
        return false;
    to = slice_trim(slice_from(text, at + 1));
    if (from.len == 0) {
        if (!read_number(to, &tail) || tail == 0)
            return false;
        *ret = (struct byte_range){tail < size ? size - tail : 0, size - 1};
        return true;
    }
    ret->last = size - 1;
    if (!read_number(from, &ret->first) || (to.len > 0 && !read_number(to, &ret->last)))
        return false;
    if (ret->last >= size)
        ret->last = size - 1;
    return ret->first <= ret->last;
}

static bool overlap(const struct byte_range *a, const struct byte_range *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* A range that overlaps with one that is there already makes that larger. */
static void add(struct byte_ranges *r, struct byte_range one)
{
    size_t i = 0;

    while (i < r->count) {
        struct byte_range *other = &r->items[i];

        if (!overlap(&one, other)) {
            i++;
            continue;
        }
        one.first = other->first < one.first ? other->first : one.first;
        one.last = other->last > one.last ? other->last : one.last;
        *other = r->items[--r->count];
        i = 0;
    }
    if (r->count < BYTE_RANGES_MAX)
        r->items[r->count++] = one;
}

void byte_ranges_add(struct byte_ranges *r, struct slice value, size_t size)
{
    struct byte_range one;

    r->asked = true;
    value = slice_trim(value);
    if (!slice_starts(value, SLICE("bytes=")))
        return;
    value = slice_from(value, sizeof "bytes=" - 1);
    while (value.len > 0) {
        const char *comma = memchr(value.data, ',', value.len);
        size_t len = comma ? (size_t)(comma - value.data) : value.len;

        if (read_range(slice_trim((struct slice){value.data, len}), size, &one))
            add(r, one);
        value = slice_from(value, len + (comma != NULL));
    }
}
