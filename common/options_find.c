#include "common/options_internal.h"

enum { COMPARED = 64 }; /* bytes of a name that the suggestion looks at */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many letters must be added, dropped or changed (Levenshtein). */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[COMPARED + 1];

    a.len = least(a.len, COMPARED);
    b.len = least(b.len, COMPARED);
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t changed = diagonal + (a.data[i - 1] != b.data[j - 1]);

            diagonal = row[j];
            row[j] = least(changed, 1 + least(row[j], row[j - 1]));
        }
    }
    return row[b.len];
}

/* NULL when none is near. */
static const struct option *nearest(const struct option *table, size_t count, struct slice name)
{
    const struct option *found = NULL;
    size_t limit = name.len / 3 + 2;

    for (size_t i = 0; i < count; i++) {
        size_t far = distance(name, slice_of(table[i].name));

        if (far < limit) {
            limit = far;
            found = &table[i];
        }
    }
    return found;
}

static enum status fail_unknown(const struct option *table, size_t count, struct slice name,
                                struct why *why)
{
    const struct option *meant = nearest(table, count, name);

    /* A typed text may be long, or hold what steers a terminal. */
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] <= ' ' || name.data[i] > '~' || i == COMPARED)
            return fail(why, ST_BAD_INPUT, "an option that does not exist; --help lists all");
    }
    if (meant)
        return fail(why, ST_BAD_INPUT, "unknown option --%.*s; did you mean --%s?", (int)name.len,
                    name.data, meant->name);
    return fail(why, ST_BAD_INPUT, "unknown option --%.*s; --help lists all", (int)name.len,
                name.data);
}

enum status option_find(const struct option *table, size_t count, struct slice name,
                        size_t *ret_row, struct why *why)
{
    size_t found = count;

    for (size_t i = 0; i < count; i++) {
        if (slice_is(name, table[i].name)) {
            *ret_row = i;
            return ST_OK;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (name.len == 0 || !slice_starts(slice_of(table[i].name), name))
            continue;
        if (found < count)
            return fail(why, ST_BAD_INPUT, "--%.*s may be --%s or --%s", (int)name.len, name.data,
                        table[found].name, table[i].name);
        found = i;
    }
    if (found == count)
        return fail_unknown(table, count, name, why);
    *ret_row = found;
    return ST_OK;
}
