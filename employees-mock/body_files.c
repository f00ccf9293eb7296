#include "employees-mock/body_files.h"

#include "common/cleanup.h"
#include "employees-mock/whole_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOT_FOUND                                                                                  \
    "com.github.tomakehurst.wiremock.admin.NotFoundException: Not found in blob store: "

enum { DEPTH_MAX = 32, LIST_MAX = 100000 };

struct body_files {
    char *folder;
};

enum status body_files_open(const char *folder, struct body_files **ret, struct why *why)
{
    struct body_files *f = calloc(1, sizeof *f);

    if (!f || !(f->folder = strdup(folder))) {
        free(f);
        return fail_memory(why);
    }
    *ret = f;
    return ST_OK;
}

void body_files_close(struct body_files *f)
{
    if (!f)
        return;
    free(f->folder);
    free(f);
}

/* The path of a name, normalised. Links are followed and must end inside as well. */
static enum status locate(const struct body_files *f, const char *name, char ret[PATH_MAX],
                          struct why *why)
{
    int depth = 0;

    if (name[0] == '\0' || name[0] == '/')
        depth = -1;
    for (const char *at = name; depth >= 0 && *at;) {
        size_t len = strcspn(at, "/");

        if (len == 2 && strncmp(at, "..", 2) == 0)
            depth--;
        else if (len > 0 && !(len == 1 && *at == '.'))
            depth++;
        at += len + (at[len] == '/');
    }
    if (depth < 0)
        return fail(why, ST_DENIED, "Access to file %s is not permitted.", name);
    if (snprintf(ret, PATH_MAX, "%s/%s", f->folder, name) >= PATH_MAX)
        return fail(why, ST_TOO_LARGE, "the name is too long");
    return ST_OK;
}

static enum status check_inside(const struct body_files *f, const char *path, const char *name,
                                struct why *why)
{
    auto_free char *folder = realpath(f->folder, NULL);
    auto_free char *real = realpath(path, NULL);

    if (!folder || !real)
        return fail(why, ST_NOT_FOUND, NOT_FOUND "%s", name);
    if (strncmp(real, folder, strlen(folder)) != 0 ||
        (real[strlen(folder)] != '/' && real[strlen(folder)] != '\0'))
        return fail(why, ST_DENIED, "Access to file %s is not permitted.", name);
    return ST_OK;
}

enum status body_files_about(const struct body_files *f, const char *name,
                             struct body_file_about *ret, struct why *why)
{
    char path[PATH_MAX];
    struct stat about;
    enum status st;

    *ret = (struct body_file_about){.folder = true};
    if (name[0] == '\0')
        return ST_OK;
    st = locate(f, name, path, why);
    if (st == ST_OK)
        st = check_inside(f, path, name, why);
    if (st != ST_OK)
        return st;
    if (stat(path, &about) != 0 || (!S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)))
        return fail(why, ST_NOT_FOUND, NOT_FOUND "%s", name);
    *ret = (struct body_file_about){S_ISDIR(about.st_mode), about.st_mtime};
    return ST_OK;
}

static void list_folder(const char *path, struct buf *ret)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0)
            buf_printf(ret, "%s\n", entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* What a file or folder can't be read for although there is nothing wrong with it. */
static bool is_shortage(int error)
{
    return error == ENOMEM || error == EMFILE || error == ENFILE || error == EIO;
}

static enum status read_all(int fd, const char *name, struct buf *ret, struct why *why)
{
    for (;;) {
        char *room = buf_reserve(ret, 64 << 10);
        ssize_t got = room ? read(fd, room, 64 << 10) : 0;

        if (!room)
            return buf_status(ret, why);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(why, ST_IO, "%s: %s", name, strerror(errno));
        if (got == 0)
            return ST_OK;
        buf_advance(ret, (size_t)got);
    }
}

enum status body_files_read(const struct body_files *f, const char *name, struct buf *ret,
                            struct why *why)
{
    char path[PATH_MAX];
    struct stat about;
    auto_fd int fd = -1;
    enum status st;

    if (name[0] == '\0') {
        list_folder(f->folder, ret);
        return buf_status(ret, why);
    }
    st = locate(f, name, path, why);
    if (st == ST_OK)
        st = check_inside(f, path, name, why);
    if (st != ST_OK)
        return st;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && is_shortage(errno))
        return fail(why, ST_IO, "%s: %s", name, strerror(errno));
    if (fd < 0 || fstat(fd, &about) != 0)
        return fail(why, ST_NOT_FOUND, NOT_FOUND "%s", name);
    if (S_ISDIR(about.st_mode)) {
        list_folder(path, ret);
        return buf_status(ret, why);
    }
    if (!S_ISREG(about.st_mode))
        return fail(why, ST_DENIED, "Access to file %s is not permitted.", name);
    return read_all(fd, name, ret, why);
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            *slash = '/';
            return;
        }
        *slash = '/';
    }
}

enum status body_files_write(const struct body_files *f, const char *name, struct slice content,
                             struct why *why)
{
    char path[PATH_MAX];
    char *slash;
    enum status st = locate(f, name, path, why);

    if (st != ST_OK)
        return st;
    make_folders(path);
    slash = strrchr(path, '/');
    *slash = '\0';
    st = check_inside(f, path, name, why);
    *slash = '/';
    return st == ST_OK ? whole_file_write(path, name, content, why) : st;
}

enum status body_files_remove(const struct body_files *f, const char *name, struct why *why)
{
    char path[PATH_MAX];
    enum status st = locate(f, name, path, why);

    if (st == ST_OK)
        st = check_inside(f, path, name, why);
    if (st == ST_OK && unlink(path) != 0)
        st = fail(why, ST_NOT_FOUND, NOT_FOUND "%s", name);
    return st;
}

static enum status list_below(const char *path, const char *name, int depth, json_t *ret,
                              struct why *why)
{
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    enum status st = ST_OK;

    if (count < 0 && is_shortage(errno))
        return fail(why, ST_IO, "%s", strerror(errno));
    for (int i = 0; i < count; i++) {
        char inner[PATH_MAX];
        char inner_name[PATH_MAX];
        struct stat about;
        const char *entry = entries[i]->d_name;

        if (strcmp(entry, ".") != 0 && strcmp(entry, "..") != 0 &&
            snprintf(inner, sizeof inner, "%s/%s", path, entry) < PATH_MAX &&
            snprintf(inner_name, sizeof inner_name, "%s%s%s", name, name[0] ? "/" : "", entry) <
                PATH_MAX &&
            lstat(inner, &about) == 0 && json_array_size(ret) < LIST_MAX) {
            if (S_ISDIR(about.st_mode) && depth + 1 < DEPTH_MAX && st == ST_OK)
                st = list_below(inner, inner_name, depth + 1, ret, why);
            else if (S_ISREG(about.st_mode))
                json_array_append_new(ret, json_string(inner_name));
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return st;
}

enum status body_files_list(const struct body_files *f, json_t **ret, struct why *why)
{
    json_t *list = json_array();
    enum status st = list ? list_below(f->folder, "", 0, list, why) : fail_memory(why);

    if (st == ST_OK)
        *ret = list;
    else
        json_decref(list);
    return st;
}
