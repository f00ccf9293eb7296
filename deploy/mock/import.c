#include "import.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 200, PAUSE_NS = 50 * 1000 * 1000, ANSWER_SECONDS = 10, ANSWER_MAX = 4096 };

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "import: %s: %s\n", what, why);
    return 1;
}

/* A socket, or -1 with errno. */
static int connect_to(unsigned port)
{
    const struct timeval patience = {.tv_sec = ANSWER_SECONDS};
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < TRIES; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        close(fd);
        nanosleep(&pause, NULL);
    }
    errno = ETIMEDOUT;
    return -1;
}

static int send_file(int to, int file, off_t size)
{
    if (dprintf(to,
                "POST /__admin/mappings/import HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Type: application/json\r\nContent-Length: %lld\r\n"
                "Connection: close\r\n\r\n",
                (long long)size) < 0)
        return -1;
    while (size > 0) {
        ssize_t sent = sendfile(to, file, NULL, (size_t)size);

        if (sent <= 0)
            return -1;
        size -= sent;
    }
    return 0;
}

/* 0 for a 200; else the answer is shown, since it names what is wrong with the mapping. */
static int read_answer(int from)
{
    char answer[ANSWER_MAX + 1];
    size_t len = 0;
    ssize_t got;

    while (len < ANSWER_MAX && (got = read(from, answer + len, ANSWER_MAX - len)) > 0)
        len += (size_t)got;
    answer[len] = '\0';
    if (strncmp(answer, "HTTP/1.1 200", 12) == 0)
        return 0;
    return complain("the mock answered", len > 0 ? answer : "nothing");
}

int import_mappings(unsigned port, const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct stat about;
    int to;

    if (fd < 0 || fstat(fd, &about) != 0)
        return complain(file, strerror(errno));
    to = connect_to(port);
    if (to < 0)
        return complain("the mock", strerror(errno));
    if (send_file(to, fd, about.st_size) != 0)
        return complain("sending", strerror(errno));
    return read_answer(to);
}
