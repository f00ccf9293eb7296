#include "interceptor/token_store_rows.h"

#include <string.h>

enum { DIGEST_KEPT = 16, COLUMN_MAX = 64 << 20 };
/* A statement's rows, and the bytes of its pseudonyms. */
enum { ROWS_MAX = 8192, TEXT_MAX = 4 << 20 };
/* Drawn at random for a value, at most; and how many of them one statement carries. */
enum { DRAWS = 256, DRAWS_AT_ONCE = 64, CHOICES_AT_ONCE = 4096 };

struct token_want {
    size_t tried;
    bool done;
    uint32_t asked; /* the request of the row with this place among the last asked */
};

/* ---- rows ---- */

void token_rows_done(struct token_rows *rows)
{
    for (size_t i = 0; i < TOKEN_COLUMNS; i++)
        buf_done(&rows->columns[i]);
    *rows = (struct token_rows){0};
}

static void put(struct token_rows *rows, enum token_column column, struct slice value)
{
    struct buf *array = &rows->columns[column];

    if (array->max == 0) {
        buf_init(array, COLUMN_MAX);
        pg_array_begin(array);
    }
    pg_array_add(array, value);
}

static enum status put_digest(struct token_rows *rows, const struct master *master,
                              const uint8_t scope[SCOPE_SIZE], struct slice pseudonym,
                              struct why *why)
{
    auto_buf struct buf text = BUF_INIT(COLUMN_MAX);
    uint8_t digest[KEYED_HASH_SIZE];
    enum status st;

    buf_put(&text, scope, SCOPE_SIZE);
    buf_put_slice(&text, pseudonym);
    st = buf_status(&text, why);
    if (st == ST_OK)
        st = master_hash(master, "pseudonym", buf_slice(&text), digest, why);
    if (st == ST_OK)
        put(rows, TOKEN_DIGEST, (struct slice){(const char *)digest, DIGEST_KEPT});
    return st;
}

static struct slice bytes_of(const uint8_t *bytes, size_t len)
{
    return (struct slice){(const char *)bytes, len};
}

enum status token_rows_add_query(struct token_rows *rows, const struct master *master,
                                 const struct token_query *query, struct why *why)
{
    rows->count++;
    put(rows, TOKEN_SCOPE, bytes_of(query->scope, SCOPE_SIZE));
    return put_digest(rows, master, query->scope, query->pseudonym, why);
}

enum status token_rows_end(struct token_rows *rows, struct why *why)
{
    enum status st = ST_OK;

    for (size_t i = 0; i < TOKEN_COLUMNS && st == ST_OK; i++) {
        if (rows->columns[i].max == 0)
            continue;
        pg_array_end(&rows->columns[i], rows->count);
        st = buf_status(&rows->columns[i], why);
    }
    return st;
}

struct pg_param token_rows_param(const struct token_rows *rows, enum token_column column)
{
    return (struct pg_param){PG_BYTES_ARRAY, buf_slice(&rows->columns[column])};
}

/* ---- wants ---- */

enum status token_wants_init(struct token_wants *w, struct token_request *requests, size_t count,
                             struct why *why)
{
    *w = (struct token_wants){.requests = requests, .count = count, .left = count};
    w->wants = calloc(count ? count : 1, sizeof *w->wants);
    return w->wants ? ST_OK : fail_memory(why);
}

void token_wants_done(struct token_wants *w)
{
    free(w->wants);
    *w = (struct token_wants){0};
}

enum status token_wants_ask(struct token_wants *w, struct token_rows *ret, struct why *why)
{
    for (size_t i = 0; i < w->count; i++) {
        const struct token_request *r = &w->requests[i];

        if (w->wants[i].done)
            continue;
        w->wants[ret->count++].asked = (uint32_t)i;
        put(ret, TOKEN_SCOPE, bytes_of(r->scope, SCOPE_SIZE));
        put(ret, TOKEN_LOOKUP, bytes_of(r->lookup, LOOKUP_SIZE));
    }
    return token_rows_end(ret, why);
}

enum status token_wants_known(struct token_wants *w, size_t number, struct slice pseudonym,
                              struct why *why)
{
    struct token_request *r;
    size_t at = number >= 1 && number <= w->count ? w->wants[number - 1].asked : w->count;

    if (at >= w->count || w->wants[at].done)
        return fail(why, ST_IO, "the token store answers with rows that nobody asked for");
    r = &w->requests[at];
    if (pseudonym.len == 0 || pseudonym.len > (r->length > TOKEN_LONG ? r->length : TOKEN_LONG))
        return fail(why, ST_IO, "the token store holds a pseudonym of a wrong length");
    memcpy(r->ret, pseudonym.data, pseudonym.len);
    r->ret_len = pseudonym.len;
    w->wants[at].done = true;
    w->left--;
    return ST_OK;
}

