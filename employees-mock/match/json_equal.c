#include "employees-mock/match/json_equal.h"

#include "common/cleanup.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/regex.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_MAX = 3000000 };

struct comparison {
    const struct json_equal_options *options;
    bool first_only; /* stop at the first difference */
    bool differs;
    size_t count; /* of differences, weighed */
    unsigned steps;
    enum status st;
    struct why *why;
};

static void compare(struct comparison *c, const json_t *expected, const json_t *actual);

/* ---- sizes and reports ---- */

static size_t deep_size(const json_t *value, bool null_members);

static size_t child_size(const json_t *child, bool null_members)
{
    return json_loose_kind(child) >= JSON_KIND_ARRAY ? 1 + deep_size(child, null_members) : 1;
}

/* null_members: those of objects that are null count, too. */
static size_t deep_size(const json_t *value, bool null_members)
{
    size_t size = 1;
    enum json_kind kind = json_loose_kind(value);

    for (size_t i = 0; kind == JSON_KIND_ARRAY && i < json_array_size(value); i++)
        size += child_size(json_array_get(value, i), null_members);
    if (kind != JSON_KIND_OBJECT)
        return size;
    for (void *it = json_object_iter((json_t *)value); it;
         it = json_object_iter_next((json_t *)value, it)) {
        const json_t *child = json_object_iter_value(it);

        if (null_members || !json_is_null(child))
            size += child_size(child, null_members);
    }
    return size;
}

static size_t larger_size(const json_t *a, const json_t *b, bool null_members)
{
    size_t x = a ? deep_size(a, null_members) : 0;
    size_t y = b ? deep_size(b, null_members) : 0;

    return x > y ? x : y;
}

/* Either may be NULL: missing, extra. WireMock weighs what it writes, which has no null members. */
static void report(struct comparison *c, const json_t *expected, const json_t *actual)
{
    c->differs = true;
    if (!c->first_only)
        c->count += larger_size(expected, actual, false);
}

static bool is_over(struct comparison *c)
{
    return c->st != ST_OK || (c->first_only && c->differs);
}

/* ---- placeholders ---- */

/* What stands behind "${json-unit." or "#{json-unit."; NULL: the text is no placeholder. */
static const char *placeholder(const json_t *expected)
{
    static const char opening[] = "{json-unit.";
    const char *text = json_string_value(expected);

    if (!text || (text[0] != '$' && text[0] != '#') ||
        strncmp(text + 1, opening, sizeof opening - 1) != 0)
        return NULL;
    return text + sizeof opening;
}

static bool is_ignored_element(const json_t *expected)
{
    const char *text = json_string_value(expected);

    return text && strcmp(text, "${json-unit.ignore-element}") == 0;
}

static void match_regex(struct comparison *c, const char *pattern, const json_t *expected,
                        const json_t *actual)
{
    auto_regex struct regex *re = NULL;
    bool matched = false;
    enum status st =
        json_is_string(actual) ? regex_compile(slice_of(pattern), 0, &re, NULL) : ST_BAD_INPUT;

    if (st == ST_OK)
        st =
            regex_matches(re, (struct slice){json_string_value(actual), json_string_length(actual)},
                          &matched, c->why);
    if (st == ST_TIMEOUT || (st == ST_BAD_INPUT && !re && json_is_string(actual)))
        c->st = fail(c->why, st,
                     "the placeholder's regular expression is none, or needs too much "
                     "work");
    else if (!matched)
        report(c, expected, actual);
}

static const struct {
    const char *name;
    enum json_kind first;
    enum json_kind last;
} any_kinds[] = {
    {"any-string}", JSON_KIND_STRING, JSON_KIND_STRING},
    {"any-number}", JSON_KIND_INTEGER, JSON_KIND_REAL},
    {"any-boolean}", JSON_KIND_FALSE, JSON_KIND_TRUE},
};

/* True: the expected text was a placeholder, and has been dealt with. */
static bool compare_placeholder(struct comparison *c, const json_t *expected, const json_t *actual)
{
    static const char regex[] = "regex}";
    const char *name = placeholder(expected);
    enum json_kind kind = json_loose_kind(actual);

    if (!name)
        return false;
    if (strcmp(name, "ignore}") == 0 || is_ignored_element(expected))
        return true;
    for (size_t i = 0; i < sizeof any_kinds / sizeof any_kinds[0]; i++) {
        if (strcmp(name, any_kinds[i].name) != 0)
            continue;
        if (kind < any_kinds[i].first || kind > any_kinds[i].last)
            report(c, expected, actual);
        return true;
    }
    if (strncmp(name, "matches:", 8) == 0 && strchr(name + 8, '}') && name[8] != '}') {
        c->differs = true;
        return true;
    }
    if (strncmp(name, regex, sizeof regex - 1) == 0 && !strchr(name, '\n')) {
        match_regex(c, name + sizeof regex - 1, expected, actual);
        return true;
    }
    return false;
}

