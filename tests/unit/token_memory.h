/* A token store in memory, for tests: rows in an array, searched one by one. */
#ifndef UNIT_TOKEN_MEMORY_H
#define UNIT_TOKEN_MEMORY_H

#include "interceptor/engine/token_store.h"

#include <stdlib.h>

struct memory_row {
    uint8_t scope[SCOPE_SIZE];
    uint8_t lookup[LOOKUP_SIZE];
    char *pseudonym;
    size_t pseudonym_len;
    char *sealed;
    size_t sealed_len;
};

struct token_memory {
    struct memory_row *rows;
    size_t count;
    size_t calls;   /* of assign and resolve */
    bool broken;    /* every call fails */
    size_t largest; /* batch */
};

static void token_memory_done(struct token_memory *m)
{
    for (size_t i = 0; i < m->count; i++) {
        free(m->rows[i].pseudonym);
        free(m->rows[i].sealed);
    }
    free(m->rows);
    *m = (struct token_memory){0};
}

static const struct memory_row *find_pseudonym(const struct token_memory *m, const uint8_t *scope,
                                               struct slice pseudonym)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct memory_row *row = &m->rows[i];

        if (memcmp(row->scope, scope, SCOPE_SIZE) == 0 &&
            slice_equal((struct slice){row->pseudonym, row->pseudonym_len}, pseudonym))
            return row;
    }
    return NULL;
}

static int memory_claim(void *context, const struct token_request *request, struct slice pseudonym,
                        struct why *why)
{
    struct token_memory *m = context;
    struct memory_row *row;

    (void)why;
    if (find_pseudonym(m, request->scope, pseudonym))
        return 0;
    m->rows = realloc(m->rows, (m->count + 1) * sizeof *m->rows);
    row = &m->rows[m->count++];
    memcpy(row->scope, request->scope, SCOPE_SIZE);
    memcpy(row->lookup, request->lookup, LOOKUP_SIZE);
    row->pseudonym = slice_dup(pseudonym);
    row->pseudonym_len = pseudonym.len;
    row->sealed = slice_dup(request->sealed);
    row->sealed_len = request->sealed.len;
    return 1;
}

static enum status memory_assign_one(struct token_memory *m, struct token_request *r,
                                     struct why *why)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct memory_row *row = &m->rows[i];

        if (memcmp(row->scope, r->scope, SCOPE_SIZE) != 0 ||
            memcmp(row->lookup, r->lookup, LOOKUP_SIZE) != 0)
            continue;
        memcpy(r->ret, row->pseudonym, row->pseudonym_len);
        r->ret_len = row->pseudonym_len;
        return ST_OK;
    }
    return token_draw(r, memory_claim, m, why);
}

static enum status memory_assign(void *context, struct token_request *requests, size_t count,
                                 struct why *why)
{
    struct token_memory *m = context;
    enum status st = ST_OK;

    m->calls++;
    if (count > m->largest)
        m->largest = count;
    if (m->broken)
        return fail(why, ST_IO, "the disk is full");
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = memory_assign_one(m, &requests[i], why);
    return st;
}

static enum status memory_resolve(void *context, struct token_query *queries, size_t count,
                                  struct why *why)
{
    struct token_memory *m = context;

    m->calls++;
    if (m->broken)
        return fail(why, ST_IO, "the disk is full");
    for (size_t i = 0; i < count; i++) {
        const struct memory_row *row = find_pseudonym(m, queries[i].scope, queries[i].pseudonym);

        queries[i].ret_found = row != NULL;
        if (row)
            queries[i].ret_sealed = (struct slice){row->sealed, row->sealed_len};
    }
    return ST_OK;
}

static struct token_store token_memory_store(struct token_memory *m)
{
    return (struct token_store){m, memory_assign, memory_resolve, NULL};
}

#endif
