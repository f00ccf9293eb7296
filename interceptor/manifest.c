#include "interceptor/manifest.h"

#include "interceptor/engine/selector.h"
#include "interceptor/engine/technique.h"
#include "interceptor/place.h"

#include <stdio.h>
#include <string.h>

enum { DOMAIN_MAX = 200 };

static const char *const type_words[VALUE_TYPES] = {
    [TYPE_STRING] = "string",
    [TYPE_DATE] = "date",
    [TYPE_NUMBER] = "number",
    [TYPE_BOOLEAN] = "boolean",
};

static const char *const unlisted_words[] = {
    [UNLISTED_PASS] = "pass", [UNLISTED_PROTECT] = "protect", [UNLISTED_REJECT] = "reject"};

const char *manifest_type_word(enum value_type type)
{
    return type_words[type];
}

void manifest_free(struct manifest *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->count; i++) {
        free(m->attributes[i].path);
        free(m->attributes[i].classification);
        free(m->attributes[i].technique);
        free(m->attributes[i].domain);
    }
    free(m->attributes);
    free(m->unlisted_domain);
    free(m->document);
    free(m->name);
    free(m);
}

static enum status not_one_of(const char *name, const char *const words[], size_t count,
                              struct why *why)
{
    char list[120] = "";
    size_t len = 0;

    for (size_t i = 0; i < count && len < sizeof list; i++)
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i > 0 ? ", " : "", words[i]);
    return fail_at(why, ST_BAD_INPUT, name, "must be one of %s", list);
}

/* The index of a member's text among `words`; *ret keeps what it is where the member is absent. */
static enum status read_word(const json_t *object, const char *name, const char *const words[],
                             size_t count, int *ret, struct why *why)
{
    const char *text = NULL;
    enum status st = json_get_text(object, name, &text, why);

    if (st != ST_OK || !text)
        return st;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            *ret = (int)i;
            return ST_OK;
        }
    }
    return not_one_of(name, words, count, why);
}

/* For people: nothing reads it, but it is a text. */
static enum status check_description(const json_t *object, struct why *why)
{
    const char *ignored = NULL;

    return json_get_text(object, "description", &ignored, why);
}

static enum status copy_text(const json_t *object, const char *name, char **ret, struct why *why)
{
    const char *text = NULL;
    enum status st = json_get_text(object, name, &text, why);

    if (st != ST_OK || !text || text[0] == '\0')
        return st;
    *ret = strdup(text);
    return *ret ? ST_OK : fail_memory(why);
}

static enum status check_technique(const char *text, struct why *why)
{
    struct technique technique = {0};
    struct why reason = {0};
    enum status st = technique_parse(text, &technique, &reason);

    technique_done(&technique);
    return st == ST_OK ? ST_OK : fail_at(why, st, "technique", "%s", reason.text);
}

/* Whose keys protect the attribute. Names of both forms never meet: their beginnings differ. */
static enum status read_domain(const json_t *object, const struct manifest *m,
                               struct manifest_attribute *a, struct why *why)
{
    const char *shared = NULL;
    enum status st = json_get_text(object, "domain", &shared, why);
    int n;

    if (st != ST_OK)
        return st;
    if (shared && (shared[0] == '\0' || strlen(shared) > DOMAIN_MAX))
        return fail_at(why, ST_BAD_INPUT, "domain", "must have 1 to %d bytes", DOMAIN_MAX);
    n = shared ? asprintf(&a->domain, "shared/%s", shared)
               : asprintf(&a->domain, "own/%zu/%s/%s", strlen(m->name), m->name, a->path);
    if (n < 0) {
        a->domain = NULL;
        return fail_memory(why);
    }
    return ST_OK;
}

static enum status read_attribute(const json_t *object, const struct manifest *m,
                                  struct manifest_attribute *a, struct why *why)
{
    static const char *const known[] = {
        "path", "type", "classification", "technique", "domain", "description", NULL};
    const char *path = NULL;
    int type = TYPE_STRING;
    enum status st;

    if (!json_is_object(object))
        return fail_at(why, ST_BAD_INPUT, "", "must be an object");
    st = json_only(object, known, why);
    if (st == ST_OK)
        st = json_need_text(object, "path", &path, why);
    if (st == ST_OK) {
        st = selector_check_path(path, why);
        if (st != ST_OK && why)
            snprintf(why->place, sizeof why->place, "path");
    }
    if (st != ST_OK)
        return st;
    a->path = strdup(path);
    if (!a->path)
        return fail_memory(why);
    st = read_word(object, "type", type_words, VALUE_TYPES, &type, why);
    if (st == ST_OK)
        st = copy_text(object, "classification", &a->classification, why);
    if (st == ST_OK)
        st = copy_text(object, "technique", &a->technique, why);
    if (st == ST_OK && a->technique)
        st = check_technique(a->technique, why);
    if (st == ST_OK)
        st = read_domain(object, m, a, why);
    if (st == ST_OK)
        st = check_description(object, why);
    a->type = (enum value_type)type;
    return st;
}

