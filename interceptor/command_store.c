/* Subcommands on the database; the service may be running meanwhile. */
#include "interceptor/command.h"
#include "interceptor/commands.h"

#include "interceptor/audit.h"
#include "interceptor/config.h"
#include "interceptor/digits.h"
#include "interceptor/key_change.h"
#include "interceptor/offline.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* Files alone are read also without a key; but what is hashed then nobody can check again. */
int command_export(const struct settings *settings)
{
    auto_offline struct offline offline = {0};
    bool has_key = access(settings->key_file, F_OK) == 0;
    struct why why = {0};
    enum status st = offline_open(settings, &offline, &why);

    if (st == ST_OK && offline.left_out > 0)
        st = fail_at(&why, ST_BAD_INPUT, settings->key_file,
                     "there is no such key file, which the data keys need");
    if (st == ST_OK && has_key)
        st = config_check_key(&offline.items, offline.master, &why);
    if (st != ST_OK)
        return command_complain(st, &why);
    if (!has_key)
        fprintf(
            stderr,
            "interceptor: %s: there is no such key file: no service will know the credentials\n",
            settings->key_file);
    return command_print_json(
        config_write(&offline.items, has_key ? master_fingerprint(offline.master) : NULL));
}

int command_backup(const struct settings *settings)
{
    auto_offline struct offline offline = {0};
    struct why why = {0};
    enum status st = offline_open_store(settings, &offline, &why);

    if (st == ST_OK)
        st = store_backup(offline.store, options_word(settings->options, 1), &why);
    return st == ST_OK ? EXIT_FINE : command_complain(st, &why);
}

int command_audit_verify(const struct settings *settings)
{
    auto_offline struct offline offline = {0};
    int64_t rows = 0;
    struct why why = {0};
    enum status st = offline_open_trail(settings, &offline, &why);

    if (st == ST_OK)
        st = audit_verify(offline.store, offline.master, &rows, &why);
    if (st != ST_OK)
        return command_complain(st, &why);
    printf("the audit trail is whole: %" PRId64 " rows\n", rows);
    return EXIT_FINE;
}

int command_key_list(const struct settings *settings)
{
    auto_offline struct offline offline = {0};
    struct why why = {0};
    enum status st = offline_open_database(settings, &offline, &why);

    return st == ST_OK ? command_print_json(keyring_list(&offline.items))
                       : command_complain(st, &why);
}

int command_key_rotate(const struct settings *settings)
{
    auto_offline struct offline offline = {0};
    struct why why = {0};
    enum status st = offline_open_database(settings, &offline, &why);

    if (st == ST_OK)
        st = key_rotate(offline.policy, offline.master, clock_now_us(&settings->clock), &why);
    return st == ST_OK ? command_key_list(settings) : command_complain(st, &why);
}

int command_key_retire(const struct settings *settings)
{
    const char *text = options_word(settings->options, 2);
    auto_offline struct offline offline = {0};
    struct why why = {0};
    int64_t id = 0;
    enum status st = ST_OK;

    if (!read_digits(text, KEYRING_MAX, &id))
        st = fail_at(&why, ST_NOT_FOUND, text, "there is no such key");
    if (st == ST_OK)
        st = offline_open_database(settings, &offline, &why);
    if (st == ST_OK)
        st = key_retire(offline.policy, (uint32_t)id, &why);
    return st == ST_OK ? command_key_list(settings) : command_complain(st, &why);
}
