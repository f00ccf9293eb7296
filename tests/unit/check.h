/* What all unit tests share: cmocka, statuses told with their words, folders that go away. */
#ifndef TESTS_UNIT_CHECK_H
#define TESTS_UNIT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* cmocka's name for this is a macro, and would hide the fail() of common/status.h. */
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "common/status.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Fails the test, and says with which words, unless the call answered that status. */
#define assert_status(want, got, why) check_status((want), (got), (why), __FILE__, __LINE__)
#define assert_ok(got, why)           assert_status(ST_OK, (got), (why))

static inline void check_status(enum status want, enum status got, const struct why *why,
                                const char *file, int line)
{
    if (want == got)
        return;
    print_error("wanted \"%s\", got \"%s\"", status_word(want), status_word(got));
    if (why)
        print_error(": %s: %s", why->place, why->text);
    print_error("\n");
    _fail(file, line);
}

#define assert_contains(text, part) check_contains((text), (part), __FILE__, __LINE__)

static inline void check_contains(const char *text, const char *part, const char *file, int line)
{
    if (text && strstr(text, part))
        return;
    print_error("\"%s\" does not hold \"%s\"\n", text ? text : "(null)", part);
    _fail(file, line);
}

/* ---- a folder for one test: temp_setup and temp_teardown as its fixtures ---- */

struct temp {
    char folder[64];
    char path[128];
};

static inline int temp_setup(void **state)
{
    struct temp *t = calloc(1, sizeof *t);

    if (!t)
        return -1;
    snprintf(t->folder, sizeof t->folder, "/tmp/unit-XXXXXX");
    *state = t;
    return mkdtemp(t->folder) ? 0 : -1;
}

static inline int temp_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static inline int temp_teardown(void **state)
{
    struct temp *t = *state;

    nftw(t->folder, temp_remove, 8, FTW_DEPTH | FTW_PHYS);
    free(t);
    return 0;
}

/* The path of a file in it; overwritten by the next call. */
static inline const char *temp_path(void **state, const char *name)
{
    struct temp *t = *state;

    snprintf(t->path, sizeof t->path, "%s/%.40s", t->folder, name);
    return t->path;
}

static inline const char *temp_write(void **state, const char *name, const void *bytes, size_t len)
{
    const char *path = temp_path(state, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
    return path;
}

#endif
