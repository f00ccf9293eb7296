#include "common/http_timer.h"

#include "common/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A binary heap with the earliest entry at place 1; place 0 stays empty. */
struct http_timer {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool stop;
    struct http_timer_entry **heap;
    size_t count;
    size_t cap;
};

static void put(struct http_timer *timer, size_t place, struct http_timer_entry *entry)
{
    timer->heap[place] = entry;
    entry->place = place;
}

static void sift_up(struct http_timer *timer, struct http_timer_entry *entry, size_t place)
{
    while (place > 1 && timer->heap[place / 2]->due_us > entry->due_us) {
        put(timer, place, timer->heap[place / 2]);
        place /= 2;
    }
    put(timer, place, entry);
}

static void sift_down(struct http_timer *timer, struct http_timer_entry *entry, size_t place)
{
    size_t child;

    while ((child = place * 2) <= timer->count) {
        if (child < timer->count && timer->heap[child + 1]->due_us < timer->heap[child]->due_us)
            child++;
        if (timer->heap[child]->due_us >= entry->due_us)
            break;
        put(timer, place, timer->heap[child]);
        place = child;
    }
    put(timer, place, entry);
}

static void settle(struct http_timer *timer, struct http_timer_entry *entry, size_t place)
{
    if (place > 1 && timer->heap[place / 2]->due_us > entry->due_us)
        sift_up(timer, entry, place);
    else
        sift_down(timer, entry, place);
}

static void take_out(struct http_timer *timer, struct http_timer_entry *entry)
{
    struct http_timer_entry *last = timer->heap[timer->count--];
    size_t place = entry->place;

    entry->place = 0;
    if (last != entry)
        settle(timer, last, place);
}

static void fire_first(struct http_timer *timer, uint64_t now_us)
{
    struct http_timer_entry *entry = timer->heap[1];
    uint64_t next_us = entry->fire(entry, now_us);

    if (next_us == 0) {
        take_out(timer, entry);
    } else {
        entry->due_us = next_us;
        sift_down(timer, entry, 1);
    }
}

static void sleep_until(struct http_timer *timer, uint64_t due_us)
{
    struct timespec at = {.tv_sec = (time_t)(due_us / 1000000),
                          .tv_nsec = (long)(due_us % 1000000) * 1000};

    pthread_cond_timedwait(&timer->changed, &timer->lock, &at);
}

static void *run(void *arg)
{
    struct http_timer *timer = arg;

    pthread_mutex_lock(&timer->lock);
    while (!timer->stop) {
        uint64_t now_us = clock_monotonic_us();

        if (timer->count == 0)
            pthread_cond_wait(&timer->changed, &timer->lock);
        else if (timer->heap[1]->due_us > now_us)
            sleep_until(timer, timer->heap[1]->due_us);
        else
            fire_first(timer, now_us);
    }
    pthread_mutex_unlock(&timer->lock);
    return NULL;
}

enum status http_timer_open(struct http_timer **ret, struct why *why)
{
    struct http_timer *timer = calloc(1, sizeof *timer);
    pthread_condattr_t attr;

    if (!timer)
        return fail_memory(why);
    pthread_mutex_init(&timer->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&timer->changed, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&timer->thread, NULL, run, timer) != 0) {
        pthread_cond_destroy(&timer->changed);
        pthread_mutex_destroy(&timer->lock);
        free(timer);
        return fail(why, ST_IO, "no thread for the timer");
    }
    *ret = timer;
    return ST_OK;
}

void http_timer_close(struct http_timer *timer)
{
    if (!timer)
        return;
    pthread_mutex_lock(&timer->lock);
    timer->stop = true;
    pthread_cond_signal(&timer->changed);
    pthread_mutex_unlock(&timer->lock);
    pthread_join(timer->thread, NULL);
    pthread_cond_destroy(&timer->changed);
    pthread_mutex_destroy(&timer->lock);
    free(timer->heap);
    free(timer);
}

static bool has_room(struct http_timer *timer)
{
    size_t cap = timer->cap * 2 + 64;
    struct http_timer_entry **heap;

    if (timer->count + 1 < timer->cap)
        return true;
    heap = realloc(timer->heap, cap * sizeof *heap);
    if (!heap)
        return false;
    timer->heap = heap;
    timer->cap = cap;
    return true;
}

bool http_timer_set(struct http_timer *timer, struct http_timer_entry *entry, uint64_t due_us)
{
    bool done = true;

    pthread_mutex_lock(&timer->lock);
    if (entry->place > 0) {
        entry->due_us = due_us;
        settle(timer, entry, entry->place);
    } else if (has_room(timer)) {
        entry->due_us = due_us;
        sift_up(timer, entry, ++timer->count);
    } else {
        done = false;
    }
    if (done && entry->place == 1)
        pthread_cond_signal(&timer->changed);
    pthread_mutex_unlock(&timer->lock);
    return done;
}

void http_timer_cancel(struct http_timer *timer, struct http_timer_entry *entry)
{
    pthread_mutex_lock(&timer->lock);
    if (entry->place > 0)
        take_out(timer, entry);
    pthread_mutex_unlock(&timer->lock);
}
