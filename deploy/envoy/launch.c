/* Starts Envoy in a container that has no shell:
 *
 *   launch CONFIG [ENVOY ARGUMENT...]
 *
 * - where API_KEY, CLIENT_ID or CLIENT_SECRET is not set, or empty, it becomes the first line of
 *   the file that API_KEY_FILE and so on name: secrets come as files, the plugin reads variables;
 * - ${NAME} in the configuration becomes the variable's value; one without a value ends the start;
 * - the result goes to Envoy as --config-yaml, so nothing is written anywhere. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENVOY "/usr/local/bin/envoy"

enum { SECRET_MAX = 4096, CONFIG_MAX = 100 * 1024, NAME_MAX_BYTES = 64, ARGS_MAX = 64 };

static const char *const secrets[] = {"API_KEY", "CLIENT_ID", "CLIENT_SECRET"};

static void die(const char *what, const char *why)
{
    fprintf(stderr, "launch: %s: %s\n", what, why);
    exit(1);
}

static void read_text(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "re");
    size_t len;

    if (!file)
        die(path, strerror(errno));
    len = fread(text, 1, room, file);
    if (ferror(file))
        die(path, strerror(errno));
    if (len == room)
        die(path, "is too large");
    text[len] = '\0';
    fclose(file);
}

/* ---- secrets ---- */

static void take_secret(const char *name)
{
    char label[NAME_MAX_BYTES];
    char text[SECRET_MAX];
    const char *given = getenv(name);
    const char *file;

    snprintf(label, sizeof label, "%s_FILE", name);
    file = getenv(label);
    if (!file || file[0] == '\0' || (given && given[0] != '\0'))
        return;
    read_text(file, text, sizeof text);
    text[strcspn(text, "\r\n")] = '\0';
    if (setenv(name, text, 1) != 0)
        die(name, strerror(errno));
}

/* ---- configuration ---- */

static const char *value_of(const char *name, size_t len)
{
    char text[NAME_MAX_BYTES];
    const char *value;

    if (len >= sizeof text)
        die("the configuration", "has a ${NAME} that is too long");
    memcpy(text, name, len);
    text[len] = '\0';
    value = getenv(text);
    if (!value)
        die(text, "is used in the configuration and has no value");
    return value;
}

/* Past the comment that begins a line: it may well write of ${NAME}. */
static const char *skip_comments(const char *line)
{
    while (line[strspn(line, " ")] == '#')
        line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n');
    return line;
}

static void fill_in(const char *from, char *to)
{
    char *end = to + CONFIG_MAX - 1;

    from = skip_comments(from);
    while (*from) {
        const char *close = strncmp(from, "${", 2) == 0 ? strchr(from, '}') : NULL;
        const char *value = close ? value_of(from + 2, (size_t)(close - from - 2)) : NULL;
        size_t len = value ? strlen(value) : 1;

        if (len > (size_t)(end - to))
            die("the configuration", "is too large");
        memcpy(to, value ? value : from, len);
        to += len;
        from = close ? close + 1 : from[0] == '\n' ? skip_comments(from + 1) : from + 1;
    }
    *to = '\0';
}

int main(int argc, char **argv)
{
    static char template[CONFIG_MAX];
    static char config[CONFIG_MAX];
    static char *args[ARGS_MAX] = {(char *)"envoy", (char *)"--config-yaml", config};
    int count = 3;

    if (argc < 2 || argc > ARGS_MAX - 4)
        die("usage", "launch CONFIG [ENVOY ARGUMENT...]");
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        take_secret(secrets[i]);
    read_text(argv[1], template, sizeof template);
    fill_in(template, config);
    for (int i = 2; i < argc; i++)
        args[count++] = argv[i];
    execv(ENVOY, args);
    die(ENVOY, strerror(errno));
}
