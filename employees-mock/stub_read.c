#include "employees-mock/stub.h"

#include "common/json.h"
#include "common/memory.h"
#include "common/utf8.h"
#include "employees-mock/bind.h"
#include "employees-mock/json_own.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/match/path_template.h"
#include "employees-mock/webhook_check.h"

#include <stdio.h>
#include <string.h>

enum { POINTER_SIZE = 256, ANSWERS_MAX = 100 };

#define INSERTION_INDEX_MAX (1LL << 62)

static const char *const members[] = {"id",
                                      "uuid",
                                      "name",
                                      "request",
                                      "response",
                                      "responses",
                                      "priority",
                                      "scenarioName",
                                      "requiredScenarioState",
                                      "newScenarioState",
                                      "insertionIndex",
                                      "persistent",
                                      "metadata",
                                      "postServeActions",
                                      "serveEventListeners",
                                      "times",
                                      "ttlSeconds",
                                      "dirty",
                                      "$schema",
                                      NULL};

struct reading {
    struct bind from;
    struct stub *to;
    const struct stub_rules *rules;
};

static enum status keep(struct reading *r, const char *name, json_t *made)
{
    if (!made || json_object_set_new(r->to->json, name, made) != 0)
        return bind_fail_memory(r->from.fault);
    return ST_OK;
}

static void pointer_to(const struct reading *r, const char *member, char ret[POINTER_SIZE])
{
    snprintf(ret, POINTER_SIZE, "%s/%s", r->from.pointer, member);
}

/* "uuid" is the elder name of "id", and the one that counts. */
static enum status read_id(struct reading *r)
{
    static const char *const names[] = {"id", "uuid"};

    for (size_t i = 0; i < 2; i++) {
        enum status st = bind_uuid(&r->from, names[i], r->to->id);

        if (st != ST_OK)
            return st;
    }
    if (!r->to->id[0])
        uuid_make(r->to->id);
    return keep(r, "id", json_string(r->to->id));
}

/* WireMock counts from 0. A number that nothing can come behind is none. */
static enum status read_insertion_index(struct reading *r)
{
    const json_t *given = bind_any(&r->from, "insertionIndex");
    long long index = -1;
    enum status st = ST_OK;

    if (json_is_integer(given))
        index = json_integer_value(given);
    else
        st = bind_int(&r->from, "insertionIndex", "long", &index);
    if (index >= 0 && index < INSERTION_INDEX_MAX)
        r->to->order_said = (uint64_t)index + 1;
    return st;
}

/* A text member that is written back as it came. */
static enum status read_text(struct reading *r, const char *member, const char **ret)
{
    const char *text = NULL;
    enum status st = bind_text(&r->from, member, &text);

    if (st != ST_OK || !text)
        return st;
    st = keep(r, member, json_string(text));
    *ret = json_string_value(json_object_get(r->to->json, member));
    return st;
}

static enum status read_request(struct reading *r)
{
    char pointer[POINTER_SIZE];
    const json_t *request = bind_any(&r->from, "request");
    auto_json json_t *empty = NULL;
    enum status st;

    pointer_to(r, "request", pointer);
    if (!request)
        request = empty = json_object();
    st = request_pattern_compile(request, pointer, &r->to->pattern, r->from.fault);
    if (st != ST_OK)
        return st;
    if (request_pattern_path_template(r->to->pattern))
        st = path_template_compile(slice_of(request_pattern_path_template(r->to->pattern)),
                                   &r->to->path_template, NULL);
    return st == ST_OK ? keep(r, "request", request_pattern_json(r->to->pattern)) : st;
}

static enum status read_one_answer(struct reading *r)
{
    char pointer[POINTER_SIZE];
    enum status st;

    pointer_to(r, "response", pointer);
    st = answer_parse(bind_any(&r->from, "response"), pointer, r->rules->templating, false,
                      r->to->answers, r->from.fault);
    if (st != ST_OK)
        return st;
    r->to->answer_count = 1;
    return keep(r, "response", json_incref(r->to->answers[0].json));
}

