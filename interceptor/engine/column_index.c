#include "interceptor/engine/column_index.h"

#include "common/utf8.h"
#include "interceptor/engine/plan_inside.h"

#include <openssl/rand.h>
#include <stdlib.h>

static uint32_t *head_of(const struct column_index *x, struct slice name)
{
    return &x->heads[utf8_hash_nocase(name, x->seed) & x->mask];
}

enum status column_index_init(struct column_index *x, const struct planned *attributes,
                              size_t count, struct why *why)
{
    size_t slots = 16;

    while (slots < 2 * count)
        slots *= 2;
    x->attributes = attributes;
    x->mask = (uint32_t)slots - 1;
    x->heads = calloc(slots, sizeof *x->heads);
    x->next = calloc(count + 1, sizeof *x->next);
    if (!x->heads || !x->next)
        return fail_memory(why);
    if (RAND_bytes((unsigned char *)&x->seed, sizeof x->seed) != 1)
        return fail(why, ST_INTERNAL, "no random bytes");
    for (size_t i = count; i-- > 0;) { /* so that the first one stands first */
        uint32_t *head = head_of(x, slice_of(attributes[i].column));

        x->next[i] = *head;
        *head = (uint32_t)i + 1;
    }
    return ST_OK;
}

void column_index_done(struct column_index *x)
{
    free(x->heads);
    free(x->next);
    *x = (struct column_index){0};
}

uint32_t column_index_find(const struct column_index *x, struct slice name)
{
    uint32_t at = *head_of(x, name);

    while (at && !utf8_equal_nocase(name, slice_of(x->attributes[at - 1].column)))
        at = x->next[at - 1];
    return at;
}
