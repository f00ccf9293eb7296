#include "tests/unit/options_fixture.h"

static void defaults_hold_where_nothing_is_given(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(parse_all((const char *[]){NULL}, &o, &why), &why);
    assert_string_equal(options_text(o, LISTEN), "0.0.0.0:8443");
    assert_int_equal(options_number(o, PORT), 8080);
    assert_true(options_on(o, AUDIT));
    assert_false(options_on(o, VERBOSE));
    assert_null(options_text(o, TOKEN));
    assert_int_equal(options_number(o, FREE), 0);
    assert_int_equal(options_count(o, CONFIG), 0);
    assert_null(options_item(o, CONFIG, 0));
    assert_int_equal(options_words(o), 0);
    assert_null(options_word(o, 0));
    for (size_t row = 0; row < ROWS; row++) {
        assert_false(options_given(o, row));
        assert_int_equal(options_origin(o, row), ORIGIN_DEFAULT);
    }
}

static void values_follow_or_stand_behind_the_equals_sign(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(parse(&o, &why, "--listen", ":1", "--port=-1", "--audit", "off", "--verbose",
                    "--log-format=json", "--admin-token=a=b="),
              &why);
    assert_string_equal(options_text(o, LISTEN), ":1");
    assert_int_equal(options_number(o, PORT), -1);
    assert_false(options_on(o, AUDIT));
    assert_true(options_on(o, VERBOSE));
    assert_string_equal(options_text(o, FORMAT), "json");
    assert_string_equal(options_text(o, TOKEN), "a=b=");
    assert_true(options_given(o, PORT));
    assert_int_equal(options_origin(o, PORT), ORIGIN_FLAG);
}

static void a_value_may_begin_with_a_minus(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(parse(&o, &why, "--free", "-5", "--listen", "-x", "--config", "--no-option",
                    "--config", "-", "--admin-token", "--"),
              &why);
    assert_int_equal(options_number(o, FREE), -5);
    assert_string_equal(options_text(o, LISTEN), "-x");
    assert_string_equal(options_item(o, CONFIG, 0), "--no-option");
    assert_string_equal(options_item(o, CONFIG, 1), "-");
    assert_string_equal(options_text(o, TOKEN), "--");
}

static void an_option_is_no_value_of_another(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    refuse("--listen needs a value, but --audit follows (if that is the value: --listen=--audit)",
           "--listen", "--audit", "on");
    assert_ok(parse(&o, &why, "--listen=--audit"), &why);
    assert_string_equal(options_text(o, LISTEN), "--audit");
}

static void the_last_of_two_values_counts(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(parse(&o, &why, "--port=1", "--port", "2", "--verbose", "--verbose=false"), &why);
    assert_int_equal(options_number(o, PORT), 2);
    assert_int_equal(options_count(o, PORT), 1);
    assert_false(options_on(o, VERBOSE));
    assert_true(options_given(o, VERBOSE));
}

static void a_list_keeps_all_in_order(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(parse(&o, &why, "--config", "a:b", "--config=", "--config=c"), &why);
    assert_int_equal(options_count(o, CONFIG), 3);
    assert_string_equal(options_item(o, CONFIG, 0), "a:b");
    assert_string_equal(options_item(o, CONFIG, 1), "");
    assert_string_equal(options_item(o, CONFIG, 2), "c");
    assert_null(options_item(o, CONFIG, 3));
    assert_string_equal(options_text(o, CONFIG), "c");
}

static void words_stand_between_and_behind_options(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(parse(&o, &why, "audit", "--port", "1", "verify", "-", "", "--", "--port", "-x"),
              &why);
    assert_int_equal(options_words(o), 6);
    assert_string_equal(options_word(o, 0), "audit");
    assert_string_equal(options_word(o, 1), "verify");
    assert_string_equal(options_word(o, 2), "-");
    assert_string_equal(options_word(o, 3), "");
    assert_string_equal(options_word(o, 4), "--port");
    assert_string_equal(options_word(o, 5), "-x");
    assert_null(options_word(o, 6));
    assert_int_equal(options_number(o, PORT), 1);
}

