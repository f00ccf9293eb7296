/* --health: asks the service's own ports, as a container's health check does. */
#include "interceptor/command.h"
#include "interceptor/commands.h"
#include "interceptor/fetch.h"

#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 3000, ADDRESS_MAX = 300 };

/* The port in use, where the settings say 0 and the port file knows better. */
static unsigned port_from_file(const char *file, const char *option)
{
    FILE *in = file ? fopen(file, "re") : NULL;
    char line[ADDRESS_MAX];
    size_t len = strlen(option);
    unsigned port = 0;

    while (in && fgets(line, sizeof line, in))
        if (strncmp(line, option, len) == 0 && line[len] == '=')
            sscanf(line + len + 1, "%u", &port);
    if (in)
        fclose(in);
    return port;
}

/* "0.0.0.0:8081" to "127.0.0.1:8081": any address, also *, means this machine. */
static bool dial_address(const char *listen, unsigned port, char ret[ADDRESS_MAX])
{
    const char *colon = strrchr(listen, ':');
    size_t host_len = colon ? (size_t)(colon - listen) : 0;
    char host[ADDRESS_MAX];

    if (!colon || host_len >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)host_len, listen);
    if (host_len == 0 || strcmp(host, "*") == 0 || strcmp(host, "0.0.0.0") == 0)
        snprintf(host, sizeof host, "127.0.0.1");
    else if (strcmp(host, "[::]") == 0)
        snprintf(host, sizeof host, "[::1]");
    return (port ? snprintf(ret, ADDRESS_MAX, "%.250s:%u", host, port)
                 : snprintf(ret, ADDRESS_MAX, "%.250s%.40s", host, colon)) < ADDRESS_MAX;
}

int command_health(const struct settings *settings)
{
    struct why why = {0};
    const struct {
        const char *option;
        const char *listen;
        const char *scheme;
    } ports[] = {
        {"admin-listen", settings->admin_listen, "http"},
        {"listen-plain", settings->listen_plain, "http"},
        {"listen", settings->listen, "https"},
    };

    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        char address[ADDRESS_MAX];
        char url[ADDRESS_MAX + 20];
        long status = 0;

        if (!ports[i].listen ||
            !dial_address(ports[i].listen, port_from_file(settings->port_file, ports[i].option),
                          address))
            continue;
        snprintf(url, sizeof url, "%s://%s/healthz", ports[i].scheme, address);
        /* The service asks itself: there is nothing to learn from its certificate. */
        if (fetch_get(url, TIMEOUT_MS, true, NULL, &status, &why) == ST_OK && status == 200)
            return EXIT_FINE;
        fprintf(stderr, "interceptor: %s: %s\n", url,
                status ? "does not answer 200" : "can't be reached");
        return EXIT_FAILED;
    }
    fprintf(stderr, "interceptor: --health: no port is configured\n");
    return EXIT_FAILED;
}
