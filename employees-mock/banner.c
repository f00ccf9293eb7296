#include "employees-mock/banner.h"

#include "employees-mock/app.h"

#include <stdio.h>

static void print_switch(const char *name, bool on)
{
    printf("%-29s %s\n", name, on ? "true" : "false");
}

void banner_print(const struct flags *flags, unsigned port, unsigned https_port)
{
    if (!flags->no_banner)
        printf("\nemployees-mock " VERSION
               ": stubs, admin API and flags of WireMock " WIREMOCK_VERSION "\n\n");
    printf("%-29s %s\n", "version:", WIREMOCK_VERSION);
    if (port)
        printf("%-29s %u\n", "port:", port);
    if (https_port)
        printf("%-29s %u\n", "https-port:", https_port);
    print_switch("enable-browser-proxying:", false);
    print_switch("disable-banner:", flags->no_banner);
    print_switch("no-request-journal:", flags->no_journal);
    print_switch("verbose:", flags->verbose);
    printf("\n%-29s %s\n\n", "extensions:", "response-template,webhook");
    fflush(stdout);
}