/* ---- drawing ---- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Never beyond the end of a stage, so that no pseudonym of the next one is drawn in vain. */
static size_t at_once(const struct token_want *want, const struct token_request *r)
{
    size_t all = DRAWS + token_choices(r->length);

    if (want->tried == 0 || want->tried >= all)
        return 1;
    return want->tried < DRAWS ? least(DRAWS_AT_ONCE, DRAWS - want->tried)
                               : least(CHOICES_AT_ONCE, all - want->tried);
}

/* The next pseudonym to be tried, into r->ret; *ret false: it is not to be used. */
static enum status next_try(struct token_want *want, struct token_request *r, bool *ret,
                            struct why *why)
{
    size_t choices = token_choices(r->length);
    size_t tried = want->tried++;
    enum status st = ST_OK;

    r->ret_len = r->length;
    if (tried < DRAWS) {
        st = token_random(r->ret, r->ret_len, why);
    } else if (tried - DRAWS < choices) {
        token_spell(tried - DRAWS, r->ret, r->ret_len);
    } else if (tried - DRAWS - choices < DRAWS) {
        r->ret_len = TOKEN_LONG;
        st = token_random(r->ret, r->ret_len, why);
    } else {
        st = fail(why, ST_INTERNAL, "no pseudonym could be drawn");
    }
    *ret = !slice_equal((struct slice){r->ret, r->ret_len}, r->avoid);
    return st;
}

static enum status draw_one(const struct master *master, struct token_want *want,
                            struct token_request *r, struct token_rows *rows, struct why *why)
{
    struct slice pseudonym;
    bool usable = false;
    enum status st = next_try(want, r, &usable, why);

    if (st != ST_OK || !usable)
        return st;
    pseudonym = (struct slice){r->ret, r->ret_len};
    rows->count++;
    rows->has_short = rows->has_short || r->ret_len <= TOKEN_SHORT;
    put(rows, TOKEN_SCOPE, bytes_of(r->scope, SCOPE_SIZE));
    put(rows, TOKEN_LOOKUP, bytes_of(r->lookup, LOOKUP_SIZE));
    put(rows, TOKEN_PSEUDONYM, pseudonym);
    put(rows, TOKEN_SEALED, r->sealed);
    return put_digest(rows, master, r->scope, pseudonym, why);
}

/* Others of the same scope and length need not try what one has tried in vain. */
static void share_experience(struct token_wants *w, struct token_want *want,
                             const struct token_request *r)
{
    size_t all = DRAWS + token_choices(r->length);

    if (r->length > TOKEN_SHORT)
        return;
    if (want->tried >= all) {
        memcpy(w->full_scope, r->scope, SCOPE_SIZE);
        w->full_length = r->length;
    } else if (want->tried > 0 && w->full_length == r->length &&
               memcmp(w->full_scope, r->scope, SCOPE_SIZE) == 0) {
        want->tried = all;
    }
}

static enum status draw_some(struct token_wants *w, size_t i, const struct master *master,
                             struct token_rows *rows, struct why *why)
{
    struct token_want *want = &w->wants[i];
    size_t before = rows->count;
    size_t many;
    enum status st = ST_OK;

    share_experience(w, want, &w->requests[i]);
    many = at_once(want, &w->requests[i]);
    for (size_t n = 0; n < many && st == ST_OK; n++)
        st = draw_one(master, want, &w->requests[i], rows, why);
    rows->single = rows->single && rows->count == before + 1;
    return st;
}

enum status token_wants_draw(struct token_wants *w, const struct master *master,
                             struct token_rows *ret, struct why *why)
{
    enum status st = ST_OK;

    ret->single = true;
    for (size_t i = 0; i < w->count && st == ST_OK; i++) {
        if (w->wants[i].done)
            continue;
        if (ret->count + at_once(&w->wants[i], &w->requests[i]) > ROWS_MAX ||
            ret->columns[TOKEN_PSEUDONYM].len > TEXT_MAX) {
            ret->single = false;
            break;
        }
        st = draw_some(w, i, master, ret, why);
    }
    return st == ST_OK ? token_rows_end(ret, why) : st;
}

bool token_wants_kept(struct token_wants *w, const struct token_rows *rows, size_t kept)
{
    if (!rows->single || kept != rows->count)
        return false;
    w->left = 0;
    return true;
}
