#include "common/http_internal.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, HOST_MAX = 256 };

/* "host:port", "[v6]:port", ":port". An empty host stands for all addresses. */
static enum status split(const char *address, char host[HOST_MAX], const char **ret_port,
                         struct why *why)
{
    const char *colon = strrchr(address, ':');
    struct slice name = {address, colon ? (size_t)(colon - address) : 0};

    if (name.len > 1 && name.data[0] == '[' && name.data[name.len - 1] == ']')
        name = (struct slice){name.data + 1, name.len - 2};
    else if (name.len > 0 && memchr(name.data, ':', name.len))
        colon = NULL;
    if (!colon || name.len >= HOST_MAX || colon[1] == '\0' ||
        strspn(colon + 1, "0123456789") != strlen(colon + 1) || strlen(colon + 1) > 5 ||
        atoi(colon + 1) > 65535)
        return fail_at(why, ST_BAD_INPUT, address, "an address looks like 127.0.0.1:8080");
    if (name.len > 0)
        memcpy(host, name.data, name.len);
    host[name.len] = '\0';
    *ret_port = colon + 1;
    return ST_OK;
}

static enum status bind_failed(const char *address, struct why *why)
{
    if (errno == EADDRINUSE)
        return fail_at(why, ST_CONFLICT, address, "port %s is in use", strrchr(address, ':') + 1);
    if (errno == EADDRNOTAVAIL)
        return fail_at(why, ST_BAD_INPUT, address, "this machine has no such address");
    return fail_at(why, ST_IO, address, "can't listen: %s", strerror(errno));
}

static enum status open_one(const struct addrinfo *info, const char *address, int *ret_fd,
                            struct why *why)
{
    auto_fd int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int on = 1;
    int off = 0;

    if (fd < 0)
        return fail_at(why, ST_IO, address, "no socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (info->ai_family == AF_INET6) /* [::] takes both families */
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0)
        return bind_failed(address, why);
    *ret_fd = fd;
    fd = -1;
    return ST_OK;
}

static unsigned port_of(int fd)
{
    struct sockaddr_in6 address = {0}; /* the port stands at the same place in both families */
    socklen_t len = sizeof address;

    getsockname(fd, (struct sockaddr *)&address, &len);
    return ntohs(address.sin6_port);
}

/* All addresses: both families where the machine has both. */
static enum status resolve(const char *host, const char *port, const char *address,
                           struct addrinfo **ret, struct why *why)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    int rc = EAI_NONAME;

    if (host[0] == '\0')
        rc = getaddrinfo("::", port, &hints, ret);
    else
        rc = getaddrinfo(host, port, &hints, ret);
    if (rc != 0)
        return fail_at(why, ST_BAD_INPUT, address, "no such address: %s", gai_strerror(rc));
    return ST_OK;
}

enum status http_listen(const char *address, int *ret_fd, unsigned *ret_port, struct why *why)
{
    char host[HOST_MAX];
    const char *port = NULL;
    struct addrinfo *info;
    enum status st = split(address, host, &port, why);

    if (st != ST_OK)
        return st;
    st = resolve(host, port, address, &info, why);
    if (st != ST_OK)
        return st;
    st = open_one(info, address, ret_fd, why);
    freeaddrinfo(info);
    if (st != ST_OK && st != ST_CONFLICT && host[0] == '\0') { /* a kernel without IPv6 */
        struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
        struct addrinfo v4 = {
            .ai_family = AF_INET, .ai_addr = (struct sockaddr *)&any, .ai_addrlen = sizeof any};

        st = open_one(&v4, address, ret_fd, why);
    }
    if (st == ST_OK)
        *ret_port = port_of(*ret_fd);
    return st;
}
