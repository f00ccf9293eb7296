#include "tests/unit/check.h"

#include "common/options.h"

enum row { LISTEN, PORT, AUDIT, FORMAT, CONFIG, TOKEN, VERBOSE, VERSION_ROW, FREE, ROWS };

static const struct option table[ROWS] = {
    [LISTEN] = {.name = "listen",
                .type = OPTION_TEXT,
                .fallback = "0.0.0.0:8443",
                .value = "ADDR:PORT",
                .help = "where to listen"},
    [PORT] = {.name = "port",
              .type = OPTION_NUMBER,
              .fallback = "8080",
              .help = "port",
              .min = -1,
              .max = 65535},
    [AUDIT] = {.name = "audit", .type = OPTION_SWITCH, .fallback = "on", .help = "keep a trail"},
    [FORMAT] = {.name = "log-format",
                .type = OPTION_TEXT,
                .fallback = "text",
                .help = "layout of the log",
                .choices = "text|json"},
    [CONFIG] = {.name = "config", .type = OPTION_LIST, .value = "PATH", .help = "a file"},
    [TOKEN] = {.name = "admin-token", .type = OPTION_TEXT, .help = "a secret", .secret = true},
    [VERBOSE] = {.name = "verbose", .type = OPTION_FLAG, .help = "say more"},
    [VERSION_ROW] = {.name = "version", .type = OPTION_FLAG, .help = "say which"},
    [FREE] = {.name = "free", .type = OPTION_NUMBER, .help = "any number"},
};

enum { ARGS_MAX = 12 };

/* main()'s argv is not const, but nobody writes to it. */
static enum status parse_all(const char *const args[], struct options **ret, struct why *why)
{
    char program[] = "program";
    char *argv[ARGS_MAX + 2] = {program};
    int argc = 1;

    for (; args[argc - 1]; argc++)
        argv[argc] = (char *)args[argc - 1];
    return options_parse(table, ROWS, "UNIT", argc, argv, ret, why);
}

/* parse(&o, &why, "--port", "1") */
#define parse(ret, why, ...) parse_all((const char *[]){__VA_ARGS__, NULL}, (ret), (why))

static void assert_refused(const char *words, const char *const args[])
{
    struct options *o = NULL;
    struct why why = {.place = "kept"};

    assert_status(ST_BAD_INPUT, parse_all(args, &o, &why), &why);
    assert_string_equal(why.text, words);
    assert_string_equal(why.place, "kept");
    assert_null(o);
}

#define refuse(words, ...) assert_refused((words), (const char *[]){__VA_ARGS__, NULL})

