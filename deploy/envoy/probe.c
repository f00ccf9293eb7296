/* probe PORT PATH: exits 0 when http://127.0.0.1:PORT/PATH answers 200 within two seconds. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *what)
{
    perror(what);
    return 1;
}

/* The status line's beginning is all that counts. */
static size_t read_head(int fd, char *head, size_t room)
{
    size_t len = 0;

    while (len < room) {
        ssize_t got = read(fd, head + len, room - len);

        if (got <= 0)
            break;
        len += (size_t)got;
    }
    return len;
}

int main(int argc, char **argv)
{
    const struct timeval two_seconds = {.tv_sec = 2};
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char head[12];

    if (argc != 3 || fd < 0)
        return 2;
    address.sin_port = htons((uint16_t)atoi(argv[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &two_seconds, sizeof two_seconds);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &two_seconds, sizeof two_seconds);
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        return fail("connect");
    if (dprintf(fd, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", argv[2]) < 0)
        return fail("write");
    if (read_head(fd, head, sizeof head) < sizeof head)
        return fail("read");
    return memcmp(head, "HTTP/1.1 200", sizeof head) == 0 ? 0 : 1;
}
