#include "interceptor/engine/selector.h"

#include "interceptor/engine/name_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct selector *compile(const char *const paths[], size_t count, enum selector_kind kind)
{
    struct selector *s = NULL;
    struct why why;

    if (selector_new(paths, count, kind, &s, &why) != ST_OK)
        fail_msg("%s: %s", why.place, why.text);
    return s;
}

/* Walks along names parted by blanks, "[]" for items; the path that holds the place. */
static int32_t walk(const struct selector *s, const char *steps)
{
    uint32_t state = SELECTOR_START;

    while (*steps) {
        struct slice name = {steps, strcspn(steps, " ")};

        state = slice_is(name, "[]")
                    ? selector_step_items(s, state)
                    : selector_step_name(s, state, name, name_hash(selector_seed(s), name));
        steps += name.len;
        steps += *steps == ' ';
    }
    return selector_holds(s, state);
}

static void paths_lead_to_their_places_alone(void **state)
{
    static const char *const paths[] = {"a.b[].c", "a.b", "[].id", "x[][]", "\"a.b\".\"c\\\"[]\"",
                                        "p.@id"};
    struct selector *s = compile(paths, 6, SELECT_JSON);

    (void)state;
    assert_int_equal(walk(s, "a b [] c"), 0);
    assert_int_equal(walk(s, "a b"), 1);
    assert_int_equal(walk(s, "[] id"), 2);
    assert_int_equal(walk(s, "x [] []"), 3);
    assert_int_equal(walk(s, "a.b c\"[]"), 4);
    assert_int_equal(walk(s, "p @id"), 5);
    assert_int_equal(walk(s, ""), SELECTOR_NONE);
    assert_int_equal(walk(s, "a"), SELECTOR_NONE);
    assert_int_equal(walk(s, "a b c"), SELECTOR_NONE);
    assert_int_equal(walk(s, "b"), SELECTOR_NONE);
    assert_int_equal(walk(s, "x []"), SELECTOR_NONE);
    assert_int_equal(walk(s, "A b"), SELECTOR_NONE);
    assert_int_equal(walk(s, "q a b"), SELECTOR_NONE);
    selector_free(s);
}

static void paths_of_any_depth_are_found_anywhere(void **state)
{
    static const char *const paths[] = {"**.email", "**.a.b", "**.a.a.b", "a.email", "**.l[].x"};
    struct selector *s = compile(paths, 5, SELECT_JSON);

    (void)state;
    assert_int_equal(walk(s, "email"), 0);
    assert_int_equal(walk(s, "[] q [] email"), 0);
    assert_int_equal(walk(s, "a b"), 1);
    assert_int_equal(walk(s, "a a b"), 2);
    assert_int_equal(walk(s, "a a a b"), 2);
    assert_int_equal(walk(s, "b a a a b"), 2);
    assert_int_equal(walk(s, "a [] a b"), 1);
    assert_int_equal(walk(s, "a email"), 3);
    assert_int_equal(walk(s, "x a email"), 0);
    assert_int_equal(walk(s, "a a email"), 0);
    assert_int_equal(walk(s, "l [] l [] x"), 4);
    assert_int_equal(walk(s, "l x"), SELECTOR_NONE);
    assert_int_equal(walk(s, "email b"), SELECTOR_NONE);
    selector_free(s);
}

static void items_are_no_step_in_xml(void **state)
{
    static const char *const paths[] = {"a.b[].c", "a.b.c", "[].id", "p.@x"};
    struct selector *s = compile(paths, 4, SELECT_XML);

    (void)state;
    assert_int_equal(walk(s, "a b c"), 0);
    assert_int_equal(walk(s, "id"), 2);
    assert_int_equal(walk(s, "p @x"), 3);
    selector_free(s);
}

/* The automaton against a plain comparison of steps, on all short walks over three names. */
static bool matches(const char *path, const char *steps)
{
    char dotted[64];
    size_t len = 0;

    for (; *steps; steps++)
        len += (size_t)sprintf(dotted + len, "%s%c", len ? "." : "", *steps);
    dotted[len] = '\0';
    if (strncmp(path, "**.", 3) != 0)
        return strcmp(path, dotted) == 0;
    path += 3;
    if (len < strlen(path) || strcmp(dotted + len - strlen(path), path) != 0)
        return false;
    return len == strlen(path) || dotted[len - strlen(path) - 1] == '.';
}

