/* now, date, parseDate, truncateDate, dateFormat. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/date_locale.h"
#include "employees-mock/template/java_date.h"
#include "employees-mock/template/java_number.h"
#include "employees-mock/template/number_locale.h"
#include "employees-mock/template/render.h"

static int64_t now_ms(const struct call *c)
{
    const struct template_settings *s = c->render->context->settings;

    return clock_now_ms(s ? s->clock : NULL);
}

/* A named zone; *ret stays NULL where none is asked for. */
static bool zone_argument(struct call *c, const char *name, const struct java_zone **ret)
{
    struct slice text = {0};
    const struct prepared *p;

    if (!call_hash_text(c, name, &text))
        return false;
    if (!text.data)
        return true;
    p = call_prepared(c, PREPARED_ZONE, -1, name, text);
    if (!p)
        return false;
    if (p->status != ST_OK) {
        call_throw(c, "%s", p->why.text);
        return false;
    }
    *ret = p->zone;
    return true;
}

static bool is_number_format(struct slice format)
{
    return slice_is(format, "epoch") || slice_is(format, "unix");
}

static bool pattern_argument(struct call *c, struct value_date *date)
{
    const struct prepared *p;
    struct why why;

    if (!date->format.data || is_number_format(date->format))
        return true;
    p = call_prepared(c, PREPARED_PATTERN, -1, "format", date->format);
    if (!p)
        return false;
    if (p->status != ST_OK || java_date_check_simple(p->pattern, &why) != ST_OK) {
        call_throw(c, "%s", p->status != ST_OK ? p->why.text : why.text);
        return false;
    }
    date->pattern = p->pattern;
    return true;
}

static struct value render_date(struct call *c, const struct value_date *from)
{
    struct value_date *date = arena_new(call_arena(c), struct value_date);
    const struct java_zone *zone = NULL;
    struct slice offset = {0};
    struct why why;

    if (!date || !call_hash_text(c, "format", &date->format) ||
        !call_hash_text(c, "offset", &offset) || (!from && !zone_argument(c, "timezone", &zone)))
        return VALUE_NULL;
    date->ms = from ? from->ms : now_ms(c);
    date->zone = from ? from->zone : zone;
    if (offset.data && java_date_shift(&date->ms, offset, &why) != ST_OK)
        return call_throw(c, "%s", why.text);
    if (!pattern_argument(c, date))
        return VALUE_NULL;
    return (struct value){.kind = V_DATE, .date = date};
}

static struct value run_now(struct call *c)
{
    return render_date(c, NULL);
}

static struct value run_date(struct call *c)
{
    return render_date(c, c->context.kind == V_DATE ? c->context.date : NULL);
}

/* ---- parseDate ---- */

static struct value moment(struct call *c, const struct java_moment *m)
{
    struct value_date *date = arena_new(call_arena(c), struct value_date);

    if (!date)
        return VALUE_NULL;
    date->ms = m->ms;
    date->zone = m->zone;
    return (struct value){.kind = V_DATE, .date = date};
}

static struct value parse_number(struct call *c, struct slice text, int64_t factor)
{
    struct java_moment m = {0};

    if (!java_parse_long(text, &m.ms))
        return call_throw(c, "java.lang.NumberFormatException: For input string: \"%.*s\"",
                          (int)text.len, text.data);
    if (__builtin_mul_overflow(m.ms, factor, &m.ms))
        m.ms = 0;
    return moment(c, &m);
}

/* What DateTimeFormatter says of a pattern that can't be taken apart. */
static struct value throw_pattern(struct call *c, const struct prepared *p, struct slice pattern)
{
    if (p->status != ST_BAD_INPUT || pattern.len > 1000)
        return call_throw(c, "%s", p->why.text);
    return call_throw(c,
                      "java.lang.IllegalArgumentException: Pattern ends with an incomplete string "
                      "literal: %.*s",
                      (int)pattern.len, pattern.data);
}

static struct value parse_by(struct call *c, struct slice text, struct slice format)
{
    const struct prepared *p = call_prepared(c, PREPARED_PATTERN, -1, "format", format);
    struct java_moment m;
    struct why why;
    enum status st;

    if (!p)
        return VALUE_NULL;
    if (p->status != ST_OK)
        return throw_pattern(c, p, format);
    st = java_date_parse(p->pattern, text, &m, &why);
    if (st == ST_NOT_FOUND)
        return VALUE_NULL;
    return st == ST_OK ? moment(c, &m) : call_throw(c, "%s", why.text);
}

static struct value run_parse_date(struct call *c)
{
    struct slice format = {0};
    struct slice text;
    struct java_moment m;

    if (value_is_null(c->context))
        return call_throw_null(c, "Object.toString()", "context");
    if (!call_hash_text(c, "format", &format))
        return VALUE_NULL;
    text = call_text(c, c->context);
    if (!format.data)
        return java_date_parse_known(text, &m) == ST_OK ? moment(c, &m) : VALUE_NULL;
    if (slice_equal_nocase(format, SLICE("unix")))
        return parse_number(c, text, 1000);
    if (slice_equal_nocase(format, SLICE("epoch")))
        return parse_number(c, text, 1);
    return parse_by(c, text, format);
}

