#include "common/http_internal.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

/* More wait for each other; on a machine of many processors each would cost some 20 KiB. */
enum { THREADS_MAX = 16 };

struct http_lane {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct http_request *first, **end; /* those that wait */
    bool stopped;
    unsigned count;
    pthread_t threads[];
};

/* The next that waits; NULL: the lane is stopped. */
static struct http_request *take_next(struct http_lane *lane)
{
    struct http_request *req = NULL;

    pthread_mutex_lock(&lane->lock);
    while (!lane->first && !lane->stopped)
        pthread_cond_wait(&lane->work, &lane->lock);
    if (!lane->stopped) {
        req = lane->first;
        lane->first = req->next_in_lane;
        if (!lane->first)
            lane->end = &lane->first;
    }
    pthread_mutex_unlock(&lane->lock);
    return req;
}

/* What this thread notes of its memory counts for the reply. */
static void *lane_main(void *ctx)
{
    struct http_request *req;

    while ((req = take_next(ctx))) {
        memory_forget();
        req->aside(req);
        http_reply_or_blame(req);
        http_resume(req);
    }
    return NULL;
}

enum status http_lane_open(unsigned threads, struct http_lane **ret, struct why *why)
{
    const unsigned wanted = threads < THREADS_MAX ? threads : THREADS_MAX;
    struct http_lane *lane = calloc(1, sizeof *lane + wanted * sizeof lane->threads[0]);
    int rc = 0;

    if (!lane)
        return fail_memory(why);
    pthread_mutex_init(&lane->lock, NULL);
    pthread_cond_init(&lane->work, NULL);
    lane->end = &lane->first;
    while (lane->count < wanted && rc == 0) {
        rc = pthread_create(&lane->threads[lane->count], NULL, lane_main, lane);
        lane->count += rc == 0;
    }
    if (rc == 0) {
        *ret = lane;
        return ST_OK;
    }
    http_lane_free(lane);
    return fail(why, ST_IO, "no thread can be made: %s", strerror(rc));
}

void http_lane_add(struct http_lane *lane, struct http_request *req)
{
    pthread_mutex_lock(&lane->lock);
    req->next_in_lane = NULL;
    *lane->end = req;
    lane->end = &req->next_in_lane;
    pthread_cond_signal(&lane->work);
    pthread_mutex_unlock(&lane->lock);
}

void http_lane_stop(struct http_lane *lane)
{
    if (!lane)
        return;
    pthread_mutex_lock(&lane->lock);
    lane->stopped = true;
    pthread_cond_broadcast(&lane->work);
    pthread_mutex_unlock(&lane->lock);
    for (unsigned i = 0; i < lane->count; i++)
        pthread_join(lane->threads[i], NULL);
    lane->count = 0;
}

void http_lane_free(struct http_lane *lane)
{
    if (!lane)
        return;
    http_lane_stop(lane);
    pthread_cond_destroy(&lane->work);
    pthread_mutex_destroy(&lane->lock);
    free(lane);
}
