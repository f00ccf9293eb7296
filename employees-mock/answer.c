#include "employees-mock/answer.h"

#include "employees-mock/answer_read.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

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
    http_ready_free(atomic_load(&a->ready));
    json_decref(a->json);
    memset(a, 0, sizeof *a);
}

struct slice answer_content_type(const struct answer *a)
{
    for (size_t i = 0; i < a->header_count; i++)
        if (strcasecmp(a->headers[i].name, "Content-Type") == 0)
            return (struct slice){a->headers[i].value.text, a->headers[i].value.len};
    return (struct slice){"", 0};
}

const char *answer_fault_word(enum http_fault fault)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].fault == fault)
            return faults[i].word;
    return NULL;
}

static enum status read_status(struct answer_reading *r)
{
    const json_t *value = bind_any(&r->from, "status");
    const char *text = json_string_value(value);
    long long status = 0;
    enum status st;

    if (text && r->fill && strstr(text, "{{")) {
        r->to->status = 200;
        st = answer_make_text(r, "status", text, strlen(text), &r->to->status_text);
        return st == ST_OK ? answer_keep_as_is(r, "status", value) : st;
    }
    st = bind_int(&r->from, "status", "int", &status);
    if (st != ST_OK)
        return st;
    r->to->status = status > 0 ? (unsigned)status : 200;
    return answer_keep(r, "status", json_integer((json_int_t)r->to->status));
}

static enum status read_reason(struct answer_reading *r)
{
    const char *text = NULL;
    enum status st = bind_text(&r->from, "statusMessage", &text);

    if (st != ST_OK || !text)
        return st;
    r->to->reason = strdup(text);
    if (!r->to->reason)
        return bind_fail_memory(r->from.fault);
    return answer_keep(r, "statusMessage", json_string(text));
}

static json_t *dribble_json(const struct bind *b, long long pieces, long long ms)
{
    json_t *json = json_object();

    if (bind_any(b, "numberOfChunks"))
        json_object_set_new(json, "numberOfChunks", json_integer(pieces));
    if (bind_any(b, "totalDuration"))
        json_object_set_new(json, "totalDuration", json_integer(ms));
    return json;
}

static enum status read_dribble(struct answer_reading *r)
{
    static const char *const dribble_members[] = {"numberOfChunks", "totalDuration", NULL};
    static const struct bind_class dribble = {"http.ChunkedDribbleDelay", dribble_members};
    char pointer[ANSWER_POINTER_SIZE];
    const json_t *value = bind_any(&r->from, "chunkedDribbleDelay");
    long long ms = 0;
    long long pieces = 0;
    struct bind b;
    enum status st;

    if (!value)
        return ST_OK;
    snprintf(pointer, sizeof pointer, "%s/chunkedDribbleDelay", r->from.pointer);
    st = bind_object(value, pointer, &dribble, &b, r->from.fault);
    if (st == ST_OK)
        st = bind_int(&b, "numberOfChunks", "java.lang.Integer", &pieces);
    if (st == ST_OK)
        st = bind_int(&b, "totalDuration", "java.lang.Integer", &ms);
    if (st != ST_OK)
        return st;
    r->to->pieces = pieces > 0 ? (unsigned)pieces : 0;
    r->to->pieces_ms = ms > 0 ? (uint64_t)ms : 0;
    r->to->breaks_off = !bind_any(&b, "numberOfChunks") || !bind_any(&b, "totalDuration") || ms < 0;
    return answer_keep(r, "chunkedDribbleDelay", dribble_json(&b, pieces, ms));
}

static enum status read_delays(struct answer_reading *r)
{
    char pointer[ANSWER_POINTER_SIZE];
    const json_t *value;
    long long ms = 0;
    enum status st = bind_int(&r->from, "fixedDelayMilliseconds", "java.lang.Integer", &ms);

    if (st == ST_OK && bind_any(&r->from, "fixedDelayMilliseconds")) {
        r->to->has_fixed_delay = true;
        r->to->fixed_delay_ms = ms > 0 ? (uint64_t)ms : 0;
        st = answer_keep(r, "fixedDelayMilliseconds", json_integer(ms));
    }
    value = bind_any(&r->from, "delayDistribution");
    if (st == ST_OK && value) {
        snprintf(pointer, sizeof pointer, "%s/delayDistribution", r->from.pointer);
        st = delay_parse(value, pointer, &r->to->delay, r->from.fault);
        if (st == ST_OK)
            st = answer_keep(r, "delayDistribution", delay_json(&r->to->delay));
    }
    return st == ST_OK ? read_dribble(r) : st;
}

static enum status read_fault(struct answer_reading *r)
{
    const char *word = NULL;
    enum status st = bind_text(&r->from, "fault", &word);

