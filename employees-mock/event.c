#include "employees-mock/event.h"

#include "common/clock.h"
#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

/* Copies pieces of text one behind the other. */
struct packer {
    char *at;
};

static struct slice pack(struct packer *p, struct slice text)
{
    struct slice copy = {p->at, text.len};

    if (text.len)
        memcpy(p->at, text.data, text.len);
    p->at += text.len;
    return copy;
}

static size_t fields_size(const struct mock_field *fields, size_t count)
{
    size_t size = count * sizeof *fields;

    for (size_t i = 0; i < count; i++)
        size += fields[i].name.len + fields[i].value.len;
    return size;
}

static size_t source_size(const struct mock_source *s)
{
    return s->method.len + s->url.len + s->scheme.len + s->host.len + s->client_ip.len +
           s->body.len + fields_size(s->headers, s->header_count);
}

static void pack_fields(struct packer *p, const struct mock_field *from, size_t count,
                        struct mock_field *to)
{
    for (size_t i = 0; i < count; i++) {
        to[i].name = pack(p, from[i].name);
        to[i].value = pack(p, from[i].value);
    }
}

struct event *event_new(const struct mock_source *request)
{
    size_t size = sizeof(struct event) + source_size(request);
    struct event *e = memory_alloc(size);
    struct mock_field *headers;
    struct packer p;

    if (!e)
        return NULL;
    memset(e, 0, sizeof *e);
    atomic_init(&e->refs, 1);
    pthread_mutex_init(&e->lock, NULL);
    uuid_make(e->id);
    e->bytes = size;
    e->logged_at_ms = clock_now_ms(NULL);
    e->started_us = clock_monotonic_us();
    headers = (struct mock_field *)(e + 1);
    p.at = (char *)(headers + request->header_count);
    pack_fields(&p, request->headers, request->header_count, headers);
    e->request = (struct mock_source){
        .method = pack(&p, request->method),
        .url = pack(&p, request->url),
        .scheme = pack(&p, request->scheme),
        .host = pack(&p, request->host),
        .port = request->port,
        .client_ip = pack(&p, request->client_ip),
        .headers = headers,
        .header_count = request->header_count,
        .body = pack(&p, request->body),
    };
    return e;
}

struct event *event_hold(struct event *e)
{
    atomic_fetch_add_explicit(&e->refs, 1, memory_order_relaxed);
    return e;
}

void event_drop(struct event *e)
{
    if (!e || atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) != 1)
        return;
    stub_drop(e->stub);
    free(e->reply);
    json_decref(e->file_name);
    json_decref(e->definition);
    json_decref(e->sub_events);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

void event_set_reply(struct event *e, unsigned status, const struct mock_field *headers,
                     size_t header_count, struct slice body, size_t body_max)
{
    size_t size;
    struct event_reply *r;
    struct packer p;

    if (body.len > body_max)
        body.len = body_max;
    size = sizeof *r + fields_size(headers, header_count) + body.len;
    r = memory_alloc(size);
    e->status = status;
    if (!r)
        return;
    r->status = status;
    r->header_count = header_count;
    r->headers = (struct mock_field *)(r + 1);
    p.at = (char *)(r->headers + header_count);
    pack_fields(&p, headers, header_count, r->headers);
    r->body = pack(&p, body);
    free(e->reply);
    e->reply = r;
    e->bytes += size;
}

static void add_note(struct event *e, json_t *note)
{
    if (!note)
        return;
    pthread_mutex_lock(&e->lock);
    if (!e->sub_events)
        e->sub_events = json_array();
    json_array_append_new(e->sub_events, note);
    pthread_mutex_unlock(&e->lock);
}

void event_set_file_name(struct event *e, struct slice name)
{
    json_decref(e->file_name);
    e->file_name = json_stringn(name.data, name.len);
    e->bytes += name.len;
}

void event_add_note(struct event *e, const char *type, json_t *data)
{
    json_int_t offset_ns = (json_int_t)((clock_monotonic_us() - e->started_us) * 1000);

    add_note(e,
             json_pack("{s:s,s:I,s:o}", "type", type, "timeOffsetNanos", offset_ns, "data", data));
}

void event_add_match_notes(struct event *e, const json_t *notes)
{
    size_t i;
    json_t *note;

    json_array_foreach (notes, i, note) {
        e->bytes += json_string_length(json_object_get(json_object_get(note, "data"), "message"));
        add_note(e, json_incref(note));
    }
}

void event_add_error(struct event *e, const char *words)
{
    add_note(e, json_pack("{s:s,s:{s:s}}", "type", "ERROR", "data", "message", words));
}
