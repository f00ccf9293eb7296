#include "tests/unit/interceptor_fixture.h"

#include "interceptor/token_store_rows.h"

struct drawing {
    struct master *master;
    struct token_wants wants;
    struct token_request requests[2];
    char room[2][TOKEN_LONG + 10];
};

static int drawing_setup(void **state)
{
    struct drawing *d = calloc(1, sizeof *d);
    uint8_t key[MASTER_KEY_MIN] = {1};
    struct why why = {0};

    assert_ok(master_new(key, sizeof key, &d->master, &why), &why);
    *state = d;
    return 0;
}

static int drawing_teardown(void **state)
{
    struct drawing *d = *state;

    token_wants_done(&d->wants);
    master_free(d->master);
    free(d);
    return 0;
}

static void want(struct drawing *d, size_t count, size_t length, struct slice avoid)
{
    struct why why = {0};

    for (size_t i = 0; i < count; i++) {
        d->requests[i] = (struct token_request){
            .length = length, .avoid = avoid, .sealed = SLICE("sealed"), .ret = d->room[i]};
        d->requests[i].lookup[0] = (uint8_t)i;
    }
    assert_ok(token_wants_init(&d->wants, d->requests, count, &why), &why);
}

/* One more statement, of which nothing is kept. */
static enum status draw_in_vain(struct drawing *d, size_t *ret_rows, bool *ret_short)
{
    auto_token_rows struct token_rows rows = {0};
    struct why why = {0};
    enum status st = token_wants_draw(&d->wants, d->master, &rows, &why);

    *ret_rows += rows.count;
    *ret_short = rows.has_short;
    if (st == ST_OK)
        assert_false(token_wants_kept(&d->wants, &rows, 0));
    return st;
}

static void what_is_kept_at_once_needs_no_question(void **state)
{
    struct drawing *d = *state;
    auto_token_rows struct token_rows rows = {0};
    struct why why = {0};

    want(d, 2, 6, SLICE("clear1"));
    assert_ok(token_wants_draw(&d->wants, d->master, &rows, &why), &why);
    assert_int_equal(rows.count, 2);
    assert_false(rows.has_short);
    assert_true(token_wants_kept(&d->wants, &rows, 2));
    assert_int_equal(d->wants.left, 0);
    assert_int_equal(d->requests[0].ret_len, 6);
}

static void known_pseudonyms_go_where_they_were_asked_for(void **state)
{
    struct drawing *d = *state;
    auto_token_rows struct token_rows first = {0};
    auto_token_rows struct token_rows second = {0};
    struct why why = {0};

    want(d, 2, 6, SLICE(""));
    assert_ok(token_wants_ask(&d->wants, &first, &why), &why);
    assert_ok(token_wants_known(&d->wants, 1, SLICE("first1"), &why), &why);
    assert_ok(token_wants_ask(&d->wants, &second, &why), &why);
    assert_int_equal(second.count, 1);
    assert_ok(token_wants_known(&d->wants, 1, SLICE("second"), &why), &why);
    assert_int_equal(d->wants.left, 0);
    assert_memory_equal(d->room[0], "first1", 6);
    assert_memory_equal(d->room[1], "second", 6);
}

static void rows_that_nobody_asked_for_are_refused(void **state)
{
    struct drawing *d = *state;
    auto_token_rows struct token_rows rows = {0};

    want(d, 2, 6, SLICE(""));
    assert_ok(token_wants_ask(&d->wants, &rows, NULL), &(struct why){0});
    assert_int_equal(token_wants_known(&d->wants, 0, SLICE("x"), NULL), ST_IO);
    assert_int_equal(token_wants_known(&d->wants, 3, SLICE("x"), NULL), ST_IO);
    assert_int_equal(token_wants_known(&d->wants, 1, SLICE(""), NULL), ST_IO);
    assert_int_equal(token_wants_known(&d->wants, 1, SLICE("more than twenty-two bytes"), NULL),
                     ST_IO);
    assert_ok(token_wants_known(&d->wants, 1, SLICE("x"), NULL), &(struct why){0});
    assert_int_equal(token_wants_known(&d->wants, 1, SLICE("x"), NULL), ST_IO);
}

/* 256 at random, then the 62 that there are, then 256 long ones; never the clear value, so that a
 * statement may have no row: has_short does not tell then whether short ones are at their end. */
static void short_lengths_are_tried_out_and_it_ends(void **state)
{
    struct drawing *d = *state;
    size_t rows = 0;
    size_t statements = 0;
    bool is_short = true;
    enum status st = ST_OK;

    want(d, 1, 1, SLICE("a"));
    while (d->requests[0].ret_len != TOKEN_LONG) {
        st = draw_in_vain(d, &rows, &is_short);
        assert_int_equal(st, ST_OK);
        assert_true(++statements < 20);
    }
    assert_true(rows <= 256 + 61 + 1);
    assert_false(is_short);
    for (; st == ST_OK; statements++)
        st = draw_in_vain(d, &rows, &is_short);
    assert_int_equal(st, ST_INTERNAL);
    assert_true(statements < 300);
}

static void one_that_tried_all_spares_the_others(void **state)
{
    struct drawing *d = *state;
    size_t rows = 0;
    bool is_short = true;

    want(d, 2, 1, SLICE(""));
    while (is_short)
        assert_int_equal(draw_in_vain(d, &rows, &is_short), ST_OK);
    assert_int_equal(d->requests[0].ret_len, TOKEN_LONG);
    assert_int_equal(d->requests[1].ret_len, TOKEN_LONG);
}

static void longer_lengths_end_in_long_ones_too(void **state)
{
    struct drawing *d = *state;
    size_t rows = 0;
    bool is_short = false;

    want(d, 1, 5, SLICE(""));
    while (d->requests[0].ret_len != TOKEN_LONG)
        assert_int_equal(draw_in_vain(d, &rows, &is_short), ST_OK);
    assert_int_equal(rows, 256 + 1);
}

static void refused_url(const char *url)
{
    struct why why = {0};

    assert_int_equal(pg_check_url(url, &why), ST_BAD_INPUT);
    assert_null(strstr(why.text, "s3cret"));
}

static void urls_are_checked_without_repeating_them(void **state)
{
    struct why why = {0};

    (void)state;
    assert_ok(pg_check_url("postgresql://u:p%40%2F@a:1,b:2/d?sslmode=require", &why), &why);
    assert_ok(pg_check_url("postgres://h", &why), &why);
    assert_ok(pg_check_url("postgresql:///d?host=/run/postgresql", &why), &why);
    refused_url("");
    refused_url("host=h password=s3cret");
    refused_url("postgresql:s3cret");
    refused_url("postgresql://u:s3cret@x@h/d");
    refused_url("postgresql://u:s3cret/x@h/d");
    refused_url("postgresql://u:s3cret%zz@h/d");
    refused_url("postgresql://u@h/d?s3cret=1");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, drawing_setup, drawing_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_at_once_needs_no_question),
        TEST(known_pseudonyms_go_where_they_were_asked_for),
        TEST(rows_that_nobody_asked_for_are_refused),
        TEST(short_lengths_are_tried_out_and_it_ends),
        TEST(one_that_tried_all_spares_the_others),
        TEST(longer_lengths_end_in_long_ones_too),
        TEST(urls_are_checked_without_repeating_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
