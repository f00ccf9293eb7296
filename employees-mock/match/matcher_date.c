/* before, after, equalToDateTime: a date of the request against a fixed one, or one that is so far
 * from now. */
#include "common/clock.h"
#include "employees-mock/match/datetime.h"
#include "employees-mock/match/matcher.h"

#include "common/json.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct date_state {
    bool from_now;
    int amount; /* 0 and no unit: now itself */
    enum datetime_unit unit;
    bool has_expected; /* a date that cannot be read matches nothing */
    struct datetime expected;
    char *format; /* actualFormat */
    char *truncate_expected;
    char *truncate_actual;
    bool truncate_last;
};

static void date_release(struct value_matcher *m)
{
    struct date_state *s = m->state;

    free(s->format);
    free(s->truncate_expected);
    free(s->truncate_actual);
    free(s);
}

/* ---- compiling ---- */

static void put_upper(struct slice word, char ret[64])
{
    size_t len = word.len < 63 ? word.len : 63;

    for (size_t i = 0; i < len; i++)
        ret[i] = (char)toupper((unsigned char)word.data[i]);
    ret[len] = '\0';
}

static enum status refuse_enum(const char *java_enum, struct slice word,
                               const struct matcher_place *place)
{
    char name[64];

    put_upper(word, name);
    for (char *c = name; *c && strcmp(java_enum, "DateTimeTruncation") == 0; c++)
        *c = *c == ' ' ? '_' : *c;
    return matcher_refuse(place, "No enum constant com.github.tomakehurst.wiremock.common.%s.%s",
                          java_enum, name);
}

/* [+-]digits, a blank, letters; true when the text is just that. */
static bool split_offset(struct slice text, int64_t *ret_amount, struct slice *ret_unit)
{
    size_t at = text.len > 0 && (text.data[0] == '+' || text.data[0] == '-');
    size_t from = at;
    int64_t amount = 0;

    for (; at < text.len && isdigit((unsigned char)text.data[at]); at++)
        amount = amount > INT32_MAX ? amount : amount * 10 + (text.data[at] - '0');
    if (at == from || at == text.len || text.data[at] != ' ')
        return false;
    *ret_unit = slice_from(text, at + 1);
    for (size_t i = 0; i < ret_unit->len; i++) {
        if (!isalpha((unsigned char)ret_unit->data[i]))
            return false;
    }
    *ret_amount = text.data[0] == '-' ? -amount : amount;
    return ret_unit->len > 0;
}

/* "now", "now +3 days", "-3 days". */
static enum status read_now(struct date_state *s, struct slice text,
                            const struct matcher_place *place)
{
    struct slice unit;
    int64_t amount;

    if (slice_equal_nocase(text, SLICE("now"))) {
        s->from_now = true;
        return ST_OK;
    }
    if (text.len > 4 && slice_equal_nocase((struct slice){text.data, 4}, SLICE("now ")))
        text = slice_from(text, 4);
    if (!split_offset(text, &amount, &unit))
        return ST_OK;
    if (amount > INT32_MAX || amount < INT32_MIN)
        return matcher_refuse(place, "For input string: \"%.*s\"", (int)text.len, text.data);
    if (!datetime_unit_parse(unit, &s->unit))
        return refuse_enum("DateTimeUnit", unit, place);
    s->from_now = true;
    s->amount = (int)amount;
    return ST_OK;
}

static enum status read_text_member(const json_t *node, const char *name, char **ret,
                                    const struct matcher_place *place)
{
    const json_t *value = json_object_get(node, name);

    if (!json_is_string(value))
        return ST_OK;
    *ret = strdup(json_string_value(value));
    return *ret ? ST_OK : matcher_out_of_memory(place);
}

static enum status read_truncation(const json_t *node, const char *name, char **ret,
                                   const struct matcher_place *place)
{
    enum status st = read_text_member(node, name, ret, place);
    const char *known;

    if (st != ST_OK || !*ret)
        return st;
    known = datetime_truncation_name(slice_of(*ret));
    if (!known)
        return refuse_enum("DateTimeTruncation", slice_of(*ret), place);
    free(*ret);
    *ret = strdup(known);
    return *ret ? ST_OK : matcher_out_of_memory(place);
}

static enum status read_format(struct date_state *s, const json_t *node,
                               const struct matcher_place *place)
{
    enum status st = read_text_member(node, "actualFormat", &s->format, place);
    struct why why = {0};

    if (st != ST_OK || !s->format || strcasecmp(s->format, "unix") == 0 ||
        strcasecmp(s->format, "epoch") == 0)
        return st;
    st = datetime_check_pattern(slice_of(s->format), &why);
    return st == ST_OK ? ST_OK : matcher_refuse_why(place, st, &why);
}