static enum status read_weighted_answers(struct reading *r, const json_t *list)
{
    json_t *made = json_array();
    size_t i;
    json_t *one;
    enum status st = keep(r, "responses", made);
    unsigned long long sum = 0;

    if (st != ST_OK)
        return st;
    json_array_foreach ((json_t *)list, i, one) {
        char pointer[POINTER_SIZE];

        snprintf(pointer, sizeof pointer, "%s/responses/%zu", r->from.pointer, i);
        st = answer_parse(one, pointer, r->rules->templating, true, r->to->answers + i,
                          r->from.fault);
        if (st != ST_OK)
            return st;
        r->to->answer_count++;
        sum += r->to->answers[i].weight;
        if (json_array_append(made, r->to->answers[i].json) != 0)
            return bind_fail_memory(r->from.fault);
    }
    if (sum == 0)
        return bind_fail(r->from.fault, r->from.pointer, "responses", "no response has a weight");
    return ST_OK;
}

static enum status read_answers(struct reading *r)
{
    const json_t *list = NULL;
    size_t count;
    enum status st =
        bind_array(&r->from, "responses", "java.util.ArrayList<ResponseDefinition>", &list);

    if (st != ST_OK)
        return st;
    count = list ? json_array_size(list) : 1;
    if (list && bind_any(&r->from, "response"))
        return bind_fail(r->from.fault, r->from.pointer, "responses",
                         "a stub has either response or responses");
    if (count == 0 || count > ANSWERS_MAX)
        return bind_fail(r->from.fault, r->from.pointer, "responses",
                         "1 to %d responses are needed", ANSWERS_MAX);
    r->to->answers = calloc(count, sizeof *r->to->answers);
    if (!r->to->answers)
        return bind_fail_memory(r->from.fault);
    return list ? read_weighted_answers(r, list) : read_one_answer(r);
}

static enum status read_order(struct reading *r)
{
    bool persistent = false;
    enum status st = bind_bool(&r->from, "persistent", JAVA_BOOLEAN, &persistent);

    if (st == ST_OK && bind_any(&r->from, "persistent"))
        st = keep(r, "persistent", json_boolean(persistent));
    r->to->persistent = persistent;
    if (st == ST_OK)
        st = bind_int(&r->from, "priority", "java.lang.Integer", &r->to->priority);
    if (st == ST_OK && bind_any(&r->from, "priority"))
        st = keep(r, "priority", json_integer(r->to->priority));
    return st == ST_OK ? read_insertion_index(r) : st;
}

static enum status read_limits(struct reading *r)
{
    long long times = -1;
    enum status st = bind_int(&r->from, "times", "int", &times);

    if (st == ST_OK && bind_any(&r->from, "times")) {
        if (times < 1)
            return bind_fail(r->from.fault, r->from.pointer, "times", "times must be at least 1");
        r->to->limited = true;
        atomic_init(&r->to->times_left, times);
        st = keep(r, "times", json_integer(times));
    }
    if (st == ST_OK)
        st = bind_int(&r->from, "ttlSeconds", "int", &r->to->ttl_s);
    if (st == ST_OK && bind_any(&r->from, "ttlSeconds")) {
        if (r->to->ttl_s < 1)
            return bind_fail(r->from.fault, r->from.pointer, "ttlSeconds",
                             "ttlSeconds must be at least 1");
        st = keep(r, "ttlSeconds", json_integer(r->to->ttl_s));
    }
    return st;
}

static enum status read_scenario(struct reading *r)
{
    enum status st = read_text(r, "scenarioName", &r->to->scenario_name);

    if (st == ST_OK)
        st = read_text(r, "requiredScenarioState", &r->to->required_state);
    return st == ST_OK ? read_text(r, "newScenarioState", &r->to->new_state) : st;
}

static enum status read_metadata(struct reading *r)
{
    static const char class[] = "com.github.tomakehurst.wiremock.common.Metadata";
    const json_t *value = NULL;
    enum status st = bind_map(&r->from, "metadata", class, class, &value);

    return st == ST_OK && value ? keep(r, "metadata", json_without_nulls(value)) : st;
}

static enum status read_listeners(struct reading *r)
{
    static const char *const lists[] = {"postServeActions", "serveEventListeners"};
    json_t *all = json_array();