static void agree_on_all_short_walks(const char *const paths[], int32_t count)
{
    struct selector *s = compile(paths, (size_t)count, SELECT_JSON);

    for (int number = 1; number < 729; number++) {
        char letters[8] = "", steps[16] = "";
        int32_t best = SELECTOR_NONE;
        int len = 0;

        for (int n = number; n > 0 && len < 6; n /= 3)
            letters[len++] = "abc"[n % 3];
        for (int i = 0; i < len; i++)
            sprintf(steps + 2 * i, "%c%s", letters[i], i + 1 < len ? " " : "");
        for (int32_t i = 0; i < count; i++) {
            bool anchored = strncmp(paths[i], "**.", 3) != 0;

            if (!matches(paths[i], letters))
                continue;
            if (best == SELECTOR_NONE || anchored || strlen(paths[i]) > strlen(paths[best]))
                best = i;
            if (anchored)
                break;
        }
        if (walk(s, steps) != best)
            fail_msg("%s: %d, not %d (first path %s)", steps, (int)walk(s, steps), (int)best,
                     paths[0]);
    }
    selector_free(s);
}

/* In whatever order the paths stand: links are made in the order of the states. */
static void states_agree_with_a_comparison_of_steps(void **state)
{
    static const char *const paths[] = {"**.a",  "**.b.a", "a.b", "**.a.b.a",
                                        "c.c.c", "**.b.b", "b.a"};
    const char *turned[7];

    (void)state;
    for (int first = 0; first < 7; first++) {
        for (int i = 0; i < 7; i++)
            turned[i] = paths[(first + i) % 7];
        agree_on_all_short_walks(turned, 7);
    }
}

static void refuses_what_is_no_path(void **state)
{
    static const char *const paths[] = {
        "",       ".",      "a.",     ".a",   "a..b", "a[",  "a]",      "a[0]",   "a b",
        "*",      "a.**",   "a.**.b", "**",   "**.",  "\"a", "\"\\n\"", "a\"b\"", "@",
        "a.@x.b", "a.@x[]", "a[]b",   "\xff", "**a",  "$",   "$.a",     "$[]"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct why why;

        if (selector_check_path(paths[i], &why) != ST_BAD_INPUT)
            fail_msg("taken: %s", paths[i]);
    }
}

static void refuses_a_path_given_twice(void **state)
{
    static const char *const paths[] = {"a.b", "c", "a.\"b\""};
    struct selector *s = NULL;
    struct why why;

    (void)state;
    assert_int_equal(selector_new(paths, 3, SELECT_JSON, &s, &why), ST_BAD_INPUT);
    assert_string_equal(why.place, "a.\"b\"");
}

static void ceilings_hold(void **state)
{
    char path[2000] = "a";
    struct why why;

    (void)state;
    for (int i = 1; i < SELECTOR_STEPS_MAX; i++)
        strcat(path, ".a");
    assert_int_equal(selector_check_path(path, &why), ST_OK);
    strcat(path, ".a");
    assert_int_equal(selector_check_path(path, &why), ST_TOO_LARGE);
    memset(path, 'a', SELECTOR_PATH_MAX + 1);
    path[SELECTOR_PATH_MAX + 1] = '\0';
    assert_int_equal(selector_check_path(path, &why), ST_TOO_LARGE);
}

static void many_paths_are_kept_apart(void **state)
{
    enum { MANY = 5000 };
    static char names[MANY][32];
    static const char *paths[MANY];
    struct selector *s;

    (void)state;
    for (int i = 0; i < MANY; i++) {
        sprintf(names[i], "%sa%d.b[].c%d", i % 2 ? "**." : "", i / 10, i);
        paths[i] = names[i];
    }
    s = compile(paths, MANY, SELECT_JSON);
    for (int i = 0; i < MANY; i++) {
        char steps[64];

        sprintf(steps, "a%d b [] c%d", i / 10, i);
        assert_int_equal(walk(s, steps), i);
    }
    assert_int_equal(walk(s, "a1 b [] c9999"), SELECTOR_NONE);
    selector_free(s);
}

static void the_last_name_is_told(void **state)
{
    char name[SELECTOR_PATH_MAX + 1];

    (void)state;
    assert_int_equal(selector_last_name("a.b[].name", name), 4);
    assert_string_equal(name, "name");
    selector_last_name("phones[]", name);
    assert_string_equal(name, "phones");
    selector_last_name("a.@id", name);
    assert_string_equal(name, "id");
    selector_last_name("a.\"x.\\\"y\"", name);
    assert_string_equal(name, "x.\"y");
    assert_int_equal(selector_last_name("[][]", name), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_to_their_places_alone),
        cmocka_unit_test(paths_of_any_depth_are_found_anywhere),
        cmocka_unit_test(items_are_no_step_in_xml),
        cmocka_unit_test(states_agree_with_a_comparison_of_steps),
        cmocka_unit_test(refuses_what_is_no_path),
        cmocka_unit_test(refuses_a_path_given_twice),
        cmocka_unit_test(ceilings_hold),
        cmocka_unit_test(many_paths_are_kept_apart),
        cmocka_unit_test(the_last_name_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
