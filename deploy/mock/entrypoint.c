/* Stands in the image at the path of WireMock's entry point, /docker-entrypoint.sh, and keeps its
 * habits without a shell:
 *
 *   /docker-entrypoint.sh --verbose ...   starts the mock with these flags (none are fine as well)
 *   /docker-entrypoint.sh PROGRAM ...     starts another program
 *   /docker-entrypoint.sh --health        asks the mock that runs as process 1, whatever its port
 *   /docker-entrypoint.sh --import FILE   gives it a file of mappings, for a hook after the start
 *
 * WIREMOCK_OPTIONS holds further flags, parted by blanks; empty arguments, as Testcontainers sends
 * them, count for nothing. With `uid` set, /home/wiremock is given to that user and the program
 * runs as it: this needs the capabilities that the image gives this file (CHOWN, SETUID, SETGID)
 * and that a container may have taken away again. */
#include "import.h"

#include <errno.h>
#include <ftw.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOCK "/usr/local/bin/employees-mock"
#define HOME "/home/wiremock"

enum { ARGS_MAX = 256, OPTIONS_MAX = 16384, FOLDERS_OPEN = 16, PORT_DEFAULT = 8080 };

struct args {
    size_t count;
    char *list[ARGS_MAX + 1];
};

static uid_t new_owner;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "docker-entrypoint: %s: %s\n", what, why);
    exit(1);
}

static void add(struct args *args, const char *text)
{
    if (text[0] == '\0')
        return;
    if (args->count == ARGS_MAX)
        die("too many arguments", "at most 256");
    args->list[args->count++] = (char *)text; /* execv takes it so and changes nothing */
}

static void add_options(struct args *args)
{
    const char *options = getenv("WIREMOCK_OPTIONS");
    char *copy = options ? strdup(options) : NULL;
    char *rest;

    if (!copy)
        return;
    for (char *word = strtok_r(copy, " \t\r\n", &rest); word;
         word = strtok_r(NULL, " \t\r\n", &rest))
        add(args, word);
}

/* The arguments of process 1: the running mock's, with WIREMOCK_OPTIONS in them. */
static void add_running(struct args *args)
{
    static char text[OPTIONS_MAX + 1];
    FILE *file = fopen("/proc/1/cmdline", "re");
    size_t len = file ? fread(text, 1, OPTIONS_MAX, file) : 0;

    if (file)
        fclose(file);
    for (size_t at = strlen(text) + 1; at < len; at += strlen(text + at) + 1)
        add(args, text + at);
}

/* Of the last --port, as one argument or two; else the default. */
static unsigned port_of(const struct args *args)
{
    unsigned port = PORT_DEFAULT;

    for (size_t i = 0; i < args->count; i++) {
        if (strncmp(args->list[i], "--port=", 7) == 0)
            port = (unsigned)atoi(args->list[i] + 7);
        else if (strcmp(args->list[i], "--port") == 0 && i + 1 < args->count)
            port = (unsigned)atoi(args->list[i + 1]);
    }
    return port;
}

/* ---- another user ---- */

/* What the file's capabilities permit is not yet in effect. */
static void raise_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[2] = {0};

    if (syscall(SYS_capget, &header, sets) != 0)
        return;
    sets[0].effective = sets[0].permitted;
    sets[1].effective = sets[1].permitted;
    (void)syscall(SYS_capset, &header, sets);
}

static int give(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)kind;
    (void)where;
    if (about->st_uid == new_owner && about->st_gid == (gid_t)new_owner)
        return 0;
    if (lchown(path, new_owner, (gid_t)new_owner) != 0)
        fprintf(stderr, "docker-entrypoint: %s stays as it is: %s\n", path, strerror(errno));
    return 0;
}

static void become(const char *text)
{
    char *end;
    unsigned long uid = strtoul(text, &end, 10);

    if (end == text || *end != '\0' || uid == 0 || uid > 0x7fffffff)
        die("uid", "is the number of a user other than root");
    new_owner = (uid_t)uid;
    if (getuid() == new_owner)
        return;
    raise_capabilities();
    (void)nftw(HOME, give, FOLDERS_OPEN, FTW_PHYS);
    if (setgroups(0, NULL) != 0 || setresgid(new_owner, new_owner, new_owner) != 0 ||
        setresuid(new_owner, new_owner, new_owner) != 0)
        die("can't become the user of the variable uid",
            "this container may not change users; start it with --user instead");
}

/* ---- what to do ---- */

static void ask_health(struct args *args)
{
    add(args, MOCK);
    add_running(args);
    add(args, "--health");
    execv(MOCK, args->list);
    die(MOCK, strerror(errno));
}

static void start(struct args *args, int count, char **words)
{
    const char *uid = getenv("uid");

    for (int i = 0; i < count; i++) {
        if (args->count == 0 && words[i][0] == '-')
            add(args, MOCK);
        add(args, words[i]);
    }
    if (args->count == 0)
        add(args, MOCK);
    add_options(args);
    if (uid && uid[0] != '\0')
        become(uid);
    execvp(args->list[0], args->list);
    die(args->list[0], strerror(errno));
}

int main(int argc, char **argv)
{
    struct args args = {0};

    if (argc == 2 && strcmp(argv[1], "--health") == 0)
        ask_health(&args);
    if (argc == 3 && strcmp(argv[1], "--import") == 0) {
        add_running(&args);
        return import_mappings(port_of(&args), argv[2]);
    }
    start(&args, argc - 1, argv + 1);
}
