#include "interceptor/proposal.h"

#include "common/utf8.h"
#include "interceptor/manifest.h"

#include <stdio.h>
#include <string.h>

struct lists {
    json_t *attributes;
    json_t *reasons;
};

static bool add(void *ctx, const struct suggestion *s)
{
    const struct lists *p = ctx;
    json_t *attribute = json_pack("{s:s, s:s, s:s}", "path", s->path, "type",
                                  manifest_type_word(s->type), "classification", s->classification);

    if (s->technique && s->technique[0] != '\0')
        json_object_set_new(attribute, "technique", json_string(s->technique));
    json_array_append_new(p->attributes, attribute);
    json_array_append_new(p->reasons, json_pack("{s:s, s:s, s:I}", "path", s->path, "reason",
                                                s->reason, "values", (json_int_t)s->values));
    return true;
}

enum status proposal_write(enum data_set_type type, struct slice sample, const char *name,
                           json_t **ret, struct why *why)
{
    auto_json json_t *attributes = json_array();
    auto_json json_t *reasons = json_array();
    enum status st;

    if (name[0] == '\0' || strlen(name) > MANIFEST_NAME_MAX || !utf8_valid(slice_of(name)))
        return fail_at(why, ST_BAD_INPUT, "name", "must be UTF-8 text of 1 to %d bytes",
                       MANIFEST_NAME_MAX);
    st = suggest_manifest(type, sample, add, &(struct lists){attributes, reasons}, why);
    if (st == ST_BAD_INPUT && why)
        snprintf(why->place, sizeof why->place, "dataSet");
    if (st != ST_OK)
        return st;
    *ret = json_pack("{s:{s:s, s:s, s:O}, s:O}", "manifest", "name", name, "defaultJob", "Restrict",
                     "attributes", attributes, "reasons", reasons);
    return *ret ? ST_OK : fail_memory(why);
}
