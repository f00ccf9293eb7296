/* The subcommands, for command.c's table and the documents' test. Each returns an exit code. */
#ifndef INTERCEPTOR_COMMANDS_H
#define INTERCEPTOR_COMMANDS_H

#include "interceptor/settings.h"

#include <stddef.h>

struct command {
    const char *name;
    const char *second; /* "verify" of "audit verify"; NULL: none */
    size_t arguments;   /* words behind them */
    const char *arguments_help;
    const char *help;
    int (*run)(const struct settings *settings);
};

extern const struct command commands[];
extern const size_t command_count;

int command_check_config(const struct settings *settings);
int command_health(const struct settings *settings);

int command_explain(const struct settings *settings);
int command_preview(const struct settings *settings);
int command_suggest(const struct settings *settings);

int command_export(const struct settings *settings);
int command_backup(const struct settings *settings);
int command_audit_verify(const struct settings *settings);
int command_key_list(const struct settings *settings);
int command_key_rotate(const struct settings *settings);
int command_key_retire(const struct settings *settings);

#endif
