#include "tests/unit/check.h"

#include "employees-mock/journal.h"
#include "tests/unit/stub_fixture.h"

static struct journal *new_journal(struct journal_limits limits)
{
    struct journal *j = NULL;
    struct why why = {0};

    assert_ok(journal_new(&limits, &j, &why), &why);
    return j;
}

static void serve(struct journal *j, const char *url, size_t body_bytes)
{
    struct mock_source source = source_of("GET", url);
    char *body = calloc(1, body_bytes + 1);
    struct event *e;

    source.body = (struct slice){body, body_bytes};
    e = event_new(&source);
    assert_non_null(e);
    journal_add(j, e);
    event_drop(e);
    free(body);
}

static void assert_urls(struct journal *j, const char *const *urls, size_t count)
{
    auto_journal_list struct journal_list list = {0};
    struct why why = {0};

    assert_ok(journal_list(j, &list, &why), &why);
    assert_int_equal(list.count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(slice_is(list.items[i]->request.url, urls[i]));
}

static void newest_first_and_bounded_by_number(void **state)
{
    static const char *const urls[] = {"/4", "/3", "/2"};
    struct journal *j = new_journal((struct journal_limits){.entries = 3});

    (void)state;
    for (int i = 0; i < 5; i++) {
        char url[16];

        snprintf(url, sizeof url, "/%d", i);
        serve(j, url, 0);
    }
    assert_urls(j, urls, COUNT(urls));
    journal_free(j);
}

static void bounded_by_memory(void **state)
{
    struct journal *j = new_journal((struct journal_limits){.entries = 1000, .bytes = 100000});

    (void)state;
    for (int i = 0; i < 50; i++)
        serve(j, "/x", 10000);
    assert_in_range(journal_count(j), 5, 10);
    journal_free(j);
}

static void one_event_larger_than_all_is_kept_alone(void **state)
{
    struct journal *j = new_journal((struct journal_limits){.entries = 10, .bytes = 1000});

    (void)state;
    serve(j, "/a", 0);
    serve(j, "/big", 50000);
    assert_int_equal(journal_count(j), 1);
    journal_free(j);
}

static void disabled_keeps_nothing(void **state)
{
    struct journal *j = new_journal((struct journal_limits){.disabled = true});

    (void)state;
    serve(j, "/x", 0);
    assert_int_equal(journal_count(j), 0);
    journal_free(j);
}

static bool ends_in_even(void *ctx, const struct event *e)
{
    (void)ctx;
    return (e->request.url.data[e->request.url.len - 1] - '0') % 2 == 0;
}

static void removes_what_is_named(void **state)
{
    static const char *const urls[] = {"/5", "/3"};
    struct journal *j = new_journal((struct journal_limits){.entries = 4});

    (void)state;
    for (int i = 0; i < 6; i++) {
        char url[16];

        snprintf(url, sizeof url, "/%d", i);
        serve(j, url, 0);
    }
    journal_remove_if(j, ends_in_even, NULL);
    assert_urls(j, urls, COUNT(urls));
    serve(j, "/7", 0);
    assert_int_equal(journal_count(j), 3);
    journal_free(j);
}

static void removes_those_of_a_list_that_are_still_there(void **state)
{
    static const char *const urls[] = {"/4", "/3"};
    struct journal *j = new_journal((struct journal_limits){.entries = 3});
    struct journal_list list;
    struct why why;

    (void)state;
    serve(j, "/0", 0);
    serve(j, "/1", 0);
    serve(j, "/2", 0);
    assert_ok(journal_list(j, &list, &why), &why);
    serve(j, "/3", 0); /* /0 goes */
    serve(j, "/4", 0); /* /1 goes */
    assert_int_equal(list.count, 3);
    journal_remove_those(j, &list);
    assert_urls(j, urls, COUNT(urls));
    journal_unlist(&list);
    assert_ok(journal_list(j, &list, &why), &why);
    list.count--;
    journal_remove_those(j, &list);
    assert_urls(j, urls + 1, 1);
    list.count++;
    journal_unlist(&list);
    list = (struct journal_list){0};
    journal_remove_those(j, &list);
    assert_int_equal(journal_count(j), 1);
    journal_free(j);
}

static void event_outlives_its_journal(void **state)
{
    struct journal *j = new_journal((struct journal_limits){.entries = 1});
    struct mock_field header = {SLICE("A"), SLICE("b")};
    struct mock_source source = source_of("GET", "/kept");
    struct event *e;

    (void)state;
    source.headers = &header;
    source.header_count = 1;
    e = event_new(&source);
    event_set_reply(e, 201, &header, 1, SLICE("0123456789"), 4);
    journal_add(j, e);
    assert_ptr_equal(journal_get(j, e->id), e);
    event_drop(e);
    journal_free(j);
    assert_true(slice_is(e->request.headers[0].value, "b"));
    assert_true(slice_is(e->reply->body, "0123"));
    event_drop(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_first_and_bounded_by_number),
        cmocka_unit_test(bounded_by_memory),
        cmocka_unit_test(one_event_larger_than_all_is_kept_alone),
        cmocka_unit_test(disabled_keeps_nothing),
        cmocka_unit_test(removes_what_is_named),
        cmocka_unit_test(removes_those_of_a_list_that_are_still_there),
        cmocka_unit_test(event_outlives_its_journal),
    };

    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
