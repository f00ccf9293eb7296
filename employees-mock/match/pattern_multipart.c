/* multipartPatterns out of JSON. */
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/pattern_read.h"

#include <stdlib.h>

#define MATCHING_TYPE MATCHING "MultipartValuePattern$MatchingType"

/* Java's ordinals: ALL, ANY. */
static enum status read_matching_number(json_int_t number, const struct matcher_place *place,
                                        int *ret)
{
    if (number < 0 || number > 1)
        return matcher_refuse(place,
                              "Cannot deserialize value of type `" MATCHING_TYPE
                              "` from number %" JSON_INTEGER_FORMAT
                              ": index value outside legal index range [0..1]",
                              number);
    *ret = number == 1 ? 'A' : 'L';
    return ST_OK;
}

static enum status read_matching_type(const json_t *value, const struct matcher_place *place,
                                      int *ret)
{
    const char *text = json_string_value(value);

    if (text && (strcmp(text, "ANY") == 0 || strcmp(text, "ALL") == 0)) {
        *ret = text[1] == 'N' ? 'A' : 'L';
        return ST_OK;
    }
    if (json_is_integer(value))
        return read_matching_number(json_integer_value(value), place, ret);
    if (text && !*text)
        return pattern_refuse_scalar(MATCHING_TYPE, value, place);
    if (text)
        return matcher_refuse(place,
                              "Cannot deserialize value of type `" MATCHING_TYPE
                              "` from String \"%s\": not one of "
                              "the values accepted for Enum class: [ALL, ANY]",
                              text);
    return matcher_refuse(place, "Cannot deserialize value of type `" MATCHING_TYPE "` from %s",
                          matcher_java_value(value));
}

/* *unknown: the first that is none of them, which is refused behind the others. */
static enum status read_part_member(struct part_pattern *part, const char *name,
                                    const json_t *value, const struct matcher_place *place,
                                    const char **unknown)
{
    struct below b;
    const struct matcher_place *at = pattern_step_down(&b, place, name);

    if (strcmp(name, "name") == 0)
        return json_is_null(value) ? ST_OK : pattern_read_text(value, at, &part->name);
    if (strcmp(name, "fileName") == 0)
        return json_is_null(value) ? ST_OK : pattern_read_text(value, at, &part->file_name);
    if (strcmp(name, "matchingType") == 0)
        return json_is_null(value) ? ST_OK : read_matching_type(value, at, &part->matching);
    if (strcmp(name, "headers") == 0)
        return json_is_null(value) ? ST_OK : pattern_read_multis(value, at, &part->headers);
    if (strcmp(name, "bodyPatterns") == 0)
        return json_is_null(value) ? ST_OK : pattern_read_contents(value, at, &part->body);
    *unknown = *unknown ? *unknown : name;
    return ST_OK;
}

static enum status read_part(struct part_pattern *part, const json_t *value,
                             const struct matcher_place *place)
{
    const char *unknown = NULL;
    const char *name;
    json_t *member;

    if (json_loose_kind(value) != JSON_KIND_OBJECT)
        return pattern_refuse_scalar(MATCHING "MultipartValuePattern", value, place);
    json_object_foreach ((json_t *)value, name, member) {
        enum status st = read_part_member(part, name, member, place, &unknown);

        if (st != ST_OK)
            return st;
    }
    return unknown ? pattern_refuse_member(unknown, MATCHING "MultipartValuePattern", place)
                   : ST_OK;
}

enum status pattern_read_multipart(struct request_pattern *p, const json_t *list,
                                   const struct matcher_place *place)
{
    enum status st = pattern_expect_list(list, "MultipartValuePattern", place);
    json_t *value;
    size_t i;

    if (st != ST_OK)
        return st;
    pattern_free_parts(p);
    p->part_count = 0;
    p->has_multipart = true;
    p->parts = calloc(json_array_size(list) + 1, sizeof *p->parts);
    if (!p->parts)
        return matcher_out_of_memory(place);
    json_array_foreach (list, i, value) {
        struct below b;

        struct part_pattern *part = &p->parts[p->part_count++];

        part->is_null = json_is_null(value);
        st = part->is_null ? ST_OK : read_part(part, value, pattern_step_to_item(&b, place, i));
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}
