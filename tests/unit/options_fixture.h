/* A table with an option of each kind, and short words for parsing and refusals. */
#ifndef TESTS_UNIT_OPTIONS_FIXTURE_H
#define TESTS_UNIT_OPTIONS_FIXTURE_H

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
static inline enum status parse_all(const char *const args[], struct options **ret, struct why *why)
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

static inline void assert_refused(const char *words, const char *const args[])
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
static inline int clear_environment(void **state)
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

static inline int temp_setup_clear(void **state)
{
    clear_environment(state);
    return temp_setup(state);
}

#define TEST(name)      cmocka_unit_test_setup(name, clear_environment)
#define TEST_FILE(name) cmocka_unit_test_setup_teardown(name, temp_setup_clear, temp_teardown)

#endif
