#include "interceptor/engine/suggest.h"

#include "interceptor/engine/selector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* Writes each proposal as a line; every path must be one. */
static bool put_line(void *ctx, const struct suggestion *s)
{
    struct buf *out = ctx;

    assert_int_equal(selector_check_path(s->path, NULL), ST_OK);
    buf_printf(out, "%s %d %s %s; %s; %zu\n", s->path, (int)s->type, s->classification,
               s->technique, s->reason, s->values);
    return true;
}

static void assert_suggests(enum data_set_type type, const char *sample, const char *expected)
{
    auto_buf struct buf out = BUF_INIT(1 << 20);
    struct why why;

    if (suggest_manifest(type, slice_of(sample), put_line, &out, &why) != ST_OK)
        fail_msg("%s", why.text);
    assert_string_equal(buf_text(&out), expected);
}

static void values_tell_what_they_are(void **state)
{
    (void)state;
    assert_suggests(
        DATA_SET_JSON,
        "[{'m':'a@b.co','c':'4111 1111 1111 1111','i':'GB82 WEST 1234 5698 7654 32','d':"
        "'18/12/1965','p':'+44 20 7946 0958','v4':'10.0.0.1','v6':'2001:db8::1','x':'nothing',"
        "'n':4111111111111111},{'m':null,'c':'5500-0000-0000-0004','d':'2020-02-29T10:00:00Z',"
        "'x':'a@b.co'}]",
        "[].m 0 email email; all of its values; 1\n"
        "[].c 0 card card; all of its values; 2\n"
        "[].i 0 iban keepLast:4; all of its values; 1\n"
        "[].d 1 date year; all of its values; 2\n"
        "[].p 0 phone keepLast:3; all of its values; 1\n"
        "[].v4 0 ip ; all of its values; 1\n"
        "[].v6 0 ip ; all of its values; 1\n"
        "[].n 2 card ; all of its values; 1\n");
}

static void most_values_tell_and_empty_ones_do_not_count(void **state)
{
    (void)state;
    assert_suggests(DATA_SET_JSON,
                    "[{'m':'a@b.co','i':'','d':'2020-02-29'},{'m':'','i':'10.0.0.1','d':'none'},"
                    "{'d':'18/12/1965','m':'c@d.ef','i':'','x':''},{'e':'a@b.co'},{'e':'n/a'}]",
                    "[].m 0 email email; all of its values; 2\n"
                    "[].i 0 ip ; all of its values; 1\n"
                    "[].d 1 date year; most of its values; 3\n");
}

static void values_of_several_kinds_are_personal_too(void **state)
{
    (void)state;
    assert_suggests(DATA_SET_JSON,
                    "[{'contact':'a@b.co','x':'a@b.co','d':'2020-02-29'},{'contact':'+44 20 7946 "
                    "0958','x':'y','d':'10.0.0.1'},{'contact':'c@d.ef','x':'n/a','d':'::1'},"
                    "{'contact':'+44 20 7946 0959','x':'10.0.0.1','d':'18/12/1965'}]",
                    "[].contact 0 email ; most of its values, of several kinds; 4\n"
                    "[].d 1 date ; most of its values, of several kinds; 4\n");
}

static void places_are_found_in_any_order(void **state)
{
    (void)state;
    assert_suggests(DATA_SET_JSON,
                    "[{'a':'a@b.co','b':'10.0.0.1'},{'b':'10.0.0.2','a':'a@b.co'},{'b':'::1'},"
                    "{'c':1,'a':'a@b.co'}]",
                    "[].a 0 email email; all of its values; 3\n"
                    "[].b 0 ip ; all of its values; 3\n");
}

static void names_tell_what_values_do_not(void **state)
{
    (void)state;
    assert_suggests(
        DATA_SET_JSON,
        "{\"a\":[{\"firstName\":\"x\",\"Last_Name\":\"y\",\"filename\":\"z\",\"id\":7}],"
        "\"phones\":[\"12345678\"],\"home.address\":{\"street\":\"s\"},\"dob\":null,"
        "\"$\":{\"email\":\"e\"}}",
        "a[].firstName 0 name ; its name; 1\n"
        "a[].Last_Name 0 name ; its name; 1\n"
        "phones[] 0 phone keepLast:3; its name; 1\n"
        "\"home.address\".street 0 address ; its name; 1\n"
        "dob 1 date year; its name; 0\n"
        "\"$\".email 0 email email; its name; 1\n");
}

static void xml_samples_are_read_too(void **state)
{
    (void)state;
    assert_suggests(
        DATA_SET_XML,
        "<p:list><p:person mail='a@b.co'><name>Bob</name><age>5</age></p:person></p:list>",
        "list.person.@mail 0 email email; all of its values; 1\n"
        "list.person.name 0 name ; its name; 1\n");
}

static void what_is_no_data_set_is_refused(void **state)
{
    auto_buf struct buf out = BUF_INIT(1 << 20);

    (void)state;
    assert_int_equal(suggest_manifest(DATA_SET_JSON, SLICE("[1"), put_line, &out, NULL),
                     ST_BAD_INPUT);
    assert_int_equal(suggest_manifest(DATA_SET_XML, SLICE("<a>"), put_line, &out, NULL),
                     ST_BAD_INPUT);
    assert_int_equal(suggest_manifest(DATA_SET_SQL, SLICE("x"), put_line, &out, NULL),
                     ST_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_tell_what_they_are),
        cmocka_unit_test(most_values_tell_and_empty_ones_do_not_count),
        cmocka_unit_test(values_of_several_kinds_are_personal_too),
        cmocka_unit_test(places_are_found_in_any_order),
        cmocka_unit_test(names_tell_what_values_do_not),
        cmocka_unit_test(xml_samples_are_read_too),
        cmocka_unit_test(what_is_no_data_set_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
