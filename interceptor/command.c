#include "interceptor/command.h"

#include "interceptor/commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PRINTED_MAX = 512 << 20 };

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
    int (*run)(const struct settings *settings);
} flags[] = {
    {SET_PRINT_CONFIG, print_config},
    {SET_CHECK_CONFIG, command_check_config},
    {SET_HEALTH, command_health},
};

const struct command commands[] = {
    {"explain", NULL, 0, "--manifest M --country C [--owner C] [--claim N=V] ...",
     "which rule grants each attribute, or why none does", command_explain},
    {"preview", NULL, 0, "--manifest M --country C [--job J] [--input FILE] ...",
     "a data set before and after a job", command_preview},
    {"suggest", NULL, 0, "[--input FILE] [--type JSON|XML]", "a manifest proposed from a sample",
     command_suggest},
    {"export", NULL, 0, "", "the whole configuration, credentials as hashes", command_export},
    {"backup", NULL, 1, "FILE", "a copy of the database, while the service runs", command_backup},
    {"audit", "verify", 0, "", "look for changed or missing rows of the audit trail",
     command_audit_verify},
    {"key", "list", 0, "", "the data keys, without their material", command_key_list},
    {"key", "rotate", 0, "", "make a fresh data key (the service takes it within 5 s)",
     command_key_rotate},
    {"key", "retire", 1, "N", "stop opening what a data key made", command_key_retire},
};
const size_t command_count = sizeof commands / sizeof commands[0];

/* One line, whatever a name in it holds: what would break it, or steer a terminal, is escaped. */
static void put_escaped(struct buf *line, const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            buf_printf(line, "\\x%02x", (unsigned)*text);
        else
            buf_put_char(line, *text);
    }
}

int command_complain(enum status st, const struct why *why)
{
    const char *text = why->text[0] != '\0' ? why->text : status_word(st);
    auto_buf struct buf line = BUF_INIT(4096);
    bool usage =
        st == ST_BAD_INPUT || st == ST_NOT_FOUND || st == ST_TOO_LARGE || st == ST_UNSUPPORTED;

    buf_put_text(&line, "interceptor: ");
    put_escaped(&line, why->place);
    buf_put_text(&line, why->place[0] != '\0' ? ": " : "");
    put_escaped(&line, text);
    buf_put_char(&line, '\n');
    fwrite(line.data, 1, line.len, stderr);
    return usage ? EXIT_USAGE : EXIT_FAILED;
}

int command_print_json(json_t *value)
{
    auto_json json_t *own = value;
    auto_buf struct buf text = BUF_INIT(PRINTED_MAX);
    struct why why = {0};
    enum status st = own ? ST_OK : fail_memory(&why);

    if (st == ST_OK) {
        json_write(own, true, &text);
        buf_put_char(&text, '\n');
        st = buf_status(&text, &why);
    }
    if (st != ST_OK)
        return command_complain(st, &why);
    fwrite(text.data, 1, text.len, stdout);
    return EXIT_FINE;
}

int command_finish(int exit_code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_code;
    fprintf(stderr, "interceptor: standard output: %s\n", strerror(errno));
    return exit_code == EXIT_FINE ? EXIT_FAILED : exit_code;
}

static bool meant(const struct command *c, const struct options *o)
{
    size_t words = c->second ? 2 : 1;

    return options_words(o) == words + c->arguments && strcmp(options_word(o, 0), c->name) == 0 &&
           (!c->second || strcmp(options_word(o, 1), c->second) == 0);
}

static int run_words(const struct settings *settings)
{
    const struct options *o = settings->options;

    for (size_t i = 0; i < command_count; i++)
        if (meant(&commands[i], o))
            return commands[i].run(settings);
    fprintf(stderr, "interceptor: %s: no such command with these arguments (see --help)\n",
            options_word(o, 0));
    return EXIT_USAGE;
}

bool command_run(const struct settings *settings, int *ret_exit)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (options_on(settings->options, flags[i].flag)) {
            *ret_exit = flags[i].run(settings);
            return true;
        }
    }
    if (options_words(settings->options) == 0)
        return false;
    *ret_exit = run_words(settings);
    return true;
}

void command_help(struct buf *ret)
{
    buf_put_text(ret, "\ncommands:\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &commands[i];

        buf_printf(ret, "  %s%s%s %s\n        %s\n", c->name, c->second ? " " : "",
                   c->second ? c->second : "", c->arguments_help, c->help);
    }
}
