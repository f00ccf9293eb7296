#include "employees-mock/answer.h"

#include "employees-mock/base64.h"
#include "employees-mock/bind.h"
#include "employees-mock/match/json_loose.h"

#include <stdio.h>
#include <string.h>

enum { BODY_MAX = 256 << 20, POINTER_SIZE = 256 };

static const char *const members[] = {"status",
                                      "statusMessage",
                                      "body",
                                      "jsonBody",
                                      "base64Body",
                                      "bodyFileName",
                                      "headers",
                                      "additionalProxyRequestHeaders",
                                      "removeProxyRequestHeaders",
                                      "fixedDelayMilliseconds",
                                      "delayDistribution",
                                      "chunkedDribbleDelay",
                                      "proxyBaseUrl",
                                      "proxyUrlPrefixToRemove",
                                      "fault",
                                      "transformers",
                                      "transformerParameters",
                                      "fromConfiguredStub",
                                      "weight",
                                      NULL};

static const struct {
    const char *word;
    enum http_fault fault;
} faults[] = {
    {"CONNECTION_RESET_BY_PEER", HTTP_FAULT_RESET},
    {"EMPTY_RESPONSE", HTTP_FAULT_EMPTY},
    {"RANDOM_DATA_THEN_CLOSE", HTTP_FAULT_GARBAGE},
    {"MALFORMED_RESPONSE_CHUNK", HTTP_FAULT_BAD_CHUNK},
};

/* What is needed while an answer is read. */
struct reading {
    struct bind from;
    struct answer *to;
    bool fill; /* its texts are templates */
    bool weighted;
};

static void text_done(struct answer_text *t)
{
    free(t->text);
    template_free(t->filled);
}

static void headers_done(struct answer_header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(headers[i].name);
        text_done(&headers[i].value);
    }
    free(headers);
}

void answer_done(struct answer *a)
{
    text_done(&a->status_text);
    text_done(&a->body);
    text_done(&a->proxy_base);
    headers_done(a->headers, a->header_count);
    headers_done(a->proxy_headers, a->proxy_header_count);
    free(a->reason);
    json_decref(a->json);
    memset(a, 0, sizeof *a);
}

const char *answer_fault_word(enum http_fault fault)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].fault == fault)
            return faults[i].word;
    return NULL;
}

/* Keeps a member in the JSON that is written back; absent ones stay away. */
static enum status keep(struct reading *r, const char *name, json_t *made)
{
    if (!made || json_object_set_new(r->to->json, name, made) != 0)
        return bind_fail_memory(r->from.fault);
    return ST_OK;
}

static enum status keep_as_is(struct reading *r, const char *name, const json_t *value)
{
    return keep(r, name, json_incref((json_t *)value));
}

/* Moves text of len bytes into *ret and parses it as a template where it is one. */
static enum status make_text(struct reading *r, const char *member, const char *text, size_t len,
                             struct answer_text *ret)
{
    struct why why = {0};
    enum status st;

    ret->text = malloc(len + 1);
    if (!ret->text)
        return bind_fail_memory(r->from.fault);
    memcpy(ret->text, text, len);
    ret->text[len] = '\0';
    ret->len = len;
    if (!r->fill || !memmem(text, len, "{{", 2))
        return ST_OK;
    st = template_parse((struct slice){ret->text, len}, &ret->filled, &why);
    if (st == ST_NO_MEMORY)
        return bind_fail_memory(r->from.fault);
    if (st != ST_OK)
        return bind_fail(r->from.fault, r->from.pointer, member, "%s", why.text);
    r->to->templated = true;
    return ST_OK;
}

static enum status read_status(struct reading *r)
{
    const json_t *value = bind_any(&r->from, "status");
    const char *text = json_string_value(value);
    long long status = 0;
    enum status st;

    if (text && r->fill && strstr(text, "{{")) {
        r->to->status = 200;
        st = make_text(r, "status", text, strlen(text), &r->to->status_text);
        return st == ST_OK ? keep_as_is(r, "status", value) : st;
    }
    st = bind_int(&r->from, "status", "int", &status);
    if (st != ST_OK)
        return st;
    r->to->status = status > 0 ? (unsigned)status : 200;
    return keep(r, "status", json_integer((json_int_t)r->to->status));
}

static enum status read_reason(struct reading *r)
{
    const char *text = NULL;
    enum status st = bind_text(&r->from, "statusMessage", &text);

