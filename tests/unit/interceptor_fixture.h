/* What the unit tests of the interceptor share: JSON written with apostrophes, a master key. */
#ifndef TESTS_UNIT_INTERCEPTOR_FIXTURE_H
#define TESTS_UNIT_INTERCEPTOR_FIXTURE_H

#include "tests/unit/check.h"

#include "common/json.h"
#include "interceptor/master.h"

/* {'a': 1} as JSON; apostrophes stand for quotes. */
static inline json_t *parse(const char *text)
{
    auto_free char *copy = strdup(text);
    struct why why = {0};
    json_t *value = NULL;

    for (char *c = copy; *c; c++)
        if (*c == '\'')
            *c = '"';
    assert_ok(json_read(slice_of(copy), &value, &why), &why);
    return value;
}

static inline struct master *any_master(unsigned char fill)
{
    unsigned char key[MASTER_KEY_MIN];
    struct master *master = NULL;
    struct why why = {0};

    memset(key, fill, sizeof key);
    assert_ok(master_new(key, sizeof key, &master, &why), &why);
    return master;
}

#endif
