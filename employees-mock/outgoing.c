#include "employees-mock/outgoing.h"

#include "common/clock.h"
#include "employees-mock/outgoing_call.h"
#include "employees-mock/proxy_targets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { POLL_MAX_MS = 1000 };

struct outgoing {
    struct outgoing_settings settings;
    char *via;
    struct proxy_targets *targets;
    CURLM *multi;
    struct outgoing_call *active; /* under way; the thread's own */
    pthread_t thread;
    bool running;
    pthread_mutex_t lock; /* for all below */
    struct outgoing_call *queue;
    bool stop;
};

/* ---- the thread ---- */

/* Takes what is due out of the queue; *ret_wait_ms is how long the next one still waits. */
static struct outgoing_call *take_due(struct outgoing *o, int *ret_wait_ms)
{
    uint64_t now_us = clock_monotonic_us();
    struct outgoing_call *due = NULL;
    struct outgoing_call **at;

    *ret_wait_ms = POLL_MAX_MS;
    pthread_mutex_lock(&o->lock);
    at = &o->queue;
    while (*at) {
        struct outgoing_call *call = *at;

        if (call->start_at_us > now_us) {
            int wait_ms = (int)((call->start_at_us - now_us) / 1000 + 1);

            *ret_wait_ms = wait_ms < *ret_wait_ms ? wait_ms : *ret_wait_ms;
            at = &call->next;
            continue;
        }
        *at = call->next;
        call->next = due;
        due = call;
    }
    pthread_mutex_unlock(&o->lock);
    return due;
}

static void link_active(struct outgoing *o, struct outgoing_call *call)
{
    call->previous = NULL;
    call->next = o->active;
    if (o->active)
        o->active->previous = call;
    o->active = call;
}

static void unlink_active(struct outgoing *o, struct outgoing_call *call)
{
    if (call->previous)
        call->previous->next = call->next;
    else
        o->active = call->next;
    if (call->next)
        call->next->previous = call->previous;
    curl_multi_remove_handle(o->multi, call->easy);
}

static void begin_all(struct outgoing *o, struct outgoing_call *due)
{
    while (due) {
        struct outgoing_call *call = due;

        due = call->next;
        if (curl_multi_add_handle(o->multi, call->easy) == CURLM_OK) {
            link_active(o, call);
        } else {
            outgoing_call_fail(call, ST_NO_MEMORY, "out of memory");
            outgoing_call_free(call);
        }
    }
}

static void finish_all(struct outgoing *o)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(o->multi, &left))) {
        struct outgoing_call *call;
        CURLcode code = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        unlink_active(o, call);
        outgoing_call_finish(call, code);
        outgoing_call_free(call);
    }
}

static bool must_stop(struct outgoing *o)
{
    bool stop;

    pthread_mutex_lock(&o->lock);
    stop = o->stop;
    pthread_mutex_unlock(&o->lock);
    return stop;
}

static void *run(void *ctx)
{
    struct outgoing *o = ctx;

    while (!must_stop(o)) {
        int running;
        int wait_ms;

        begin_all(o, take_due(o, &wait_ms));
        curl_multi_perform(o->multi, &running);
        finish_all(o);
        curl_multi_poll(o->multi, NULL, 0, wait_ms, NULL);
    }
    return NULL;
}

/* ---- around it ---- */

static enum status open_parts(struct outgoing *o, struct why *why)
{
    enum status st = proxy_targets_parse(o->settings.allow, o->settings.deny, &o->targets, why);

    if (st != ST_OK)
        return st;
    if (o->settings.via && !(o->via = strdup(o->settings.via)))
        return fail_memory(why);
    o->multi = curl_multi_init();
    if (!o->multi)
        return fail_memory(why);
    curl_multi_setopt(o->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)o->settings.connections);
    o->running = pthread_create(&o->thread, NULL, run, o) == 0;
    return o->running ? ST_OK : fail(why, ST_IO, "no thread for outgoing requests");
}

enum status outgoing_open(const struct outgoing_settings *settings, struct outgoing **ret,
                          struct why *why)
{
    struct outgoing *o = calloc(1, sizeof *o);
    enum status st;

    if (!o)
        return fail_memory(why);
    o->settings = *settings;
    pthread_mutex_init(&o->lock, NULL);
    st = open_parts(o, why);
    if (st != ST_OK) {
        outgoing_close(o);
        return st;
    }
    *ret = o;
    return ST_OK;
}

static void break_off(struct outgoing *o)
{
    while (o->active) {
        struct outgoing_call *call = o->active;

        unlink_active(o, call);
        outgoing_call_fail(call, ST_TIMEOUT, "the server stops");
        outgoing_call_free(call);
    }
    while (o->queue) {
        struct outgoing_call *call = o->queue;

        o->queue = call->next;
        outgoing_call_fail(call, ST_TIMEOUT, "the server stops");
        outgoing_call_free(call);
    }
}

void outgoing_stop(struct outgoing *o)
{
    pthread_mutex_lock(&o->lock);
    o->stop = true;
    pthread_mutex_unlock(&o->lock);
    if (!o->running)
        return;
    curl_multi_wakeup(o->multi);
    pthread_join(o->thread, NULL);
    o->running = false;
    break_off(o);
}

void outgoing_close(struct outgoing *o)
{
    if (!o)
        return;
    outgoing_stop(o);
    curl_multi_cleanup(o->multi);
    proxy_targets_free(o->targets);
    pthread_mutex_destroy(&o->lock);
    free(o->via);
    free(o);
}

static enum status check_target(const struct outgoing *o, struct slice url, struct why *why)
{
    auto_free char *text = slice_dup(url);
    CURLU *parsed = curl_url();
    CURLUcode code = CURLUE_OK;
    char *host = NULL;
    enum status st = ST_OK;

    if (!parsed || !text)
        st = fail_memory(why);
    else if ((code = curl_url_set(parsed, CURLUPART_URL, text, 0)) == CURLUE_BAD_PORT_NUMBER)
        st = fail(why, ST_IO, "Target host is not specified");
    else if (code != CURLUE_OK || curl_url_get(parsed, CURLUPART_HOST, &host, 0) != CURLUE_OK)
        st = fail(why, ST_BAD_INPUT, "no URL: %.150s", text);
    else if (!proxy_targets_allow(o->targets, host))
        st =
            fail(why, ST_DENIED, "The target proxy address is denied in WireMock's configuration.");
    curl_free(host);
    curl_url_cleanup(parsed);
    return st;
}

static bool enqueue(struct outgoing *o, struct outgoing_call *call)
{
    bool taken;

    pthread_mutex_lock(&o->lock);
    taken = !o->stop;
    if (taken) {
        call->next = o->queue;
        o->queue = call;
        curl_multi_wakeup(o->multi);
    }
    pthread_mutex_unlock(&o->lock);
    return taken;
}

void outgoing_start(struct outgoing *o, const struct outgoing_request *r, outgoing_done *done,
                    void *ctx)
{
    struct why why = {0};
    struct outgoing_call *call;
    enum status st = check_target(o, r->url, &why);

    if (st != ST_OK) {
        done(ctx, st, NULL, &why);
        return;
    }
    call = outgoing_call_new(r, o->settings.timeout_ms, o->via);
    if (!call) {
        done(ctx, fail_memory(&why), NULL, &why);
        return;
    }
    call->done = done;
    call->ctx = ctx;
    call->start_at_us = clock_monotonic_us() + r->delay_ms * 1000;
    if (enqueue(o, call))
        return;
    outgoing_call_fail(call, ST_TIMEOUT, "the server stops");
    outgoing_call_free(call);
}
