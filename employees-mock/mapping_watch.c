#include "employees-mock/mapping_watch.h"

#include "common/cleanup.h"
#include "common/memory.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { QUIET_MS = 50, DEPTH_MAX = 32, EVENTS_SIZE = 16 << 10 };

#define CHANGES                                                                                    \
    (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF |       \
     IN_MOVE_SELF)

struct mapping_watch {
    pthread_t thread;
    bool running;
    int inotify;
    int parent; /* the watch on the folder around the folder */
    int stop;
    char *folder;
    void (*changed)(void *ctx);
    void *ctx;
};

static void watch_below(struct mapping_watch *w, const char *folder, int depth)
{
    struct dirent **entries;
    int count;

    if (depth > DEPTH_MAX || inotify_add_watch(w->inotify, folder, CHANGES | IN_ONLYDIR) < 0)
        return;
    count = scandir(folder, &entries, NULL, NULL);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        struct stat about;

        if (entries[i]->d_name[0] != '.' &&
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < PATH_MAX &&
            lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
            watch_below(w, path, depth + 1);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* The parent tells when the folder itself comes: it need not be there yet. */
static void watch_parent(struct mapping_watch *w)
{
    const char *slash = strrchr(w->folder, '/');
    size_t len = slash ? (size_t)(slash - w->folder) : 0;
    char parent[PATH_MAX];

    if (snprintf(parent, sizeof parent, "%.*s%s", (int)len, w->folder,
                 slash == w->folder ? "/"
                 : slash            ? ""
                                    : ".") < PATH_MAX)
        w->parent = inotify_add_watch(w->inotify, parent, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
}

static void watch_all(struct mapping_watch *w)
{
    watch_parent(w);
    watch_below(w, w->folder, 0);
}

/* Beside the folder all kinds of files may come, which are none of its own. */
static bool counts(const struct mapping_watch *w, const struct inotify_event *event)
{
    const char *slash = strrchr(w->folder, '/');

    return event->wd != w->parent || event->len == 0 ||
           strcmp(event->name, slash ? slash + 1 : w->folder) == 0;
}

/* Reads all events that are there; false: none counts. */
static bool drain(struct mapping_watch *w)
{
    char events[EVENTS_SIZE] __attribute__((aligned(__alignof__(struct inotify_event))));
    bool any = false;
    ssize_t len;

    while ((len = read(w->inotify, events, sizeof events)) > 0) {
        for (const char *at = events; at < events + len;) {
            const struct inotify_event *event = (const void *)at;

            any = any || counts(w, event);
            at += sizeof *event + event->len;
        }
    }
    return any;
}

static bool wait_for(struct mapping_watch *w, int timeout_ms, bool *ret_stop)
{
    struct pollfd fds[2] = {{.fd = w->inotify, .events = POLLIN},
                            {.fd = w->stop, .events = POLLIN}};
    int ready = poll(fds, 2, timeout_ms);

    *ret_stop = ready > 0 && fds[1].revents != 0;
    return ready > 0 && fds[0].revents != 0 && drain(w);
}

static void *watch(void *ctx)
{
    struct mapping_watch *w = ctx;
    bool stop = false;

    while (!stop) {
        if (!wait_for(w, -1, &stop))
            continue;
        while (!stop && wait_for(w, QUIET_MS, &stop))
            ;
        if (stop)
            break;
        watch_all(w);
        memory_forget();
        w->changed(w->ctx);
    }
    return NULL;
}

enum status mapping_watch_start(const char *folder, void (*changed)(void *ctx), void *ctx,
                                struct mapping_watch **ret, struct why *why)
{
    struct mapping_watch *w = calloc(1, sizeof *w);

    if (!w) {
        free(ctx);
        return fail_memory(why);
    }
    w->changed = changed;
    w->ctx = ctx;
    w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    w->stop = eventfd(0, EFD_CLOEXEC);
    w->folder = strdup(folder);
    if (w->inotify < 0 || w->stop < 0 || !w->folder) {
        mapping_watch_stop(w);
        return fail(why, ST_IO, "can't watch %s: %s", folder, strerror(errno));
    }
    watch_all(w);
    w->running = pthread_create(&w->thread, NULL, watch, w) == 0;
    if (!w->running) {
        mapping_watch_stop(w);
        return fail(why, ST_IO, "can't watch %s: no thread", folder);
    }
    *ret = w;
    return ST_OK;
}

void mapping_watch_stop(struct mapping_watch *w)
{
    uint64_t one = 1;

    if (!w)
        return;
    if (w->running && write(w->stop, &one, sizeof one) == sizeof one)
        pthread_join(w->thread, NULL);
    if (w->inotify >= 0)
        close(w->inotify);
    if (w->stop >= 0)
        close(w->stop);
    free(w->folder);
    free(w->ctx);
    free(w);
}