/* expectedOffset and expectedOffsetUnit stand in for an offset in the text. */
static enum status read_offset_members(struct date_state *s, const json_t *node,
                                       const struct matcher_place *place)
{
    const json_t *amount = json_object_get(node, "expectedOffset");
    const json_t *unit = json_object_get(node, "expectedOffsetUnit");
    enum datetime_unit found;

    if (!unit || json_is_null(unit))
        return ST_OK;
    if (!json_is_string(unit) || !datetime_unit_parse(slice_of(json_string_value(unit)), &found))
        return refuse_enum("DateTimeUnit", slice_of(json_string_value(unit)), place);
    if (!s->from_now || !amount || json_is_null(amount))
        return ST_OK;
    s->unit = found;
    s->amount = (int)json_number_value(amount); /* 0 of anything else */
    return ST_OK;
}

static enum status date_compile(struct value_matcher *m, const json_t *operand, const json_t *node,
                                const struct matcher_place *place)
{
    struct date_state *s = calloc(1, sizeof *s);
    enum status st;

    m->state = s;
    if (!s)
        return matcher_out_of_memory(place);
    if (!json_is_string(operand))
        return matcher_refuse(place, "'%s' expected value cannot be null", m->kind->name);
    st = matcher_take_text(m, operand, place);
    if (st == ST_OK)
        st = read_truncation(node, "truncateExpected", &s->truncate_expected, place);
    if (st == ST_OK)
        st = read_truncation(node, "truncateActual", &s->truncate_actual, place);
    if (st == ST_OK)
        st = read_now(s, m->text, place);
    if (st == ST_OK)
        st = read_offset_members(s, node, place);
    if (st == ST_OK)
        st = read_format(s, node, place);
    s->truncate_last = json_is_true(json_object_get(node, "applyTruncationLast"));
    if (st == ST_OK && !s->from_now)
        s->has_expected = datetime_parse(m->text, &s->expected, NULL) == ST_OK;
    return st;
}

/* ---- asking ---- */

/* The machine's own offset from UTC at a local time. */
static int local_offset(const struct datetime *t)
{
    struct tm tm = {.tm_year = (int)(t->year - 1900),
                    .tm_mon = t->month - 1,
                    .tm_mday = t->day,
                    .tm_hour = t->hour,
                    .tm_min = t->minute,
                    .tm_sec = t->second,
                    .tm_isdst = -1};

    return mktime(&tm) == -1 ? 0 : (int)tm.tm_gmtoff;
}

static struct datetime now_here(void)
{
    int64_t now_us = clock_now_us(NULL);
    time_t now_s = (time_t)(now_us / 1000000);
    struct tm tm;
    struct datetime t;

    datetime_from_us(now_us, localtime_r(&now_s, &tm) ? (int)tm.tm_gmtoff : 0, &t);
    return t;
}

static void truncate_by(struct datetime *t, const char *truncation)
{
    if (truncation && datetime_truncate(t, slice_of(truncation), NULL) != ST_OK)
        return; /* it was checked when it was compiled */
}

static bool expected_of(const struct date_state *s, struct datetime *ret)
{
    if (!s->from_now) {
        *ret = s->expected;
        return s->has_expected;
    }
    *ret = now_here();
    if (!s->truncate_last)
        truncate_by(ret, s->truncate_expected);
    if (s->amount != 0 && datetime_add(ret, s->amount, s->unit, NULL) != ST_OK)
        return false;
    if (s->truncate_last)
        truncate_by(ret, s->truncate_expected);
    return true;
}

/* WireMock ends a request whose value should be a number of seconds and is none. */
static enum status check_count(const struct date_state *s, const struct value_input *in,
                               struct why *why)
{
    struct datetime t;

    if (!in->present || !s->format ||
        (strcasecmp(s->format, "unix") != 0 && strcasecmp(s->format, "epoch") != 0) ||
        datetime_parse_pattern(in->text, slice_of(s->format), &t, NULL) == ST_OK)
        return ST_OK;
    return fail(why, ST_BAD_INPUT, "java.lang.NumberFormatException: For input string: \"%.*s\"",
                (int)(in->text.len < 100 ? in->text.len : 100), in->text.data);
}

static bool actual_of(const struct date_state *s, const struct value_input *in,
                      struct datetime *ret)
{
    enum status st;

