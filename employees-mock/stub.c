#include "employees-mock/stub.h"

#include "employees-mock/json_own.h"
#include "employees-mock/match/path_template.h"
#include "employees-mock/template/random.h"

#include <stdio.h>
#include <stdlib.h>

static void stub_free(struct stub *s)
{
    for (size_t i = 0; i < s->answer_count; i++)
        answer_done(&s->answers[i]);
    free(s->answers);
    path_template_free(s->path_template);
    request_pattern_free(s->pattern);
    json_decref(s->listeners);
    json_decref(s->json);
    free(s->file);
    free(s->name_sent);
    free(s);
}

struct stub *stub_hold(struct stub *s)
{
    atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
    return s;
}

void stub_drop(struct stub *s)
{
    if (s && atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) == 1)
        stub_free(s);
}

enum status stub_set_id(struct stub *s, const char *id)
{
    snprintf(s->id, sizeof s->id, "%s", id);
    for (char *c = s->id; *c; c++)
        if (*c >= 'A' && *c <= 'F')
            *c = (char)(*c - 'A' + 'a');
    if (json_object_set_new(s->json, "id", json_string(s->id)) != 0 ||
        json_object_set_new(s->json, "uuid", json_string(s->id)) != 0)
        return ST_NO_MEMORY;
    return ST_OK;
}

const struct answer *stub_choose_answer(const struct stub *s)
{
    unsigned long long sum = 0;
    unsigned long long drawn;

    if (s->answer_count == 1)
        return s->answers;
    for (size_t i = 0; i < s->answer_count; i++)
        sum += s->answers[i].weight;
    drawn = (unsigned long long)(random_fraction() * (double)sum);
    for (size_t i = 0; i < s->answer_count; i++) {
        if (drawn < s->answers[i].weight)
            return &s->answers[i];
        drawn -= s->answers[i].weight;
    }
    return s->answers;
}

bool stub_is_spent(const struct stub *s, uint64_t now_us)
{
    if (s->expires_at_us && now_us >= s->expires_at_us)
        return true;
    return s->limited && atomic_load(&s->times_left) <= 0;
}

bool stub_take_turn(struct stub *s)
{
    return !s->limited || atomic_fetch_sub(&s->times_left, 1) > 0;
}

json_t *stub_json_copy(const struct stub *s)
{
    return json_own(s->json);
}

const json_t *stub_metadata(const struct stub *s)
{
    return json_object_get(s->json, "metadata");
}
