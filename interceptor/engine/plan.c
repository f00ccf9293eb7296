#include "interceptor/engine/plan_inside.h"

#include <string.h>

static const char shift_domain[] = "dateShift of the tenant";

static enum status compile_paths(const struct plan_spec *spec, struct plan *p, struct why *why)
{
    auto_free const char **paths = calloc(spec->count + 1, sizeof *paths);
    enum status st;

    if (!paths)
        return fail_memory(why);
    for (size_t i = 0; i < spec->count; i++)
        paths[i] = spec->attributes[i].path;
    st = selector_new(paths, spec->count, SELECT_JSON, &p->json, why);
    return st == ST_OK ? selector_new(paths, spec->count, SELECT_XML, &p->xml, why) : st;
}

static enum status plan_attribute(const struct plan_spec *spec, const struct plan_attribute *from,
                                  struct planned *to, struct why *why)
{
    char column[SELECTOR_PATH_MAX + 1];
    struct why reason = {0};
    enum status st = ST_OK;

    to->type = from->type;
    selector_last_name(from->path, column);
    to->column = strdup(column);
    if (!to->column)
        return fail_memory(why);
    if (from->technique)
        st = technique_parse(from->technique, &to->technique, &reason);
    if (st != ST_OK)
        return fail_at(why, st, from->path, "%s", reason.text);
    return domain_new(spec->keys, spec->tenant, slice_of(from->domain), &to->domain, why);
}

static enum status plan_twins(struct plan *p, struct why *why)
{
    enum status st = twins_init(&p->xml_twins, p->count, why);

    if (st == ST_OK)
        st = twins_init(&p->sql_twins, p->count, why);
    for (size_t i = 0; st == ST_OK && i < p->count; i++) {
        twins_set(&p->xml_twins, i, (size_t)selector_first(p->xml, (int32_t)i));
        twins_set(&p->sql_twins, i,
                  (size_t)column_index_find(&p->columns, slice_of(p->attributes[i].column)) - 1);
    }
    return st;
}

static bool has_subject(const struct plan *p, const char *name)
{
    for (size_t i = 0; i < p->subject_count; i++) {
        if (strcmp(p->subjects[i], name) == 0)
            return true;
    }
    return false;
}

static enum status plan_shifts(const struct plan_spec *spec, struct plan *p, struct why *why)
{
    bool shifts = false;

    p->subjects = calloc(p->count + 1, sizeof *p->subjects);
    if (!p->subjects)
        return fail_memory(why);
    for (size_t i = 0; i < p->count; i++) {
        const struct technique *t = &p->attributes[i].technique;

        if (t->kind != TECHNIQUE_DATE_SHIFT)
            continue;
        shifts = true;
        if (t->text && !has_subject(p, t->text))
            p->subjects[p->subject_count++] = t->text;
    }
    if (!shifts)
        return ST_OK;
    return domain_new(spec->keys, spec->tenant, slice_of(shift_domain), &p->shift, why);
}

static enum status plan_unlisted(const struct plan_spec *spec, struct plan *p, struct why *why)
{
    p->unlisted = spec->unlisted;
    p->attributes[p->count].any_type = true;
    if (spec->unlisted != UNLISTED_PROTECT)
        return ST_OK;
    return domain_new(spec->keys, spec->tenant, slice_of(spec->unlisted_domain),
                      &p->attributes[p->count].domain, why);
}

enum status plan_new(const struct plan_spec *spec, struct plan **ret, struct why *why)
{
    auto_plan struct plan *p = calloc(1, sizeof *p);
    enum status st;

    if (!p)
        return fail_memory(why);
    p->count = spec->count;
    p->attributes = calloc(p->count + 1, sizeof *p->attributes);
    if (!p->attributes)
        return fail_memory(why);
    st = compile_paths(spec, p, why);
    for (size_t i = 0; st == ST_OK && i < p->count; i++)
        st = plan_attribute(spec, &spec->attributes[i], &p->attributes[i], why);
    if (st == ST_OK)
        st = column_index_init(&p->columns, p->attributes, p->count, why);
    if (st == ST_OK)
        st = plan_twins(p, why);
    if (st == ST_OK)
        st = plan_shifts(spec, p, why);
    if (st == ST_OK)
        st = plan_unlisted(spec, p, why);
    if (st != ST_OK)
        return st;
    *ret = take(p);
    return ST_OK;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; p->attributes && i <= p->count; i++) {
        domain_free(p->attributes[i].domain);
        technique_done(&p->attributes[i].technique);
        free(p->attributes[i].column);
    }
    column_index_done(&p->columns);
    twins_done(&p->xml_twins);
    twins_done(&p->sql_twins);
    selector_free(p->json);
    selector_free(p->xml);
    domain_free(p->shift);
    free(p->subjects);
    free(p->attributes);
    free(p);
}

size_t plan_count(const struct plan *p)
{
    return p->count;
}