    if (st != ST_OK || !text)
        return st;
    r->to->reason = strdup(text);
    if (!r->to->reason)
        return bind_fail_memory(r->from.fault);
    return keep(r, "statusMessage", json_string(text));
}

static enum status read_body_text(struct reading *r, const json_t *ignored)
{
    const char *text = NULL;
    const json_t *value;
    enum status st = bind_text(&r->from, "body", &text);

    (void)ignored;
    if (st != ST_OK)
        return st;
    value = bind_any(&r->from, "body");
    st = make_text(r, "body", text, json_string_length(value), &r->to->body);
    if (st != ST_OK)
        return st;
    r->to->kind = ANSWER_BYTES;
    return keep_as_is(r, "body", value);
}

static enum status read_body_json(struct reading *r, const json_t *value)
{
    auto_buf struct buf text = BUF_INIT(BODY_MAX);
    enum status st;

    json_loose_write(value, JSON_LOOSE_COMPACT, &text);
    if (!buf_text(&text))
        return bind_fail_memory(r->from.fault);
    st = make_text(r, "jsonBody", text.data, text.len, &r->to->body);
    if (st != ST_OK)
        return st;
    r->to->kind = ANSWER_BYTES;
    r->to->is_json = true;
    return keep_as_is(r, "jsonBody", value);
}

static enum status read_body_base64(struct reading *r, const json_t *ignored)
{
    auto_buf struct buf bytes = BUF_INIT(BODY_MAX);
    const char *text = NULL;
    struct why why = {0};
    bool fill = r->fill;
    enum status st = bind_text(&r->from, "base64Body", &text);

    (void)ignored;
    if (st != ST_OK)
        return st;
    if (base64_decode(slice_of(text), &bytes, &why) != ST_OK)
        return bind_fail(r->from.fault, r->from.pointer, NULL, "%s", why.text);
    if (!buf_text(&bytes))
        return bind_fail_memory(r->from.fault);
    r->fill = false;
    st = make_text(r, "base64Body", bytes.data, bytes.len, &r->to->body);
    r->fill = fill;
    if (st != ST_OK)
        return st;
    r->to->kind = ANSWER_BYTES;
    return keep(r, "base64Body", json_string(text));
}

/* The first of these members that is there is the body. */
static const struct {
    const char *member;
    enum status (*read)(struct reading *r, const json_t *value);
} bodies[] = {
    {"body", read_body_text},
    {"jsonBody", read_body_json},
    {"base64Body", read_body_base64},
};

static enum status read_body(struct reading *r)
{
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const json_t *value = bind_any(&r->from, bodies[i].member);

        if (value)
            return bodies[i].read(r, value);
    }
    return ST_OK;
}

static enum status read_file(struct reading *r)
{
    const char *name = NULL;
    enum status st = bind_text(&r->from, "bodyFileName", &name);

    if (st != ST_OK || !name)
        return st;
    if (r->to->kind == ANSWER_EMPTY) {
        st = make_text(r, "bodyFileName", name, strlen(name), &r->to->body);
        if (st != ST_OK)
            return st;
        r->to->kind = ANSWER_FILE;
    }
    return keep(r, "bodyFileName", json_string(name));
}

static enum status add_header(struct reading *r, const char *member, const char *name,
                              const json_t *value, struct answer_header *slot, size_t *count)
{
    /* the pointer of a refusal is the member, as for all else that is wrong with headers */
    if (json_is_array(value))
        return bind_fail(r->from.fault, r->from.pointer, member, "No value for %s", name);
    if (!json_is_string(value))
        return bind_fail(r->from.fault, r->from.pointer, member,
                         "%s must be text or a list of texts", name);
    slot->name = strdup(name);
    (*count)++;
    if (!slot->name)
        return bind_fail_memory(r->from.fault);
    return make_text(r, member, json_string_value(value), json_string_length(value), &slot->value);
}

static size_t count_values(const json_t *object)
{
    const char *name;
    json_t *value;
    size_t count = 0;

    json_object_foreach ((json_t *)object, name, value) {
        count += json_is_array(value) ? json_array_size(value) : 1;
    }
    return count;
}

/* As WireMock writes them: a list of one is its only element. */
static json_t *headers_json(const json_t *object)
{
    json_t *made = json_object();
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)object, name, value) {
        json_object_set(made, name, json_array_size(value) == 1 ? json_array_get(value, 0) : value);
    }
    return made;
}

