#include "employees-mock/delay.h"

#include "employees-mock/bind.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/template/random.h"

#include <math.h>
#include <string.h>

#define DELAY_MAX_MS 86400000.0

enum { DRAWS_MAX = 1000 };

static const char *const fixed_members[] = {"type", "milliseconds", NULL};
static const char *const uniform_members[] = {"type", "lower", "upper", NULL};
static const char *const lognormal_members[] = {"type", "median", "sigma", "maxValue", NULL};

static enum status read_whole(const struct bind *b, const char *name, const char *java_type,
                              double *ret)
{
    long long whole = 0;
    enum status st = bind_int(b, name, java_type, &whole);

    if (st == ST_OK)
        *ret = (double)whole;
    return st;
}

static enum status parse_fixed(const struct bind *b, struct delay *d)
{
    return read_whole(b, "milliseconds", "long", &d->low);
}

static enum status parse_uniform(const struct bind *b, struct delay *d)
{
    enum status st = read_whole(b, "lower", "int", &d->low);

    return st == ST_OK ? read_whole(b, "upper", "int", &d->high) : st;
}

static enum status refuse_ceiling(const struct bind *b, const struct delay *d)
{
    auto_buf struct buf text = BUF_INIT(256);

    buf_put_text(&text, "The max value (");
    json_loose_write_double(d->ceiling, &text);
    buf_put_text(&text, ") has to be greater than or equal to the median (");
    json_loose_write_double(d->low, &text);
    buf_put_text(&text, "). Sigma: ");
    json_loose_write_double(d->sigma, &text);
    return bind_fail(b->fault, b->pointer, NULL, "%s", buf_text(&text) ? text.data : "");
}

static enum status parse_lognormal(const struct bind *b, struct delay *d)
{
    enum status st = bind_double(b, "median", &d->low);

    if (st == ST_OK)
        st = bind_double(b, "sigma", &d->sigma);
    if (st == ST_OK)
        st = bind_double(b, "maxValue", &d->ceiling);
    return st != ST_OK || !bind_any(b, "maxValue") || d->ceiling >= d->low ? st
                                                                           : refuse_ceiling(b, d);
}

static const struct {
    const char *type;
    enum delay_kind kind;
    struct bind_class class;
    enum status (*parse)(const struct bind *b, struct delay *d);
} kinds[] = {
    {"fixed", DELAY_FIXED, {"http.FixedDelayDistribution", fixed_members}, parse_fixed},
    {"lognormal", DELAY_LOGNORMAL, {"http.LogNormal", lognormal_members}, parse_lognormal},
    {"uniform", DELAY_UNIFORM, {"http.UniformDistribution", uniform_members}, parse_uniform},
};

/* The name of the distribution as text; *ret stays NULL where there is none. */
static enum status read_type(const json_t *value, const char *pointer, const char **ret,
                             struct match_fault *fault)
{
    struct bind b = {value, pointer, fault};
    const json_t *type = json_loose_kind(value) == JSON_KIND_OBJECT ? bind_any(&b, "type") : NULL;

    if (type && json_loose_kind(type) < JSON_KIND_ARRAY)
        return bind_text(&b, "type", ret);
    return bind_fail(fault, pointer, NULL,
                     "Could not resolve subtype of [simple type, class com.github.tomakehurst."
                     "wiremock.http.DelayDistribution]: missing type id property 'type' (for POJO "
                     "property 'delayDistribution')");
}

enum status delay_parse(const json_t *value, const char *pointer, struct delay *ret,
                        struct match_fault *fault)
{
    const char *type = NULL;
    struct bind b;
    enum status st;

    if (!value || json_is_null(value))
        return ST_OK;
    st = read_type(value, pointer, &type, fault);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct delay d = {.kind = kinds[i].kind};

        if (strcmp(type, kinds[i].type) != 0)
            continue;
        st = bind_object(value, pointer, &kinds[i].class, &b, fault);
        if (st == ST_OK)
            st = kinds[i].parse(&b, &d);
        if (st == ST_OK && d.kind == DELAY_LOGNORMAL &&
            !(isfinite(d.low) && isfinite(d.sigma) && isfinite(d.ceiling)))
            st = bind_fail(fault, pointer, NULL, "Numeric value out of range of double");
        if (st == ST_OK)
            *ret = d;
        return st;
    }
    return bind_fail(
        fault, pointer, NULL,
        "Could not resolve type id '%s' as a subtype of `com.github.tomakehurst."
        "wiremock.http.DelayDistribution`: known type ids = [fixed, lognormal, uniform] "
        "(for POJO property 'delayDistribution')",
        type);
}

json_t *delay_json(const struct delay *d)
{
    json_t *json;

    if (d->kind == DELAY_FIXED)
        return json_pack("{s:s,s:I}", "type", "fixed", "milliseconds", (json_int_t)d->low);
    if (d->kind == DELAY_UNIFORM)
        return json_pack("{s:s,s:I,s:I}", "type", "uniform", "lower", (json_int_t)d->low, "upper",
                         (json_int_t)d->high);
    if (d->kind != DELAY_LOGNORMAL)
        return NULL;
    json = json_pack("{s:s,s:f,s:f}", "type", "lognormal", "median", d->low, "sigma", d->sigma);
    if (d->ceiling > 0)
        json_object_set_new(json, "maxValue", json_real(d->ceiling));
    return json;
}

/* A standard normal number (Box and Muller 1958). */
static double random_normal(void)
{
    double radius = sqrt(-2 * log(1 - random_fraction()));

    return radius * cos(2 * 3.14159265358979323846 * random_fraction());
}

static double draw_lognormal(const struct delay *d)
{
    double drawn = d->low;

    for (int i = 0; i < DRAWS_MAX; i++) {
        drawn = round(exp(random_normal() * d->sigma) * d->low);
        if (d->ceiling <= 0 || drawn <= d->ceiling)
            return drawn;
    }
    return d->ceiling;
}

bool delay_is_possible(const struct delay *d)
{
    return d->kind != DELAY_UNIFORM || d->high >= d->low;
}

uint64_t delay_draw(const struct delay *d)
{
    double drawn = 0;

    if (d->kind == DELAY_FIXED)
        drawn = d->low;
    else if (d->kind == DELAY_UNIFORM)
        drawn = d->low + floor(random_fraction() * (d->high - d->low + 1));
    else if (d->kind == DELAY_LOGNORMAL)
        drawn = draw_lognormal(d);
    if (!(drawn > 0))
        return 0;
    return (uint64_t)(drawn < DELAY_MAX_MS ? drawn : DELAY_MAX_MS);
}
