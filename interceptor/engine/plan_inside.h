/* What a plan holds, for the engine's own files. */
#ifndef ENGINE_PLAN_INSIDE_H
#define ENGINE_PLAN_INSIDE_H

#include "interceptor/engine/column_index.h"
#include "interceptor/engine/plan.h"
#include "interceptor/engine/selector.h"
#include "interceptor/engine/twins.h"

struct planned {
    enum value_type type;
    bool any_type; /* the leaves that no path holds: each is of its own type */
    struct domain *domain;
    struct technique technique;
    char *column; /* the last name of the path */
};

struct plan {
    struct selector *json;
    struct selector *xml;
    struct planned *attributes; /* count + 1: the last is for unlisted leaves */
    size_t count;
    struct column_index columns;
    struct twins xml_twins;
    struct twins sql_twins;
    enum unlisted unlisted;
    struct domain *shift;  /* the tenant's key for dateShift, or NULL */
    const char **subjects; /* the members that dateShift asks for; borrowed from techniques */
    size_t subject_count;
};

#endif