    for (size_t i = 0; i < 2; i++) {
        char pointer[POINTER_SIZE];
        json_t *list = NULL;
        enum status st;

        pointer_to(r, lists[i], pointer);
        st = webhook_check(bind_any(&r->from, lists[i]), i == 0, pointer, &list, r->from.fault);
        if (st == ST_OK && list) {
            r->to->listens_to_null |= i == 1 && bind_has_null(list);
            json_array_extend(all, list);
            st = keep(r, lists[i], json_incref(list));
        }
        json_decref(list);
        if (st != ST_OK) {
            json_decref(all);
            return st;
        }
    }
    if (json_array_size(all) > 0)
        r->to->listeners = all;
    else
        json_decref(all);
    return ST_OK;
}

/* Headers of a response are in ISO-8859-1, but WireMock puts question marks for all but ASCII. */
static char *ascii(const char *text)
{
    auto_buf struct buf plain = BUF_INIT(strlen(text) + 1);

    utf8_put_latin_1(slice_of(text), '?', &plain);
    for (size_t i = 0; i < plain.len; i++)
        if ((unsigned char)plain.data[i] >= 0x80)
            plain.data[i] = '?';
    return buf_take(&plain, NULL);
}

static enum status read_name(struct reading *r)
{
    enum status st = read_text(r, "name", &r->to->name);

    if (st != ST_OK || !r->to->name)
        return st;
    r->to->name_sent = ascii(r->to->name);
    return r->to->name_sent ? ST_OK : bind_fail_memory(r->from.fault);
}

/* The name goes out as a header, too. */
static enum status check_plain(struct reading *r)
{
    for (size_t i = 0; i < r->to->answer_count; i++)
        r->to->answers[i].plain &= !r->to->name || answer_value_is_plain(r->to->name_sent);
    return ST_OK;
}

static enum status keep_uuid(struct reading *r)
{
    return keep(r, "uuid", json_string(r->to->id));
}

/* In the order in which WireMock writes them. */
static enum status read_all(struct reading *r)
{
    enum status (*const parts[])(struct reading * r) = {
        read_id,    read_name,     read_request, read_answers,  check_plain,    keep_uuid,
        read_order, read_scenario, read_limits,  read_metadata, read_listeners,
    };
    enum status st = ST_OK;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && st == ST_OK; i++)
        st = parts[i](r);
    return st;
}

/* Where a stub stands, and how it is read. */
struct place {
    const char *pointer;
    const struct stub_rules *rules;
};

static enum status parse(const struct place *place, const json_t *mapping, struct stub **ret,
                         struct match_fault *fault)
{
    static const struct bind_class class = {"stubbing.StubMapping", members};
    auto_stub struct stub *s = calloc(1, sizeof *s);
    struct reading r = {.to = s, .rules = place->rules};
    enum status st;

    if (!s)
        return bind_fail_memory(fault);
    atomic_init(&s->refs, 1);
    s->priority = STUB_DEFAULT_PRIORITY;
    s->json = json_object();
    if (!s->json)
        return bind_fail_memory(fault);
    st = bind_object(mapping, place->pointer, &class, &r.from, fault);
    if (st == ST_OK)
        st = read_all(&r);
    if (memory_failed()) /* it may lack a member, or be refused for one */
        return bind_fail_memory(fault);
    if (st == ST_OK)
        *ret = take(s);
    return st;
}

static enum status try(void *ctx, const json_t *some, struct match_fault *fault)
{
    auto_stub struct stub *made = NULL;

    return parse(ctx, some, &made, fault);
}

enum status stub_parse(const json_t *mapping, const char *pointer, const struct stub_rules *rules,
                       struct stub **ret, struct match_fault *fault)
{
    struct place place = {pointer, rules};
    struct bind b = {mapping, pointer, fault};
    enum status st = parse(&place, mapping, ret, fault);

    if (st == ST_OK || !fault || json_loose_kind(mapping) != JSON_KIND_OBJECT)
        return st;
    return bind_first_fault(&b, NULL, try, &place, st);
}