/* {"A":"b","C":["d","e"]} into one element for each value. */
static enum status read_headers(struct reading *r, const char *member, struct answer_header **ret,
                                size_t *count)
{
    const json_t *object = bind_any(&r->from, member);
    const char *name;
    json_t *value;
    enum status st = ST_OK;

    if (!object)
        return ST_OK;
    /* anything but an object counts as one without members */
    *ret = calloc(count_values(object) + 1, sizeof **ret);
    if (!*ret)
        return bind_fail_memory(r->from.fault);
    json_object_foreach ((json_t *)object, name, value) {
        if (!json_is_array(value) || json_array_size(value) == 0) {
            st = add_header(r, member, name, value, *ret + *count, count);
        } else {
            for (size_t i = 0; i < json_array_size(value) && st == ST_OK; i++)
                st = add_header(r, member, name, json_array_get(value, i), *ret + *count, count);
        }
        if (st != ST_OK)
            return st;
    }
    return keep(r, member, headers_json(object));
}

static enum status read_delays(struct reading *r)
{
    static const char *const dribble_members[] = {"numberOfChunks", "totalDuration", NULL};
    static const struct bind_class dribble = {"http.ChunkedDribbleDelay", dribble_members};
    char pointer[POINTER_SIZE];
    const json_t *value = bind_any(&r->from, "fixedDelayMilliseconds");
    long long ms = 0;
    long long pieces = 0;
    struct bind b;
    enum status st = bind_int(&r->from, "fixedDelayMilliseconds", "java.lang.Integer", &ms);

    if (st == ST_OK && value) {
        r->to->has_fixed_delay = true;
        r->to->fixed_delay_ms = ms > 0 ? (uint64_t)ms : 0;
        st = keep(r, "fixedDelayMilliseconds", json_integer(ms));
    }
    value = bind_any(&r->from, "delayDistribution");
    if (st == ST_OK && value) {
        snprintf(pointer, sizeof pointer, "%s/delayDistribution", r->from.pointer);
        st = delay_parse(value, pointer, &r->to->delay, r->from.fault);
        if (st == ST_OK)
            st = keep(r, "delayDistribution", delay_json(&r->to->delay));
    }
    value = bind_any(&r->from, "chunkedDribbleDelay");
    if (st != ST_OK || !value)
        return st;
    snprintf(pointer, sizeof pointer, "%s/chunkedDribbleDelay", r->from.pointer);
    st = bind_object(value, pointer, &dribble, &b, r->from.fault);
    ms = 0;
    if (st == ST_OK)
        st = bind_int(&b, "numberOfChunks", "java.lang.Integer", &pieces);
    if (st == ST_OK)
        st = bind_int(&b, "totalDuration", "java.lang.Integer", &ms);
    if (st != ST_OK)
        return st;
    r->to->pieces = pieces > 0 ? (unsigned)pieces : 0;
    r->to->pieces_ms = ms > 0 ? (uint64_t)ms : 0;
    return keep_as_is(r, "chunkedDribbleDelay", value);
}

static enum status read_fault(struct reading *r)
{
    const char *word = NULL;
    enum status st = bind_text(&r->from, "fault", &word);

    if (st != ST_OK || !word)
        return st;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (strcmp(faults[i].word, word) == 0) {
            r->to->fault = faults[i].fault;
            return keep(r, "fault", json_string(word));
        }
    }
    return bind_fail(
        r->from.fault, r->from.pointer, "fault",
        "Cannot deserialize value of type `com.github.tomakehurst.wiremock.http.Fault` "
        "from String \"%s\": not one of the values accepted for Enum class: "
        "[CONNECTION_RESET_BY_PEER, EMPTY_RESPONSE, RANDOM_DATA_THEN_CLOSE, "
        "MALFORMED_RESPONSE_CHUNK]",
        word);
}

static enum status read_proxy(struct reading *r)
{
    const char *text = NULL;
    enum status st = bind_text(&r->from, "proxyBaseUrl", &text);

