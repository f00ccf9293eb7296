#include "interceptor/command.h"

#include "interceptor/config.h"
#include "interceptor/quota.h"
#include "interceptor/snapshot.h"

#include <stdio.h>
#include <string.h>

typedef int command(const struct settings *settings);

int command_complain(enum status st, const struct why *why)
{
    const char *text = why->text[0] != '\0' ? why->text : status_word(st);
    bool usage =
        st == ST_BAD_INPUT || st == ST_NOT_FOUND || st == ST_TOO_LARGE || st == ST_UNSUPPORTED;

    if (why->place[0] != '\0')
        fprintf(stderr, "interceptor: %s: %s\n", why->place, text);
    else
        fprintf(stderr, "interceptor: %s\n", text);
    return usage ? EXIT_USAGE : EXIT_FAILED;
}

static int print_config(const struct settings *settings)
{
    auto_buf struct buf text = BUF_INIT(1 << 20);

    options_print(settings->options, &text);
    fwrite(text.data, 1, text.len, stdout);
    return EXIT_FINE;
}

/* Flags that ask. */
static const struct {
    enum setting flag;
    command *run;
} flags[] = {
    {SET_PRINT_CONFIG, print_config},
};

bool command_run(const struct settings *settings, int *ret_exit)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (options_on(settings->options, flags[i].flag)) {
            *ret_exit = flags[i].run(settings);
            return true;
        }
    }
    return false;
}

void command_help(struct buf *ret)
{
    (void)ret;
}
