#include "employees-mock/ready_answer.h"

#include "employees-mock/respond.h"

/* NULL: memory is out, or a name can't be sent as it is. */
static struct http_ready *make(const struct stub *s, const struct answer *a)
{
    struct slice body = {a->body.text ? a->body.text : "", a->body.len};
    struct http_ready *ready = http_ready_new(body);
    bool good = ready != NULL;

    for (size_t i = 0; i < a->header_count && good; i++)
        good = http_ready_header(ready, a->headers[i].name, a->headers[i].value.text);
    good = good && http_ready_header(ready, "Matched-Stub-Id", s->id) &&
           (!s->name_sent || http_ready_header(ready, "Matched-Stub-Name", s->name_sent));
    if (good)
        return ready;
    http_ready_free(ready);
    return NULL;
}

/* Of two that make it at once the first counts. */
static const struct http_ready *ready_of(struct stub *s, struct answer *a)
{
    struct http_ready *ready = atomic_load_explicit(&a->ready, memory_order_acquire);
    struct http_ready *first = NULL;

    if (ready)
        return ready;
    ready = make(s, a);
    if (!ready || atomic_compare_exchange_strong(&a->ready, &first, ready))
        return ready;
    http_ready_free(ready);
    return first;
}

bool ready_answer_send(const struct exchange *x)
{
    struct answer *a = &x->stub->answers[x->answer - x->stub->answers];
    const struct http_ready *ready;

    if (!a->plain || x->app->flags->chunking == CHUNK_ALWAYS ||
        (x->event && a->body.len > journal_body_max(x->app->journal)) ||
        respond_wants_gzip(x->app, x->http, a->status, answer_content_type(a), -1))
        return false;
    ready = ready_of(x->stub, a);
    if (!ready || !http_reply_ready(x->http, a->status, ready))
        return false;
    exchange_delay(x);
    if (x->event)
        x->event->status = a->status;
    return true;
}
