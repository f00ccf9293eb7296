#include "employees-mock/template/prepared.h"

#include "employees-mock/match/json_path.h"
#include "employees-mock/match/regex.h"
#include "employees-mock/match/xpath.h"
#include "employees-mock/template/java_date.h"
#include "employees-mock/template/java_zone.h"

static enum status compile_xpath(const char *prefix, struct slice text, struct xpath **ret,
                                 struct why *why)
{
    auto_buf struct buf full = BUF_INIT(64 * 1024);
    enum status st;

    buf_put_text(&full, prefix);
    buf_put_slice(&full, text);
    st = buf_status(&full, why);
    return st == ST_OK ? xpath_compile(buf_slice(&full), NULL, ret, why) : st;
}

static enum status compile(struct prepared *p, struct slice text)
{
    switch (p->kind) {
    case PREPARED_JSON_PATH:
        return json_path_compile(text, &p->json_path, &p->why);
    case PREPARED_XPATH:
        return compile_xpath("", text, &p->xpath, &p->why);
    case PREPARED_SOAP_XPATH:
        return compile_xpath("/Envelope/Body/", text, &p->xpath, &p->why);
    case PREPARED_REGEX:
        return regex_compile(text, 0, &p->regex, &p->why);
    case PREPARED_PATTERN:
        return java_pattern_compile(text, &p->pattern, &p->why);
    case PREPARED_ZONE:
        return java_zone_find(text, &p->zone, &p->why);
    case PREPARED_NONE:
        break;
    }
    return ST_INTERNAL;
}

const struct prepared *prepared_make(struct arena *a, struct prepared **list,
                                     enum prepared_kind kind, struct slice text)
{
    struct prepared *p = arena_new(a, struct prepared);

    if (!p)
        return NULL;
    p->kind = kind;
    p->status = compile(p, text);
    p->next = *list;
    *list = p;
    return p;
}

static void release(struct prepared *p)
{
    switch (p->kind) {
    case PREPARED_JSON_PATH:
        json_path_free(p->json_path);
        break;
    case PREPARED_XPATH:
    case PREPARED_SOAP_XPATH:
        xpath_free(p->xpath);
        break;
    case PREPARED_REGEX:
        regex_free(p->regex);
        break;
    case PREPARED_PATTERN:
        java_pattern_free(p->pattern);
        break;
    case PREPARED_ZONE:
    case PREPARED_NONE:
        break;
    }
}

void prepared_free_all(struct prepared *list)
{
    for (; list; list = list->next)
        if (list->status == ST_OK)
            release(list);
}