/* No variable of one test is seen by the next. */
static int clear_environment(void **state)
{
    static const char *const names[] = {"UNIT_LISTEN",          "UNIT_PORT",        "UNIT_AUDIT",
                                        "UNIT_LOG_FORMAT",      "UNIT_CONFIG",      "UNIT_VERBOSE",
                                        "UNIT_ADMIN_TOKEN",     "UNIT_LISTEN_FILE", "UNIT_FREE",
                                        "UNIT_ADMIN_TOKEN_FILE"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    return 0;
}

/* ---- the command line ---- */

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

/* ---- the environment ---- */

static void variables_stand_behind_flags_and_before_defaults(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    setenv("UNIT_LOG_FORMAT", "json", 1);
    setenv("UNIT_PORT", "1", 1);
    setenv("UNIT_VERBOSE", "1", 1);
    setenv("UNIT_AUDIT", "off", 1);
    setenv("UNIT_LISTEN", "", 1);
    assert_ok(parse(&o, &why, "--port=2"), &why);
    assert_string_equal(options_text(o, FORMAT), "json");
    assert_int_equal(options_origin(o, FORMAT), ORIGIN_ENVIRONMENT);
    assert_int_equal(options_number(o, PORT), 2);
    assert_int_equal(options_origin(o, PORT), ORIGIN_FLAG);
    assert_true(options_on(o, VERBOSE));
    assert_false(options_on(o, AUDIT));
    assert_string_equal(options_text(o, LISTEN), "0.0.0.0:8443");
    assert_false(options_given(o, LISTEN));
}

static void bad_variables_are_refused_by_name(void **state)
{
    (void)state;
    setenv("UNIT_PORT", "http", 1);
    refuse("UNIT_PORT must be an integer from -1 to 65535", "word");
    setenv("UNIT_PORT", "1", 1);
    setenv("UNIT_LOG_FORMAT", "xml", 1);
    refuse("UNIT_LOG_FORMAT must be one of text|json", "word");
}

static void a_bad_variable_does_not_count_beside_a_flag(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    (void)state;
    setenv("UNIT_PORT", "http", 1);
    assert_ok(parse(&o, &why, "--port=3"), &why);
    assert_int_equal(options_number(o, PORT), 3);
}

static void a_list_in_a_variable_is_separated_by_colons(void **state)
{
    auto_options struct options *o = NULL;
    auto_options struct options *flagged = NULL;
    struct why why = {0};

    (void)state;
    setenv("UNIT_CONFIG", ":a::b:", 1);
    assert_ok(parse(&o, &why, "word"), &why);
    assert_int_equal(options_count(o, CONFIG), 2);
    assert_string_equal(options_item(o, CONFIG, 0), "a");
    assert_string_equal(options_item(o, CONFIG, 1), "b");
    assert_ok(parse(&flagged, &why, "--config=c"), &why);
    assert_int_equal(options_count(flagged, CONFIG), 1);
    assert_string_equal(options_text(flagged, CONFIG), "c");
}

static void without_a_prefix_there_is_no_environment(void **state)
{
    auto_options struct options *o = NULL;
    char *argv[] = {NULL};
    struct why why = {0};

    (void)state;
    setenv("UNIT_PORT", "http", 1);
    assert_ok(options_parse(table, ROWS, NULL, 0, argv, &o, &why), &why);
    assert_int_equal(options_number(o, PORT), 8080);
}

static void a_secret_may_come_from_a_file(void **state)
{
    static const struct {
        const char *content, *value;
    } cases[] = {
        {"s3cret", "s3cret"},
        {"s3cret\n", "s3cret"},
        {"s3cret\r\n", "s3cret"},
        {" s \n", " s "},
        {"two\nlines\n\n", "two\nlines\n"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        auto_options struct options *o = NULL;
        struct why why = {0};

        setenv("UNIT_ADMIN_TOKEN_FILE",
               temp_write(state, "token", cases[i].content, strlen(cases[i].content)), 1);
        assert_ok(parse(&o, &why, "word"), &why);
        assert_string_equal(options_text(o, TOKEN), cases[i].value);
        assert_int_equal(options_origin(o, TOKEN), ORIGIN_FILE);
    }
}

static void a_file_is_read_for_secrets_only(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    setenv("UNIT_LISTEN_FILE", temp_write(state, "listen", ":1", 2), 1);
    assert_ok(parse(&o, &why, "word"), &why);
    assert_string_equal(options_text(o, LISTEN), "0.0.0.0:8443");
}

static void a_secret_file_that_is_unfit_is_refused(void **state)
{
    static char large[70000];
    struct options *o = NULL;
    struct why why = {0};
    const struct {
        const char *bytes;
        size_t len;
        const char *words;
    } cases[] = {
        {"", 0, "which is empty"},
        {"\n", 1, "which is empty"},
        {"a\0b", 3, "which has a NUL byte"},
        {large, sizeof large, "which has more than 65536 bytes"},
    };

    memset(large, 's', sizeof large);
    for (size_t i = 0; i < COUNT(cases); i++) {
        setenv("UNIT_ADMIN_TOKEN_FILE", temp_write(state, "t", cases[i].bytes, cases[i].len), 1);
        assert_status(ST_BAD_INPUT, parse(&o, &why, "word"), &why);
        assert_contains(why.text, "UNIT_ADMIN_TOKEN_FILE names /tmp/");
        assert_contains(why.text, cases[i].words);
    }
    setenv("UNIT_ADMIN_TOKEN_FILE", temp_path(state, "absent"), 1);
    assert_status(ST_BAD_INPUT, parse(&o, &why, "word"), &why);
    assert_contains(why.text, "No such file");
}

static void a_secret_and_its_file_exclude_each_other(void **state)
{
    auto_options struct options *o = NULL;
    struct why why = {0};

    setenv("UNIT_ADMIN_TOKEN", "a", 1);
    setenv("UNIT_ADMIN_TOKEN_FILE", temp_write(state, "token", "b", 1), 1);
    refuse("UNIT_ADMIN_TOKEN and UNIT_ADMIN_TOKEN_FILE are both set", "word");
    assert_ok(parse(&o, &why, "--admin-token=c"), &why);
    assert_string_equal(options_text(o, TOKEN), "c");
}

/* ---- what is printed ---- */

static void help_has_a_row_for_each_option(void **state)
{
    auto_buf struct buf b = BUF_INIT(10000);

    (void)state;
    options_help(table, ROWS, "UNIT", &b);
    assert_string_equal(
        buf_text(&b),
        "  --listen ADDR:PORT      where to listen (default 0.0.0.0:8443)\n"
        "  --port N                port (-1 to 65535; default 8080)\n"
        "  --audit on|off          keep a trail (default on)\n"
        "  --log-format text|json  layout of the log (default text)\n"
        "  --config PATH           a file (may be repeated)\n"
        "  --admin-token TEXT      a secret\n"
        "  --verbose               say more\n"
        "  --version               say which\n"
        "  --free N                any number\n"
        "\n"
        "Each is also an environment variable, such as UNIT_LISTEN for --listen; the flag wins. "
        "For a secret,\n"
        "the variable with _FILE behind its name may name a file that holds it.\n");
}

static void help_stays_within_100_columns(void **state)
{
    const struct option rows[] = {
        {.name = "a-name-that-is-so-long-that-its-help-needs-a-line-of-its-own",
         .type = OPTION_TEXT,
         .value = "VALUE",
         .help = "some help that goes on and on, and on, until there is no room left in the line "
                 "that it began in, nor in the next, which is filled as well, and so forth"},
        {.name = "b", .type = OPTION_NUMBER, .min = 1, .max = 1000000000000LL, .help = "short"},
    };
    auto_buf struct buf b = BUF_INIT(10000);
    auto_free char *text = NULL;

    (void)state;
    options_help(rows, COUNT(rows), NULL, &b);
    text = buf_take(&b, NULL);
    for (char *rest = text, *line; (line = strtok_r(rest, "\n", &rest));) {
        assert_true(strlen(line) <= 100);
        assert_int_not_equal(line[strlen(line) - 1], ' ');
    }
}

static void settings_are_printed_without_secrets(void **state)
{
    auto_options struct options *o = NULL;
    auto_buf struct buf b = BUF_INIT(10000);
    struct why why = {0};

    (void)state;
    setenv("UNIT_ADMIN_TOKEN", "hunter2", 1);
    assert_ok(parse(&o, &why, "--config=a", "--config=b", "--verbose"), &why);
    options_print(o, &b);
    assert_string_equal(buf_text(&b), "listen=0.0.0.0:8443  # default\n"
                                      "port=8080  # default\n"
                                      "audit=on  # default\n"
                                      "log-format=text  # default\n"
                                      "config=a  # flag\n"
                                      "config=b  # flag\n"
                                      "admin-token=***  # environment\n"
                                      "verbose=true  # flag\n"
                                      "version=false  # default\n"
                                      "free=  # default\n");
}

#define TEST(name)      cmocka_unit_test_setup(name, clear_environment)
#define TEST_FILE(name) cmocka_unit_test_setup_teardown(name, temp_setup_clear, temp_teardown)

static int temp_setup_clear(void **state)
{
    clear_environment(state);
    return temp_setup(state);
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
        TEST(variables_stand_behind_flags_and_before_defaults),
        TEST(bad_variables_are_refused_by_name),
        TEST(a_bad_variable_does_not_count_beside_a_flag),
        TEST(a_list_in_a_variable_is_separated_by_colons),
        TEST(without_a_prefix_there_is_no_environment),
        TEST_FILE(a_secret_may_come_from_a_file),
        TEST_FILE(a_file_is_read_for_secrets_only),
        TEST_FILE(a_secret_file_that_is_unfit_is_refused),
        TEST_FILE(a_secret_and_its_file_exclude_each_other),
        TEST(help_has_a_row_for_each_option),
        TEST(help_stays_within_100_columns),
        TEST(settings_are_printed_without_secrets),
    };

    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