    if (!in->present)
        return false;
    st = s->format ? datetime_parse_pattern(in->text, slice_of(s->format), ret, NULL)
                   : datetime_parse(in->text, ret, NULL);
    return st == ST_OK;
}

/* Both as they are to be compared: a local date against a local one by the calendar, else by
 * instants, a local actual date taken in the machine's zone. Only an actual date with a zone is
 * truncated; with a format it can be taken as local, too. All as WireMock does. */
static bool both_of(const struct date_state *s, const struct value_input *in,
                    struct datetime *expected, struct datetime *actual)
{
    if (!expected_of(s, expected) || !actual_of(s, in, actual))
        return false;
    if (!expected->zoned) {
        if (actual->zoned && !s->format)
            truncate_by(actual, s->truncate_actual);
        actual->zoned = false;
        return true;
    }
    if (actual->zoned) {
        truncate_by(actual, s->truncate_actual);
    } else {
        actual->offset_s = local_offset(actual);
        actual->zoned = true;
    }
    return true;
}

static enum status compare(const struct value_matcher *m, const struct value_input *in, int wanted,
                           bool *ret, struct why *why)
{
    struct datetime expected;
    struct datetime actual;

    *ret =
        both_of(m->state, in, &expected, &actual) && datetime_compare(&actual, &expected) == wanted;
    return *ret ? ST_OK : check_count(m->state, in, why);
}

static enum status before_matches(const struct value_matcher *m, const struct value_input *in,
                                  bool *ret, struct why *why)
{
    return compare(m, in, -1, ret, why);
}

static enum status after_matches(const struct value_matcher *m, const struct value_input *in,
                                 bool *ret, struct why *why)
{
    return compare(m, in, 1, ret, why);
}

static enum status equal_matches(const struct value_matcher *m, const struct value_input *in,
                                 bool *ret, struct why *why)
{
    return compare(m, in, 0, ret, why);
}

/* The difference against two years: half at two years. */
static double date_distance(const struct value_matcher *m, const struct value_input *in)
{
    static const double two_years_ms = 2.0 * 365 * 24 * 3600 * 1000;
    struct datetime expected;
    struct datetime actual;
    double difference_ms;

    if (!both_of(m->state, in, &expected, &actual))
        return 1;
    difference_ms =
        (double)(datetime_to_us(&actual, 0) / 1000 - datetime_to_us(&expected, 0) / 1000);
    if (difference_ms < 0)
        difference_ms = -difference_ms;
    return difference_ms / (difference_ms + two_years_ms);
}

/* ---- writing ---- */

/* "now" with an offset of its own is written as one text. */
static void date_expected(const struct value_matcher *m, struct buf *ret)
{
    static const char *const units[] = {
        [UNIT_SECONDS] = "seconds", [UNIT_MINUTES] = "minutes", [UNIT_HOURS] = "hours",
        [UNIT_DAYS] = "days",       [UNIT_MONTHS] = "months",   [UNIT_YEARS] = "years",
    };
    const struct date_state *s = m->state;

    if (slice_is(m->text, "now"))
        buf_printf(ret, "now %s%d %s", s->amount >= 0 ? "+" : "", s->amount, units[s->unit]);
    else
        buf_put_slice(ret, m->text);
}

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new_nocheck(object, name, json_string(text));
}

static json_t *date_write(const struct value_matcher *m)
{
    const struct date_state *s = m->state;
    auto_buf struct buf text = BUF_INIT(1 << 20);
    json_t *object = json_object();

    date_expected(m, &text);
    json_object_set_new(object, m->kind->name, json_stringn(text.data ? text.data : "", text.len));
    put_text(object, "actualFormat", s->format);
    put_text(object, "truncateExpected", s->truncate_expected);
    put_text(object, "truncateActual", s->truncate_actual);
    if (s->truncate_last)
        json_object_set_new(object, "applyTruncationLast", json_true());
    return object;
}

#define DATE_KIND(variable, word, test)                                                            \
    const struct matcher_kind variable = {                                                         \
        .name = word,                                                                              \
        .compile = date_compile,                                                                   \
        .matches = test,                                                                           \
        .distance = date_distance,                                                                 \
        .write = date_write,                                                                       \
        .expected = date_expected,                                                                 \
        .release = date_release,                                                                   \
    }
DATE_KIND(matcher_before, "before", before_matches);
DATE_KIND(matcher_after, "after", after_matches);
DATE_KIND(matcher_equal_to_date_time, "equalToDateTime", equal_matches);