static void a_name_may_be_cut_while_it_is_clear(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    assert_ok(parse(&o, &why, "--verb", "--p=7", "--log", "json"), &why);
    assert_true(options_on(o, VERBOSE));
    assert_int_equal(options_number(o, PORT), 7);
    assert_string_equal(options_text(o, FORMAT), "json");
    refuse("--ver may be --verbose or --version", "--ver");
    refuse("--verbose must be true or false", "--verb=maybe");
}

static void unknown_options_are_told_with_the_nearest(void **state)
{
    (void)state;
    refuse("unknown option --prot; did you mean --port?", "--prot", "1");
    refuse("unknown option --verbos3; did you mean --verbose?", "--verbos3");
    refuse("unknown option --log_format; did you mean --log-format?", "--log_format=json");
    refuse("unknown option --xyzzy; --help lists all", "--xyzzy");
    refuse("unknown option --; --help lists all", "--=x");
    refuse("an option that does not exist; --help lists all", "--bad\nname");
    refuse("an option that does not exist; --help lists all",
           "--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    refuse("options begin with two dashes; --help lists all", "-p", "1");
    refuse("options begin with two dashes; --help lists all", "-port");
}

static void bad_values_are_told_with_what_is_right(void **state)
{
    static const char range[] = "--port must be an integer from -1 to 65535";

    (void)state;
    refuse(range, "--port", "65536");
    refuse(range, "--port", "-2");
    refuse(range, "--port=");
    refuse(range, "--port= 1");
    refuse(range, "--port=1 ");
    refuse(range, "--port=0x10");
    refuse(range, "--port=1.5");
    refuse(range, "--port=+");
    refuse(range, "--port=99999999999999999999999");
    refuse("--free must be an integer", "--free=many");
    refuse("--free must be an integer", "--free=99999999999999999999999");
    refuse("--audit must be on or off", "--audit=true");
    refuse("--audit must be on or off", "--audit=");
    refuse("--log-format must be one of text|json", "--log-format=xml");
    refuse("--log-format must be one of text|json", "--log-format=text|json");
    refuse("--log-format must be one of text|json", "--log-format=");
    refuse("--log-format must be one of text|json", "--log-format=tex");
    refuse("--verbose must be true or false", "--verbose=2");
    refuse("--port needs a value: --port N", "--port");
    refuse("--listen needs a value: --listen ADDR:PORT", "--listen");
    refuse("--log-format needs a value: --log-format text|json", "--log-format");
}

static void hostile_arguments_do_no_harm(void **state)
{
    enum { LONG = 100000 };
    auto_free char *text = calloc(1, LONG);
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    memset(text, 'a', LONG - 1);
    assert_ok(parse(&o, &why, text, "--listen", text), &why);
    assert_int_equal(strlen(options_text(o, LISTEN)), LONG - 1);
    memcpy(text, "--", 2);
    refuse("an option that does not exist; --help lists all", text);
    memcpy(text, "--port=", 7);
    refuse("--port must be an integer from -1 to 65535", text);
}

static void a_program_without_arguments_is_fine(void **state)
{
    auto_options struct options *o = NULL;
    auto_options struct options *none = NULL;
    char *argv[] = {NULL};
    struct why why = {0};

    (void)state;
    assert_ok(options_parse(table, ROWS, NULL, 0, argv, &o, &why), &why);
    assert_ok(options_parse(NULL, 0, NULL, 0, argv, &none, &why), &why);
    options_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(defaults_hold_where_nothing_is_given),
        TEST(values_follow_or_stand_behind_the_equals_sign),
        TEST(a_value_may_begin_with_a_minus),
        TEST(an_option_is_no_value_of_another),
        TEST(the_last_of_two_values_counts),
        TEST(a_list_keeps_all_in_order),
        TEST(words_stand_between_and_behind_options),
        TEST(a_name_may_be_cut_while_it_is_clear),
        TEST(unknown_options_are_told_with_the_nearest),
        TEST(bad_values_are_told_with_what_is_right),
        TEST(hostile_arguments_do_no_harm),
        TEST(a_program_without_arguments_is_fine),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