    if (st == ST_OK && text) {
        st = make_text(r, "proxyBaseUrl", text, strlen(text), &r->to->proxy_base);
        if (st == ST_OK)
            st = keep(r, "proxyBaseUrl", json_string(text));
    }
    text = NULL;
    if (st == ST_OK)
        st = bind_text(&r->from, "proxyUrlPrefixToRemove", &text);
    if (st == ST_OK && text) {
        st = keep(r, "proxyUrlPrefixToRemove", json_string(text));
        r->to->proxy_prefix =
            json_string_value(json_object_get(r->to->json, "proxyUrlPrefixToRemove"));
    }
    if (st == ST_OK)
        st = bind_array(&r->from, "removeProxyRequestHeaders",
                        "java.util.ArrayList<java.lang.String>", &r->to->proxy_removed);
    if (st == ST_OK && r->to->proxy_removed)
        st = keep_as_is(r, "removeProxyRequestHeaders", r->to->proxy_removed);
    return st != ST_OK ? st
                       : read_headers(r, "additionalProxyRequestHeaders", &r->to->proxy_headers,
                                      &r->to->proxy_header_count);
}

static bool names_transformer(const json_t *transformers, const char *name)
{
    size_t i;
    json_t *value;

    json_array_foreach (transformers, i, value) {
        if (json_is_string(value) && strcmp(json_string_value(value), name) == 0)
            return true;
    }
    return false;
}

static enum status read_transformers(struct reading *r, enum templating templating)
{
    const json_t *list = NULL;
    const json_t *parameters = bind_any(&r->from, "transformerParameters");
    enum status st =
        bind_array(&r->from, "transformers", "java.util.ArrayList<java.lang.String>", &list);

    if (st != ST_OK)
        return st;
    r->fill = templating == TEMPLATING_GLOBAL ||
              (templating == TEMPLATING_LOCAL && names_transformer(list, "response-template"));
    if (list && json_array_size(list) > 0)
        st = keep_as_is(r, "transformers", list);
    if (st == ST_OK && parameters) {
        if (!json_is_object(parameters))
            return bind_fail(r->from.fault, r->from.pointer, "transformerParameters",
                             "transformerParameters must be an object");
        if (json_object_size(parameters) > 0)
            st = keep_as_is(r, "transformerParameters", parameters);
        r->to->parameters = json_object_get(r->to->json, "transformerParameters");
    }
    r->to->file_templated =
        r->fill && !json_is_true(json_object_get(parameters, "disableBodyFileTemplating"));
    return st;
}

static enum status read_rest(struct reading *r)
{
    bool configured = true;
    long long weight = 1;
    enum status st = bind_bool(&r->from, "fromConfiguredStub", &configured);

    if (st != ST_OK)
        return st;
    if (!configured)
        st = keep(r, "fromConfiguredStub", json_false());
    if (st == ST_OK && bind_any(&r->from, "weight") && !r->weighted)
        return bind_fail(r->from.fault, r->from.pointer, "weight",
                         "Unrecognized field \"weight\" (class com.github.tomakehurst.wiremock."
                         "http.ResponseDefinition), not marked as ignorable");
    if (st == ST_OK)
        st = bind_int(&r->from, "weight", "int", &weight);
    if (st != ST_OK)
        return st;
    if (weight < 0)
        return bind_fail(r->from.fault, r->from.pointer, "weight", "weight must not be negative");
    r->to->weight = (unsigned)weight;
    return bind_any(&r->from, "weight") ? keep(r, "weight", json_integer(weight)) : ST_OK;
}

static enum status read_all(struct reading *r, enum templating templating)
{
    enum status st = read_transformers(r, templating);

    if (st == ST_OK)
        st = read_status(r);
    if (st == ST_OK)
        st = read_reason(r);
    if (st == ST_OK)
        st = read_body(r);
    if (st == ST_OK)
        st = read_file(r);
    if (st == ST_OK)
        st = read_headers(r, "headers", &r->to->headers, &r->to->header_count);
    if (st == ST_OK)
        st = read_delays(r);
    if (st == ST_OK)
        st = read_proxy(r);
    if (st == ST_OK)
        st = read_fault(r);
    return st == ST_OK ? read_rest(r) : st;
}

enum status answer_parse(const json_t *response, const char *pointer, enum templating templating,
                         bool weighted, struct answer *ret, struct match_fault *fault)
{
    static const struct bind_class class = {"http.ResponseDefinition", members};
    struct answer made = {.json = json_object()};
    struct reading r = {.to = &made, .weighted = weighted};
    enum status st;

    if (!made.json)
        return bind_fail_memory(fault);
    st = bind_object(response, pointer, &class, &r.from, fault);
    if (st == ST_OK)
        st = read_all(&r, templating);
    if (st != ST_OK) {
        answer_done(&made);
        return st;
    }
    *ret = made;
    return ST_OK;
}