/* ---- objects ---- */

static json_t *member(const json_t *object, void *it)
{
    return json_object_getn(object, json_object_iter_key(it), json_object_iter_key_len(it));
}

static void compare_objects(struct comparison *c, const json_t *expected, const json_t *actual)
{
    for (void *it = json_object_iter((json_t *)expected); it && !is_over(c);
         it = json_object_iter_next((json_t *)expected, it)) {
        const json_t *wanted = json_object_iter_value(it);
        const json_t *found = member(actual, it);

        if (found)
            compare(c, wanted, found);
        else if (!is_ignored_element(wanted))
            report(c, wanted, NULL);
    }
    if (c->options->ignore_extra_elements)
        return;
    for (void *it = json_object_iter((json_t *)actual); it && !is_over(c);
         it = json_object_iter_next((json_t *)actual, it)) {
        if (!member(expected, it))
            report(c, NULL, json_object_iter_value(it));
    }
}

/* ---- arrays in order ---- */

static void compare_in_order(struct comparison *c, const json_t *expected, const json_t *actual)
{
    size_t wanted = json_array_size(expected);
    size_t found = json_array_size(actual);

    for (size_t i = found; i < wanted; i++)
        report(c, json_array_get(expected, i), NULL);
    for (size_t i = wanted; i < found && !c->options->ignore_extra_elements; i++)
        report(c, NULL, json_array_get(actual, i));
    for (size_t i = 0; i < wanted && i < found && !is_over(c); i++)
        compare(c, json_array_get(expected, i), json_array_get(actual, i));
}

/* ---- arrays in any order: a largest matching of expected to actual items ---- */

struct pairing {
    size_t wanted;
    size_t found;
    unsigned char *same;  /* wanted x found */
    size_t *partner;      /* of a found item: the wanted one, from 1; 0: none */
    unsigned char *tried; /* found items in the search for one wanted */
};

static void pairing_done(struct pairing *p)
{
    free(p->same);
    free(p->partner);
    free(p->tried);
}

static bool is_same(struct comparison *outer, const json_t *expected, const json_t *actual)
{
    struct comparison c = {
        .options = outer->options, .first_only = true, .steps = outer->steps, .why = outer->why};

    compare(&c, expected, actual);
    outer->steps = c.steps;
    outer->st = c.st;
    return c.st == ST_OK && !c.differs;
}

static bool pairing_fill(struct pairing *p, struct comparison *c, const json_t *expected,
                         const json_t *actual)
{
    p->wanted = json_array_size(expected);
    p->found = json_array_size(actual);
    if (p->found > 0 && p->wanted > STEPS_MAX / p->found) {
        c->st = fail(c->why, ST_TIMEOUT, "the arrays are too long to compare in any order");
        return false;
    }
    p->same = calloc(p->wanted * p->found + 1, 1);
    p->partner = calloc(p->found + 1, sizeof *p->partner);
    p->tried = calloc(p->found + 1, 1);
    if (!p->same || !p->partner || !p->tried) {
        c->st = fail_memory(c->why);
        return false;
    }
    for (size_t i = 0; i < p->wanted; i++) {
        for (size_t j = 0; j < p->found && c->st == ST_OK; j++)
            p->same[i * p->found + j] =
                is_same(c, json_array_get(expected, i), json_array_get(actual, j));
    }
    return c->st == ST_OK;
}

/* Finds a partner for a wanted item, others may have to change theirs. Each step of the way frees
 * one item for the item before it, so the way back is a list. */
static bool find_partner(struct pairing *p, size_t wanted, size_t *way, size_t *from)
{
    size_t head = 0;
    size_t tail = 0;
    size_t current = wanted;

    memset(p->tried, 0, p->found);
    for (;;) {
        for (size_t j = 0; j < p->found; j++) {
            if (p->tried[j] || !p->same[current * p->found + j])
                continue;
            p->tried[j] = 1;
            way[tail++] = j;
            from[j] = current;
            if (p->partner[j])
                continue;
            for (size_t at = j;;) { /* turn the way round */
                size_t owner = from[at];
                size_t before = p->found;

                for (size_t k = 0; k < p->found && owner != wanted; k++) {
                    if (p->partner[k] == owner + 1)
                        before = k;
                }
                p->partner[at] = owner + 1;
                if (before == p->found)
                    return true;
                at = before;
            }
        }
        if (head == tail)
            return false;
        current = p->partner[way[head++]] - 1;
    }
}