    if (st != ST_OK || !word)
        return st;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (strcmp(faults[i].word, word) == 0) {
            r->to->fault = faults[i].fault;
            return answer_keep(r, "fault", json_string(word));
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

static const char parameters_class[] = "com.github.tomakehurst.wiremock.extension.Parameters";

static enum status read_transformers(struct answer_reading *r, enum templating templating)
{
    const json_t *parameters = NULL;
    enum status st = bind_texts(&r->from, "transformers", &r->transformers);

    if (st == ST_OK)
        st = bind_map(&r->from, "transformerParameters", parameters_class, parameters_class,
                      &parameters);
    if (st != ST_OK)
        return st;
    r->parameters = parameters;
    r->fill =
        templating == TEMPLATING_GLOBAL ||
        (templating == TEMPLATING_LOCAL && names_transformer(r->transformers, "response-template"));
    r->to->transformed = r->fill;
    r->to->file_templated =
        r->fill && !json_is_true(json_object_get(parameters, "disableBodyFileTemplating"));
    return st;
}

static enum status keep_transformers(struct answer_reading *r)
{
    enum status st = ST_OK;

    if (json_array_size(r->transformers) > 0)
        st = answer_keep_as_is(r, "transformers", r->transformers);
    if (st == ST_OK && json_object_size(r->parameters) > 0)
        st = answer_keep_as_is(r, "transformerParameters", r->parameters);
    r->to->parameters = json_object_get(r->to->json, "transformerParameters");
    return st;
}

static enum status read_rest(struct answer_reading *r)
{
    bool configured = true;
    long long weight = 1;
    enum status st = bind_bool(&r->from, "fromConfiguredStub", JAVA_BOOLEAN, &configured);

    if (st != ST_OK)
        return st;
    if (!configured)
        st = answer_keep(r, "fromConfiguredStub", json_false());
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
    return bind_any(&r->from, "weight") ? answer_keep(r, "weight", json_integer(weight)) : ST_OK;
}

/* In the order in which WireMock writes them; whether texts are templates is known first. */
static enum status read_all(struct answer_reading *r, enum templating templating)
{
    enum status st = read_transformers(r, templating);

    if (st == ST_OK)
        st = read_status(r);
    if (st == ST_OK)
        st = read_reason(r);
    if (st == ST_OK)
        st = answer_read_body(r);
    if (st == ST_OK)
        st = answer_read_file(r);
    if (st == ST_OK)
        st = answer_read_headers(r, "headers", &r->to->headers, &r->to->header_count);
    if (st == ST_OK)
        st = answer_read_proxy_headers(r);
    if (st == ST_OK)
        st = read_delays(r);
    if (st == ST_OK)
        st = answer_read_proxy(r);
    if (st == ST_OK)
        st = read_fault(r);
    if (st == ST_OK)
        st = keep_transformers(r);
    return st == ST_OK ? read_rest(r) : st;
}

static bool says_how_it_goes(const struct answer_header *h)
{
    static const char *const names[] = {"Connection", "Content-Encoding", "Content-Length",
                                        "Transfer-Encoding"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(h->name, names[i]) == 0)
            return true;
    return false;
}

bool answer_value_is_plain(const char *value)
{
    for (; *value; value++)
        if ((unsigned char)*value >= 0x80 || *value == '\r' || *value == '\n')
            return false;
    return true;
}

/* A response has one content type, and its name is written in one way. */
static bool is_one_type(const struct answer *a)
{
    size_t types = 0, others = 0;

    for (size_t i = 0; i < a->header_count; i++) {
        types += strcmp(a->headers[i].name, "Content-Type") == 0;
        others += strcasecmp(a->headers[i].name, "Content-Type") == 0;
    }
    return others == types && types <= 1;
}

static bool is_plain(const struct answer *a)
{
    if (a->templated || a->kind == ANSWER_FILE || a->proxy_base.text || a->fault || a->pieces ||
        a->breaks_off || !delay_is_possible(&a->delay) || a->reason ||
        a->status < ANSWER_STATUS_LOWEST || a->status > ANSWER_STATUS_HIGHEST)
        return false;
    for (size_t i = 0; i < a->header_count; i++) {
        const struct answer_header *h = &a->headers[i];

        if (says_how_it_goes(h) || strlen(h->value.text) != h->value.len ||
            !answer_value_is_plain(h->value.text))
            return false;
    }
    return is_one_type(a);
}

static const struct bind_class class = {"http.ResponseDefinition", members};

/* Where a response stands, and how it is read. */
struct place {
    const char *pointer;
    enum templating templating;
    bool weighted;
};

static enum status parse(const struct place *place, const json_t *response, struct answer *ret,
                         struct match_fault *fault)
{
    struct answer made = {.json = json_object()};
    struct answer_reading r = {.to = &made, .weighted = place->weighted};
    enum status st;

    if (!made.json)
        return bind_fail_memory(fault);
    st = bind_object(response, place->pointer, &class, &r.from, fault);
    if (st == ST_OK)
        st = read_all(&r, place->templating);
    if (st != ST_OK) {
        answer_done(&made);
        return st;
    }
    made.plain = is_plain(&made);
    *ret = made;
    return ST_OK;
}

static enum status try(void *ctx, const json_t *some, struct match_fault *fault)
{
    struct answer made;
    enum status st = parse(ctx, some, &made, fault);

    if (st == ST_OK)
        answer_done(&made);
    return st;
}

enum status answer_parse(const json_t *response, const char *pointer, enum templating templating,
                         bool weighted, struct answer *ret, struct match_fault *fault)
{
    struct place place = {pointer, templating, weighted};
    struct bind b = {response, pointer, fault};
    enum status st = parse(&place, response, ret, fault);

    if (st == ST_OK || !fault || !json_is_object(response))
        return st;
    return bind_first_fault(&b, &class, try, &place, st);
}
