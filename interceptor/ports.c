#include "interceptor/ports.h"

#include "common/tls.h"
#include "interceptor/call.h"
#include "interceptor/routes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum port { PORT_TLS, PORT_PLAIN, PORT_ADMIN, PORTS };

/* Health and metrics answer while some of these walk through a long trail: 5 s a million rows. */
enum { ADMIN_THREADS = 4, ADMIN_IDLE_MS = 120000 };

/* A body of that size is at most some milliseconds of work; with pseudonyms that are new to the token
 * store, less than a second. */
enum { ASIDE_BYTES = 256 << 10 };

static const char *const port_names[PORTS] = {
    [PORT_TLS] = "listen", [PORT_PLAIN] = "listen-plain", [PORT_ADMIN] = "admin-listen"};

struct ports {
    struct app *app; /* borrowed */
    struct http_server *servers[PORTS];
    struct http_app service;
    struct http_app admin;
    struct route *routes; /* of the service */
    struct tls *tls;
};

static struct http_app make_app(struct app *app, const struct route *routes, size_t count)
{
    return (struct http_app){
        .ctx = app,
        .routes = routes,
        .route_count = count,
        .state_size = sizeof(struct call),
        .begin = call_begin,
        .fault = call_fault,
        .refuse = call_refuse,
        .decorate = call_decorate,
        .finish = call_finish,
    };
}

/* The words of http_server_open() tell of the address; whose it is they can't know. */
static enum status name_option(enum port port, const char *address, enum status st, struct why *why)
{
    char flag[32];

    snprintf(flag, sizeof flag, "--%s", port_names[port]);
    return fail_at(why, st, flag, "%s: %s", address, why->text);
}

/* The ports share what the process may have, so that they never take the descriptors that the
 * database and a reload need, however many connect. */
static unsigned share_of(const struct settings *s)
{
    unsigned ports = !!s->listen + !!s->listen_plain + !!s->admin_listen;

    return http_connections_max() / ports;
}

static enum status open_one(struct ports *ports, struct app *app, enum port port,
                            const char *address, struct why *why)
{
    const struct http_listener listener = {address, port == PORT_TLS ? ports->tls : NULL};
    struct http_limits limits = http_limits_default;
    enum status st;

    if (!address)
        return ST_OK;
    limits.threads = app->settings.threads;
    limits.max_connections = share_of(&app->settings);
    limits.aside_bytes = ASIDE_BYTES;
    if (port == PORT_ADMIN) {
        limits.threads = ADMIN_THREADS;
        limits.idle_timeout_ms = ADMIN_IDLE_MS;
    }
    st = http_server_open(&listener, port == PORT_ADMIN ? &ports->admin : &ports->service, &limits,
                          &app->log, &ports->servers[port], why);
    if (st != ST_OK)
        return name_option(port, address, st, why);
    log_write(&app->log, LOG_INFO, "listening", LOG_TEXT("option", port_names[port]),
              LOG_TEXT("address", address),
              LOG_NUMBER("port", http_server_port(ports->servers[port])));
    return ST_OK;
}

/* Under another name first, so that a reader never finds half of it. */
static enum status write_port_file(const struct ports *ports, const char *file, struct why *why)
{
    auto_free char *draft = NULL;
    enum status st;
    FILE *out;

    if (asprintf(&draft, "%s.new", file) < 0)
        return fail_memory(why);
    out = fopen(draft, "we");
    if (!out)
        return fail_at(why, ST_IO, file, "can't write the port file: %s", strerror(errno));
    for (int port = 0; port < PORTS; port++)
        if (ports->servers[port])
            fprintf(out, "%s=%u\n", port_names[port], http_server_port(ports->servers[port]));
    if (fclose(out) == 0 && rename(draft, file) == 0)
        return ST_OK;
    st = fail_at(why, ST_IO, file, "can't write the port file: %s", strerror(errno));
    unlink(draft);
    return st;
}

static enum status open_all(struct ports *ports, struct app *app, struct why *why)
{
    const struct settings *s = &app->settings;
    enum status st = routes_service(s->body_max_bytes, &ports->routes, why);

    if (s->port_file)
        unlink(s->port_file); /* of a service that is no more: it would name other ports */
    if (st == ST_OK && s->listen)
        st = tls_open_pem(s->tls_cert, s->tls_key, &ports->tls, why);
    if (st != ST_OK)
        return st;
    ports->app = app;
    if (ports->tls)
        telemetry_certificate(app->telemetry, tls_ends_at_s(ports->tls));
    ports->service = make_app(app, ports->routes, service_route_count);
    ports->admin = make_app(app, admin_routes, admin_route_count);
    st = open_one(ports, app, PORT_TLS, s->listen, why);
    if (st == ST_OK)
        st = open_one(ports, app, PORT_PLAIN, s->listen_plain, why);
    if (st == ST_OK)
        st = open_one(ports, app, PORT_ADMIN, s->admin_listen, why);
    if (st == ST_OK && s->port_file)
        st = write_port_file(ports, s->port_file, why);
    return st;
}

enum status ports_open(struct app *app, struct ports **ret, struct why *why)
{
    struct ports *ports = calloc(1, sizeof *ports);
    enum status st;

    if (!ports)
        return fail_memory(why);
    st = open_all(ports, app, why);
    if (st != ST_OK) {
        ports_close(ports, 0);
        return st;
    }
    *ret = ports;
    return ST_OK;
}

enum status ports_reload(struct ports *ports, struct why *why)
{
    enum status st = ports->tls ? tls_reload(ports->tls, why) : ST_OK;

    if (st == ST_OK && ports->tls)
        telemetry_certificate(ports->app->telemetry, tls_ends_at_s(ports->tls));
    return st;
}

static unsigned left_ms(uint64_t deadline_us)
{
    uint64_t now_us = clock_monotonic_us();

    return now_us < deadline_us ? (unsigned)((deadline_us - now_us) / 1000) : 0;
}

/* The servers share the grace: it is the program's, not a port's. */
void ports_close(struct ports *ports, unsigned grace_ms)
{
    uint64_t deadline_us = clock_monotonic_us() + (uint64_t)grace_ms * 1000;

    if (!ports)
        return;
    for (int port = 0; port < PORTS; port++)
        if (ports->servers[port])
            http_server_quiesce(ports->servers[port]);
    for (int port = 0; port < PORTS; port++)
        if (ports->servers[port])
            http_server_close(ports->servers[port], left_ms(deadline_us));
    if (ports->tls)
        tls_close(ports->tls);
    free(ports->routes);
    free(ports);
}