static void report_unpaired(struct comparison *c, const struct pairing *p, const json_t *expected,
                            const json_t *actual, const unsigned char *has_partner)
{
    size_t missing = 0;
    size_t extra = 0;
    size_t last_missing = 0;
    size_t last_extra = 0;

    for (size_t i = 0; i < p->wanted; i++) {
        if (!has_partner[i]) {
            missing++;
            last_missing = i;
        }
    }
    for (size_t j = 0; j < p->found; j++) {
        if (!p->partner[j]) {
            extra++;
            last_extra = j;
        }
    }
    if (missing == 0 && (extra == 0 || c->options->ignore_extra_elements))
        return;
    c->differs = true;
    if (p->wanted == p->found && missing == 1 && extra == 1) {
        compare(c, json_array_get(expected, last_missing), json_array_get(actual, last_extra));
        return;
    }
    for (size_t i = 0; i < p->wanted; i++) {
        if (!has_partner[i])
            report(c, json_array_get(expected, i), NULL);
    }
    for (size_t j = 0; j < p->found && !c->options->ignore_extra_elements; j++) {
        if (!p->partner[j])
            report(c, NULL, json_array_get(actual, j));
    }
}

static void pair_all(struct comparison *c, struct pairing *p, const json_t *expected,
                     const json_t *actual)
{
    auto_free size_t *way = calloc(p->found + 1, sizeof *way);
    auto_free size_t *from = calloc(p->found + 1, sizeof *from);
    auto_free unsigned char *has_partner = calloc(p->wanted + 1, 1);

    if (!way || !from || !has_partner) {
        c->st = fail_memory(c->why);
        return;
    }
    for (size_t i = 0; i < p->wanted; i++)
        has_partner[i] = find_partner(p, i, way, from);
    report_unpaired(c, p, expected, actual, has_partner);
}

static void compare_in_any_order(struct comparison *c, const json_t *expected, const json_t *actual)
{
    struct pairing p = {0};
    bool extra_allowed = c->options->ignore_extra_elements;

    if (c->first_only && (json_array_size(expected) > json_array_size(actual) ||
                          (!extra_allowed && json_array_size(expected) < json_array_size(actual))))
        c->differs = true;
    else if (pairing_fill(&p, c, expected, actual))
        pair_all(c, &p, expected, actual);
    pairing_done(&p);
}

/* ---- any value ---- */

static bool equal_scalars(const json_t *expected, const json_t *actual)
{
    if (json_loose_is_number(expected))
        return json_loose_is_number(actual) && json_loose_compare_numbers(expected, actual) == 0;
    return json_loose_kind(expected) == json_loose_kind(actual) && json_equal(expected, actual);
}

static void compare(struct comparison *c, const json_t *expected, const json_t *actual)
{
    enum json_kind wanted = json_loose_kind(expected);

    if (c->steps++ >= STEPS_MAX) {
        c->st = fail(c->why, ST_TIMEOUT, "the documents need more work than is allowed");
        return;
    }
    if (compare_placeholder(c, expected, actual))
        return;
    if (wanted == JSON_KIND_OBJECT && json_loose_kind(actual) == JSON_KIND_OBJECT)
        compare_objects(c, expected, actual);
    else if (wanted == JSON_KIND_ARRAY && json_is_array(actual))
        c->options->ignore_array_order ? compare_in_any_order(c, expected, actual)
                                       : compare_in_order(c, expected, actual);
    else if (wanted >= JSON_KIND_ARRAY || !equal_scalars(expected, actual))
        report(c, expected, actual);
}

enum status json_equal_to_matches(const json_t *expected, const json_t *actual,
                                  const struct json_equal_options *options, bool *ret,
                                  struct why *why)
{
    struct comparison c = {.options = options, .first_only = true, .why = why};

    compare(&c, expected, actual);
    *ret = !c.differs;
    return c.st;
}

enum status json_equal_to_distance(const json_t *expected, const json_t *actual,
                                   const struct json_equal_options *options, double *ret,
                                   struct why *why)
{
    struct comparison c = {.options = options, .why = why};

    compare(&c, expected, actual);
    *ret = (double)c.count / (double)larger_size(expected, actual, true);
    return c.st;
}
