/* The yardstick of the benchmarks: libmicrohttpd with nothing around it.
 *
 *     bare_mhd PORT THREADS FILE [NAME VALUE]...
 *
 * Answers every request, once its body is read, with the bytes of FILE and the headers given; epoll, a
 * pool of THREADS. Ends on SIGTERM or SIGINT. */
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { BODY_MAX = 64 << 20 };

struct body {
    char *data;
    size_t len;
    char **headers; /* name, value, ..., NULL */
};

static enum MHD_Result answer(void *cls, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **context)
{
    static int seen;
    const struct body *body = cls;
    struct MHD_Response *response;
    enum MHD_Result queued;

    (void)url;
    (void)method;
    (void)version;
    (void)data;
    if (!*context || *size > 0) {
        *context = &seen;
        *size = 0;
        return MHD_YES;
    }
    response = MHD_create_response_from_buffer(body->len, body->data, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    for (char **h = body->headers; h[0]; h += 2)
        MHD_add_response_header(response, h[0], h[1]);
    queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static int read_body(const char *file, struct body *ret)
{
    FILE *in = fopen(file, "rb");

    if (!in)
        return -1;
    ret->data = malloc(BODY_MAX);
    ret->len = ret->data ? fread(ret->data, 1, BODY_MAX, in) : 0;
    fclose(in);
    return ret->data ? 0 : -1;
}

static void wait_for_signal(void)
{
    sigset_t set;
    int signal;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigwait(&set, &signal);
}

int main(int argc, char **argv)
{
    struct body body = {0};
    struct MHD_Daemon *daemon;

    if (argc < 4 || argc % 2 != 0 || read_body(argv[3], &body) != 0) {
        fprintf(stderr, "usage: bare_mhd PORT THREADS FILE [NAME VALUE]...\n");
        return 2;
    }
    body.headers = argv + 4;
    daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)atoi(argv[1]), NULL, NULL,
                              answer, &body, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)atoi(argv[2]),
                              MHD_OPTION_END);
    if (!daemon) {
        fprintf(stderr, "bare_mhd: port %s can't be opened\n", argv[1]);
        return 1;
    }
    printf("port %u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    wait_for_signal();
    MHD_stop_daemon(daemon);
    free(body.data);
    return 0;
}