static struct value run_truncate_date(struct call *c)
{
    struct java_moment m;
    struct why why;

    if (c->param_count == 0)
        return call_error(c, "Truncation type must be specified as the first parameter to "
                             "truncateDate");
    if (c->context.kind != V_DATE)
        return call_error(c, "A date object must be passed to the truncateDate helper");
    if (value_is_null(c->params[0]))
        return call_throw_null(c, "Object.toString()", "options.params[0]");
    m.ms = c->context.date->ms;
    m.zone = c->context.date->zone ? c->context.date->zone : java_zone_system();
    if (java_date_truncate(&m.ms, m.zone, call_text(c, c->params[0]), &why) != ST_OK)
        return call_throw(c, "%s", why.text);
    return moment(c, &m);
}

/* ---- dateFormat ---- */

static const char *const styles[] = {"full", "long", "medium", "short"};

static int find_style(struct slice name)
{
    for (int i = 0; i < 4; i++)
        if (slice_is(name, styles[i]))
            return i;
    return -1;
}

/* The pattern that a style stands for; a pattern stands for itself. */
static void write_pattern(const struct date_locale *l, struct slice pattern, struct slice time,
                          struct buf *ret)
{
    int date_style = find_style(pattern);
    int time_style = find_style(time);

    if (date_style < 0) {
        buf_put_slice(ret, pattern);
        return;
    }
    buf_put_text(ret, l->dates[date_style]);
    if (time_style >= 0) {
        buf_put_text(ret, l->joints[date_style > time_style ? date_style : time_style]);
        buf_put_text(ret, l->times[time_style]);
    }
}

static const struct java_zone *old_zone(struct call *c)
{
    struct value tz = call_hash(c, "tz");

    return value_is_null(tz) ? java_zone_system() : java_zone_old(call_text(c, tz));
}

/* Without packages and the classes around it. */
static const char *simple_name(const char *name)
{
    const char *behind = name;

    for (; *name; name++)
        if (*name == '.' || *name == '$')
            behind = name + 1;
    return behind;
}

static struct value run_date_format(struct call *c)
{
    struct slice pattern = SLICE("medium");
    struct slice locale = SLICE("");
    struct slice time = SLICE("");
    auto_buf struct buf whole = BUF_INIT(2000);
    auto_buf struct buf text = BUF_INIT(64 * 1024);
    const struct number_locale *numbers;
    const struct date_locale *l;
    const struct prepared *p;
    struct why why;

    if (value_is_falsy(c->context)) {
        struct value v = call_param(c, 0);

        return value_is_null(v) ? v : value_text(call_text(c, v));
    }
    if (c->context.kind != V_DATE) {
        struct slice words = call_text(c, c->context);

        return call_throw(c,
                          "java.lang.IllegalArgumentException: found instance of %s with value "
                          "'%.*s', but expected instance of TemporalAccessor",
                          simple_name(value_class(c->context)), (int)words.len, words.data);
    }
    if (!call_hash_text(c, "format", &pattern) || !call_param_text(c, 0, &pattern) ||
        !call_hash_text(c, "locale", &locale) || !call_param_text(c, 1, &locale) ||
        !call_hash_text(c, "time", &time))
        return VALUE_NULL;
    if (number_locale_find(locale, &numbers, &why) != ST_OK)
        return call_throw(c, "%s", why.text);
    l = date_locale_find(locale);
    if (!l)
        return call_error(c, "dateFormat: the locale %.*s is not provided", (int)locale.len,
                          locale.data);
    write_pattern(l, pattern, time, &whole);
    p = call_prepared(c, PREPARED_PATTERN, 99, NULL, buf_slice(&whole));
    if (!p)
        return VALUE_NULL;
    if (p->status != ST_OK)
        return throw_pattern(c, p, buf_slice(&whole));
    if (java_date_format(p->pattern, c->context.date->ms, old_zone(c), l->names, &text, &why) !=
        ST_OK)
        return call_throw(c, "%s", why.text);
    return call_string(c, &text);
}

const struct helper helpers_date[] = {
    {.name = "now",
     .run = run_now,
     .prepares = {{PREPARED_PATTERN, -1, "format"}, {PREPARED_ZONE, -1, "timezone"}}},
    {.name = "date",
     .run = run_date,
     .prepares = {{PREPARED_PATTERN, -1, "format"}, {PREPARED_ZONE, -1, "timezone"}}},
    {.name = "parseDate", .run = run_parse_date, .prepares = {{PREPARED_PATTERN, -1, "format"}}},
    {.name = "truncateDate", .run = run_truncate_date},
    {.name = "dateFormat", .run = run_date_format},
    {.name = NULL},
};