static enum status read_attributes(const json_t *object, struct manifest *m, struct why *why)
{
    const json_t *list = NULL;
    enum status st = json_get_array(object, "attributes", &list, why);
    size_t count = json_array_size(list);

    if (st != ST_OK)
        return st;
    if (!list)
        return fail_at(why, ST_BAD_INPUT, "attributes", "is missing");
    if (count > MANIFEST_ATTRIBUTES_MAX)
        return fail_at(why, ST_TOO_LARGE, "attributes", "may have %d entries",
                       MANIFEST_ATTRIBUTES_MAX);
    m->attributes = calloc(count + 1, sizeof *m->attributes);
    if (!m->attributes)
        return fail_memory(why);
    for (size_t i = 0; i < count; i++) {
        m->count++;
        st = read_attribute(json_array_get(list, i), m, &m->attributes[i], why);
        if (st != ST_OK)
            return place_before(why, st, "attributes[%zu]", i);
    }
    return ST_OK;
}

/* All paths together: none may be given twice. */
static enum status check_paths(const struct manifest *m, struct why *why)
{
    auto_free const char **paths = calloc(m->count + 1, sizeof *paths);
    auto_selector struct selector *selector = NULL;

    if (!paths)
        return fail_memory(why);
    for (size_t i = 0; i < m->count; i++)
        paths[i] = m->attributes[i].path;
    return place_before(why, selector_new(paths, m->count, SELECT_JSON, &selector, why),
                        "attributes");
}

static enum status read_head(const json_t *object, struct manifest *m, struct why *why)
{
    const char *name = NULL;
    enum status st = json_need_text(object, "name", &name, why);

    if (st != ST_OK)
        return st;
    if (strlen(name) > MANIFEST_NAME_MAX)
        return fail_at(why, ST_TOO_LARGE, "name", "is longer than %d bytes", MANIFEST_NAME_MAX);
    m->name = strdup(name);
    m->document = json_dumps(object, JSON_COMPACT);
    if (!m->name || !m->document || asprintf(&m->unlisted_domain, "unlisted/%s", name) < 0)
        return fail_memory(why);
    m->active = true;
    return json_get_bool(object, "active", &m->active, why);
}

static enum status read_defaults(const json_t *object, struct manifest *m, struct why *why)
{
    const char *job = NULL;
    int unlisted = UNLISTED_PASS;
    enum status st = json_get_text(object, "defaultJob", &job, why);

    if (st != ST_OK)
        return st;
    m->default_job = JOB_RESTRICT;
    if (job && (!job_parse(slice_of(job), &m->default_job) || m->default_job == JOB_DEFAULT))
        return fail_at(why, ST_BAD_INPUT, "defaultJob", "must be a job other than Default");
    st = read_word(object, "unlisted", unlisted_words, 3, &unlisted, why);
    m->unlisted = (enum unlisted)unlisted;
    return st;
}

enum status manifest_parse(const json_t *object, struct manifest **ret, struct why *why)
{
    static const char *const known[] = {"name",     "active",     "description", "defaultJob",
                                        "unlisted", "attributes", NULL};
    auto_manifest struct manifest *m = NULL;
    enum status st = json_only(object, known, why);

    if (st != ST_OK)
        return st;
    m = calloc(1, sizeof *m);
    if (!m)
        return fail_memory(why);
    st = read_head(object, m, why);
    if (st == ST_OK)
        st = check_description(object, why);
    if (st == ST_OK)
        st = read_defaults(object, m, why);
    if (st == ST_OK)
        st = read_attributes(object, m, why);
    if (st == ST_OK)
        st = check_paths(m, why);
    if (st != ST_OK)
        return st;
    *ret = take(m);
    return ST_OK;
}

enum status manifest_plan(const struct manifest *m, const char *tenant, const struct key_ring *keys,
                          struct plan **ret, struct why *why)
{
    auto_free struct plan_attribute *attributes = calloc(m->count + 1, sizeof *attributes);
    struct plan_spec spec = {
        .tenant = slice_of(tenant),
        .keys = keys,
        .attributes = attributes,
        .count = m->count,
        .unlisted = m->unlisted,
        .unlisted_domain = m->unlisted_domain,
    };

    if (!attributes)
        return fail_memory(why);
    for (size_t i = 0; i < m->count; i++)
        attributes[i] = (struct plan_attribute){
            .path = m->attributes[i].path,
            .type = m->attributes[i].type,
            .domain = m->attributes[i].domain,
            .technique = m->attributes[i].technique,
        };
    return plan_new(&spec, ret, why);
}
